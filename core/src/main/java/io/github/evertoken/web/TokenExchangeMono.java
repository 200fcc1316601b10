package io.github.evertoken.web;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.AccessToken;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * The exchange of one request with a token, as the filter returns it.
 * <p>
 * A request whose token is usable and accepted pays for one subscriber and for a view of
 * the request, and for no operator. One that has to wait for its token pays for its place
 * among the waiters, and {@link SecondAttempt} with its {@code retryWhen} is mounted when
 * a 401 has arrived.
 */
final class TokenExchangeMono extends Mono<ClientResponse> {

	private final KeyTokens tokens;

	private final ClientRequest request;

	private final ExchangeFunction next;

	private final RejectionPolicy policy;

	private final @Nullable Duration expectedDuration;

	TokenExchangeMono(KeyTokens tokens, ClientRequest request, ExchangeFunction next, RejectionPolicy policy,
			@Nullable Duration expectedDuration) {
		this.tokens = tokens;
		this.request = request;
		this.next = next;
		this.policy = policy;
		this.expectedDuration = expectedDuration;
	}

	@Override
	public void subscribe(CoreSubscriber<? super ClientResponse> actual) {
		try {
			if (this.tokens.isIssuing(actual.currentContext()) && !namesItsClient()) {
				UncoveredExchange.logTokenCall(this.request);
				this.next.exchange(this.request).subscribe(actual);
				return;
			}
			AccessToken token = (this.expectedDuration == null) ? this.tokens.usable() : null;
			if (token != null) {
				exchange(token, actual);
			}
			else {
				token().<ClientResponse>flatMap(Attempt::new).subscribe(actual);
			}
		}
		catch (Throwable ex) {
			Exceptions.throwIfFatal(ex);
			Operators.error(actual, ex);
		}
	}

	private Mono<? extends AccessToken> token() {
		return (this.expectedDuration != null) ? this.tokens.token(this.expectedDuration) : this.tokens.token();
	}

	private boolean namesItsClient() {
		return RequestedToken.of(this.request).client() != null;
	}

	private void exchange(AccessToken token, CoreSubscriber<? super ClientResponse> actual) {
		this.next.exchange(AuthorizedRequest.of(this.request, token, this.policy))
			.subscribe(new FirstAttempt(actual, token));
	}

	/**
	 * The exchange of a caller who had to wait for its token.
	 */
	private final class Attempt extends Mono<ClientResponse> {

		private final AccessToken token;

		Attempt(AccessToken token) {
			this.token = token;
		}

		@Override
		public void subscribe(CoreSubscriber<? super ClientResponse> actual) {
			exchange(this.token, actual);
		}

	}

	/**
	 * Passes everything on but an answer that the policy is to decide upon.
	 */
	private final class FirstAttempt extends AtomicReference<Subscription>
			implements CoreSubscriber<ClientResponse>, Subscription {

		// The value is the subscription that a cancellation goes to: the first
		// exchange, then the recovery from its 401, or CANCELLED for good. Whoever sets
		// CANCELLED cancels what was there; whoever finds it cancels what it brings.

		private static final long serialVersionUID = 1L;

		private static final Subscription CANCELLED = Operators.cancelledSubscription();

		private final transient CoreSubscriber<? super ClientResponse> actual;

		private final transient AccessToken token;

		// Written and read by the signals of the first exchange alone.
		private boolean recovering;

		FirstAttempt(CoreSubscriber<? super ClientResponse> actual, AccessToken token) {
			this.actual = actual;
			this.token = token;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription exchange) {
			lazySet(exchange);
			this.actual.onSubscribe(this);
		}

		@Override
		public void onNext(ClientResponse response) {
			int status = response.statusCode().value();
			if (TokenExchangeMono.this.policy.considers(status)) {
				this.recovering = true;
				recover(response);
			}
			else {
				TokenAcceptance.note(TokenExchangeMono.this.tokens, this.token, TokenExchangeMono.this.request, status);
				this.actual.onNext(response);
			}
		}

		private void recover(ClientResponse answer) {
			Subscription exchange = get();
			new SecondAttempt(TokenExchangeMono.this.tokens,
					TokenExchangeMono.this.tokens.tokenAfter(this.token, TokenExchangeMono.this.expectedDuration),
					TokenExchangeMono.this.request, TokenExchangeMono.this.next, TokenExchangeMono.this.policy)
				.after(this.token, answer, exchange::cancel)
				.subscribe(new Recovery(exchange, answer));
		}

		@Override
		public void onError(Throwable ex) {
			if (this.recovering) {
				Operators.onErrorDropped(ex, currentContext());
			}
			else {
				this.actual.onError(ex);
			}
		}

		@Override
		public void onComplete() {
			if (!this.recovering) {
				this.actual.onComplete();
			}
		}

		@Override
		public void request(long n) {
			get().request(n);
		}

		@Override
		public void cancel() {
			getAndSet(CANCELLED).cancel();
		}

		/**
		 * The second half. There was demand, or else there would have been no answer.
		 * <p>
		 * Cancelling it cancels the first exchange as well, which has completed: that is
		 * how a connector learns that the rest of the answer is of no use. Jetty's reads
		 * on otherwise, into buffers that nobody releases.
		 */
		private final class Recovery implements CoreSubscriber<ClientResponse>, Subscription {

			private final Subscription exchange;

			private final ClientResponse answer;

			// Set before the recovery can be cancelled, and never changed.
			private @Nullable Subscription recovery;

			Recovery(Subscription exchange, ClientResponse answer) {
				this.exchange = exchange;
				this.answer = answer;
			}

			@Override
			public Context currentContext() {
				return FirstAttempt.this.actual.currentContext();
			}

			@Override
			public void onSubscribe(Subscription recovery) {
				this.recovery = recovery;
				if (this.exchange != CANCELLED && FirstAttempt.this.compareAndSet(this.exchange, this)) {
					recovery.request(Long.MAX_VALUE);
				}
				else {
					recovery.cancel();
					this.answer.releaseBody().onErrorComplete().subscribe();
				}
			}

			@Override
			public void request(long n) {
				// All has been requested.
			}

			@Override
			public void cancel() {
				Objects.requireNonNull(this.recovery).cancel();
				this.exchange.cancel();
			}

			@Override
			public void onNext(ClientResponse response) {
				FirstAttempt.this.actual.onNext(response);
			}

			@Override
			public void onError(Throwable ex) {
				FirstAttempt.this.actual.onError(ex);
			}

			@Override
			public void onComplete() {
				FirstAttempt.this.actual.onComplete();
			}

		}

	}

}
