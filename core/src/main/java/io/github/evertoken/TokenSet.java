package io.github.evertoken;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One token response: an access token, optionally a refresh token and an ID token (RFC
 * 6749, section 5.1). An issuer makes one; the manager adds when it was obtained and its
 * generation.
 * <p>
 * Instances are immutable. No token appears in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class TokenSet {

	private final @Nullable String accessToken;

	private final String tokenType;

	private final @Nullable Duration expiresIn;

	private final @Nullable String refreshToken;

	private final @Nullable Instant refreshTokenExpiresAt;

	private final @Nullable String idToken;

	private final @Nullable Set<String> scope;

	private final @Nullable Instant issuerTime;

	private final @Nullable Instant obtainedAt;

	private final long generation;

	private TokenSet(Builder builder) {
		this.accessToken = builder.accessToken;
		this.tokenType = builder.tokenType;
		this.expiresIn = builder.expiresIn;
		this.refreshToken = builder.refreshToken;
		this.refreshTokenExpiresAt = builder.refreshTokenExpiresAt;
		this.idToken = builder.idToken;
		this.scope = builder.scope;
		this.issuerTime = builder.issuerTime;
		this.obtainedAt = builder.obtainedAt;
		this.generation = builder.generation;
	}

	/**
	 * Start a token set with an access token.
	 * @param accessToken the access token: visible characters of ASCII (RFC 6749,
	 * appendix A.12)
	 * @return a builder
	 * @throws IllegalArgumentException if it is not one, and thus no safe header value
	 */
	public static Builder withAccessToken(String accessToken) {
		return new Builder().accessToken(accessToken);
	}

	/**
	 * Start a token set that has no access token yet: what a login leaves when only its
	 * refresh token was kept. The first use obtains an access token with it.
	 * @param refreshToken the refresh token
	 * @return a builder
	 * @throws IllegalArgumentException if it is empty
	 */
	public static Builder withRefreshToken(String refreshToken) {
		return new Builder().refreshToken(refreshToken);
	}

	/**
	 * Return the access token.
	 * @return the access token, or {@code null} in a set made of a refresh token alone
	 */
	public @Nullable String accessToken() {
		return this.accessToken;
	}

	/**
	 * Return the token type (RFC 6749, section 7.1).
	 * @return the type as it stands in an {@code Authorization} header, {@code Bearer} if
	 * not set otherwise
	 */
	public String tokenType() {
		return this.tokenType;
	}

	/**
	 * Return the lifetime of the access token that the issuer named.
	 * @return the lifetime, or {@code null} if the issuer named none
	 */
	public @Nullable Duration expiresIn() {
		return this.expiresIn;
	}

	/**
	 * Return the refresh token.
	 * @return the refresh token, or {@code null} if the issuer gave none
	 */
	public @Nullable String refreshToken() {
		return this.refreshToken;
	}

	/**
	 * Return when the refresh token expires, and with it the session, unless it is
	 * renewed before. No standard has this; many servers say it.
	 * @return the instant, by the clock of whoever asked the issuer, or {@code null} if
	 * that is not known
	 */
	public @Nullable Instant refreshTokenExpiresAt() {
		return this.refreshTokenExpiresAt;
	}

	/**
	 * Return the ID token of OpenID Connect.
	 * @return the ID token, or {@code null} if the issuer gave none
	 */
	public @Nullable String idToken() {
		return this.idToken;
	}

	/**
	 * Return the scope that the issuer says it has granted (RFC 6749, section 3.3).
	 * @return its elements in their order, unmodifiable, or {@code null} if the issuer
	 * does not say, which by section 5.1 means that it is what was asked for
	 */
	public @Nullable Set<String> scope() {
		return this.scope;
	}

	/**
	 * Return what time it was by the issuer's clock when it answered. Nothing is decided
	 * by it; it explains why a token was rejected. A store need not keep it.
	 * @return the instant, to the second, or {@code null} if that is not known
	 */
	public @Nullable Instant issuerTime() {
		return this.issuerTime;
	}

	/**
	 * Return the instant just before the access token was requested; its lifetime counts
	 * from there.
	 * @return the instant, or {@code null} while the set is not held by a manager and its
	 * maker named none: then the manager's own clock counts
	 */
	public @Nullable Instant obtainedAt() {
		return this.obtainedAt;
	}

	/**
	 * Return the generation: how many token sets the manager has held for the key, this
	 * one included.
	 * @return the generation, or 0 while the set is not held by a manager
	 */
	public long generation() {
		return this.generation;
	}

	/**
	 * Start a builder with all that this set has.
	 * @return a builder
	 */
	public Builder mutate() {
		return new Builder(this);
	}

	@Override
	public String toString() {
		return "TokenSet[generation=" + this.generation + ", obtainedAt=" + this.obtainedAt + ", expiresIn="
				+ this.expiresIn + ", accessToken=" + presence(this.accessToken) + ", refreshToken="
				+ presence(this.refreshToken) + ", refreshTokenExpiresAt=" + this.refreshTokenExpiresAt + ", idToken="
				+ presence(this.idToken) + "]";
	}

	private static String presence(@Nullable String token) {
		return (token != null) ? "present" : "absent";
	}

	/**
	 * Builds a {@link TokenSet}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private @Nullable String accessToken;

		private String tokenType = "Bearer";

		private @Nullable Duration expiresIn;

		private @Nullable String refreshToken;

		private @Nullable Instant refreshTokenExpiresAt;

		private @Nullable String idToken;

		private @Nullable Set<String> scope;

		private @Nullable Instant issuerTime;

		private @Nullable Instant obtainedAt;

		private long generation;

		private Builder() {
		}

		private Builder(TokenSet set) {
			this.accessToken = set.accessToken;
			this.tokenType = set.tokenType;
			this.expiresIn = set.expiresIn;
			this.refreshToken = set.refreshToken;
			this.refreshTokenExpiresAt = set.refreshTokenExpiresAt;
			this.idToken = set.idToken;
			this.scope = set.scope;
			this.issuerTime = set.issuerTime;
			this.obtainedAt = set.obtainedAt;
			this.generation = set.generation;
		}

		/**
		 * Set the access token.
		 * @param accessToken visible characters of ASCII (RFC 6749, appendix A.12)
		 * @return this builder
		 * @throws IllegalArgumentException if it is not one
		 */
		public Builder accessToken(String accessToken) {
			this.accessToken = BearerTokens.requireToken(accessToken);
			return this;
		}

		/**
		 * Set the token type.
		 * @param tokenType an authentication scheme: a {@code token} of RFC 9110, section
		 * 5.6.2
		 * @return this builder
		 * @throws IllegalArgumentException if it is not one
		 */
		public Builder tokenType(String tokenType) {
			this.tokenType = BearerTokens.requireScheme(tokenType);
			return this;
		}

		/**
		 * Set the lifetime of the access token.
		 * @param expiresIn the lifetime, or {@code null} if the issuer names none
		 * @return this builder
		 * @throws IllegalArgumentException if it is zero or negative
		 */
		public Builder expiresIn(@Nullable Duration expiresIn) {
			if (expiresIn != null && (expiresIn.isZero() || expiresIn.isNegative())) {
				throw new IllegalArgumentException("The lifetime of an access token must be positive, but is "
						+ expiresIn + "; use null where the issuer names none");
			}
			this.expiresIn = expiresIn;
			return this;
		}

		/**
		 * Set the refresh token.
		 * @param refreshToken the refresh token, or {@code null} for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is empty
		 */
		public Builder refreshToken(@Nullable String refreshToken) {
			if (refreshToken != null && refreshToken.isBlank()) {
				throw new IllegalArgumentException("A refresh token must not be empty; use null for none");
			}
			this.refreshToken = refreshToken;
			return this;
		}

		/**
		 * Set when the refresh token expires: the one of this set, or if it has none, the
		 * one that it was obtained with.
		 * @param refreshTokenExpiresAt the instant, or {@code null} if it is not known
		 * @return this builder
		 */
		public Builder refreshTokenExpiresAt(@Nullable Instant refreshTokenExpiresAt) {
			this.refreshTokenExpiresAt = refreshTokenExpiresAt;
			return this;
		}

		/**
		 * Set the ID token.
		 * @param idToken the ID token, or {@code null} for none
		 * @return this builder
		 */
		public Builder idToken(@Nullable String idToken) {
			this.idToken = idToken;
			return this;
		}

		/**
		 * Set the scope that was granted.
		 * @param scope its elements, or {@code null} if the issuer does not say
		 * @return this builder
		 */
		public Builder scope(@Nullable Collection<String> scope) {
			this.scope = (scope != null) ? Collections.unmodifiableSet(new LinkedHashSet<>(scope)) : null;
			return this;
		}

		/**
		 * Set what time it was by the issuer's clock when it answered.
		 * @param issuerTime the instant, or {@code null} if it is not known
		 * @return this builder
		 */
		public Builder issuerTime(@Nullable Instant issuerTime) {
			this.issuerTime = issuerTime;
			return this;
		}

		/**
		 * Set the instant from which the lifetime counts.
		 * @param obtainedAt the instant just before the access token was requested, or
		 * {@code null} if unknown
		 * @return this builder
		 */
		public Builder obtainedAt(@Nullable Instant obtainedAt) {
			this.obtainedAt = obtainedAt;
			return this;
		}

		/**
		 * Set the generation. The manager numbers what it holds; whatever is set here is
		 * for a {@link io.github.evertoken.store.TokenStore} that reads a set back.
		 * @param generation the generation, 0 or more
		 * @return this builder
		 */
		public Builder generation(long generation) {
			this.generation = generation;
			return this;
		}

		/**
		 * Build the token set.
		 * @return the token set
		 */
		public TokenSet build() {
			return new TokenSet(this);
		}

	}

}
