package io.github.evertoken.gateway;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
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

	private static final Upstream upstream = new Upstream();

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
		upstream.close();
	}

	@BeforeEach
	void reset() {
		upstream.reset();
	}

	@Test
	@Tag("GW-9")
	void requestThenTheCallersTokenIsExchangedAndStaysBehind() {
		HttpResponse<String> response = gateway.get("/inventory", "Authorization", "Bearer of-alice");
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).matches("Bearer x\\d+-of-alice ");
		assertThat(upstream.tokenRequests()).singleElement()
			.satisfies((request) -> assertThat(request).containsEntry("subject_token", "of-alice")
				.containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"));
		assertThat(upstream.authorizations()).doesNotContain("Bearer of-alice");
	}

	@Test
	@Tag("GW-9")
	void requestsWhenTheirCallersDifferThenEachHasItsOwnTokenAndKeepsIt() {
		String ofBob = gateway.get("/inventory", "Authorization", "Bearer of-bob").body();
		String ofCarol = gateway.get("/inventory", "Authorization", "bearer of-carol").body();
		assertThat(ofBob).isNotEqualTo(ofCarol);
		assertThat(gateway.get("/inventory", "Authorization", "Bearer of-bob").body()).isEqualTo(ofBob);
		assertThat(upstream.tokenRequests()).hasSize(2);
	}

	@Test
	@Tag("GW-9")
	void requestWhenSpringSecurityKnowsTheCallersTokenThenThatIsExchanged() {
		HttpResponse<String> response = gateway.get("/inventory", "X-Authenticated", "of-dave", "Authorization",
				"Bearer of-mallory");
		assertThat(response.body()).matches("Bearer x\\d+-of-dave ");
		assertThat(upstream.tokenRequests()).hasSize(1);
	}

	@Test
	@Tag("GW-3")
	@Tag("GW-9")
	void requestWhenTheExchangedTokenIsRejectedThenIsSentOnceMoreOnBehalfOfTheSameCaller() {
		String first = gateway.get("/inventory", "Authorization", "Bearer of-erin").body().strip();
		upstream.reject(first);
		String second = gateway.get("/inventory", "Authorization", "Bearer of-erin").body().strip();
		assertThat(second).isNotEqualTo(first).endsWith("-of-erin");
		assertThat(upstream.received()).hasSize(3);
	}

	@ParameterizedTest
	@Tag("GW-9")
	@ValueSource(strings = { "", "Basic YTpi", "Bearer", "Bearer a b", "DPoP bound", "Bearerx", "Bearer \u00e4" })
	void requestWhenItsCallerShowsNoTokenThenIsAnsweredAndNobodyIsAsked(String authorization) {
		HttpResponse<String> response = gateway.get("/inventory", "Authorization", authorization);
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(response.headers().allValues("WWW-Authenticate")).containsExactly("Bearer");
		assertThat(upstream.tokenRequests()).isEmpty();
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-9")
	void requestWhenItsCallerShowsTwoTokensThenIsAnsweredAndNobodyIsAsked() {
		assertThat(gateway.get("/inventory", "Authorization", "Bearer of-alice", "Authorization", "Bearer of-bob")
			.statusCode()).isEqualTo(401);
		assertThat(upstream.tokenRequests()).isEmpty();
	}

	@Test
	@Tag("GW-7")
	void requestWhenTheCallersTokenIsRefusedThenItsCallerIsToldToLogInAgain() {
		HttpResponse<String> response = gateway.get("/inventory", "Authorization", "Bearer refused");
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
