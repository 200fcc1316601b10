package io.github.evertoken.grpc;

import java.io.InputStream;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.web.TokenAttributes;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * A call with a token, of one attempt or two.
 * <p>
 * The first attempt is made at once, and its credentials start the exchange that decides
 * upon the call: that is given the end of the attempt as its answer, and either is
 * content, so that the end is passed on, or makes the second attempt. What the caller
 * does is done to the attempt that runs, and is kept for the second one as long as there
 * may be one. All of it is done by one thread at a time, under the lock; a listener is
 * never called under it.
 *
 * @param <Q> the type of the messages that are sent
 * @param <R> the type of the messages that are received
 */
final class TokenCall<Q, R> extends ClientCall<Q, R> {

	private final MethodDescriptor<Q, R> method;

	private final CallOptions options;

	private final Channel channel;

	private final TokenCallCredentials credentials;

	private final Disposable.Swap exchange = Disposables.swap();

	private final Disposable.Swap guard = Disposables.swap();

	private final Object lock = new Object();

	private @Nullable Listener<R> listener;

	private @Nullable Metadata headers;

	private @Nullable ClientCall<Q, R> attempt;

	private @Nullable Q message;

	private long requested;

	private boolean halfClosed;

	// The end of the last attempt, until it is known whether another one follows.
	private @Nullable End end;

	// Whether the exchange is content with the end.
	private boolean settled;

	// Whether the exchange is being given the end, by the thread that passes it on then.
	private boolean asking;

	private boolean closed;

	TokenCall(MethodDescriptor<Q, R> method, CallOptions options, Channel channel, TokenCallCredentials credentials) {
		this.method = method;
		this.options = options;
		this.channel = channel;
		this.credentials = credentials;
	}

	@Override
	public void start(Listener<R> listener, Metadata headers) {
		this.listener = listener;
		this.headers = headers;
		Attempt first = new Attempt();
		ClientCall<Q, R> call = this.channel.newCall(this.method,
				this.options.withCallCredentials(new FirstCredentials(first)));
		synchronized (this.lock) {
			this.attempt = call;
		}
		call.start(first, copy(headers));
	}

	private static Metadata copy(Metadata metadata) {
		Metadata copy = new Metadata();
		copy.merge(metadata);
		return copy;
	}

	@Override
	public void request(int messages) {
		synchronized (this.lock) {
			this.requested += messages;
			attempt().request(messages);
		}
	}

	@Override
	public void sendMessage(Q message) {
		synchronized (this.lock) {
			if (isUnary()) {
				this.message = message;
			}
			attempt().sendMessage(message);
		}
	}

	@Override
	public void halfClose() {
		synchronized (this.lock) {
			this.halfClosed = true;
			attempt().halfClose();
		}
	}

	@Override
	public void setMessageCompression(boolean enabled) {
		synchronized (this.lock) {
			attempt().setMessageCompression(enabled);
		}
	}

	@Override
	public boolean isReady() {
		synchronized (this.lock) {
			return attempt().isReady();
		}
	}

	@Override
	public Attributes getAttributes() {
		synchronized (this.lock) {
			return attempt().getAttributes();
		}
	}

	/**
	 * Between two attempts there is none that could tell its end.
	 */
	@Override
	public void cancel(@Nullable String reason, @Nullable Throwable cause) {
		attempt().cancel(reason, cause);
		endBetweenAttempts(Status.CANCELLED.withDescription(reason).withCause(cause));
	}

	private ClientCall<Q, R> attempt() {
		synchronized (this.lock) {
			if (this.attempt == null) {
				throw new IllegalStateException("The call has not been started");
			}
			return this.attempt;
		}
	}

	private boolean isUnary() {
		return this.method.getType() == MethodType.UNARY;
	}

