package io.github.evertoken.boot.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.evertoken.grant.ExpiresInFormat;
import io.github.evertoken.grant.FailureKind;
import io.github.evertoken.grant.TokenRequestFormat;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.core.io.Resource;

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
		 * URL of the revocation endpoint (RFC 7009). The metadata of the issuer may tell
		 * it too.
		 */
		private @Nullable String revocationUri;

		/**
		 * Whether all tokens of the client are revoked when the application ends.
		 */
		private boolean revokeOnShutdown;

		/**
		 * Identifier of the registration below spring.security.oauth2.client from which
		 * the client takes what is not set here.
		 */
		private @Nullable String registrationId;

		/**
		 * Who obtains the tokens, unless there is a TokenIssuer bean for the client.
		 */
		private Issuer issuer = Issuer.TOKEN_ENDPOINT;

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
		 * Location of a file with the secret of the client, such as
		 * file:/run/secrets/orders. It is read at the start, and again when the token
		 * endpoint refuses the client.
		 */
		private @Nullable String clientSecretLocation;

		/**
		 * How the client proves to the token endpoint who it is.
		 */
		private ClientAuthenticationMethod clientAuthenticationMethod = ClientAuthenticationMethod.CLIENT_SECRET_BASIC;

		/**
		 * The JWT with which the client proves who it is.
		 */
		private final ClientAssertion clientAssertion = new ClientAssertion();

		/**
		 * Refresh token that the client starts with.
		 */
		private @Nullable String refreshToken;

		/**
		 * Scope to ask for. The authorization server decides if it is empty.
		 */
		private List<String> scope = new ArrayList<>();

		/**
		 * Logical names of the services that the tokens are for.
		 */
		private List<String> audience = new ArrayList<>();

		/**
		 * URIs of the resources that the tokens are for (RFC 8707).
		 */
		private List<String> resource = new ArrayList<>();

		/**
		 * Authorization details to ask for (RFC 9396), a JSON array.
		 */
		private @Nullable String authorizationDetails;

		/**
		 * Form parameters to send to the token endpoint as they are.
		 */
		private Map<String, String> parameters = new LinkedHashMap<>();

		/**
		 * Headers to send to the token endpoint, and to the revocation endpoint, as they
		 * are.
		 */
		private Map<String, String> headers = new LinkedHashMap<>();

		/**
		 * The JWT that a jwt-bearer client signs itself and shows as its grant.
		 */
		private final Assertion assertion = new Assertion();

		/**
		 * Token that a token-exchange or jwt-bearer client shows the token endpoint.
		 */
		private final SecurityToken subjectToken = new SecurityToken();

		/**
		 * Token that stands for who acts on the subject's behalf in a token exchange.
		 */
		private final SecurityToken actorToken = new SecurityToken();

		/**
		 * What stands before an access token in an Authorization header.
		 */
		private String tokenType = "Bearer";

		/**
		 * Whether tokens are bound to a key (DPoP, RFC 9449).
		 */
		private Dpop dpop = new Dpop();

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
		 * TLS to the token endpoint.
		 */
		private final Ssl ssl = new Ssl();

		/**
		 * HTTP proxy on the way to the token endpoint.
		 */
		private final Proxy proxy = new Proxy();

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

		public @Nullable String getRevocationUri() {
			return this.revocationUri;
		}

		public void setRevocationUri(@Nullable String revocationUri) {
			this.revocationUri = revocationUri;
		}

		public boolean isRevokeOnShutdown() {
			return this.revokeOnShutdown;
		}

		public void setRevokeOnShutdown(boolean revokeOnShutdown) {
			this.revokeOnShutdown = revokeOnShutdown;
		}

		public @Nullable String getRegistrationId() {
			return this.registrationId;
		}

		public void setRegistrationId(@Nullable String registrationId) {
			this.registrationId = registrationId;
		}

		public Issuer getIssuer() {
			return this.issuer;
		}

		public void setIssuer(Issuer issuer) {
			this.issuer = issuer;
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

		public @Nullable String getClientSecretLocation() {
			return this.clientSecretLocation;
		}

		public void setClientSecretLocation(@Nullable String clientSecretLocation) {
			this.clientSecretLocation = clientSecretLocation;
		}

		public ClientAssertion getClientAssertion() {
			return this.clientAssertion;
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

		public List<String> getAudience() {
			return this.audience;
		}

		public void setAudience(List<String> audience) {
			this.audience = audience;
		}

		public List<String> getResource() {
			return this.resource;
		}

		public void setResource(List<String> resource) {
			this.resource = resource;
		}

		public @Nullable String getAuthorizationDetails() {
			return this.authorizationDetails;
		}

		public void setAuthorizationDetails(@Nullable String authorizationDetails) {
			this.authorizationDetails = authorizationDetails;
		}

		public Map<String, String> getHeaders() {
			return this.headers;
		}

		public void setHeaders(Map<String, String> headers) {
			this.headers = headers;
		}

		public Assertion getAssertion() {
			return this.assertion;
		}

		public SecurityToken getSubjectToken() {
			return this.subjectToken;
		}

		public SecurityToken getActorToken() {
			return this.actorToken;
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

		public Dpop getDpop() {
			return this.dpop;
		}

		public void setDpop(Dpop dpop) {
			this.dpop = dpop;
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

		public Ssl getSsl() {
			return this.ssl;
		}

		public Proxy getProxy() {
			return this.proxy;
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
	 * A JWT that a client signs (RFC 7523, section 3).
	 *
	 * @since 0.1.0
	 */
	public abstract static class SignedJwt {

		/**
		 * Algorithm of the signature, such as PS256. By default, the first that fits:
		 * HS256 for a secret, and RS256, ES256, ES384, ES512 or EdDSA for a key.
		 */
		private @Nullable String algorithm;

		/**
		 * Private key, as PEM or as a JWK.
		 */
		private @Nullable String key;

		/**
		 * Location of a file with the private key, such as file:/run/secrets/orders.pem.
		 * It may be replaced while the application runs.
		 */
		private @Nullable String keyLocation;

		/**
		 * Password of an encrypted private key.
		 */
		private @Nullable String keyPassword;

		/**
		 * Name under which the authorization server knows the key (kid). By default, that
		 * of the JWK.
		 */
		private @Nullable String keyId;

		/**
		 * SSL bundle with the private key and its certificate.
		 */
		private @Nullable String sslBundle;

		/**
		 * Where the key is in the key store of the SSL bundle, unless the bundle says so
		 * or has only one.
		 */
		private @Nullable String keyAlias;

		/**
		 * Whom the JWT is for: issuer, token-endpoint, requested-endpoint, or an
		 * identifier of the authorization server as it is. By default the issuer, and the
		 * token endpoint if none is configured.
		 */
		private @Nullable String audience;

		/**
		 * How long a JWT is valid that the client signs. There is one for each request.
		 */
		private Duration lifetime = Duration.ofSeconds(60);

		public @Nullable String getAlgorithm() {
			return this.algorithm;
		}

		public void setAlgorithm(@Nullable String algorithm) {
			this.algorithm = algorithm;
		}

		public @Nullable String getKey() {
			return this.key;
		}

		public void setKey(@Nullable String key) {
			this.key = key;
		}

		public @Nullable String getKeyLocation() {
			return this.keyLocation;
		}

		public void setKeyLocation(@Nullable String keyLocation) {
			this.keyLocation = keyLocation;
		}

		public @Nullable String getKeyPassword() {
			return this.keyPassword;
		}

		public void setKeyPassword(@Nullable String keyPassword) {
			this.keyPassword = keyPassword;
		}

		public @Nullable String getKeyId() {
			return this.keyId;
		}

		public void setKeyId(@Nullable String keyId) {
			this.keyId = keyId;
		}

		public @Nullable String getSslBundle() {
			return this.sslBundle;
		}

		public void setSslBundle(@Nullable String sslBundle) {
			this.sslBundle = sslBundle;
		}

		public @Nullable String getKeyAlias() {
			return this.keyAlias;
		}

		public void setKeyAlias(@Nullable String keyAlias) {
			this.keyAlias = keyAlias;
		}

		public @Nullable String getAudience() {
			return this.audience;
		}

		public void setAudience(@Nullable String audience) {
			this.audience = audience;
		}

		public Duration getLifetime() {
			return this.lifetime;
		}

		public void setLifetime(Duration lifetime) {
			this.lifetime = lifetime;
		}

	}

	/**
	 * The JWT with which a client proves who it is (RFC 7523, section 2.2): one that it
	 * signs itself, or one that it finds in a file.
	 *
	 * @since 0.1.0
	 */
	public static class ClientAssertion extends SignedJwt {

		/**
		 * Location of a file with a JWT that somebody else has signed, such as
		 * file:/var/run/secrets/tokens/idp. It is read for each request.
		 */
		private @Nullable String location;

		/**
		 * What the JWT in the file is sent as (client_assertion_type). By default
		 * urn:ietf:params:oauth:client-assertion-type:jwt-bearer.
		 */
		private @Nullable String type;

		public @Nullable String getLocation() {
			return this.location;
		}

		public void setLocation(@Nullable String location) {
			this.location = location;
		}

		public @Nullable String getType() {
			return this.type;
		}

		public void setType(@Nullable String type) {
			this.type = type;
		}

	}

	/**
	 * The JWT that a jwt-bearer client signs itself and shows as its grant (RFC 7523,
	 * section 2.1).
	 *
	 * @since 0.1.0
	 */
	public static class Assertion extends SignedJwt {

		/**
		 * Who signs the JWT (iss), such as the name of a service account. By default the
		 * client's identifier.
		 */
		private @Nullable String issuer;

		/**
		 * On whose behalf the service's own token is granted (sub). By default the
		 * issuer's. The token of a subject is granted on that of the subject.
		 */
		private @Nullable String subject;

		/**
		 * Further claims of the JWT, such as a scope that has to stand in it.
		 */
		private Map<String, String> claims = new LinkedHashMap<>();

		public @Nullable String getIssuer() {
			return this.issuer;
		}

		public void setIssuer(@Nullable String issuer) {
			this.issuer = issuer;
		}

		public @Nullable String getSubject() {
			return this.subject;
		}

		public void setSubject(@Nullable String subject) {
			this.subject = subject;
		}

		public Map<String, String> getClaims() {
			return this.claims;
		}

		public void setClaims(Map<String, String> claims) {
			this.claims = claims;
		}

	}

	/**
	 * TLS to the token endpoint.
	 *
	 * @since 0.1.0
	 */
	public static class Ssl {

		/**
		 * Name of the SSL bundle with the certificates to trust, and with the client's
		 * own. It is used anew when it changes.
		 */
		private @Nullable String bundle;

		public @Nullable String getBundle() {
			return this.bundle;
		}

		public void setBundle(@Nullable String bundle) {
			this.bundle = bundle;
		}

	}

	/**
	 * HTTP proxy on the way to the token endpoint.
	 *
	 * @since 0.1.0
	 */
	public static class Proxy {

		/**
		 * Host of the proxy.
		 */
		private @Nullable String host;

		/**
		 * Port of the proxy.
		 */
		private @Nullable Integer port;

		/**
		 * User name at the proxy.
		 */
		private @Nullable String username;

		/**
		 * Password at the proxy.
		 */
		private @Nullable String password;

		public @Nullable String getHost() {
			return this.host;
		}

		public void setHost(@Nullable String host) {
			this.host = host;
		}

		public @Nullable Integer getPort() {
			return this.port;
		}

		public void setPort(@Nullable Integer port) {
			this.port = port;
		}

		public @Nullable String getUsername() {
			return this.username;
		}

		public void setUsername(@Nullable String username) {
			this.username = username;
		}

		public @Nullable String getPassword() {
			return this.password;
		}

		public void setPassword(@Nullable String password) {
			this.password = password;
		}

	}

	/**
	 * How a token request is written.
	 *
	 * @since 0.1.0
	 */
	public static class TokenRequest {

		/**
		 * How the parameters of a token request, and of a revocation, are written.
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

		/**
		 * Member that is the error code, such as error_code, error.code or
		 * errors[0].code.
		 */
		private String error = "error";

		/**
		 * What error codes mean: reauthentication, refused or transient.
		 */
		private Map<String, FailureKind> errors = new LinkedHashMap<>();

		/**
		 * Types of a token that count as the configured one, whatever their case and
		 * blanks, such as BearerToken.
		 */
		private List<String> tokenTypes = new ArrayList<>();

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

		public String getError() {
			return this.error;
		}

		public void setError(String error) {
			this.error = error;
		}

		public Map<String, FailureKind> getErrors() {
			return this.errors;
		}

		public void setErrors(Map<String, FailureKind> errors) {
			this.errors = errors;
		}

		public List<String> getTokenTypes() {
			return this.tokenTypes;
		}

		public void setTokenTypes(List<String> tokenTypes) {
			this.tokenTypes = tokenTypes;
		}

	}

	/**
	 * Whether tokens are bound to a key (DPoP, RFC 9449), and to which. A plain
	 * {@code true} or {@code false} in its place says the first alone.
	 *
	 * @since 0.1.0
	 */
	public static class Dpop {

		/**
		 * Whether tokens are bound to a key, and each request shows that the client holds
		 * it.
		 */
		private boolean enabled;

		/**
		 * Algorithm of the proofs. By default the one that fits the key, and ES256 for a
		 * generated one.
		 */
		private @Nullable String algorithm;

		/**
		 * Location of a file with the private key, as PEM or as a JWK, such as
		 * file:/run/secrets/dpop.pem. By default each instance generates a key of its
		 * own.
		 */
		private @Nullable String keyLocation;

		/**
		 * Password of an encrypted private key.
		 */
		private @Nullable String keyPassword;

		public boolean isEnabled() {
			return this.enabled;
		}

		public void setEnabled(boolean enabled) {
			this.enabled = enabled;
		}

		public @Nullable String getAlgorithm() {
			return this.algorithm;
		}

		public void setAlgorithm(@Nullable String algorithm) {
			this.algorithm = algorithm;
		}

		public @Nullable String getKeyLocation() {
			return this.keyLocation;
		}

		public void setKeyLocation(@Nullable String keyLocation) {
			this.keyLocation = keyLocation;
		}

		public @Nullable String getKeyPassword() {
			return this.keyPassword;
		}

		public void setKeyPassword(@Nullable String keyPassword) {
			this.keyPassword = keyPassword;
		}

		/**
		 * Read what stands in place of these properties. Spring's conversion finds this
		 * method by its name.
		 * @param enabled {@code true} or {@code false}
		 * @return the properties
		 * @throws IllegalArgumentException if it is neither
		 */
		public static Dpop of(String enabled) {
			return switch (enabled.strip().toLowerCase(Locale.ROOT)) {
				case "true" -> of(Boolean.TRUE);
				case "false" -> of(Boolean.FALSE);
				default -> throw new IllegalArgumentException("must be 'true' or 'false'");
			};
		}

		/**
		 * Read what stands in place of these properties. Spring's conversion finds this
		 * method by its name.
		 * @param enabled whether tokens are bound to a key
		 * @return the properties
		 */
		public static Dpop of(Boolean enabled) {
			Dpop dpop = new Dpop();
			dpop.setEnabled(enabled);
			return dpop;
		}

	}

	/**
	 * When a token is renewed.
	 *
	 * @since 0.1.0
	 */
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
	public static class Subjects {

		/**
		 * Whether the SubjectResolver bean, if there is one, is asked about requests that
		 * name no subject. Otherwise they are made on behalf of the service itself. By
		 * default it is asked where the grant can serve a subject: not for
		 * client_credentials.
		 */
		private @Nullable Boolean resolve;

		/**
		 * Where a subject's first token set comes from.
		 */
		private SubjectSource source = SubjectSource.TOKEN_STORE;

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

		public @Nullable Boolean getResolve() {
			return this.resolve;
		}

		public void setResolve(@Nullable Boolean resolve) {
			this.resolve = resolve;
		}

		public SubjectSource getSource() {
			return this.source;
		}

		public void setSource(SubjectSource source) {
			this.source = source;
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
	 * A security token (RFC 8693, section 2.1) and where it comes from.
	 *
	 * @since 0.1.0
	 */
	public static class SecurityToken {

		/**
		 * File that holds the token and is read for each token request. Without it, the
		 * subject token is the one that the service itself was called with.
		 */
		private @Nullable Resource location;

		/**
		 * Type of the token, a URI of RFC 8693, section 3.
		 */
		private URI type = URI.create("urn:ietf:params:oauth:token-type:access_token");

		public @Nullable Resource getLocation() {
			return this.location;
		}

		public void setLocation(@Nullable Resource location) {
			this.location = location;
		}

		public URI getType() {
			return this.type;
		}

		public void setType(URI type) {
			this.type = type;
		}

	}

	/**
	 * The grants of RFC 6749, RFC 7523 and RFC 8693.
	 *
	 * @since 0.1.0
	 */
	public enum GrantType {

		/**
		 * The client asks in its own name (RFC 6749, section 4.4).
		 */
		CLIENT_CREDENTIALS(false),

		/**
		 * The client has no grant of its own and lives on a refresh token (section 6).
		 */
		REFRESH_TOKEN(true),

		/**
		 * The client shows a JWT as an assertion (RFC 7523, section 2.1), which it was
		 * given or signs itself. The JWT says on whose behalf.
		 */
		JWT_BEARER(false),

		/**
		 * The client exchanges a token for its own (RFC 8693). The token itself says on
		 * whose behalf.
		 */
		TOKEN_EXCHANGE(false);

		private final boolean forSubjects;

		GrantType(boolean forSubjects) {
			this.forSubjects = forSubjects;
		}

		/**
		 * Tell whether a subject that is resolved by name can have a token of the grant.
		 */
		boolean isForSubjects() {
			return this.forSubjects;
		}

	}

	/**
	 * Who obtains the tokens of a client.
	 *
	 * @since 0.1.0
	 */
	public enum Issuer {

		/**
		 * Evertoken itself, from the token endpoint.
		 */
		TOKEN_ENDPOINT,

		/**
		 * Spring Security, through a {@code ReactiveOAuth2AuthorizedClientManager} bean.
		 */
		AUTHORIZED_CLIENT_MANAGER

	}

	/**
	 * Where a subject's first token set comes from.
	 *
	 * @since 0.1.0
	 */
	public enum SubjectSource {

		/**
		 * What the application puts in, or what a {@code TokenStore} bean has kept.
		 */
		TOKEN_STORE,

		/**
		 * The authorized clients of Spring Security's logins, to which renewed token sets
		 * are saved back.
		 */
		AUTHORIZED_CLIENTS

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
		 * With a JWT that the client signs with its secret (OpenID Connect Core, section
		 * 9).
		 */
		CLIENT_SECRET_JWT,

		/**
		 * With a JWT that the client signs with a private key (RFC 7523, section 2.2).
		 */
		PRIVATE_KEY_JWT,

		/**
		 * With a JWT that somebody else writes into a file, such as a projected token of
		 * Kubernetes.
		 */
		CLIENT_ASSERTION,

		/**
		 * With the certificate of the connection, which an authority has issued (RFC
		 * 8705, section 2.1).
		 */
		TLS_CLIENT_AUTH,

		/**
		 * With the certificate of the connection, which the authorization server knows
		 * (RFC 8705, section 2.2).
		 */
		SELF_SIGNED_TLS_CLIENT_AUTH,

		/**
		 * Not at all: a public client, which sends its {@code client_id} alone.
		 */
		NONE;

		/**
		 * Tell whether it is the certificate of the connection that authenticates.
		 */
		boolean isMutualTls() {
			return this == TLS_CLIENT_AUTH || this == SELF_SIGNED_TLS_CLIENT_AUTH;
		}

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
