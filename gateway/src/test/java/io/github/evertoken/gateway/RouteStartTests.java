package io.github.evertoken.gateway;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.gateway.event.RefreshRoutesEvent;
import org.springframework.cloud.gateway.event.RefreshRoutesResultEvent;
import org.springframework.cloud.gateway.filter.FilterDefinition;
import org.springframework.cloud.gateway.handler.predicate.PredicateDefinition;
import org.springframework.cloud.gateway.route.RouteDefinition;
import org.springframework.cloud.gateway.route.RouteDefinitionRepository;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What is wrong with the routes of a gateway, and one in which Evertoken is switched off.
 */
class RouteStartTests {

	private static final String ROUTES = "spring.cloud.gateway.server.webflux.";

	@RegisterExtension
	private final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private final Upstream upstream = new Upstream(this.tokens);

	private List<String> properties(String... more) {
		List<String> properties = new ArrayList<>(Gateway.client(this.upstream, "inventory"));
		properties.addAll(Gateway.route(0, "stock", this.upstream.url(""), "/inventory", "Evertoken=inventory"));
		properties.addAll(List.of(more));
		return properties;
	}

	@Test
	@Tag("GW-10")
	void startWhenRoutesNameClientsThatTheyCannotHaveThenIsStoppedAndSaysWhichRoutes() {
		List<String> properties = properties(ROUTES + "default-filters[0]=Evertoken=nobody");
		properties.addAll(Gateway.route(1, "orders", this.upstream.url(""), "/orders", "AddRequestHeader=A, b",
				"Evertoken=inventroy"));
		properties.addAll(Gateway.route(2, "users", this.upstream.url(""), "/users", "EvertokenRelay=inventory"));
		properties.addAll(Gateway.route(3, "nameless", this.upstream.url(""), "/nameless", "Evertoken"));
		failure(properties, Nothing.class).isInstanceOfSatisfying(InvalidConfigurationException.class,
				(ex) -> assertThat(ex.getProblems()).hasSize(4)
					.anySatisfy((problem) -> assertThat(problem)
						.startsWith(ROUTES + "default-filters[0] names the client 'nobody', which is not configured")
						.contains("[inventory]"))
					.anySatisfy((problem) -> assertThat(problem)
						.startsWith(ROUTES + "routes[1].filters[1] of the route 'orders' names the client 'inventroy'"))
					.anySatisfy((problem) -> assertThat(problem)
						.startsWith(ROUTES + "routes[2].filters[0] of the route 'users' names the client 'inventory',"
								+ " which does not exchange the token of a caller"))
					.anySatisfy((problem) -> assertThat(problem)
						.startsWith(ROUTES + "routes[3].filters[0] of the route 'nameless' names no client")));
	}

	@Test
	@Tag("GW-10")
	void startWhenTheFilterIsTheApplicationsOwnThenItsClientsCount() {
		List<String> properties = properties("upstream=" + this.upstream.url(""),
				ROUTES + "routes[0].filters[0]=Evertoken=own");
		properties.addAll(Gateway.route(1, "users", this.upstream.url(""), "/users", "EvertokenRelay=own"));
		try (Gateway gateway = Gateway.start(OwnFilter.class, properties)) {
			assertThat(gateway.get("/inventory").body()).isEqualTo("Bearer own-token ");
			assertThat(gateway.get("/users", "Authorization", "Bearer planted").body())
				.isEqualTo("Bearer own-token-on-behalf ");
		}
		properties.addAll(Gateway.route(2, "wrong", this.upstream.url(""), "/wrong", "Evertoken=inventory"));
		properties.addAll(Gateway.route(3, "wrong", this.upstream.url(""), "/wrong", "EvertokenRelay=nobody"));
		failure(properties, OwnFilter.class).isInstanceOfSatisfying(InvalidConfigurationException.class,
				(ex) -> assertThat(ex.getProblems()).satisfiesExactlyInAnyOrder(
						(problem) -> assertThat(problem)
							.startsWith(
									ROUTES + "routes[2].filters[0] of the route 'wrong' names the client 'inventory',"
											+ " which the TokenExchangeFilterFunction of the application does not know")
							.contains("[own]"),
						(problem) -> assertThat(problem)
							.startsWith(ROUTES + "routes[3].filters[0] of the route 'wrong' names the client 'nobody',")
							.contains("[own]")));
	}

	/**
	 * Nobody but the filter says where tokens may go, and without that none is sent.
	 */
	@Test
	@Tag("GW-10")
	void startWhenTheManagerIsTheApplicationsOwnThenTheClientsAreThoseThatAreConfigured() {
		List<String> properties = properties();
		try (Gateway gateway = Gateway.start(OwnManager.class, properties)) {
			assertThat(gateway.get("/inventory").body()).isEqualTo("Bearer inventory-token ");
		}
		properties.addAll(Gateway.route(1, "wrong", this.upstream.url(""), "/wrong", "Evertoken=own"));
		failure(properties, OwnManager.class).isInstanceOfSatisfying(InvalidConfigurationException.class,
				(ex) -> assertThat(ex.getProblems()).singleElement()
					.asString()
					.contains("the route 'wrong' names the client 'own', which is not configured"));
	}

