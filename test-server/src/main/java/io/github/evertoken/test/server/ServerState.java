package io.github.evertoken.test.server;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What the endpoints of a server have in common. Whoever uses it holds the server's lock.
 */
final class ServerState {

	final TokenBook tokens = new TokenBook();

	final ServerKey key = new ServerKey();

	final ClientAssertions assertions;

	final ClientRegistry clients;

	final DpopCheck dpop;

	private final Supplier<String> issuer;

	InstantSource clock = InstantSource.system();

	ServerSettings settings = new ServerSettings();

	private String nonce;

	ServerState(Supplier<String> issuer) {
		this.issuer = issuer;
		this.nonce = this.tokens.newValue();
		this.assertions = new ClientAssertions(this::now, this::audiences);
		this.clients = new ClientRegistry(this.assertions);
		this.dpop = new DpopCheck(this::now);
	}

	Instant now() {
		return this.clock.instant();
	}

	String issuer() {
		return this.issuer.get();
	}

	String uri(HttpRequest request) {
		return issuer() + request.path();
	}

	private Set<String> audiences() {
		String audience = this.settings.audience;
		return (audience != null) ? Set.of(audience) : new TreeSet<>(Set.of(issuer(), issuer() + ServerPaths.TOKEN));
	}

	/**
	 * Check the proof of possession of a request, where there is one or has to be.
	 * @return the thumbprint of the key, or {@code null} if there is no proof
	 */
	@Nullable String provenKey(HttpRequest request, @Nullable String accessToken) throws Refusal {
		String thumbprint = this.dpop.check(request, uri(request), accessToken,
				this.settings.nonceRequired ? this.nonce : null);
		Refusal.unless(thumbprint != null || !this.settings.dpopRequired, "invalid_dpop_proof",
				"There is no DPoP header");
		return thumbprint;
	}

	/**
	 * Demand another nonce from now on.
	 */
	void nextNonce() {
		this.nonce = this.tokens.newValue();
	}

	/**
	 * Give the nonce that the next proof must have (RFC 9449, section 8.2).
	 */
	HttpAnswer withNonce(HttpAnswer answer) {
		if (this.settings.nonceRotated && answer.status() < 300) {
			nextNonce();
		}
		return this.settings.nonceRequired ? answer.with("DPoP-Nonce", this.nonce) : answer;
	}

}
