package io.github.evertoken.web;

import io.github.evertoken.ProofOfPossession;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Sends the requests of one call with proofs that the client holds the key to which its
 * token is bound (RFC 9449, section 7), and takes the nonces that come back.
 * <p>
 * If a server wants a nonce, the request is sent once more with the same token and the
 * nonce: once in a call, whether that is the first attempt or the one with a renewed
 * token, and beside the latter. What is known to have a single body is not sent again,
 * and neither is what has turned out to.
 */
final class DpopExchange implements ExchangeFunction {

	private static final String SCHEME = ProofOfPossession.DPOP + ' ';

	private static final Retry ONCE_MORE = Retry.max(1).filter(NonceRequired.class::isInstance);

	private final ProofOfPossession proofs;

	private final ExchangeFunction next;

	// The attempts of a call follow each other: each is caused by the last one's answer.
	private boolean spent;

	/**
	 * Create an exchange for one call.
	 * @param proofs makes the proofs
	 * @param next the exchange that sends the requests
	 */
	DpopExchange(ProofOfPossession proofs, ExchangeFunction next) {
		this.proofs = proofs;
		this.next = next;
	}

	/**
	 * Send a request. One without a token, which is the call for it, passes untouched.
	 */
	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		String authorization = request.headers().getFirst(HttpHeaders.AUTHORIZATION);
		if (authorization == null || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
			return this.next.exchange(request);
		}
		Attempts attempts = new Attempts(request, authorization.substring(SCHEME.length()));
		return Mono.defer(attempts::next).retryWhen(ONCE_MORE);
	}

	/**
	 * The attempts with one token.
	 */
	private final class Attempts {

		private final ClientRequest request;

		private final String accessToken;

		// Written before the second attempt is subscribed, by the signal that causes it.
		private @Nullable ClientResponse kept;

		Attempts(ClientRequest request, String accessToken) {
			this.request = request;
			this.accessToken = accessToken;
		}

		Mono<ClientResponse> next() {
			return (this.kept == null) ? send(null).flatMap(this::review) : sendAgain(this.kept);
		}

		private Mono<ClientResponse> send(@Nullable BodyWatch watch) {
			return DpopExchange.this.next
				.exchange(new ProvenRequest(this.request, DpopExchange.this.proofs, this.accessToken, watch));
		}

		private Mono<ClientResponse> review(ClientResponse answer) {
			if (!takeNonce(answer) || DpopExchange.this.spent || !requiresNonce(answer) || hasSingleUseBody()) {
				return Mono.just(answer);
			}
			DpopExchange.this.spent = true;
			return KeptAnswer.of(answer).doOnNext((kept) -> this.kept = kept).then(Mono.error(NonceRequired.INSTANCE));
		}

		/**
		 * If it is the request's body that cannot be had a second time, the first answer
		 * stands.
		 */
		private Mono<ClientResponse> sendAgain(ClientResponse refusal) {
			BodyWatch watch = new BodyWatch();
			return send(watch).doOnNext(this::takeNonce)
				.onErrorResume((ex) -> watch.hasFailed(), (ex) -> Mono.just(refusal));
		}

		private boolean takeNonce(ClientResponse answer) {
			return DpopExchange.this.proofs.takeNonce(this.request.url(),
					answer.headers().asHttpHeaders().getFirst(ProofOfPossession.NONCE));
		}

		private boolean hasSingleUseBody() {
			return RequestedToken.of(this.request).singleUseBody();
		}

	}

	/**
	 * RFC 9449, section 9.
	 */
	private static boolean requiresNonce(ClientResponse answer) {
		return answer.statusCode().value() == HttpStatus.UNAUTHORIZED.value()
				&& Challenge.read(answer.headers().header(HttpHeaders.WWW_AUTHENTICATE))
					.stream()
					.anyMatch((challenge) -> challenge.hasScheme(ProofOfPossession.DPOP)
							&& "use_dpop_nonce".equals(challenge.error()));
	}

	/**
	 * Leads from the first attempt to the second, and never to a caller.
	 */
	private static final class NonceRequired extends RuntimeException {

		private static final long serialVersionUID = 1L;

		static final NonceRequired INSTANCE = new NonceRequired();

		private NonceRequired() {
			super("A nonce is required", null, false, false);
		}

	}

}
