package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;

import io.github.evertoken.ProofOfPossession;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

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

	private final ProofOfPossession proofs;

	private final ExchangeFunction next;

	private final Duration bodyTime;

	// The attempts of a call follow each other: each is caused by the last one's answer.
	private boolean spent;

	/**
	 * Create an exchange for one call.
	 * @param proofs makes the proofs
	 * @param next the exchange that sends the requests
	 * @param bodyTime for how long a refusal is read at the most
	 */
	DpopExchange(ProofOfPossession proofs, ExchangeFunction next, Duration bodyTime) {
		this.proofs = proofs;
		this.next = next;
		this.bodyTime = bodyTime;
	}

	/**
	 * Send a request. One without a token, which is the call for it, passes untouched.
	 */
	@Override
	public Mono<ClientResponse> exchange(ClientRequest request) {
		String accessToken = boundToken(request.headers().getFirst(HttpHeaders.AUTHORIZATION));
		if (accessToken == null) {
			return this.next.exchange(request);
		}
		return OnceMore.exchange((onceMore) -> send(request, accessToken, null)
			.flatMap((answer) -> review(request, accessToken, answer, onceMore)));
	}

	/**
	 * Return the token of an {@code Authorization} header that needs a proof beside it,
	 * or {@code null} if none does.
	 */
	static @Nullable String boundToken(@Nullable String authorization) {
		return (authorization != null && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
				? authorization.substring(SCHEME.length()) : null;
	}

	private Mono<ClientResponse> send(ClientRequest request, String accessToken, @Nullable BodyWatch watch) {
		return this.next.exchange(new ProvenRequest(request, this.proofs, accessToken, watch));
	}

	private Mono<ClientResponse> review(ClientRequest request, String accessToken, ClientResponse answer,
			OnceMore onceMore) {
		if (!takeNonce(request, answer) || this.spent || !requiresNonce(answer) || !OnceMore.isPossible(request)) {
			return Mono.just(answer);
		}
		this.spent = true;
		return onceMore.after(KeptAnswer.of(answer, this.bodyTime), Mono
			.just((watch) -> send(request, accessToken, watch).doOnNext((second) -> takeNonce(request, second))));
	}

	private boolean takeNonce(ClientRequest request, ClientResponse answer) {
		return takeNonce(this.proofs, request.url(), answer.headers().asHttpHeaders());
	}

	/**
	 * Take the nonce of an answer, if it has one.
	 * @return whether there is one that can be sent
	 */
	static boolean takeNonce(ProofOfPossession proofs, URI url, HttpHeaders answer) {
		return proofs.takeNonce(url, answer.getFirst(ProofOfPossession.NONCE));
	}

	private static boolean requiresNonce(ClientResponse answer) {
		return requiresNonce(answer.statusCode().value(), answer.headers().asHttpHeaders());
	}

	/**
	 * Tell whether an answer asks for a nonce (RFC 9449, section 9).
	 */
	static boolean requiresNonce(int status, HttpHeaders answer) {
		return status == HttpStatus.UNAUTHORIZED.value()
				&& Challenge.read(answer.getOrEmpty(HttpHeaders.WWW_AUTHENTICATE))
					.stream()
					.anyMatch((challenge) -> challenge.hasScheme(ProofOfPossession.DPOP)
							&& "use_dpop_nonce".equals(challenge.error()));
	}

}
