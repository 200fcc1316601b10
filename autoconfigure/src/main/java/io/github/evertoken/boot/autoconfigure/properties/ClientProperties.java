package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.boot.Start;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One client: where its tokens come from, which origins may see them, and how they live.
 *
 * @param baseUrl Base URL of the resource server, such as https://inventory.internal/api.
 * Tokens go to its origin only, and to its path unless a request names the client. This,
 * origins, or a group of HTTP services with a base URL is required.
 * @param origins Origins to which tokens go, such as https://inventory.internal:8443,
 * besides that of the base URL.
 * @param httpServiceGroups Groups of HTTP service interfaces whose requests carry a token
 * of this client. Without a base URL, the client has those of its groups, which are below
 * spring.http.serviceclient.
 * @param tokenUri URL of the token endpoint. This or an issuer URI is required, unless
 * there is a TokenIssuer bean for the client.
 * @param issuerUri Issuer identifier of the authorization server, whose metadata (RFC
 * 8414 or OpenID Connect) tells the token endpoint unless the token URI does.
 * @param revocationUri URL of the revocation endpoint (RFC 7009). The metadata of the
 * issuer may tell it too.
 * @param revokeOnShutdown Whether all tokens of the client, those of its subjects too,
 * are revoked when the application ends.
 * @param registrationId Identifier of the registration below
 * spring.security.oauth2.client from which the client takes what is not set here.
 * @param obtainedBy Who obtains the tokens, unless there is a TokenIssuer bean for the
 * client: Evertoken itself, or Spring Security's ReactiveOAuth2AuthorizedClientManager
 * bean.
 * @param grantType Grant with which tokens are obtained while no refresh token is held.
 * With refresh_token the client has no other grant; the last two show a token.
 * @param clientId Identifier under which the client is registered at the authorization
 * server. Required, unless the client signs an assertion and authenticates with none.
 * @param clientSecret Secret of the client.
 * @param clientSecretLocation Location of a file with the secret of the client, such as
 * file:/run/secrets/orders. It is read at the start, and again when the token endpoint
 * refuses the client.
 * @param clientAuthenticationMethod How the client proves to the token endpoint who it
 * is. With none it is a public client, which lives on refresh tokens or on an assertion.
 * @param clientAssertion The JWT with which the client proves who it is.
 * @param refreshToken Refresh token with which the service's own token is first obtained.
 * @param scope Scope to ask for. The authorization server decides if it is empty.
 * @param audience Logical names of the services that the tokens are for.
 * @param resource URIs of the resources that the tokens are for (RFC 8707).
 * @param authorizationDetails Authorization details to ask for (RFC 9396), a JSON array.
 * @param parameters Further form parameters to send with every token request as they are.
 * @param headers Headers to send with every token request, and every revocation, as they
 * are.
 * @param assertion The JWT that a jwt-bearer client signs itself and shows as its grant.
 * @param subjectToken Token that a token-exchange or jwt-bearer client shows the token
 * endpoint.
 * @param actorToken Token that stands for who acts on the subject's behalf in a token
 * exchange.
 * @param tokenType What stands before an access token in an Authorization header.
 * @param dpop Whether tokens are bound to a key (DPoP, RFC 9449).
 * @param defaultLifetime Lifetime of an access token for which neither the response nor
 * the token names one.
 * @param expiryMargin How long before its expiry a token is renewed at the latest. At
 * most 10 % of the lifetime are used.
 * @param connectTimeout How long connecting to the token endpoint may take.
 * @param responseTimeout How long whoever waits does so for one answer of the issuer.
 * @param refreshDeadline How long a flight that redeems a refresh token may take, though
 * nobody waits for it any more. Not less than the response time-out. By default 25s more
 * than that, and 30s at least.
 * @param maxConcurrentRequests How many flights of the client are in the air at a time.
 * Others queue. Less than its connections to the token endpoint can bear.
 * @param maxWait How long one caller may wait for a token.
 * @param maxLease How long a lease may last.
 * @param awaitSignIn How long a call on a signed-out key waits until somebody has logged
 * in, and the tokens are put in. 0s fails it at once.
 * @param sessionWarning How long before the end of a refresh token, where the token
 * response tells that, the event SessionEnding comes. At most half of its life is used,
 * and 0 is never. By default a tenth of its life, and a day at most.
 * @param start When the first token is obtained: at the first use; in the background from
 * the start on, until there is one; or at the start, which waits for it and fails with
 * it.
 * @param startTimeout How long a start that requires the first token may wait for it.
 * @param ssl TLS to the token endpoint.
 * @param proxy HTTP proxy on the way to the token endpoint.
 * @param tokenRequest How a token request is written.
 * @param tokenResponse Where a token response has what.
 * @param renewal When a token is renewed.
 * @param retry How long the token endpoint is left alone after a failure.
 * @param rejection How often a rejected token is replaced.
 * @param subjects On whose behalf tokens are held, besides the service itself.
 * @param shared Whether the client's token sets rest in the store that is for all
 * clients, and with it, if other instances of the service use it, are shared with them.
 * Otherwise they rest in the memory of each instance.
 * @param rotation What the authorization server does with refresh tokens that it has
 * rotated.
 * @param health What the health of the client may be at worst, while callers fail: down,
 * or up and degraded. By default up for a client whose tokens are obtained on behalf of
 * others alone, and down for any other.
 * @since 0.1.0
 */
