package io.github.evertoken.endpoint;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Where a token response has what, for servers that do it otherwise than RFC 6749,
 * section 5.1.
 * <p>
 * A member is named by its name, or if it is nested by the names on the way to it,
 * separated by dots: {@code data.token.value}. An element of an array is named by its
 * index: {@code errors[0].code}.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class TokenResponseFormat {

	private static final String BEARER = "Bearer";

	private static final Pattern BLANKS = Pattern.compile("\\s+");

	private static final MemberPath SCOPE = MemberPath.of("scope");

	private static final TokenResponseFormat STANDARD = builder().build();

	private final MemberPath accessToken;

	private final @Nullable String accessTokenHeader;

	private final MemberPath tokenType;

	private final MemberPath expiresIn;

	private final MemberPath refreshToken;

	private final MemberPath idToken;

	private final List<MemberPath> refreshExpiresIn;

	private final MemberPath error;

	private final Map<String, FailureKind> errors;

	private final Set<String> tokenTypes;

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
		this.refreshExpiresIn = builder.refreshExpiresIn;
		this.error = builder.error;
		this.errors = Map.copyOf(builder.errors);
		this.tokenTypes = Set.copyOf(builder.tokenTypes);
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
		this.refreshExpiresIn = format.refreshExpiresIn;
		this.error = format.error;
		this.errors = format.errors;
		this.tokenTypes = format.tokenTypes;
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

	/**
	 * Return the members of which the first one that is there tells how long the refresh
	 * token lives.
	 */
	List<MemberPath> refreshExpiresIn() {
		return this.refreshExpiresIn;
	}

	MemberPath scope() {
		return SCOPE;
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

	MemberPath error() {
		return this.error;
	}

	Map<String, FailureKind> errors() {
		return this.errors;
	}

	/**
	 * Tell whether a word before a token is its scheme.
	 */
	boolean isKnownScheme(String word) {
		return word.equalsIgnoreCase(this.scheme) || (!this.schemeRequired && word.equalsIgnoreCase(BEARER));
	}

	/**
	 * Tell whether a token type stands for the scheme.
	 */
	boolean isKnownType(String type) {
		return isKnownScheme(type.strip()) || this.tokenTypes.contains(normalized(type));
	}

	private static String normalized(String type) {
		return BLANKS.matcher(type).replaceAll("").toLowerCase(Locale.ROOT);
	}

	@Override
	public String toString() {
		return "TokenResponseFormat[accessToken="
				+ ((this.accessTokenHeader != null) ? "header " + this.accessTokenHeader : this.accessToken)
				+ ", tokenType=" + this.tokenType + ", expiresIn=" + this.expiresIn + " in " + this.expiresInFormat
				+ ", refreshToken=" + this.refreshToken + ", refreshExpiresIn=" + this.refreshExpiresIn + ", idToken="
				+ this.idToken + ", error=" + this.error + ", errors=" + this.errors + ", tokenTypes=" + this.tokenTypes
				+ ", scheme=" + this.scheme + "]";
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

		/**
		 * What Keycloak and others say, and what GitHub and others say.
		 */
		private static final List<MemberPath> USUAL_REFRESH_EXPIRES_IN = List.of(MemberPath.of("refresh_expires_in"),
				MemberPath.of("refresh_token_expires_in"));

		private MemberPath accessToken = MemberPath.of("access_token");

		private @Nullable String accessTokenHeader;

		private MemberPath tokenType = MemberPath.of("token_type");

		private MemberPath expiresIn = MemberPath.of("expires_in");

		private MemberPath refreshToken = MemberPath.of("refresh_token");

		private MemberPath idToken = MemberPath.of("id_token");

		private List<MemberPath> refreshExpiresIn = USUAL_REFRESH_EXPIRES_IN;

		private MemberPath error = MemberPath.of("error");

		private final Map<String, FailureKind> errors = new HashMap<>();

		private final Set<String> tokenTypes = new HashSet<>();

		private ExpiresInFormat expiresInFormat = ExpiresInFormat.SECONDS;

		private String scheme = BEARER;

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
		 * Set which member tells when the refresh token expires. It is read as
		 * {@link #expiresInFormat} says.
		 * @param path its name or path, or {@code null}, as by default, for
		 * {@code refresh_expires_in} or else {@code refresh_token_expires_in}
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder refreshExpiresIn(@Nullable String path) {
			this.refreshExpiresIn = (path != null) ? List.of(MemberPath.of(path)) : USUAL_REFRESH_EXPIRES_IN;
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
		 * Set which member is the error code of an answer, whatever its status, that has
		 * no access token.
		 * @param path its name or path, {@code error} by default; a number or a truth
		 * value counts as the text that it is written as
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder error(String path) {
			this.error = MemberPath.of(path);
			return this;
		}

		/**
		 * Say what an error code means. It takes precedence over what RFC 6749 says.
		 * @param code the code, to the letter
		 * @param kind what can help
		 * @return this builder
		 * @throws IllegalArgumentException if the code is empty
		 */
		public Builder error(String code, FailureKind kind) {
			if (code.isBlank()) {
				throw new IllegalArgumentException("must have an error code as its name, but has ''");
			}
			this.errors.put(code, Objects.requireNonNull(kind, "kind"));
			return this;
		}

		/**
		 * Set which token types stand for the {@linkplain #scheme scheme}, beside its own
		 * name and {@code Bearer}. A response whose token type is any other is refused.
		 * @param types the types, none by default; blanks and case do not matter
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is empty
		 */
		public Builder tokenTypes(Collection<String> types) {
			if (types.stream().anyMatch(String::isBlank)) {
				throw new IllegalArgumentException(
						"must list words of the token endpoint such as BearerToken, but has ''");
			}
			this.tokenTypes.clear();
			types.stream().map(TokenResponseFormat::normalized).forEach(this.tokenTypes::add);
			return this;
		}

		/**
		 * Set what stands before the access token in an {@code Authorization} header. A
		 * response whose token type is neither this nor {@code Bearer}, nor one of the
		 * {@linkplain #tokenTypes listed ones}, is refused.
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