	@Test
	@Tag("GW-10")
	void startWhenARouteThatIsSwitchedOffNamesAnUnknownClientThenGoesOn() {
		List<String> properties = properties(ROUTES + "routes[1].enabled=false");
		properties.addAll(Gateway.route(1, "off", this.upstream.url(""), "/off", "Evertoken=nobody"));
		try (Gateway gateway = Gateway.start(Nothing.class, properties)) {
			assertThat(gateway.get("/inventory").statusCode()).isEqualTo(200);
			assertThat(gateway.get("/off").statusCode()).isEqualTo(404);
		}
	}

	@Test
	@Tag("GW-10")
	void startWhenARouteInJavaNamesAnUnknownClientThenIsStopped() {
		failure(properties(), WrongRoute.class).isInstanceOf(IllegalArgumentException.class)
			.hasMessageStartingWith(
					"The filter Evertoken of the route 'wrong' names the client 'inventroy', which is not"
							+ " configured");
	}

	@Test
	@Tag("GW-10")
	void refreshWhenANewRouteNamesAnUnknownClientThenFailsWithItsIdentifierAndTheOldRoutesStay() {
		try (Gateway gateway = Gateway.start(Changes.class, properties())) {
			Changes changes = gateway.context().getBean(Changes.class);
			assertThat(gateway.get("/inventory").statusCode()).isEqualTo(200);
			RouteDefinition route = new RouteDefinition();
			route.setId("added");
			route.setUri(URI.create(this.upstream.url("")));
			route.setPredicates(List.of(new PredicateDefinition("Path=/added")));
			route.setFilters(List.of(new FilterDefinition("Evertoken=inventroy")));
			gateway.context().getBean(RouteDefinitionRepository.class).save(Mono.just(route)).block();
			gateway.context().publishEvent(new RefreshRoutesEvent(this));
			assertThat(changes.results).last()
				.satisfies((result) -> assertThat(result.getThrowable())
					.hasMessageStartingWith("The filter Evertoken of the route 'added' names the client 'inventroy'"));
			assertThat(gateway.get("/inventory").statusCode()).isEqualTo(200);
		}
	}

	@Test
	@Tag("GW-2")
	void requestWhenEvertokenIsSwitchedOffThenGoesWithoutAnyToken() {
		List<String> properties = properties("evertoken.enabled=false");
		properties.addAll(Gateway.route(1, "relay", this.upstream.url(""), "/relay", "EvertokenRelay=whoever"));
		try (Gateway gateway = Gateway.start(Nothing.class, properties)) {
			assertThat(gateway.get("/inventory", "Authorization", "Bearer planted").body()).isEqualTo("none ");
			assertThat(gateway.get("/relay", "Authorization", "Bearer planted").body()).isEqualTo("none ");
			assertThat(this.tokens).receivedNoTokenRequest();
		}
	}

	@Test
	@Tag("GW-7")
	void requestWhenTheAnswersAreSetOtherwiseThenThatCounts() {
		this.tokens.disturb(Fault.status(503));
		try (Gateway gateway = Gateway.start(Nothing.class, properties("evertoken.web.unavailable-response=none",
				"evertoken.clients.inventory.retry.patience=0s"))) {
			assertThat(gateway.get("/inventory").statusCode()).isEqualTo(500);
		}
	}

	private static DefaultTokenManager manager(String... clients) {
		TokenManagerBuilder builder = DefaultTokenManager.builder();
		for (String client : clients) {
			builder.client(ClientSettings.of(client,
					(request) -> Mono.fromSupplier(() -> TokenSet
						.withAccessToken(client + "-token" + ((request.key().subject() != null) ? "-on-behalf" : ""))
						.expiresIn(Duration.ofHours(1))
						.build()))
				.build());
		}
		return builder.build();
	}

	private static AbstractThrowableAssert<?, ? extends Throwable> failure(List<String> properties,
			Class<?> configuration) {
		Throwable failure = catchThrowable(() -> Gateway.start(configuration, properties).close());
		return assertThat(NestedExceptionUtils.getMostSpecificCause(failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

	/**
	 * It knows a client that is not below {@code evertoken.clients}, and none of those
	 * that are.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnFilter {

		@Bean
		DefaultTokenManager ownManager() {
			return manager("own");
		}

		@Bean
		TokenExchangeFilterFunction ownFilter(DefaultTokenManager manager, @Value("${upstream}") String url) {
			return new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(url), "own").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManager {

		@Bean
		TokenManager ownManager() {
			return manager("inventory", "own");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrongRoute {

		@Bean
		RouteLocator wrongRoute(RouteLocatorBuilder builder, EvertokenGatewayFilterFactory evertoken) {
			return builder.routes()
				.route("wrong",
						(route) -> route.path("/wrong")
							.filters((filters) -> filters
								.filter(evertoken.apply("wrong", (config) -> config.setClient("inventroy"))))
							.uri("http://127.0.0.1:1"))
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Changes implements ApplicationListener<RefreshRoutesResultEvent> {

		private final List<RefreshRoutesResultEvent> results = new ArrayList<>();

		@Override
		public void onApplicationEvent(RefreshRoutesResultEvent event) {
			this.results.add(event);
		}

	}

}
