package io.github.evertoken.web;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import ch.qos.logback.classic.Level;
import io.github.evertoken.test.support.LogLines;
import mockwebserver3.MockWebServer;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the filter beside others on one {@code WebClient}, over real HTTP.
 */
class FilterOrderTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final LogLines log = new LogLines(TokenExchangeFilterFunction.class.getName());

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private RefusingFixture fixture;

	@BeforeEach
	void open() {
		this.fixture = new RefusingFixture(this.server);
	}

	@AfterEach
	void close() {
		this.log.close();
		this.fixture.close();
	}

	private static ExchangeFilterFunction springSecurity() {
		ClientRegistration registration = ClientRegistration.withRegistrationId("stock")
			.clientId("orders")
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.tokenUri("https://idp.internal/token")
			.build();
		OAuth2AccessToken token = new OAuth2AccessToken(OAuth2AccessToken.TokenType.BEARER, "of-spring-security",
				Instant.now(), Instant.now().plusSeconds(3600));
		ServerOAuth2AuthorizedClientExchangeFilterFunction filter = new ServerOAuth2AuthorizedClientExchangeFilterFunction(
				(request) -> Mono.just(new OAuth2AuthorizedClient(registration, "orders", token)));
		filter.setDefaultClientRegistrationId("stock");
		return filter;
	}

	private String call(WebClient webClient) {
		this.fixture.answer(200, "ok");
		webClient.get().uri("/items").retrieve().bodyToMono(String.class).block(LIMIT);
		return String.valueOf(this.fixture.takeRequest().getHeaders().get(HttpHeaders.AUTHORIZATION));
	}

	private List<String> warnings() {
		return this.log.at(Level.WARN);
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenSpringSecuritysFilterIsBehindThenOneWarningSaysHowToOrderOrDropIt(Connector connector) {
		WebClient webClient = this.fixture.webClient(connector.webClient(), RejectionPolicy.standard())
			.mutate()
			.filter(springSecurity())
			.build();
		assertThat(call(webClient)).isEqualTo("Bearer of-spring-security");
		assertThat(call(webClient)).isEqualTo("Bearer of-spring-security");
		assertThat(warnings()).singleElement()
			.satisfies((warning) -> assertThat(warning).contains("filters.add(0, other)")
				.contains("removeIf(TokenExchangeFilterFunction.class::isInstance)")
				.contains("noToken()")
				.contains("http://" + this.server.getHostName() + ":" + this.server.getPort())
				.doesNotContain("of-spring-security")
				.doesNotContain("/items"));
	}

	@Test
	void callWhenTheWarningIsFollowedThenTheRightTokenIsSentAndNothingIsSaid() {
		WebClient wrong = this.fixture.webClient(RejectionPolicy.standard());
		WebClient first = wrong.mutate().filters((filters) -> filters.add(0, springSecurity())).build();
		assertThat(call(first)).isEqualTo("Bearer of-spring-security");
		WebClient without = wrong.mutate()
			.filter(springSecurity())
			.filters((filters) -> filters.removeIf(TokenExchangeFilterFunction.class::isInstance))
			.build();
		assertThat(call(without)).isEqualTo("Bearer of-spring-security");
		WebClient leftOut = wrong.mutate()
			.filter(springSecurity())
			.defaultRequest((request) -> request.attributes(TokenAttributes.noToken()))
			.build();
		assertThat(call(leftOut)).isEqualTo("Bearer of-spring-security");
		assertThat(warnings()).isEmpty();
		assertThat(this.fixture.authorizationServer).receivedNoTokenRequest();
	}

	@Test
	void callWhenAFilterBehindTakesTheTokenAwayThenIsWarnedOf() {
		WebClient webClient = this.fixture.webClient(RejectionPolicy.standard())
			.mutate()
			.filter((request,
					next) -> next.exchange(ClientRequest.from(request)
						.headers((headers) -> headers.remove(HttpHeaders.AUTHORIZATION))
						.build()))
			.build();
		assertThat(call(webClient)).isEqualTo("null");
		assertThat(warnings()).hasSize(1);
	}

	@Test
	void callWhenAFilterBehindCopiesTheRequestThenNothingIsSaid() {
		WebClient webClient = this.fixture.webClient(RejectionPolicy.standard())
			.mutate()
			.filter((request, next) -> next.exchange(ClientRequest.from(request).header("X-Copied", "yes").build()))
			.build();
		assertThat(call(webClient)).isEqualTo("Bearer " + this.fixture.token().value());
		assertThat(warnings()).isEmpty();
	}

}
