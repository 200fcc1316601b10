package io.github.evertoken.grant;

import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a token response has what, for servers that do it otherwise than RFC 6749,
 * section 5.1.
 * <p>
 * A member is named by its name, or if it is nested by the names on the way to it,
 * separated by dots: {@code data.token.value}.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class TokenResponseFormat {

	private static final TokenResponseFormat STANDARD = builder().build();

	private final MemberPath accessToken;

	private final @Nullable String accessTokenHeader;

	private final MemberPath tokenType;

	private final MemberPath expiresIn;

	private final MemberPath refreshToken;

	private final MemberPath idToken;

	private final ExpiresInFormat expiresInFormat;

	private final String scheme;

	private final boolean schemeRequired;

	private TokenResponseFormat(Builder builder) {
		this.accessToken = builder.accessToken;
		this.accessTokenHeader = builder.accessTokenHeader;
		this.tokenType = builder.tokenType;
		this.expiresIn = builder.expiresIn;
		this.refreshToken = builder.refreshToken;
		this.idToken = builder.idToken;
		this.expiresInFormat = builder.expiresInFormat;
		this.scheme = builder.scheme;
		this.schemeRequired = false;
	}

	private TokenResponseFormat(TokenResponseFormat format, String requiredScheme) {
		this.accessToken = format.accessToken;
		this.accessTokenHeader = format.accessTokenHeader;
		this.tokenType = format.tokenType;
		this.expiresIn = format.expiresIn;
		this.refreshToken = format.refreshToken;
		this.idToken = format.idToken;
		this.expiresInFormat = format.expiresInFormat;
		this.scheme = requiredScheme;
		this.schemeRequired = true;
	}

	/**
	 * Return the format of RFC 6749, section 5.1.
	 * @return the format
	 */
	public static TokenResponseFormat standard() {
		return STANDARD;
	}

	/**
	 * Start with the format of RFC 6749, section 5.1.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	MemberPath accessToken() {
		return this.accessToken;
	}

	@Nullable String accessTokenHeader() {
		return this.accessTokenHeader;
	}

	MemberPath tokenType() {
		return this.tokenType;
	}

	MemberPath expiresIn() {
		return this.expiresIn;
	}

	MemberPath refreshToken() {
		return this.refreshToken;
	}

	MemberPath idToken() {
		return this.idToken;
	}

	ExpiresInFormat expiresInFormat() {
		return this.expiresInFormat;
	}

	String scheme() {
		return this.scheme;
	}

	/**
	 * Return the same format for tokens that must be of a type, and named so.
	 */
	TokenResponseFormat requiring(String scheme) {
		return new TokenResponseFormat(this, scheme);
	}

	boolean isSchemeRequired() {
		return this.schemeRequired;
	}

	@Override
	public String toString() {
		return "TokenResponseFormat[accessToken="
				+ ((this.accessTokenHeader != null) ? "header " + this.accessTokenHeader : this.accessToken)
				+ ", tokenType=" + this.tokenType + ", expiresIn=" + this.expiresIn + " in " + this.expiresInFormat
				+ ", refreshToken=" + this.refreshToken + ", idToken=" + this.idToken + ", scheme=" + this.scheme + "]";
	}

	/**
	 * Builds a {@link TokenResponseFormat}. The complaint of a wrong argument reads on
	 * from the name of what was set.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		/**
		 * The names of headers and of authentication schemes: RFC 9110, section 5.6.2.
		 */
		private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

		private MemberPath accessToken = MemberPath.of("access_token");

		private @Nullable String accessTokenHeader;

		private MemberPath tokenType = MemberPath.of("token_type");

		private MemberPath expiresIn = MemberPath.of("expires_in");

		private MemberPath refreshToken = MemberPath.of("refresh_token");

		private MemberPath idToken = MemberPath.of("id_token");

		private ExpiresInFormat expiresInFormat = ExpiresInFormat.SECONDS;

		private String scheme = "Bearer";

		private Builder() {
		}

		/**
		 * Set which member is the access token.
		 * @param path its name or path, {@code access_token} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder accessToken(String path) {
			this.accessToken = MemberPath.of(path);
			return this;
		}

		/**
		 * Set which header of the response has the access token instead of a member of
		 * its body: the token alone, or behind {@code Bearer} or the {@linkplain #scheme
		 * scheme}. The body may then be something else than JSON, or absent, and only a
		 * JSON object tells the rest.
		 * @param name its name, or {@code null}, as by default, for none
		 * @return this builder
		 * @throws IllegalArgumentException if it is no name of a header
		 */
		public Builder accessTokenHeader(@Nullable String name) {
			this.accessTokenHeader = (name != null) ? requireToken(name, "the name of a header such as X-Auth-Token")
					: null;
			return this;
		}

		/**
		 * Set which member is the token type.
		 * @param path its name or path, {@code token_type} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder tokenType(String path) {
			this.tokenType = MemberPath.of(path);
			return this;
		}

		/**
		 * Set which member tells when the access token expires.
		 * @param path its name or path, {@code expires_in} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder expiresIn(String path) {
			this.expiresIn = MemberPath.of(path);
			return this;
		}

		/**
		 * Set how that member is to be read. A point in time is compared with the
		 * {@code Date} of the response, or with the local clock if it has none.
		 * @param format the format, {@link ExpiresInFormat#SECONDS} by default
		 * @return this builder
		 */
		public Builder expiresInFormat(ExpiresInFormat format) {
			this.expiresInFormat = Objects.requireNonNull(format, "format");
			return this;
		}

		/**
		 * Set which member is the refresh token.
		 * @param path its name or path, {@code refresh_token} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder refreshToken(String path) {
			this.refreshToken = MemberPath.of(path);
			return this;
		}

		/**
		 * Set which member is the ID token.
		 * @param path its name or path, {@code id_token} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder idToken(String path) {
			this.idToken = MemberPath.of(path);
			return this;
		}

		/**
		 * Set what stands before the access token in an {@code Authorization} header. A
		 * response whose token type is neither this nor {@code Bearer} is refused.
		 * @param scheme an authentication scheme, {@code Bearer} by default
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder scheme(String scheme) {
			this.scheme = requireToken(scheme, "one word such as Bearer or Token");
			return this;
		}

		private static String requireToken(String text, String what) {
			if (!TOKEN.matcher(text).matches()) {
				throw new IllegalArgumentException("must be " + what + ", but is '" + Redactor.printable(text) + "'");
			}
			return text;
		}

		/**
		 * Build the format.
		 * @return the format
		 */
		public TokenResponseFormat build() {
			return new TokenResponseFormat(this);
		}

	}

}
