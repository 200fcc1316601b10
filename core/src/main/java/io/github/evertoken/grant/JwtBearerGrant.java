package io.github.evertoken.grant;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

import com.nimbusds.jwt.JWTClaimsSet;
import io.github.evertoken.CredentialException;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.jose.JwtSigner;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.MultiValueMap;

/**
 * The grant of a client that shows a JWT as an assertion which it signs itself (RFC 7523,
 * sections 2.1 and 3), as service accounts do. See
 * {@link AuthorizationGrant#jwtBearer(SecurityTokenSource)} for the assertions of others.
 * <p>
 * Each token request has an assertion of its own, with a {@code jti} of its own. It is
 * signed on {@link Schedulers#boundedElastic()}, with the key that is there by then: one
 * that has been replaced is used from the next request on. While there is none that can
 * be used, requests fail with a {@link TransientTokenException}.
 * <p>
 * The subject of the assertion ({@code sub}) is that of the token's key, where the key
 * has one: no subject gets what is granted to another. A key that was made with a subject
 * token names nobody, and a {@link ReauthenticationRequiredException} is the answer.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class JwtBearerGrant implements AuthorizationGrant {

	private final String keyName;

	private final Supplier<SigningKey> keySource;

	private final @Nullable String algorithm;

	private final @Nullable String keyId;

	private final String assertionIssuer;

	private final @Nullable String subject;

	private final String audience;

	private final Duration lifetime;

	private final Map<String, String> claims;

	private final Clock clock;

	private JwtBearerGrant(Builder builder) {
		this.keyName = builder.keyName;
		this.keySource = builder.keySource;
		this.algorithm = builder.algorithm;
		this.keyId = builder.keyId;
		this.assertionIssuer = Objects.requireNonNull(builder.assertionIssuer, "assertionIssuer");
		this.subject = builder.subject;
		this.audience = Objects.requireNonNull(builder.audience, "audience");
		this.lifetime = builder.lifetime;
		this.claims = Map.copyOf(builder.claims);
		this.clock = builder.clock;
	}

	/**
	 * Start a grant with a key that stays the same.
	 * @param key the key
	 * @return a builder
	 */
	public static Builder signedWith(SigningKey key) {
		return signedWith("the key", () -> key);
	}

	/**
	 * Start a grant with a key that may be replaced while the application runs. It is
	 * read now, and for each token request.
	 * @param name what exceptions call it, such as the name of a property
	 * @param source reads the key; it may block. The message of its
	 * {@link IllegalArgumentException} is repeated, as the end of a sentence that begins
	 * with the name, so it must not have the key in it.
	 * @return a builder
	 * @throws RuntimeException what the source throws now
	 */
	public static Builder signedWith(String name, Supplier<SigningKey> source) {
		return new Builder(name, source);
	}

	@Override
	public Mono<MultiValueMap<String, String>> parameters(TokenRequest request) {
		return AuthorizationGrant.jwtBearer(this::assertion).parameters(request);
	}

	private Mono<String> assertion(TokenRequest request) {
		if (request.key().subjectToken() != null) {
			return Mono.error(() -> new ReauthenticationRequiredException(request.key(),
					"the key has a subject token, and the assertion that the client signs needs the subject's name",
					null, null, null));
		}
		return Mono.fromSupplier(() -> signer().sign(claims(request.key().subject()), "the assertion"))
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorMap(CredentialException.class, (ex) -> new TransientTokenException(request.key(),
					"there is no assertion to show: " + ex.reason(), ex));
	}

	private JwtSigner signer() {
		try {
			SigningKey key = this.keySource.get();
			return JwtSigner.of(key, key.algorithm(this.algorithm), this.keyId);
		}
		catch (IllegalArgumentException ex) {
			throw new CredentialException(this.keyName, String.valueOf(ex.getMessage()), null);
		}
	}

	private JWTClaimsSet claims(@Nullable String subjectOfKey) {
		JWTClaimsSet.Builder claims = JwtSigner.newClaims(this.clock, this.lifetime);
		this.claims.forEach(claims::claim);
		return claims.issuer(this.assertionIssuer)
			.subject((subjectOfKey != null) ? subjectOfKey
					: Objects.requireNonNullElse(this.subject, this.assertionIssuer))
			.audience(this.audience)
			.build();
	}

	@Override
	public String toString() {
		return "JwtBearerGrant[issuer=" + this.assertionIssuer + ", audience=" + this.audience + "]";
	}

	/**
	 * Builds a {@link JwtBearerGrant}. The message of each
	 * {@link IllegalArgumentException} is the end of a sentence that begins with the name
	 * of what was set.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		/**
		 * RFC 7519, section 4.1.
		 */
		private static final Set<String> REGISTERED = Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");

		private final String keyName;

		private final Supplier<SigningKey> keySource;

		private final SigningKey key;

		private final Map<String, String> claims = new LinkedHashMap<>();

		private @Nullable String algorithm;

		private @Nullable String keyId;

		private @Nullable String assertionIssuer;

		private @Nullable String subject;

		private @Nullable String audience;

		private Duration lifetime = Duration.ofSeconds(60);

		private Clock clock = Clock.systemUTC();

		private Builder(String keyName, Supplier<SigningKey> keySource) {
			this.keyName = Objects.requireNonNull(keyName, "keyName");
			this.keySource = Objects.requireNonNull(keySource, "keySource");
			this.key = keySource.get();
		}

		/**
		 * Set who signs ({@code iss}): the client's identifier, or the service account.
		 * Required.
		 * @param assertionIssuer the name under which the authorization server knows the
		 * key's owner
		 * @return this builder
		 * @throws IllegalArgumentException if it is empty
		 */
		public Builder assertionIssuer(String assertionIssuer) {
			this.assertionIssuer = requireText(assertionIssuer);
			return this;
		}

		/**
		 * Set on whose behalf the service's own token is granted ({@code sub}). That of a
		 * subject is granted on the subject's.
		 * @param subject the subject, or {@code null}, as by default, for the assertion's
		 * issuer
		 * @return this builder
		 * @throws IllegalArgumentException if it is empty
		 */
		public Builder subject(@Nullable String subject) {
			this.subject = (subject != null) ? requireText(subject) : null;
			return this;
		}

		/**
		 * Set whom the assertion is for ({@code aud}): the authorization server's issuer
		 * identifier, the URL of its token endpoint, or what else it takes for its own
		 * name. Required.
		 * @param audience the audience
		 * @return this builder
		 * @throws IllegalArgumentException if it is empty
		 */
		public Builder audience(String audience) {
			this.audience = requireText(audience);
			return this;
		}

		/**
		 * Set a further claim, such as a {@code scope} that has to stand in the
		 * assertion.
		 * @param name the name of the claim
		 * @param value its value, a string
		 * @return this builder
		 * @throws IllegalArgumentException if the name or the value is empty, or the
		 * claim one of those that every assertion has (RFC 7519, section 4.1)
		 */
		public Builder claim(String name, String value) {
			if (REGISTERED.contains(name)) {
				throw new IllegalArgumentException("must not be set, for " + name + " is a claim that every assertion"
						+ " has, or that is made for each");
			}
			this.claims.put(requireText(name), requireText(value));
			return this;
		}

		private static String requireText(String text) {
			if (text.isBlank()) {
				throw new IllegalArgumentException("must not be empty");
			}
			return text;
		}

		/**
		 * Set the algorithm.
		 * @param algorithm its name as RFC 7518, section 3.1, has it, such as
		 * {@code PS256}; {@code null}, as by default, for the first that fits the key
		 * @return this builder
		 * @throws IllegalArgumentException if it does not fit the key
		 */
		public Builder algorithm(@Nullable String algorithm) {
			this.key.algorithm(algorithm);
			this.algorithm = algorithm;
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
		 * Build the grant.
		 * @return the grant
		 * @throws NullPointerException if something required was not set
		 */
		public JwtBearerGrant build() {
			return new JwtBearerGrant(this);
		}

	}

}
