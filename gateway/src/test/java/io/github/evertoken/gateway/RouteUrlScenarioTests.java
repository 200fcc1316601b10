package io.github.evertoken.gateway;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Mono;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.ReactiveLoadBalancerClientFilter;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Routes to the instance that a load balancer chooses, and those of a client whose tokens
 * are bound to a key.
 */
class RouteUrlScenarioTests {

	@RegisterExtension
	private static final AuthorizationServer tokens = AuthorizationServer.forClients("gateway");

	@RegisterExtension
	private static final Upstream upstream = new Upstream(tokens);

	private static Gateway gateway;

	@BeforeAll
	static void start() {
		List<String> properties = new ArrayList<>();
		String instances = "spring.cloud.discovery.client.simple.instances.stock-service[0].uri=";
		properties.add(instances + upstream.url(""));
		properties.addAll(Gateway.client(upstream, "stock", "base-url=http://stock-service"));
		properties.addAll(Gateway.route(0, "stock", "lb://stock-service", "/stock", "Evertoken=stock"));
		properties.addAll(Gateway.client(upstream, "other", "base-url=http://other-service"));
		properties.addAll(Gateway.route(1, "other", "lb://stock-service", "/other", "Evertoken=other"));
		properties.addAll(Gateway.client(upstream, "bound", "dpop=true"));
		properties.addAll(Gateway.route(2, "bound", upstream.url(""), "/bound", "Evertoken=bound"));
		gateway = Gateway.start(Elsewhere.class, properties);
	}

	@AfterAll
	static void stop() {
		gateway.close();
	}

	@Test
	@Tag("GW-6")
	void requestWhenALoadBalancerChoosesTheInstanceThenTheNameOfTheServiceCounts() {
		assertThat(gateway.get("/stock/items?a=b").body()).isEqualTo(upstream.lastToken() + " ");
		upstream.reject(upstream.lastToken());
		assertThat(gateway.get("/stock").body()).isEqualTo(upstream.lastToken() + " ");
		assertThat(upstream.received()).extracting(Upstream.Received::uri)
			.containsExactly("/stock/items?a=b", "/stock", "/stock");
	}

	@Test
	@Tag("GW-6")
	void requestWhenALoadBalancerChoosesAnInstanceOfAnotherServiceThenIsNotSent() {
		assertThat(gateway.get("/other").statusCode()).isEqualTo(500);
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-6")
	void requestWhenItGoesElsewhereThanToTheChosenInstanceThenIsNotSent() {
		assertThat(gateway.get("/diverted").statusCode()).isEqualTo(500);
		assertThat(upstream.received()).isEmpty();
	}

	@Test
	@Tag("GW-12")
	void requestWhenTheTokensAreBoundThenShowsItsProofAndTakesANonce() {
		List<String> authorizations = new CopyOnWriteArrayList<>();
		List<String> proofs = new CopyOnWriteArrayList<>();
		upstream.handle("/bound", (request, response) -> {
			authorizations.add(upstream.authorization(request));
			proofs.addAll(request.requestHeaders().getAll("DPoP"));
			return (proofs.size() == 1) ? response.status(401)
				.header("WWW-Authenticate", "DPoP error=\"use_dpop_nonce\"")
				.header("DPoP-Nonce", "planted-nonce")
				.send() : response.sendString(Mono.just("bound"));
		});
		assertThat(gateway.get("/bound", "DPoP", "of-the-caller").body()).isEqualTo("bound");
		assertThat(authorizations).hasSize(2).allSatisfy((each) -> assertThat(each).startsWith("DPoP t"));
		assertThat(proofs).hasSize(2)
			.allSatisfy((proof) -> assertThat(claims(proof)).contains("\"" + upstream.url("/bound") + "\"")
				.contains("\"GET\""));
		assertThat(claims(proofs.get(0))).doesNotContain("planted-nonce");
		assertThat(claims(proofs.get(1))).contains("planted-nonce");
	}

	static String claims(String proof) {
		return new String(Base64.getUrlDecoder().decode(proof.split("[.]")[1]), StandardCharsets.UTF_8).replace("\\/",
				"/");
	}

	@Configuration(proxyBeanMethods = false)
	static class Elsewhere {

		/**
		 * What the exchange knows is what it knows after a fallback to another server.
		 */
		@Bean
		RouteLocator diverted(RouteLocatorBuilder builder, EvertokenGatewayFilterFactory evertoken) {
			GatewayFilter divert = (exchange, chain) -> {
				exchange.getAttributes()
					.put(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR,
							URI.create("http://localhost:" + upstream.port() + "/diverted"));
				return chain.filter(exchange);
			};
			return builder.routes()
				.route("diverted",
						(route) -> route.path("/diverted")
							.filters((filters) -> filters
								.filter(divert, ReactiveLoadBalancerClientFilter.LOAD_BALANCER_CLIENT_FILTER_ORDER + 1)
								.filter(evertoken.apply((config) -> config.setClient("stock"))))
							.uri("lb://stock-service"))
				.build();
		}

	}

}
