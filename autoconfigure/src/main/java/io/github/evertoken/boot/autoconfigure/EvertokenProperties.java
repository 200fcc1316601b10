package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.grant.ExpiresInFormat;
import io.github.evertoken.grant.TokenRequestFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;

/**
 * The properties below {@code evertoken}. A property that there is not stops the start: a
 * misspelt one would otherwise leave its default in force and say nothing.
 *
 * @since 0.1.0
 */
@ConfigurationProperties(prefix = "evertoken", ignoreUnknownFields = false)
public class EvertokenProperties {

	/**
	 * Whether Evertoken is there at all.
	 */
	private boolean enabled = true;

	/**
	 * Whether every WebClient.Builder of Spring Boot sends tokens.
	 */
	private boolean applyToWebClients = true;

	/**
	 * The clients by their names.
	 */
	private final Map<String, Client> clients = new LinkedHashMap<>();

	/**
	 * What the application tells its own users.
	 */
	private final Web web = new Web();

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public boolean isApplyToWebClients() {
		return this.applyToWebClients;
	}

	public void setApplyToWebClients(boolean applyToWebClients) {
		this.applyToWebClients = applyToWebClients;
	}

	public Map<String, Client> getClients() {
		return this.clients;
	}

	public Web getWeb() {
		return this.web;
	}

	/**
	 * What the application tells its own users.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Web {

		/**
		 * How a reactive web application answers a request that fails because somebody
		 * must log in again.
		 */
		private ReauthenticationResponse reauthenticationResponse = ReauthenticationResponse.NONE;

		/**
		 * Where a redirect leads, such as /login or https://login.internal.
		 */
		private @Nullable String loginPath;

		public ReauthenticationResponse getReauthenticationResponse() {
			return this.reauthenticationResponse;
		}

		public void setReauthenticationResponse(ReauthenticationResponse reauthenticationResponse) {
			this.reauthenticationResponse = reauthenticationResponse;
		}

		public @Nullable String getLoginPath() {
			return this.loginPath;
		}