@ConfigurationPropertiesSource
public record ClientProperties(@Nullable String baseUrl, List<String> origins, List<String> httpServiceGroups,
		@Nullable String tokenUri, @Nullable String issuerUri, @Nullable String revocationUri, boolean revokeOnShutdown,
		@Nullable String registrationId, @DefaultValue("token-endpoint") ObtainedBy obtainedBy,
		@DefaultValue("client-credentials") GrantType grantType, @Nullable String clientId,
		@Nullable String clientSecret, @Nullable String clientSecretLocation,
		@DefaultValue("client-secret-basic") ClientAuthenticationMethod clientAuthenticationMethod,
		@NestedConfigurationProperty ClientAssertionProperties clientAssertion, @Nullable String refreshToken,
		List<String> scope, List<String> audience, List<String> resource, @Nullable String authorizationDetails,
		Map<String, String> parameters, Map<String, String> headers,
		@NestedConfigurationProperty AssertionProperties assertion,
		@NestedConfigurationProperty SecurityTokenProperties subjectToken,
		@NestedConfigurationProperty SecurityTokenProperties actorToken, @DefaultValue("Bearer") String tokenType,
		@NestedConfigurationProperty DpopProperties dpop, @DefaultValue("5m") Duration defaultLifetime,
		@DefaultValue("10s") Duration expiryMargin, @DefaultValue("2s") Duration connectTimeout,
		@DefaultValue("5s") Duration responseTimeout, @Nullable Duration refreshDeadline,
		@DefaultValue("64") int maxConcurrentRequests, @DefaultValue("10s") Duration maxWait,
		@DefaultValue("24h") Duration maxLease, @DefaultValue("0s") Duration awaitSignIn,
		@Nullable Duration sessionWarning, @DefaultValue("lazy") Start start,
		@DefaultValue("30s") Duration startTimeout, @NestedConfigurationProperty SslProperties ssl,
		@NestedConfigurationProperty ProxyProperties proxy,
		@NestedConfigurationProperty TokenRequestProperties tokenRequest,
		@NestedConfigurationProperty TokenResponseProperties tokenResponse,
		@NestedConfigurationProperty RenewalProperties renewal, @NestedConfigurationProperty RetryProperties retry,
		@NestedConfigurationProperty RejectionProperties rejection,
		@NestedConfigurationProperty SubjectsProperties subjects, @DefaultValue("true") boolean shared,
		@NestedConfigurationProperty RotationProperties rotation, @Nullable WorstHealth health) {

	/**
	 * Take copies of what has several values, and see to what is not set. Groups and
	 * collections have no {@code @DefaultValue}: to read one such annotation the JDK
	 * reads those of all components, for each component and client anew, which would be
	 * half of what a client costs at the start.
	 */
	public ClientProperties {
		origins = copyOf(origins);
		httpServiceGroups = copyOf(httpServiceGroups);
		scope = copyOf(scope);
		audience = copyOf(audience);
		resource = copyOf(resource);
		parameters = copyOf(parameters);
		headers = copyOf(headers);
		clientAssertion = Defaults.unless(clientAssertion, ClientAssertionProperties.class);
		assertion = Defaults.unless(assertion, AssertionProperties.class);
		subjectToken = Defaults.unless(subjectToken, SecurityTokenProperties.class);
		actorToken = Defaults.unless(actorToken, SecurityTokenProperties.class);
		dpop = Defaults.unless(dpop, DpopProperties.class);
		ssl = Defaults.unless(ssl, SslProperties.class);
		proxy = Defaults.unless(proxy, ProxyProperties.class);
		tokenRequest = Defaults.unless(tokenRequest, TokenRequestProperties.class);
		tokenResponse = Defaults.unless(tokenResponse, TokenResponseProperties.class);
		renewal = Defaults.unless(renewal, RenewalProperties.class);
		retry = Defaults.unless(retry, RetryProperties.class);
		rejection = Defaults.unless(rejection, RejectionProperties.class);
		subjects = Defaults.unless(subjects, SubjectsProperties.class);
		rotation = Defaults.unless(rotation, RotationProperties.class);
	}

	private static List<String> copyOf(@Nullable List<String> values) {
		return (values != null) ? List.copyOf(values) : List.of();
	}

	private static Map<String, String> copyOf(@Nullable Map<String, String> values) {
		return (values != null) ? Collections.unmodifiableMap(new LinkedHashMap<>(values)) : Map.of();
	}

	/**
	 * Return the client with other values for what a registration may say of it.
	 */
	public ClientProperties completed(GrantType grantType, ClientAuthenticationMethod clientAuthenticationMethod,
			String clientId, @Nullable String clientSecret, List<String> scope, @Nullable String tokenUri,
			@Nullable String issuerUri) {
		return new ClientProperties(this.baseUrl, this.origins, this.httpServiceGroups, tokenUri, issuerUri,
				this.revocationUri, this.revokeOnShutdown, this.registrationId, this.obtainedBy, grantType, clientId,
				clientSecret, this.clientSecretLocation, clientAuthenticationMethod, this.clientAssertion,
				this.refreshToken, scope, this.audience, this.resource, this.authorizationDetails, this.parameters,
				this.headers, this.assertion, this.subjectToken, this.actorToken, this.tokenType, this.dpop,
				this.defaultLifetime, this.expiryMargin, this.connectTimeout, this.responseTimeout,
				this.refreshDeadline, this.maxConcurrentRequests, this.maxWait, this.maxLease, this.awaitSignIn,
				this.sessionWarning, this.start, this.startTimeout, this.ssl, this.proxy, this.tokenRequest,
				this.tokenResponse, this.renewal, this.retry, this.rejection, this.subjects, this.shared, this.rotation,
				this.health);
	}

	/**
	 * Without secrets, and without URLs, parameters and headers, which may have some in
	 * them.
	 */
	@Override
	public String toString() {
		return "ClientProperties[clientId=" + this.clientId + ", clientAuthenticationMethod="
				+ this.clientAuthenticationMethod + ", grantType=" + this.grantType + ", obtainedBy=" + this.obtainedBy
				+ ", registrationId=" + this.registrationId + ", scope=" + this.scope + "]";
	}

}
