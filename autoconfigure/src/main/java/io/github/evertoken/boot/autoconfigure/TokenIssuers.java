package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.Client;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.GrantType;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.AuthorizationServerMetadataSource;
import io.github.evertoken.grant.ClientAuthentication;
import io.github.evertoken.grant.OAuth2TokenIssuer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.util.MultiValueMap;
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

	TokenIssuers(ListableBeanFactory beanFactory, TokenEndpointClients tokenEndpointClients) {
		this.beanFactory = beanFactory;
		this.tokenEndpointClients = tokenEndpointClients;
	}

	TokenIssuer of(String name, Client client, ConfigurationProblems.OfClient problems) {
		List<String> beans = beansFor(name);
		if (beans.size() > 1) {
			problems.addForClient("the TokenIssuer beans " + beans + " all have '" + name
					+ "' as their name or qualifier; leave it to one of them");
			return NONE;
		}
		return beans.isEmpty() ? tokenEndpoint(name, client, problems)
				: this.beanFactory.getBean(beans.get(0), TokenIssuer.class);
	}

	private List<String> beansFor(String name) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, TokenIssuer.class))
			.filter((bean) -> BeanFactoryAnnotationUtils.isQualifierMatch(name::equals, bean, this.beanFactory))
			.toList();
	}

	private TokenIssuer tokenEndpoint(String name, Client client, ConfigurationProblems.OfClient problems) {
		WebClient webClient = webClient(client, problems);
		OAuth2TokenIssuer.Builder builder = OAuth2TokenIssuer.builder(webClient).grant(grant(client.getGrantType()));
		setEndpoint(builder, webClient, name, client, problems);
		ClientAuthentication clientAuthentication = clientAuthentication(client, problems);
		if (clientAuthentication != null) {
			builder.clientAuthentication(clientAuthentication);
		}
		problems.check("scope", () -> builder.scope(client.getScope()));
		problems.check("parameters", () -> builder.parameters(MultiValueMap.fromSingleValue(client.getParameters())));
		builder.requestFormat(client.getTokenRequest().getFormat());
		builder.responseFormat(TokenResponseFormats.of(client, problems));
		return problems.isEmpty() ? builder.build() : NONE;
	}

	/**
	 * The response time-out is the flight's, whose settings refuse a wrong one.
	 */
	private WebClient webClient(Client client, ConfigurationProblems.OfClient problems) {
		Duration connectTimeout = client.getConnectTimeout();
		if (!isPositive(connectTimeout)) {
			problems.add("connect-timeout", "must be positive, but is " + connectTimeout);
		}
		return this.tokenEndpointClients.create(isPositive(connectTimeout) ? connectTimeout : null,
				isPositive(client.getResponseTimeout()) ? client.getResponseTimeout() : null);
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isZero() && !duration.isNegative();
	}

	private static AuthorizationGrant grant(GrantType grantType) {
		return switch (grantType) {
			case CLIENT_CREDENTIALS -> AuthorizationGrant.clientCredentials();
			case REFRESH_TOKEN -> AuthorizationGrant.refreshTokenOnly();
		};
	}

	/**
	 * The token endpoint is that of the properties, where they name one. The issuer is
	 * then known without being asked.
	 */
	private static void setEndpoint(OAuth2TokenIssuer.Builder builder, WebClient webClient, String name, Client client,
			ConfigurationProblems.OfClient problems) {
		String tokenUri = client.getTokenUri();
		String issuerUri = client.getIssuerUri();
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
				.metadata(AuthorizationServerMetadataSource.discover(webClient, issuerUri)));
		}
	}

	private static @Nullable ClientAuthentication clientAuthentication(Client client,
			ConfigurationProblems.OfClient problems) {
		String clientId = clientId(client, problems);
		if (client.getClientAuthenticationMethod() == ClientAuthenticationMethod.NONE) {
			requireNoClientCredentials(client.getGrantType(), problems);
			return (clientId != null) ? ClientAuthentication.none(clientId) : null;
		}
		String clientSecret = clientSecret(client, problems);
		if (clientId == null || clientSecret == null) {
			return null;
		}
		return (client.getClientAuthenticationMethod() == ClientAuthenticationMethod.CLIENT_SECRET_POST)
				? ClientAuthentication.clientSecretPost(clientId, clientSecret)
				: ClientAuthentication.clientSecretBasic(clientId, clientSecret);
	}

	private static @Nullable String clientId(Client client, ConfigurationProblems.OfClient problems) {
		String clientId = client.getClientId();
		if (clientId == null) {
			problems.add("client-id", "must be set, to the name under which the authorization server knows the client");
			return null;
		}
		return problems.check("client-id", () -> Secrets.require(clientId));
	}

	private static @Nullable String clientSecret(Client client, ConfigurationProblems.OfClient problems) {
		String clientSecret = client.getClientSecret();
		if (clientSecret == null) {
			problems.add("client-secret", "must be set, for " + problems.name("client-authentication-method") + " is '"
					+ nameOf(client.getClientAuthenticationMethod()) + "'");
			return null;
		}
		return problems.check("client-secret", () -> Secrets.require(clientSecret));
	}

	/**
	 * RFC 6749, section 4.4: the grant is for confidential clients alone.
	 */
	private static void requireNoClientCredentials(GrantType grantType, ConfigurationProblems.OfClient problems) {
		if (grantType == GrantType.CLIENT_CREDENTIALS) {
			problems.add("client-authentication-method",
					"must be 'client_secret_basic' or 'client_secret_post', for " + problems.name("grant-type")
							+ " is '" + nameOf(grantType) + "', but is '" + nameOf(ClientAuthenticationMethod.NONE)
							+ "'");
		}
	}

	private static String nameOf(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT);
	}

}