		public void setLoginPath(@Nullable String loginPath) {
			this.loginPath = loginPath;
		}

	}

	/**
	 * One client: where its tokens come from, which origins may see them, and how they
	 * live.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Client {

		/**
		 * Base URL of the resource server, such as https://inventory.internal/api. Tokens
		 * go to its origin only, and to its path unless a request names the client.
		 */
		private @Nullable String baseUrl;

		/**
		 * Origins to which tokens go, such as https://inventory.internal:8443, besides
		 * that of the base URL.
		 */
		private List<String> origins = new ArrayList<>();

		/**
		 * URL of the token endpoint. Not needed if there is an issuer URI, or a
		 * TokenIssuer bean for the client.
		 */
		private @Nullable String tokenUri;

		/**
		 * Issuer identifier of the authorization server, whose metadata (RFC 8414 or
		 * OpenID Connect) tells the token endpoint unless the token URI does.
		 */
		private @Nullable String issuerUri;

		/**
		 * Grant with which tokens are obtained while no refresh token is held.
		 */
		private GrantType grantType = GrantType.CLIENT_CREDENTIALS;

		/**
		 * Identifier under which the client is registered at the authorization server.
		 */
		private @Nullable String clientId;

		/**
		 * Secret of the client.
		 */
		private @Nullable String clientSecret;

		/**
		 * How the client proves to the token endpoint who it is.
		 */
		private ClientAuthenticationMethod clientAuthenticationMethod = ClientAuthenticationMethod.CLIENT_SECRET_BASIC;

		/**
		 * Refresh token that the client starts with.
		 */
		private @Nullable String refreshToken;

		/**
		 * Scope to ask for. The authorization server decides if it is empty.
		 */
		private List<String> scope = new ArrayList<>();

		/**
		 * Form parameters to send to the token endpoint as they are, such as audience.
		 */
		private Map<String, String> parameters = new LinkedHashMap<>();

		/**
		 * What stands before an access token in an Authorization header.
		 */
		private String tokenType = "Bearer";

		/**
		 * Lifetime of an access token for which neither the response nor the token names
		 * one.
		 */
		private Duration defaultLifetime = Duration.ofMinutes(5);

		/**
		 * How long before its expiry a token is renewed at the latest. At most 10 % of
		 * the lifetime are used.
		 */
		private Duration expiryMargin = Duration.ofSeconds(10);

		/**
		 * How long connecting to the token endpoint may take.
		 */
		private Duration connectTimeout = Duration.ofSeconds(2);

		/**
		 * How long one flight, the shared call for a token, may take.
		 */
		private Duration responseTimeout = Duration.ofSeconds(5);

		/**
		 * How long one caller may wait for a token.
		 */
		private Duration maxWait = Duration.ofSeconds(10);

		/**
		 * How long a lease may last.
		 */
		private Duration maxLease = Duration.ofHours(24);

		/**
		 * How long a call on a signed-out key waits until somebody has logged in. 0 fails
		 * it at once.
		 */
		private Duration awaitSignIn = Duration.ofSeconds(0);

		/**
		 * Whether the first token is obtained when the application starts.
		 */
		private Eager eager = Eager.FALSE;

		/**
		 * How a token request is written.
		 */
		private final TokenRequest tokenRequest = new TokenRequest();

		/**
		 * Where a token response has what.
		 */
		private final TokenResponse tokenResponse = new TokenResponse();

		/**
		 * When a token is renewed.
		 */
		private final Renewal renewal = new Renewal();

		/**
		 * How long the token endpoint is left alone after a failure.
		 */
		private final Retry retry = new Retry();

		/**
		 * How often a rejected token is replaced.
		 */
		private final Rejection rejection = new Rejection();

		/**
		 * On whose behalf tokens are held, besides the service itself.
		 */
		private final Subjects subjects = new Subjects();

		public @Nullable String getBaseUrl() {
			return this.baseUrl;
		}

		public void setBaseUrl(@Nullable String baseUrl) {
			this.baseUrl = baseUrl;
		}

		public List<String> getOrigins() {
			return this.origins;
		}

		public void setOrigins(List<String> origins) {
			this.origins = origins;
		}

		public @Nullable String getTokenUri() {
			return this.tokenUri;
		}

		public void setTokenUri(@Nullable String tokenUri) {
			this.tokenUri = tokenUri;
		}

		public @Nullable String getIssuerUri() {
			return this.issuerUri;
		}

		public void setIssuerUri(@Nullable String issuerUri) {
			this.issuerUri = issuerUri;
		}

		public GrantType getGrantType() {
			return this.grantType;
		}

		public void setGrantType(GrantType grantType) {
			this.grantType = grantType;
		}

		public @Nullable String getClientId() {
			return this.clientId;
		}

		public void setClientId(@Nullable String clientId) {
			this.clientId = clientId;
		}

		public @Nullable String getClientSecret() {
			return this.clientSecret;
		}

		public void setClientSecret(@Nullable String clientSecret) {
			this.clientSecret = clientSecret;
		}

		public ClientAuthenticationMethod getClientAuthenticationMethod() {
			return this.clientAuthenticationMethod;
		}

		public void setClientAuthenticationMethod(ClientAuthenticationMethod clientAuthenticationMethod) {
			this.clientAuthenticationMethod = clientAuthenticationMethod;
		}

		public @Nullable String getRefreshToken() {
			return this.refreshToken;
		}

		public void setRefreshToken(@Nullable String refreshToken) {
			this.refreshToken = refreshToken;
		}

		public List<String> getScope() {
			return this.scope;
		}

		public void setScope(List<String> scope) {
			this.scope = scope;
		}

		public Map<String, String> getParameters() {
			return this.parameters;
		}

		public void setParameters(Map<String, String> parameters) {
			this.parameters = parameters;
		}

		public String getTokenType() {
			return this.tokenType;
		}

		public void setTokenType(String tokenType) {
			this.tokenType = tokenType;
		}

		public Duration getDefaultLifetime() {
			return this.defaultLifetime;
		}

		public void setDefaultLifetime(Duration defaultLifetime) {
			this.defaultLifetime = defaultLifetime;
		}

		public Duration getExpiryMargin() {
			return this.expiryMargin;
		}

		public void setExpiryMargin(Duration expiryMargin) {
			this.expiryMargin = expiryMargin;
		}

		public Duration getConnectTimeout() {
			return this.connectTimeout;
		}

		public void setConnectTimeout(Duration connectTimeout) {
			this.connectTimeout = connectTimeout;
		}

		public Duration getResponseTimeout() {
			return this.responseTimeout;
		}

		public void setResponseTimeout(Duration responseTimeout) {
			this.responseTimeout = responseTimeout;
		}

		public Duration getMaxWait() {
			return this.maxWait;
		}

		public void setMaxWait(Duration maxWait) {
			this.maxWait = maxWait;
		}

		public Duration getMaxLease() {
			return this.maxLease;
		}

		public void setMaxLease(Duration maxLease) {
			this.maxLease = maxLease;
		}

		public Duration getAwaitSignIn() {
			return this.awaitSignIn;
		}

		public void setAwaitSignIn(Duration awaitSignIn) {
			this.awaitSignIn = awaitSignIn;
		}

		public Eager getEager() {
			return this.eager;
		}

		public void setEager(Eager eager) {
			this.eager = eager;
		}

		public TokenRequest getTokenRequest() {
			return this.tokenRequest;
		}

		public TokenResponse getTokenResponse() {
			return this.tokenResponse;
		}

		public Renewal getRenewal() {
			return this.renewal;
		}

		public Retry getRetry() {
			return this.retry;
		}

		public Rejection getRejection() {
			return this.rejection;
		}

		public Subjects getSubjects() {
			return this.subjects;
		}

	}

	/**
	 * How a token request is written.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class TokenRequest {

		/**
		 * How the parameters of a token request are written.
		 */
		private TokenRequestFormat format = TokenRequestFormat.FORM;

		public TokenRequestFormat getFormat() {
			return this.format;
		}

		public void setFormat(TokenRequestFormat format) {
			this.format = format;
		}

	}

	/**
	 * Where a token response has what. A member is named by its name, or by the names on
	 * the way to it, separated by dots.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class TokenResponse {

		/**
		 * Member that is the access token, such as accessToken or data.token.value.
		 */
		private String accessToken = "access_token";

		/**
		 * Header of the response that has the access token instead of a member.
		 */
		private @Nullable String accessTokenHeader;

		/**
		 * Member that is the type of the access token.
		 */
		private String tokenType = "token_type";

		/**
		 * Member that tells when the access token expires.
		 */
		private String expiresIn = "expires_in";

		/**
		 * How that member is to be read.
		 */
		private ExpiresInFormat expiresInFormat = ExpiresInFormat.SECONDS;

		/**
		 * Member that is the refresh token.
		 */
		private String refreshToken = "refresh_token";

		/**
		 * Member that is the ID token.
		 */
		private String idToken = "id_token";

		public String getAccessToken() {
			return this.accessToken;
		}

		public void setAccessToken(String accessToken) {
			this.accessToken = accessToken;
		}

		public @Nullable String getAccessTokenHeader() {
			return this.accessTokenHeader;
		}

		public void setAccessTokenHeader(@Nullable String accessTokenHeader) {
			this.accessTokenHeader = accessTokenHeader;
		}

		public String getTokenType() {
			return this.tokenType;
		}

		public void setTokenType(String tokenType) {
			this.tokenType = tokenType;
		}

		public String getExpiresIn() {
			return this.expiresIn;
		}

		public void setExpiresIn(String expiresIn) {
			this.expiresIn = expiresIn;
		}

		public ExpiresInFormat getExpiresInFormat() {
			return this.expiresInFormat;
		}

		public void setExpiresInFormat(ExpiresInFormat expiresInFormat) {
			this.expiresInFormat = expiresInFormat;
		}

		public String getRefreshToken() {
			return this.refreshToken;
		}

		public void setRefreshToken(String refreshToken) {
			this.refreshToken = refreshToken;
		}

		public String getIdToken() {
			return this.idToken;
		}

		public void setIdToken(String idToken) {
			this.idToken = idToken;
		}

	}

	/**
	 * When a token is renewed.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Renewal {

		/**
		 * Fraction of its lifetime after which a token is renewed in the background.
		 */
		private double at = 0.8;

		/**
		 * Fraction of its lifetime by which the renewal of a token comes earlier at
		 * random, at most.
		 */
		private double jitter = 0.05;

		/**
		 * Whether the service's own token is renewed though nobody has used it since its
		 * last renewal.
		 */
		private boolean keepAlive;

		public double getAt() {
			return this.at;
		}

		public void setAt(double at) {
			this.at = at;
		}

		public double getJitter() {
			return this.jitter;
		}

		public void setJitter(double jitter) {
			this.jitter = jitter;
		}

		public boolean isKeepAlive() {
			return this.keepAlive;
		}

		public void setKeepAlive(boolean keepAlive) {
			this.keepAlive = keepAlive;
		}

	}

	/**
	 * The cooldown after a failed flight.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Retry {

		/**
		 * Longest cooldown after the first failure. It doubles with each further one.
		 */
		private Duration initialBackoff = Duration.ofMillis(500);

		/**
		 * Longest cooldown after any number of failures, unless the token endpoint asks
		 * for more.
		 */
		private Duration maxBackoff = Duration.ofSeconds(30);

		public Duration getInitialBackoff() {
			return this.initialBackoff;
		}

		public void setInitialBackoff(Duration initialBackoff) {
			this.initialBackoff = initialBackoff;
		}

		public Duration getMaxBackoff() {
			return this.maxBackoff;
		}

		public void setMaxBackoff(Duration maxBackoff) {
			this.maxBackoff = maxBackoff;
		}

	}

	/**
	 * What is done about tokens that resource servers refuse.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Rejection {

		/**
		 * How many rejected tokens are replaced within one window. 0 passes every 401 on.
		 */
		private int maxRenewals = 5;

		/**
		 * Window in which rejected tokens are counted.
		 */
		private Duration window = Duration.ofSeconds(30);

		public int getMaxRenewals() {
			return this.maxRenewals;
		}

		public void setMaxRenewals(int maxRenewals) {
			this.maxRenewals = maxRenewals;
		}

		public Duration getWindow() {
			return this.window;
		}

		public void setWindow(Duration window) {
			this.window = window;
		}

	}

	/**
	 * On whose behalf tokens are held, besides the service itself.
	 *
	 * @since 0.1.0
	 */
	@ConfigurationPropertiesSource
	public static class Subjects {

		/**
		 * Whether the SubjectResolver bean, if there is one, is asked about requests that
		 * name no subject. Otherwise they are made on behalf of the service itself.
		 */
		private boolean resolve = true;

		/**
		 * How many subjects' tokens are kept. Beyond that, those that are used least are
		 * forgotten, refresh tokens included: more than are active at a time.
		 */
		private long maximumSize = 10_000;

		/**
		 * How long a subject's tokens are kept though nobody asks for them: as long as a
		 * session of the application.
		 */
		private Duration expireAfterIdle = Duration.ofMinutes(30);

		public boolean isResolve() {
			return this.resolve;
		}

		public void setResolve(boolean resolve) {
			this.resolve = resolve;
		}

		public long getMaximumSize() {
			return this.maximumSize;
		}

		public void setMaximumSize(long maximumSize) {
			this.maximumSize = maximumSize;
		}

		public Duration getExpireAfterIdle() {
			return this.expireAfterIdle;
		}

		public void setExpireAfterIdle(Duration expireAfterIdle) {
			this.expireAfterIdle = expireAfterIdle;
		}

	}

	/**
	 * How a request is answered that fails because somebody must log in again.
	 *
	 * @since 0.1.0
	 */
	public enum ReauthenticationResponse {

		/**
		 * With status 401 and a problem detail (RFC 9457).
		 */
		PROBLEM,

		/**
		 * With a redirect to the login path if the request accepts HTML, else like
		 * {@link #PROBLEM}.
		 */
		REDIRECT,

		/**
		 * Like any other failure.
		 */
		NONE

	}

	/**
	 * The grants of RFC 6749.
	 *
	 * @since 0.1.0
	 */
	public enum GrantType {

		/**
		 * The client asks in its own name (RFC 6749, section 4.4).
		 */
		CLIENT_CREDENTIALS,

		/**
		 * The client has no grant of its own and lives on a refresh token (section 6).
		 */
		REFRESH_TOKEN

	}

	/**
	 * How a client proves to a token endpoint who it is.
	 *
	 * @since 0.1.0
	 */
	public enum ClientAuthenticationMethod {

		/**
		 * With an {@code Authorization: Basic} header (RFC 6749, section 2.3.1).
		 */
		CLIENT_SECRET_BASIC,

		/**
		 * With the form parameters {@code client_id} and {@code client_secret}.
		 */
		CLIENT_SECRET_POST,

		/**
		 * Not at all: a public client, which sends its {@code client_id} alone.
		 */
		NONE

	}

	/**
	 * Whether the first token is obtained when the application starts.
	 *
	 * @since 0.1.0
	 */
	public enum Eager {

		/**
		 * At the first use.
		 */
		FALSE,

		/**
		 * At the start, in the background.
		 */
		TRUE,

		/**
		 * At the start, which waits for the token and fails if there is none.
		 */
		REQUIRED

	}

}
