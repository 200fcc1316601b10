package io.github.evertoken.gateway;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The filter {@code EvertokenRelay} in a real gateway, over real HTTP.
 */
class RelayScenarioTests {

	@RegisterExtension
	private static final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final Upstream upstream = new Upstream(tokens);

	private static Gateway gateway;

	@BeforeAll
	static void start() {
		List<String> properties = new ArrayList<>(Gateway.client(upstream, "inventory", "grant-type=token_exchange"));
		properties.addAll(Gateway.route(0, "inventory", upstream.url(""), "/inventory", "EvertokenRelay=inventory"));
		gateway = Gateway.start(Callers.class, properties);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	/**
	 * Call with the token of a user.
	 */
	private static HttpResponse<String> getWith(String token) {
		return gateway.get("/inventory", "Authorization", "Bearer " + token);
	}

	@Test
	@Tag("GW-9")
	void requestThenTheCallersTokenIsExchangedAndStaysBehind() {
		String ofAlice = tokens.userToken("alice");
		HttpResponse<String> response = getWith(ofAlice);
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).isEqualTo("Bearer t1 ");
		assertThat(tokens.requests(Endpoint.TOKEN)).singleElement().satisfies((request) -> {
			assertThat(request.grantType()).isEqualTo("urn:ietf:params:oauth:grant-type:token-exchange");
			assertThat(request.parameter("subject_token")).isEqualTo(ofAlice);
			assertThat(request.subject()).isEqualTo("alice");
		});
		assertThat(upstream.authorizations()).containsExactly("Bearer t1");
	}

	@Test
	@Tag("GW-9")
	void requestsWhenTheirCallersDifferThenEachHasItsOwnTokenAndKeepsIt() {
		String ofBob = tokens.userToken("bob");
		assertThat(getWith(ofBob).body()).isEqualTo("Bearer t1 ");
		assertThat(gateway.get("/inventory", "Authorization", "bearer " + tokens.userToken("carol")).body())
			.isEqualTo("Bearer t2 ");
		assertThat(getWith(ofBob).body()).isEqualTo("Bearer t1 ");
		assertThat(tokens.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::subject)
			.containsExactly("bob", "carol");
	}

	@Test
	@Tag("GW-9")
	void requestWhenSpringSecurityKnowsTheCallersTokenThenThatIsExchanged() {
		HttpResponse<String> response = gateway.get("/inventory", "X-Authenticated", tokens.userToken("dave"),
				"Authorization", "Bearer " + tokens.userToken("mallory"));
		assertThat(response.body()).isEqualTo("Bearer t1 ");
		assertThat(tokens.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::subject).containsExactly("dave");
	}

	@Test
	@Tag("GW-3")
	@Tag("GW-9")
	void requestWhenTheExchangedTokenIsRejectedThenIsSentOnceMoreOnBehalfOfTheSameCaller() {
		String ofErin = tokens.userToken("erin");
		assertThat(getWith(ofErin).body()).isEqualTo("Bearer t1 ");
		upstream.reject("Bearer t1");
		assertThat(getWith(ofErin).body()).isEqualTo("Bearer t2 ");
		assertThat(tokens.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::subject)
			.containsExactly("erin", "erin");
		assertThat(upstream.received()).hasSize(3);
	}

	@ParameterizedTest
	@Tag("GW-9")
	@ValueSource(strings = { "", "Basic YTpi", "Bearer", "Bearer a b", "DPoP bound", "Bearerx", "Bearer \u00e4" })
	void requestWhenItsCallerShowsNoTokenThenIsAnsweredAndNobodyIsAsked(String authorization) {
		HttpResponse<String> response = gateway.get("/inventory", "Authorization", authorization);
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
		assertThat(tokens).receivedNoTokenRequest();
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-9")
	void requestWhenItsCallerShowsTwoTokensThenIsAnsweredAndNobodyIsAsked() {
		assertThat(gateway.get("/inventory", "Authorization", "Bearer of-alice", "Authorization", "Bearer of-bob")
			.statusCode()).isEqualTo(401);
		assertThat(tokens).receivedNoTokenRequest();
	}

	@Test
	@Tag("GW-7")
	void requestWhenTheCallersTokenIsRefusedThenItsCallerIsToldToLogInAgain() {
		String ofFrank = tokens.userToken("frank");
		tokens.revokeAccessToken(ofFrank);
		HttpResponse<String> response = getWith(ofFrank);
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().firstValue("WWW-Authenticate").orElseThrow())
			.contains("insufficient_user_authentication");
		assertThat(response.body()).contains("urn:evertoken:reauthentication-required");
		assertThat(upstream.received()).isEmpty();
	}

	@Configuration(proxyBeanMethods = false)
	static class Callers {

		/**
		 * What Spring Security's resource server leaves behind.
		 */
		@Bean
		WebFilter authentication() {
			return (exchange, chain) -> {
				String token = exchange.getRequest().getHeaders().getFirst("X-Authenticated");
				return (token != null) ? chain.filter(exchange)
					.contextWrite(ReactiveSecurityContextHolder.withAuthentication(new TestingAuthenticationToken(
							"dave", new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, token, null, null),
							"SCOPE_a")))
						: chain.filter(exchange);
			};
		}

	}

}
