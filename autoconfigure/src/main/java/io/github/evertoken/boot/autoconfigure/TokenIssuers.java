package io.github.evertoken.boot.autoconfigure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.AuthorizationServerMetadataSource;
import io.github.evertoken.grant.ClientAuthentication;
import io.github.evertoken.grant.DpopProofs;
import io.github.evertoken.grant.OAuth2TokenIssuer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Finds the issuer of a client: the {@link TokenIssuer} bean that has the client's name
 * as its own or as its qualifier, or else the token endpoint of the properties.
 */
final class TokenIssuers {

	/**
	 * Stands in for an issuer that cannot be made, until the problem is reported.
	 */
	private static final TokenIssuer NONE = (request) -> Mono.empty();

	private final ListableBeanFactory beanFactory;

	private final TokenEndpointClients tokenEndpointClients;

	private final ClientAuthentications clientAuthentications;

	private final Grants grants;

	private final Map<Discovery, AuthorizationServerMetadataSource> metadata = new HashMap<>();

	private final Registrations registrations;

	TokenIssuers(ListableBeanFactory beanFactory, TokenEndpointClients tokenEndpointClients,
			ClientAuthentications clientAuthentications, Grants grants, Registrations registrations) {
		this.beanFactory = beanFactory;
		this.tokenEndpointClients = tokenEndpointClients;
		this.clientAuthentications = clientAuthentications;
		this.grants = grants;
		this.registrations = registrations;
	}

	/**
	 * Find the issuer of one client.
	 * @param dpop what binds its tokens to a key, or {@code null} for bearer tokens
	 */
	TokenIssuer of(String name, ClientProperties client, @Nullable DpopProofs dpop,
			ConfigurationProblems.OfClient problems) {
		List<String> beans = beansFor(name);
		if (beans.size() > 1) {
			problems.addForClient("the TokenIssuer beans " + beans + " all have '" + name
					+ "' as their name or qualifier; leave it to one of them");
			return NONE;
		}
		if (client.issuer() == Issuer.AUTHORIZED_CLIENT_MANAGER) {
			return authorizedClientManager(name, client, beans, problems);
		}
		if (!beans.isEmpty() && client.dpop().enabled()) {
			problems.add("dpop.enabled", "must be 'false', for the TokenIssuer bean '" + beans.get(0)
					+ "' obtains the client's tokens and does not know the key");
		}
		return beans.isEmpty() ? tokenEndpoint(name, client, dpop, problems)
				: this.beanFactory.getBean(beans.get(0), TokenIssuer.class);
	}

	private TokenIssuer authorizedClientManager(String name, ClientProperties client, List<String> beans,
			ConfigurationProblems.OfClient problems) {
		if (!beans.isEmpty()) {
			problems.add("issuer", "must not be set beside the TokenIssuer bean " + beans.get(0) + ", which has '"
					+ name + "' as its name or qualifier");
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
		return !beansFor(name).isEmpty() || client.grantType().isForSubjects();
	}

	/**
	 * Tell whether a client's tokens are obtained with the token that the application was
	 * called with.
	 */
	boolean isOnBehalf(String name, ClientProperties client) {
		return client.issuer() == Issuer.TOKEN_ENDPOINT && beansFor(name).isEmpty() && Grants.isOnBehalf(client);
	}

	private List<String> beansFor(String name) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TokenIssuer.class))
			.filter((bean) -> BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, bean, this.beanFactory))
			.toList();
	}

	private TokenIssuer tokenEndpoint(String name, ClientProperties client, @Nullable DpopProofs dpop,
			ConfigurationProblems.OfClient problems) {
		WebClient webClient = this.tokenEndpointClients
			.of(new ConnectionReader(this.tokenEndpointClients, client, problems).read());
		OAuth2TokenIssuer.Builder builder = OAuth2TokenIssuer.builder(webClient).dpop(dpop);
		setEndpoint(builder, webClient, name, client, problems);
		ClientAuthentication clientAuthentication = this.clientAuthentications.of(client, client.issuerUri(), problems);
		if (clientAuthentication != null) {
			builder.clientAuthentication(clientAuthentication);
		}
		setRevocationUri(builder, client, problems);
		builder.mutualTls(client.clientAuthenticationMethod().isMutualTls());
		AuthorizationGrant grant = this.grants.of(client, problems);
		if (grant != null) {
			builder.grant(grant);
		}
		builder.parameters(RequestedParameters.of(client, problems));
		builder.requestFormat(client.tokenRequest().format());
		builder.responseFormat(TokenResponseFormats.of(client, problems));
		return problems.isEmpty() ? builder.build() : NONE;
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
		if (tokenUri != null) {
			problems.checkUrl("token-uri", tokenUri, () -> builder.tokenUri(Urls.parse(tokenUri)));
		}
		if (issuerUri != null) {
			problems.checkUrl("issuer-uri", issuerUri, () -> builder.issuer(issuerUri)
				.metadata(this.metadata.computeIfAbsent(new Discovery(webClient, issuerUri), Discovery::source)));
		}
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
