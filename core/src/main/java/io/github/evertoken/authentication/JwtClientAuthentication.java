package io.github.evertoken.authentication;

import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.JWTClaimsSet;
import io.github.evertoken.jose.JwtSigner;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Authenticates a client with a JWT that it signs (RFC 7523, sections 2.2 and 3; OpenID
 * Connect Core, section 9): {@code client_secret_jwt} with its secret,
 * {@code private_key_jwt} with a key of its own.
 * <p>
 * Each request has an assertion of its own, with a {@code jti} of its own, of which the
 * client is issuer and subject. It is signed on {@link Schedulers#boundedElastic()}: an
 * RSA signature takes a millisecond or more, and a key may rest in a module that blocks,
 * so no event loop has to wait for it.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class JwtClientAuthentication implements ClientAuthentication {

	private final String clientId;

	private final @Nullable String secret;

	private final JwtSigner signer;

	private final Function<TokenEndpointRequest, @Nullable String> audienceOf;

	private final Duration lifetime;

	private final Clock clock;

	private JwtClientAuthentication(Builder builder, JwtSigner signer) {
		this.clientId = builder.clientId;
		this.secret = builder.secret;
		this.signer = signer;
		this.audienceOf = builder.audienceOf;
		this.lifetime = builder.lifetime;
		this.clock = builder.clock;
	}

	/**
	 * Start an authentication of method {@code client_secret_jwt}: the assertion is
	 * signed with the client's secret, HS256 unless told otherwise.
	 * @param clientId the client's identifier
	 * @param clientSecret the client's secret
	 * @return a builder
	 * @throws IllegalArgumentException if the identifier or the secret is empty
	 */
	public static Builder clientSecretJwt(String clientId, String clientSecret) {
		ClientText.require(clientSecret, "secret");
		return new Builder(clientId, clientSecret, null);
	}

	/**
	 * Start an authentication of method {@code private_key_jwt}: the assertion is signed
	 * with a private key, RS256, ES256, ES384, ES512 or EdDSA, as it fits the key, unless
	 * told otherwise.
	 * @param clientId the client's identifier
	 * @param key the key
	 * @return a builder
	 * @throws IllegalArgumentException if the identifier is empty
	 */
	public static Builder privateKeyJwt(String clientId, SigningKey key) {
		return new Builder(clientId, null, Objects.requireNonNull(key, "key"));
	}

	@Override
	public Mono<Void> authenticate(TokenEndpointRequest request) {
		return Mono.<Void>fromRunnable(() -> sign(request)).subscribeOn(Schedulers.boundedElastic());
	}

	private void sign(TokenEndpointRequest request) {
		if (this.secret != null) {
			request.conceal(this.secret);
		}
		ClientAssertion.add(request, this.clientId, ClientAssertion.JWT_BEARER,
				this.signer.sign(claims(request), "the client assertion"));
	}

	private JWTClaimsSet claims(TokenEndpointRequest request) {
		return JwtSigner.newClaims(this.clock, this.lifetime)
			.issuer(this.clientId)
			.subject(this.clientId)
			.audience(audience(request))
			.build();
	}

	private String audience(TokenEndpointRequest request) {
		String audience = this.audienceOf.apply(request);
		return (audience != null) ? audience : request.tokenEndpoint().toString();
	}

	@Override
	public String toString() {
		return "JwtClientAuthentication[" + this.signer + "]";
	}

	/**
	 * Builds a {@link JwtClientAuthentication}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final String clientId;

		private final @Nullable String secret;

		private final @Nullable SigningKey key;

		private @Nullable JWSAlgorithm algorithm;

		private @Nullable String keyId;

		private Function<TokenEndpointRequest, @Nullable String> audienceOf = TokenEndpointRequest::issuerUri;

		private Duration lifetime = Duration.ofSeconds(60);

		private Clock clock = Clock.systemUTC();

		private Builder(String clientId, @Nullable String secret, @Nullable SigningKey key) {
			ClientText.require(clientId, "identifier");
			this.clientId = clientId;
			this.secret = secret;
			this.key = key;
		}

		/**
		 * Set the algorithm.
		 * @param algorithm its name as RFC 7518, section 3.1, has it, such as
		 * {@code PS256}; {@code null}, as by default, for the first that fits the key
		 * @return this builder
		 * @throws IllegalArgumentException if it does not fit the key
		 */
		public Builder algorithm(@Nullable String algorithm) {
			this.algorithm = (algorithm != null) ? fitting(algorithm) : null;
			return this;
		}

		/**
		 * Set the {@code kid} (RFC 7515, section 4.1.4) by which the server finds the
		 * key.
		 * @param keyId the name of the key; {@code null}, as by default, for that of a
		 * JWK, or none
		 * @return this builder
		 */
		public Builder keyId(@Nullable String keyId) {
			this.keyId = keyId;
			return this;
		}

		/**
		 * Set whom the assertion is for.
		 * @param audience what the authorization server takes for its own name;
		 * {@code null}, as by default, for its issuer identifier where the
		 * {@linkplain TokenEndpointRequest#issuerUri() request knows it}, and for the URL
		 * of the token endpoint otherwise
		 * @return this builder
		 */
		public Builder audience(@Nullable String audience) {
			this.audienceOf = (audience != null) ? (request) -> audience : TokenEndpointRequest::issuerUri;
			return this;
		}

		/**
		 * Make the assertion one for the URL of the token endpoint, though the issuer is
		 * known, and though it be shown to the revocation endpoint. Newer servers refuse
		 * that: another server could have named that URL as its own, and use the
		 * assertion there.
		 * @return this builder
		 */
		public Builder audienceOfTokenEndpoint() {
			this.audienceOf = (request) -> request.tokenEndpoint().toString();
			return this;
		}

		/**
		 * Make the assertion one for the URL of the endpoint that it is shown to: the
		 * token endpoint, or the revocation endpoint.
		 * @return this builder
		 */
		public Builder audienceOfRequestedEndpoint() {
			this.audienceOf = (request) -> request.uri().toString();
			return this;
		}

		/**
		 * Set how long an assertion is valid.
		 * @param lifetime the time, a minute by default, at least a second and no more
		 * than an hour
		 * @return this builder
		 * @throws IllegalArgumentException if it is shorter or longer
		 */
		public Builder lifetime(Duration lifetime) {
			this.lifetime = JwtSigner.requireLifetime(lifetime);
			return this;
		}

		/**
		 * Set the clock that says when an assertion is issued.
		 * @param clock the clock; the system's by default
		 * @return this builder
		 */
		public Builder clock(Clock clock) {
			this.clock = Objects.requireNonNull(clock, "clock");
			return this;
		}

		/**
		 * Build the authentication.
		 * @return the authentication
		 * @throws IllegalArgumentException if the secret is too short for the algorithm
		 * (RFC 7518, section 3.2)
		 */
		public JwtClientAuthentication build() {
			JWSAlgorithm algorithm = (this.algorithm != null) ? this.algorithm : fitting(null);
			return new JwtClientAuthentication(this, (this.key != null) ? JwtSigner.of(this.key, algorithm, this.keyId)
					: JwtSigner.of(Objects.requireNonNull(this.secret), algorithm, this.keyId));
		}

		private JWSAlgorithm fitting(@Nullable String name) {
			return (this.key != null) ? this.key.algorithm(name) : JwtSigner.algorithmOfSecret(name);
		}

	}

}
