package io.github.evertoken.boot.autoconfigure.observation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.observation.FlightObservationConvention;
import io.github.evertoken.observation.TokenMeterConvention;
import io.github.evertoken.observation.TokenMeterDocumentation;
import io.github.evertoken.observation.TokenMeters;
import io.github.evertoken.test.server.AuthorizationServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.util.context.ContextView;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ObservationConfiguration}.
 */
class ObservationConfigurationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, CodecsAutoConfiguration.class,
				WebClientAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class,
				MicrometerTracingAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms")
		.withPropertyValues(TestClients.client(this.server, "inventory"));

	@Test
	void scrapeThenHasEachMeterAndTheFlight() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		this.contextRunner.withBean(MeterRegistry.class, () -> prometheus).run((context) -> {
			get(context);
			// Callers go on before the flight that served them is over.
			await().until(() -> prometheus.find("evertoken.flight").timer() != null);
			String scrape = prometheus.scrape();
			assertThat(scrape).contains("evertoken_wait_seconds_count{client=\"inventory\",outcome=\"success\"} 1")
				.contains("evertoken_token_remaining_seconds{client=\"inventory\"}")
				.contains("evertoken_keys{client=\"inventory\"} 1")
				.containsPattern(
						"evertoken_flight_seconds_count\\{client=\"inventory\",error=\"none\",outcome=\"success\",trigger=\"use\"[^}]*} 1");
			for (TokenMeterDocumentation meter : TokenMeterDocumentation.values()) {
				if (meter != TokenMeterDocumentation.STORE) {
					assertThat(scrape).contains(meter.getName().replace('.', '_'));
				}
			}
			assertThat(scrape).doesNotContain(TestClients.authorization(this.server).substring("Bearer ".length()))
				.doesNotContain("planted-secret");
		});
		assertThat(prometheus.getMeters()).extracting((meter) -> meter.getId().getName())
			.noneMatch((name) -> name.startsWith("evertoken") && !name.startsWith("evertoken.flight"));
	}

	@Test
	void observationsWhenSwitchedOffThenAreNot() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.contextRunner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("management.observations.enable.evertoken=false")
			.run((context) -> {
				get(context);
				assertThat(registry.find("evertoken.flight").meters()).isEmpty();
				assertThat(registry.get("evertoken.wait").tag("outcome", "success").timer().count()).isOne();
			});
	}

	@Test
	void tokenRequestThenIsObservedAsPartOfTheFlight() {
		SimpleTracer tracer = new SimpleTracer();
		this.contextRunner.withBean(Tracer.class, () -> tracer).run((context) -> {
			get(context);
			await().untilAsserted(() -> assertThat(tracer.getSpans()).extracting(SimpleSpan::getName)
				.contains("token flight inventory", "http post"));
			SimpleSpan flight = tracer.getSpans()
				.stream()
				.filter((span) -> "token flight inventory".equals(span.getName()))
				.findFirst()
				.orElseThrow();
			assertThat(tracer.getSpans()).filteredOn((span) -> "http post".equals(span.getName()))
				.singleElement()
				.satisfies((span) -> assertThat(span.context().parentId()).isEqualTo(flight.context().spanId()));
			assertThat(flight.context().parentId()).isNullOrEmpty();
		});
	}

	@Test
	void conventionsThenAreBeans() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.contextRunner.withBean(MeterRegistry.class, () -> registry)
			.withUserConfiguration(Conventions.class)
			.run((context) -> {
				get(context);
				assertThat(registry.find("acme.evertoken.wait").meters()).isNotEmpty();
				await().until(() -> registry.find("acme.flight").timer() != null);
			});
	}

	@Test
	void observerBeansThenSee() {
		List<String> seen = new CopyOnWriteArrayList<>();
		this.contextRunner.withBean("own", TokenObserver.class, () -> new TokenObserver() {
			@Override
			public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
				seen.add(key.client() + " " + trigger);
				return FlightObserver.NONE;
			}
		}).run((context) -> {
			get(context);
			assertThat(seen).containsExactly("inventory USE");
		});
	}

	@Test
	void withoutMicrometerThenSendsTokens() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing"))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with access token 1");
				assertThat(context).doesNotHaveBean(TokenMeters.class);
			});
	}

	@Test
	void withoutRegistryThenSendsTokens() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
					CodecsAutoConfiguration.class, WebClientAutoConfiguration.class))
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with access token 1");
				assertThat(context).doesNotHaveBean(TokenMeters.class).doesNotHaveBean(ObservationRegistry.class);
			});
	}

	private String get(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.resourceUri() + "/items")
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT);
	}

	@Configuration(proxyBeanMethods = false)
	static class Conventions {

		@Bean
		TokenMeterConvention tokenMeterConvention() {
			return new TokenMeterConvention() {
				@Override
				public String name(TokenMeterDocumentation meter) {
					return "acme." + meter.getName();
				}
			};
		}

		@Bean
		FlightObservationConvention flightObservationConvention() {
			return new FlightObservationConvention() {
				@Override
				public String getName() {
					return "acme.flight";
				}
			};
		}

	}

}