	/**
	 * Start the exchange of the first attempt. grpc-java asks for credentials once more
	 * if it has to take another connection; then the exchange starts anew.
	 */
	private void startExchange(Attempt first, CallCredentials.RequestInfo call,
			CallCredentials.MetadataApplier applier) {
		Sending sending = new Sending(first, applier);
		ClientRequest request = CallRequest.of(call, isUnary() ? this.credentials.attributes()
				: this.credentials.attributes().andThen(TokenAttributes.singleUseBody()));
		this.exchange.update(this.credentials.exchange(request, sending::exchange).subscribe((nothing) -> {
		}, sending::failed, this::settle));
	}

	/**
	 * Take the end of an attempt, and ask the exchange about it.
	 */
	private void ended(Attempt attempt, End end) {
		MonoSink<ClientResponse> asked;
		synchronized (this.lock) {
			if (this.closed) {
				return;
			}
			this.end = end;
			this.settled = false;
			this.asking = true;
			asked = attempt.takeAnswer();
		}
		if (asked == null) {
			settle();
		}
		else {
			guardDeadline();
			asked.success(CallStatus.answer(end.status(), end.trailers()));
		}
		End passedOn;
		synchronized (this.lock) {
			this.asking = false;
			passedOn = this.settled ? this.end : null;
		}
		if (passedOn != null) {
			close(passedOn);
		}
	}

	/**
	 * A server that answers has accepted the token, however long it goes on, and whatever
	 * becomes of the call.
	 */
	private void accepted(Attempt attempt) {
		MonoSink<ClientResponse> asked;
		synchronized (this.lock) {
			asked = attempt.takeAnswer();
		}
		if (asked != null) {
			asked.success(CallStatus.answer(Status.OK, new Metadata()));
		}
	}

	/**
	 * The exchange is over: the end that there is is passed on.
	 */
	private void settle() {
		End end;
		synchronized (this.lock) {
			this.settled = true;
			end = this.end;
			if (this.asking || end == null) {
				return;
			}
		}
		executor().execute(() -> close(end));
	}

	/**
	 * Whoever waits for a unary call may run what this executor is given, and wait for
	 * nothing else.
	 */
	private Executor executor() {
		Executor executor = this.options.getExecutor();
		return (executor != null) ? executor : Runnable::run;
	}

	private void close(End end) {
		Listener<R> listener;
		synchronized (this.lock) {
			listener = this.listener;
			if (this.closed || listener == null) {
				return;
			}
			this.closed = true;
		}
		this.guard.dispose();
		listener.onClose(end.status(), end.trailers());
	}

	/**
	 * Nobody but this call looks at the deadline while no attempt runs.
	 */
	private void guardDeadline() {
		Deadline deadline = this.options.getDeadline();
		if (deadline != null) {
			long left = Math.max(0, deadline.timeRemaining(TimeUnit.MILLISECONDS));
			this.guard.update(Schedulers.parallel()
				.schedule(
						() -> endBetweenAttempts(Status.DEADLINE_EXCEEDED
							.withDescription("The deadline passed before the next token came")),
						left, TimeUnit.MILLISECONDS));
		}
	}

	private void endBetweenAttempts(Status status) {
		End end = new End(status, new Metadata());
		synchronized (this.lock) {
			if (this.end == null || this.settled || this.closed) {
				return;
			}
			this.end = end;
		}
		settle();
		this.exchange.dispose();
	}

	/**
	 * Make the second attempt.
	 * @param token what it carries
	 * @param failure why that is the token that was refused, {@code null} if it is
	 * another
	 * @param answer where its end goes to
	 * @return whether it can be made
	 */
	private boolean startSecond(Metadata token, @Nullable Throwable failure, MonoSink<ClientResponse> answer) {
		Attempt second = new Attempt();
		second.answer = answer;
		second.failure = failure;
		Metadata headers;
		ClientCall<Q, R> call;
		synchronized (this.lock) {
			headers = this.headers;
			if (this.closed || this.settled || headers == null || this.message instanceof InputStream) {
				return false;
			}
			this.guard.update(Disposables.disposed());
			this.end = null;
			call = this.channel.newCall(this.method, this.options.withCallCredentials(new SecondCredentials(token)));
			this.attempt = call;
			call.start(second, copy(headers));
			if (this.requested > 0) {
				call.request((int) Math.min(this.requested, Integer.MAX_VALUE));
			}
			if (this.message != null) {
				call.sendMessage(this.message);
			}
			if (this.halfClosed) {
				call.halfClose();
			}
		}
		return true;
	}

