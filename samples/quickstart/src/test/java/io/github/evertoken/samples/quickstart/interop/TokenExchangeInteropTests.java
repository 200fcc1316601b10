package io.github.evertoken.samples.quickstart.interop;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration;
import org.springframework.boot.security.oauth2.server.resource.autoconfigure.web.OAuth2ResourceServerWebSecurityAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring Authorization Server exchanges and revokes tokens.
 */
class TokenExchangeInteropTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(2);

	private static ConfigurableApplicationContext server;

	@BeforeAll
	static void start() {
		server = new SpringApplicationBuilder(Server.class).web(WebApplicationType.SERVLET).properties(clients()).run();
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void tokenExchangeThenTheTokenIsOnBehalfOfWhoCalled() throws Exception {
		try (ConfigurableApplicationContext context = caller()) {
			TokenManager manager = context.getBean(TokenManager.class);
			String inbound = loggedIn("alice");
			String exchanged = token(manager, TokenKey.onBehalfOf("backend", inbound));
			assertThat(SignedJWT.parse(exchanged).getJWTClaimsSet().getSubject()).isEqualTo("alice");
			assertThat(token(manager, TokenKey.onBehalfOf("backend", inbound))).isEqualTo(exchanged);
			String other = token(manager, TokenKey.onBehalfOf("backend", loggedIn("bob")));
			assertThat(SignedJWT.parse(other).getJWTClaimsSet().getSubject()).isEqualTo("bob");
		}
	}

	@Test
	@DisplayName("FP-1: of a subject token that is refused, somebody has to log in again")
	void tokenExchangeWhenTheSubjectTokenWasRevokedThenSomebodyMustLogInAgain() {
		try (ConfigurableApplicationContext context = caller()) {
			TokenManager manager = context.getBean(TokenManager.class);
			String inbound = loggedIn("carol");
			TokenKey session = TokenKey.of("frontend", "carol");
			manager.put(session, TokenSet.withAccessToken(inbound).build()).block(TIMEOUT);
			manager.revoke(session).block(TIMEOUT);
			assertThatExceptionOfType(ReauthenticationRequiredException.class)
				.isThrownBy(() -> token(manager, TokenKey.onBehalfOf("backend", inbound)));
		}
	}

	/**
	 * Leave with the server what a login at the other client leaves there.
	 * @return the access token
	 */
	private static String loggedIn(String user) {
		OAuth2AccessToken token = new OAuth2AccessToken(TokenType.BEARER, "token-of-" + user, Instant.now(),
				Instant.now().plusSeconds(300), Set.of("inventory.read"));
		server.getBean(OAuth2AuthorizationService.class)
			.save(OAuth2Authorization
				.withRegisteredClient(server.getBean(RegisteredClientRepository.class).findByClientId("frontend"))
				.principalName(user)
				.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
				.authorizedScopes(Set.of("inventory.read"))
				.attribute(Principal.class.getName(),
						UsernamePasswordAuthenticationToken.authenticated(user, null, List.of()))
				.accessToken(token)
				.build());
		return token.getTokenValue();
	}

	private static String token(TokenManager manager, TokenKey key) {
		return manager.token(key).map(AccessToken::value).block(TIMEOUT);
	}

	private static ConfigurableApplicationContext caller() {
		Map<String, Object> properties = new HashMap<>();
		for (String client : new String[] { "frontend", "backend" }) {
			String prefix = "evertoken.clients." + client + ".";
			properties.put(prefix + "base-url", url("/" + client));
			properties.put(prefix + "issuer-uri", url(""));
			properties.put(prefix + "client-id", client);
			properties.put(prefix + "client-secret", "secret of " + client);
			properties.put(prefix + "scope", "inventory.read");
			// The server's first answer takes its time on a busy machine.
			properties.put(prefix + "response-timeout", "15s");
		}
		properties.put("evertoken.clients.backend.grant-type", "token_exchange");
		return new SpringApplicationBuilder(Caller.class).web(WebApplicationType.NONE).properties(properties).run();
	}

	private static Map<String, Object> clients() {
		Map<String, Object> properties = new HashMap<>();
		properties.put("server.port", 0);
		properties.put("server.address", "127.0.0.1");
		for (String name : new String[] { "frontend", "backend" }) {
			String client = "spring.security.oauth2.authorizationserver.client." + name + ".registration.";
			properties.put(client + "client-id", name);
			properties.put(client + "client-secret", "{noop}secret of " + name);
			properties.put(client + "client-authentication-methods", "client_secret_basic");
			properties.put(client + "authorization-grant-types",
					name.equals("frontend") ? "client_credentials" : "urn:ietf:params:oauth:grant-type:token-exchange");
			properties.put(client + "scopes", "inventory.read");
		}
		return properties;
	}

	private static String url(String path) {
		return "http://127.0.0.1:" + ((WebServerApplicationContext) server).getWebServer().getPort() + path;
	}

	/**
	 * The server keeps its authorizations where it would by itself.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = { EvertokenAutoConfiguration.class, OAuth2ResourceServerAutoConfiguration.class,
			OAuth2ResourceServerWebSecurityAutoConfiguration.class })
	static class Server {

		@Bean
		OAuth2AuthorizationService authorizationService() {
			return new InMemoryOAuth2AuthorizationService();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(EvertokenAutoConfiguration.class)
	static class Caller {

	}

}
