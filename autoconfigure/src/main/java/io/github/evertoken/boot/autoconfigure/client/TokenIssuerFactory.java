package io.github.evertoken.boot.autoconfigure.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.boot.TokenEndpointWebClientCustomizer;
import io.github.evertoken.boot.autoconfigure.connection.TokenEndpointClients;
import io.github.evertoken.boot.autoconfigure.credential.CredentialFactory;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.ObtainedBy;
import io.github.evertoken.discovery.AuthorizationServerMetadataSource;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

/**
 * Finds the issuer of a client: a {@link TokenIssuer} bean for it, or else the token
 * endpoint of the properties, with what other beans there are for the client.
 */
final class TokenIssuerFactory {

	/**
	 * Stands in for an issuer that cannot be made, until the problem is reported.
	 */
	private static final TokenIssuer NONE = (request) -> Mono.empty();

	private final ClientBeans beans;

	private final List<TokenEndpointWebClientCustomizer> customizers;

	private final TokenEndpointClients tokenEndpointClients;

	private final CredentialFactory credentials;

	private final GrantFactory grants;

	private final Map<Discovery, AuthorizationServerMetadataSource> metadata = new HashMap<>();

	private final RegistrationSource registrations;

	TokenIssuerFactory(ClientBeans beans, List<TokenEndpointWebClientCustomizer> customizers,
			TokenEndpointClients tokenEndpointClients, CredentialFactory credentials, GrantFactory grants,
			RegistrationSource registrations) {
		this.beans = beans;
		this.customizers = customizers;
		this.tokenEndpointClients = tokenEndpointClients;
		this.credentials = credentials;
		this.grants = grants;
		this.registrations = registrations;
	}

	/**
	 * Find the issuer of one client.
	 * @param dpop what binds its tokens to a key, or {@code null} for bearer tokens
	 */
	TokenIssuer of(String name, ClientProperties client, @Nullable DpopProofs dpop,
			ConfigurationProblems.OfClient problems) {
		if (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER) {
			return authorizedClientManager(name, client, problems);
		}
		String bean = this.beans.nameOf(TokenIssuer.class, name, problems);
		if (bean != null && client.dpop().enabled()) {
			problems.add("dpop.enabled", "must be 'false', for the TokenIssuer bean '" + bean
					+ "' obtains the client's tokens and does not know the key");
		}
		TokenIssuer issuer = this.beans.find(TokenIssuer.class, name, problems);
		return (issuer != null) ? issuer : tokenEndpoint(name, client, dpop, problems);
	}

	private TokenIssuer authorizedClientManager(String name, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		if (this.beans.hasOwn(TokenIssuer.class, name)) {
			problems.add("obtained-by",
					"must not be set beside the TokenIssuer bean "
							+ this.beans.nameOf(TokenIssuer.class, name, problems) + ", which has '" + name
							+ "' as its name or qualifier");
			return NONE;
		}
		TokenIssuer issuer = this.registrations.issuer(name, client, problems);
		return (issuer != null) ? issuer : NONE;
	}

	/**
	 * Tell whether a client's issuer can serve subjects. A bean is taken to: it is asked
	 * with the subject, and nothing else is known of it.
	 */
	boolean isForSubjects(String name, ClientProperties client) {
		return this.beans.has(TokenIssuer.class, name) || this.beans.has(AuthorizationGrant.class, name)
				|| client.grantType().isForSubjects();
	}

	/**
	 * Tell whether a client's tokens are obtained with the token that the application was
	 * called with.
	 */
	boolean isOnBehalf(String name, ClientProperties client) {
		return client.obtainedBy() == ObtainedBy.TOKEN_ENDPOINT && !this.beans.has(TokenIssuer.class, name)
				&& this.grants.isOnBehalf(name, client);
	}