	/**
	 * How an attempt has ended.
	 *
	 * @param status the status
	 * @param trailers the trailers
	 */
	private record End(Status status, Metadata trailers) {

	}

	/**
	 * Sends the attempts of one exchange.
	 */
	private final class Sending {

		private final Attempt first;

		private final CallCredentials.MetadataApplier applier;

		private boolean sent;

		Sending(Attempt first, CallCredentials.MetadataApplier applier) {
			this.first = first;
			this.applier = applier;
		}

		Mono<ClientResponse> exchange(ClientRequest request) {
			return Mono.create((answer) -> {
				Metadata token = CallRequest.metadata(request);
				if (this.sent) {
					if (!startSecond(token, TokenAttributes.renewalFailure(request.attributes()), answer)) {
						answer.success();
					}
					return;
				}
				this.sent = true;
				synchronized (TokenCall.this.lock) {
					this.first.answer = answer;
				}
				this.applier.apply(token);
			});
		}

		/**
		 * No token could be had: for the first attempt, or for the second.
		 */
		void failed(Throwable ex) {
			if (!this.sent) {
				this.applier.fail(CallStatus.of(ex));
				return;
			}
			synchronized (TokenCall.this.lock) {
				if (TokenCall.this.end != null && !TokenCall.this.settled) {
					TokenCall.this.end = new End(CallStatus.of(ex), new Metadata());
				}
			}
			settle();
		}

	}

	/**
	 * Listens to one attempt.
	 */
	private final class Attempt extends Listener<R> {

		// Where the end goes to. Written and taken under the lock.
		private @Nullable MonoSink<ClientResponse> answer;

		// Those of a unary call, until it is known that they are the caller's.
		private @Nullable Metadata received;

		private boolean answered;

		// Why it carries a token that was refused before. Written before it is started.
		private @Nullable Throwable failure;

		private @Nullable MonoSink<ClientResponse> takeAnswer() {
			MonoSink<ClientResponse> taken = this.answer;
			this.answer = null;
			return taken;
		}

		@Override
		public void onHeaders(Metadata headers) {
			if (isUnary()) {
				this.received = headers;
			}
			else {
				listener().onHeaders(headers);
			}
		}

		@Override
		public void onMessage(R message) {
			if (!this.answered) {
				this.answered = true;
				accepted(this);
			}
			passHeadersOn();
			listener().onMessage(message);
		}

		private void passHeadersOn() {
			Metadata headers = this.received;
			if (headers != null) {
				this.received = null;
				listener().onHeaders(headers);
			}
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			boolean refused = status.getCode() == Status.Code.UNAUTHENTICATED;
			if (!refused) {
				passHeadersOn();
			}
			ended(this, new End((refused && this.failure != null) ? status.withCause(this.failure) : status, trailers));
		}

		@Override
		public void onReady() {
			listener().onReady();
		}

		private Listener<R> listener() {
			Listener<R> listener = TokenCall.this.listener;
			if (listener == null) {
				throw new IllegalStateException("The call has not been started");
			}
			return listener;
		}

	}

	/**
	 * Starts the exchange.
	 */
	private final class FirstCredentials extends CallCredentials {

		private final Attempt first;

		FirstCredentials(Attempt first) {
			this.first = first;
		}

		@Override
		public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
			startExchange(this.first, call, applier);
		}

	}

	/**
	 * Has the token.
	 */
	private static final class SecondCredentials extends CallCredentials {

		private final Metadata token;

		SecondCredentials(Metadata token) {
			this.token = token;
		}

		@Override
		public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
			applier.apply(this.token);
		}

	}

}
