package io.github.evertoken.web;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.function.Tuple2;
import reactor.util.retry.Retry;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Leads from an attempt that was refused to one attempt more, and never to a third,
 * through {@code retryWhen}. If it is the request's body that cannot be had a second
 * time, the refusal stands.
 */
final class OnceMore {

	private static final Retry ONCE = Retry.max(1).filter(Again.class::isInstance);

	// Written before the second attempt is subscribed, by the signal that causes it.
	private @Nullable Tuple2<ClientResponse, Resending> prepared;

	private OnceMore() {
	}

	/**
	 * Tell whether a request may be sent a second time: that its body has a single use
	 * may be known beforehand.
	 */
	static boolean isPossible(ClientRequest request) {
		return !RequestedToken.of(request).singleUseBody();
	}

	/**
	 * Return the exchange of a request that may be sent once more.
	 * @param first makes the first attempt, or stands for it if it was made already; what
	 * it is given leads to the second, see {@link #after}
	 */
	static Mono<ClientResponse> exchange(Function<OnceMore, Mono<ClientResponse>> first) {
		OnceMore onceMore = new OnceMore();
		return Mono.defer(() -> onceMore.next(first)).retryWhen(ONCE);
	}

	private Mono<ClientResponse> next(Function<OnceMore, Mono<ClientResponse>> first) {
		return (this.prepared != null) ? resend(this.prepared.getT1(), this.prepared.getT2()) : first.apply(this);
	}

	private static Mono<ClientResponse> resend(ClientResponse refusal, Resending resending) {
		BodyWatch watch = new BodyWatch();
		return resending.resend(watch).onErrorResume((ex) -> watch.hasFailed(), (ex) -> Mono.just(refusal));
	}

	/**
	 * Send the request once more, when both are there.
	 * @param refusal the refusal as it is kept: the connection that it came on must be
	 * free before it is needed again
	 * @param resending makes the second attempt
	 */
	Mono<ClientResponse> after(Mono<ClientResponse> refusal, Mono<Resending> resending) {
		return Mono.zipDelayError(refusal, resending)
			.doOnNext((prepared) -> this.prepared = prepared)
			.then(Mono.error(Again.INSTANCE));
	}

	/**
	 * A second attempt.
	 */
	@FunctionalInterface
	interface Resending {

		/**
		 * Send the request.
		 * @param watch is to watch its body
		 */
		Mono<ClientResponse> resend(BodyWatch watch);

	}

	/**
	 * Never gets to a caller.
	 */
	private static final class Again extends RuntimeException {

		private static final long serialVersionUID = 1L;

		static final Again INSTANCE = new Again();

		private Again() {
			super("The request is sent once more", null, false, false);
		}

	}

}
