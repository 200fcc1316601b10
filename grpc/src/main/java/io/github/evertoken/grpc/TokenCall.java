package io.github.evertoken.grpc;

import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.evertoken.web.TokenAttributes;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Contexts;
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
 * may be one; while that is being started, it waits its turn. The lock guards what is
 * known, and nobody is called under it: a call that is in this process may be answered by
 * the thread that makes it.
 * <p>
 * All of the call is in the context in which it was made, the second attempt too.
 *
 * @param <Q> the type of the messages that are sent
 * @param <R> the type of the messages that are received
 */
final class TokenCall<Q, R> extends ClientCall<Q, R> {

	private final MethodDescriptor<Q, R> method;

	private final CallOptions options;

	private final Channel channel;

	private final TokenCallCredentials credentials;

	private final Context context = Context.current();

	private final Context.CancellationListener contextEnd = (context) -> endBetweenAttempts(
			Contexts.statusFromCancelled(context));

	private final Disposable.Swap exchange = Disposables.swap();

	private final Disposable.Swap guard = Disposables.swap();

	private final Object lock = new Object();

	private @Nullable Listener<R> listener;

	private @Nullable Metadata headers;

	private @Nullable ClientCall<Q, R> attempt;

	private @Nullable Q message;

	private long requested;

	private boolean halfClosed;

	private @Nullable Boolean compression;

	// What the caller does while the second attempt is being started, {@code null} at any
	// other time.
	private @Nullable Deque<Consumer<ClientCall<Q, R>>> delayed;

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
		perform(() -> this.requested += messages, (call) -> call.request(messages));
	}

	@Override
	public void sendMessage(Q message) {
		perform(() -> {
			if (isUnary()) {
				this.message = message;
			}
		}, (call) -> call.sendMessage(message));
	}

	@Override
	public void halfClose() {
		perform(() -> this.halfClosed = true, ClientCall::halfClose);
	}

	@Override
	public void setMessageCompression(boolean enabled) {
		perform(() -> this.compression = enabled, (call) -> call.setMessageCompression(enabled));
	}

	/**
	 * Do what the caller does.
	 * @param note keeps it for the second attempt
	 * @param operation does it to an attempt
	 */
	private void perform(Runnable note, Consumer<ClientCall<Q, R>> operation) {
		ClientCall<Q, R> call;
		synchronized (this.lock) {
			call = attempt();
			note.run();
			if (this.delayed != null) {
				this.delayed.add(operation);
				return;
			}
		}
		operation.accept(call);
	}

	@Override
	public boolean isReady() {
		synchronized (this.lock) {
			if (this.delayed != null) {
				return false;
			}
		}
		return attempt().isReady();
	}

	@Override
	public Attributes getAttributes() {
		return attempt().getAttributes();
	}

	/**
	 * Between two attempts there is none that could tell its end.
	 */
	@Override
	public void cancel(@Nullable String reason, @Nullable Throwable cause) {
		perform(() -> {
		}, (call) -> call.cancel(reason, cause));
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
			if (this.closed || attempt.abandoned) {
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
			guard();
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
		executor().execute(this.context.wrap(() -> close(end)));
	}

	/**
	 * Whoever waits for a unary call may run what this executor is given, and wait for
	 * nothing else. That of the channel is not known here, and a listener may block.
	 */
	private Executor executor() {
		Executor executor = this.options.getExecutor();
		return (executor != null) ? executor : Schedulers.boundedElastic()::schedule;
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
		unguard();
		this.guard.dispose();
		this.exchange.dispose();
		listener.onClose(end.status(), end.trailers());
	}

	/**
	 * Nobody but this call looks at its deadline and at its context while no attempt
	 * runs.
	 */
	private void guard() {
		this.context.addListener(this.contextEnd, Runnable::run);
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

	private void unguard() {
		this.context.removeListener(this.contextEnd);
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
		synchronized (this.lock) {
			if (this.closed || this.settled || this.message instanceof InputStream) {
				return false;
			}
			this.end = null;
			this.delayed = done();
		}
		this.guard.update(Disposables.disposed());
		unguard();
		Context previous = this.context.attach();
		try {
			start(second, token);
		}
		finally {
			this.context.detach(previous);
		}
		return true;
	}

	/**
	 * Start the second attempt, and do to it what the caller has done. What interceptors
	 * behind this call, or a marshaller, may throw ends the call.
	 */
	private void start(Attempt second, Metadata token) {
		ClientCall<Q, R> call = null;
		try {
			call = this.channel.newCall(this.method, this.options.withCallCredentials(new SecondCredentials(token)));
			call.start(second, copy(Objects.requireNonNull(this.headers)));
			doDelayed(call);
		}
		catch (RuntimeException | Error ex) {
			MonoSink<ClientResponse> asked;
			synchronized (this.lock) {
				this.delayed = null;
				asked = second.takeAnswer();
				if (asked != null) {
					second.abandoned = true;
					this.end = new End(CallStatus.of(ex), new Metadata());
				}
			}
			if (call != null) {
				call.cancel("The second attempt cannot be made", ex);
			}
			if (asked != null) {
				asked.error(ex);
			}
		}
	}

	/**
	 * Return what the caller has done so far.
	 */
	private Deque<Consumer<ClientCall<Q, R>>> done() {
		Deque<Consumer<ClientCall<Q, R>>> done = new ArrayDeque<>();
		Boolean compression = this.compression;
		if (compression != null) {
			done.add((call) -> call.setMessageCompression(compression));
		}
		int requested = (int) Math.min(this.requested, Integer.MAX_VALUE);
		if (requested > 0) {
			done.add((call) -> call.request(requested));
		}
		Q message = this.message;
		if (message != null) {
			done.add((call) -> call.sendMessage(message));
		}
		if (this.halfClosed) {
			done.add(ClientCall::halfClose);
		}
		return done;
	}

	private void doDelayed(ClientCall<Q, R> call) {
		Consumer<ClientCall<Q, R>> next = next(call);
		while (next != null) {
			next.accept(call);
			next = next(call);
		}
	}

	/**
	 * Return what is to be done next. When nothing is, the attempt is the one that runs.
	 */
	private @Nullable Consumer<ClientCall<Q, R>> next(ClientCall<Q, R> call) {
		synchronized (this.lock) {
			Consumer<ClientCall<Q, R>> next = (this.delayed != null) ? this.delayed.poll() : null;
			if (next == null) {
				this.delayed = null;
				this.attempt = call;
			}
			return next;
		}
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

		// Whether it has ended otherwise. Written and read under the lock.
		private boolean abandoned;

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