	private TokenIssuer tokenEndpoint(String name, ClientProperties client, @Nullable DpopProofs dpop,
			ConfigurationProblems.OfClient problems) {
		WebClient webClient = customized(name, this.tokenEndpointClients.of(client, problems));
		OAuth2TokenIssuer.Builder builder = OAuth2TokenIssuer.builder(webClient).dpop(dpop);
		setEndpoint(builder, webClient, name, client, problems);
		ClientAuthentication bean = this.beans.find(ClientAuthentication.class, name, problems);
		ClientAuthentication clientAuthentication = (bean != null) ? bean
				: this.credentials.clientAuthentication(client, problems);
		if (clientAuthentication != null) {
			builder.clientAuthentication(clientAuthentication);
		}
		setRevocationUri(builder, client, problems);
		builder.mutualTls(client.clientAuthenticationMethod().isMutualTls());
		AuthorizationGrant grant = this.grants.of(name, client, problems);
		if (grant != null) {
			builder.grant(grant);
		}
		builder.parameters(RequestedParameters.of(client, problems));
		builder.requestFormat(client.tokenRequest().format());
		builder.responseFormat(TokenResponseFormatFactory.of(client, problems));
		return problems.isEmpty() ? builder.build() : NONE;
	}

	/**
	 * Without a customizer, clients with equal connections keep one client for all.
	 */
	private WebClient customized(String name, WebClient webClient) {
		if (this.customizers.isEmpty()) {
			return webClient;
		}
		WebClient.Builder builder = webClient.mutate();
		this.customizers.forEach((customizer) -> customizer.customize(name, builder));
		return builder.build();
	}

	/**
	 * The token endpoint is that of the properties, where they name one. The issuer is
	 * then known without being asked.
	 */
	private void setEndpoint(OAuth2TokenIssuer.Builder builder, WebClient webClient, String name,
			ClientProperties client, ConfigurationProblems.OfClient problems) {
		String tokenUri = client.tokenUri();
		String issuerUri = client.issuerUri();
		if (tokenUri == null && issuerUri == null) {
			problems.add("token-uri",
					"must be set, to the URL of the token endpoint such as https://host/oauth2/token, or else "
							+ problems.name("issuer-uri") + ", to the issuer that tells it such as https://host/realm;"
							+ " or else declare a TokenIssuer bean named '" + name + "'");
		}
		if (tokenUri != null && requireNoMetadata("token-uri", tokenUri, problems)) {
			problems.checkUrl("token-uri", tokenUri, () -> builder.tokenUri(Urls.parse(tokenUri)));
		}
		if (issuerUri != null && requireNoMetadata("issuer-uri", issuerUri, problems)) {
			problems.checkUrl("issuer-uri", issuerUri, () -> builder.issuerUri(issuerUri)
				.metadata(this.metadata.computeIfAbsent(new Discovery(webClient, issuerUri), Discovery::source)));
		}
	}

	private static boolean requireNoMetadata(String property, String url, ConfigurationProblems.OfClient problems) {
		MetadataUrl metadata = MetadataUrl.of(url);
		if (metadata == null) {
			return true;
		}
		problems.add(property,
				property.equals("issuer-uri")
						? "must be the issuer itself, without " + metadata.wellKnown()
								+ ", which is added to it; write '" + metadata.issuer() + "'"
						: "is where an issuer tells its token endpoint, and not that endpoint; leave it out, and set "
								+ problems.name("issuer-uri") + ", to '" + metadata.issuer() + "'");
		return false;
	}

	private static void setRevocationUri(OAuth2TokenIssuer.Builder builder, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		String revocationUri = client.revocationUri();
		if (revocationUri != null) {
			problems.checkUrl("revocation-uri", revocationUri, () -> builder.revocationUri(Urls.parse(revocationUri)));
		}
		else if (client.revokeOnShutdown() && client.issuerUri() == null) {
			problems.add("revoke-on-shutdown", "must be 'false' unless " + problems.name("revocation-uri") + " or "
					+ problems.name("issuer-uri") + " is set: there is nobody to tell");
		}
	}

	/**
	 * What is asked for once by all clients with the same issuer and connection.
	 */
	private record Discovery(WebClient webClient, String issuer) {

		AuthorizationServerMetadataSource source() {
			return AuthorizationServerMetadataSource.discover(this.webClient, this.issuer);
		}

	}

}
