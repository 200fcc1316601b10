package io.github.evertoken.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler.FirstMatchingCompositeObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FlightObservations} and {@link FlightTracingObservationHandler}.
 */
class FlightObservationsTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private TokenIssuer issuer = (request) -> token();

	private DefaultTokenManager manager;

	@AfterEach
	void stop() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	void flightThenIsObservedWithItsTags() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		observeIn(registry, null);
		this.manager.token(SERVICE).block();
		TestObservationRegistryAssert.assertThat(registry)
			.hasObservationWithNameEqualTo("evertoken.flight")
			.that()
			.hasContextualNameEqualTo("token flight inventory")
			.hasLowCardinalityKeyValue("client", "inventory")
			.hasLowCardinalityKeyValue("trigger", "use")
			.hasLowCardinalityKeyValue("outcome", "success")
			.doesNotHaveError()
			.hasBeenStarted()
			.hasBeenStopped();
		this.manager.token(SERVICE).block();
		TestObservationRegistryAssert.assertThat(registry).hasNumberOfObservationsEqualTo(1);
	}

	@Test
	void flightWhenRefusedThenHasTheError() {
		this.issuer = (request) -> Mono.error(new TokenRefusedException(SERVICE, "wrong", null, null, null));
		TestObservationRegistry registry = TestObservationRegistry.create();
		observeIn(registry, null);
		this.manager.token(SERVICE).onErrorComplete().block();
		TestObservationRegistryAssert.assertThat(registry)
			.hasSingleObservationThat()
			.hasLowCardinalityKeyValue("outcome", "refused")
			.hasError()
			.hasBeenStopped();
	}

	@Test
	void flightWhenRegistryIsNoopThenIsNotObserved() {
		List<Boolean> observed = new ArrayList<>();
		this.issuer = (request) -> Mono.deferContextual((context) -> {
			observed.add(context.hasKey(ObservationThreadLocalAccessor.KEY));
			return token();
		});
		observeIn(ObservationRegistry.NOOP, null);
		this.manager.token(SERVICE).block();
		assertThat(observed).containsExactly(false);
	}

	@Test
	void conventionThenNamesAndTags() {
		TestObservationRegistry registry = TestObservationRegistry.create();
		observeIn(registry, new FlightObservationConvention() {
			@Override
			public String getName() {
				return "acme.flight";
			}
		});
		this.manager.token(SERVICE).block();
		TestObservationRegistryAssert.assertThat(registry).hasObservationWithNameEqualTo("acme.flight");
	}

	@Test
	void spanThenIsARootThatIsLinkedWithTheCallersAndHasTheCallsOfTheIssuer() {
		SimpleTracer tracer = new SimpleTracer();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig()
			.observationHandler(new FirstMatchingCompositeObservationHandler(List
				.of(new FlightTracingObservationHandler(tracer), new DefaultTracingObservationHandler(tracer))));
		observeIn(registry, null);
		this.issuer = (request) -> Mono.deferContextual((context) -> {
			Observation flight = context.get(ObservationThreadLocalAccessor.KEY);
			Observation.createNotStarted("http.client.requests", registry).parentObservation(flight).start().stop();
			return token();
		});
		Observation caller = Observation.start("caller", registry);
		this.manager.token(SERVICE)
			.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, caller))
			.block();
		caller.stop();
		SimpleSpan flight = span(tracer, "token flight inventory");
		SimpleSpan call = span(tracer, "caller");
		SimpleSpan http = span(tracer, "http.client.requests");
		assertThat(flight.context().parentId()).isNullOrEmpty();
		assertThat(flight.context().traceId()).isNotEqualTo(call.context().traceId());
		assertThat(flight.getLinks()).singleElement()
			.satisfies((link) -> assertThat(link.getTraceContext().spanId()).isEqualTo(call.context().spanId()));
		assertThat(http.context().parentId()).isEqualTo(flight.context().spanId());
		assertThat(flight.getTags()).containsEntry("outcome", "success").containsEntry("client", "inventory");
	}

	private static SimpleSpan span(SimpleTracer tracer, String name) {
		return tracer.getSpans()
			.stream()
			.filter((span) -> name.equals(span.getName()))
			.findFirst()
			.orElseThrow(() -> new AssertionError("no span " + name + " in " + tracer.getSpans()));
	}

	private static Mono<TokenSet> token() {
		return Mono.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofSeconds(100)).build());
	}

	private void observeIn(ObservationRegistry registry, FlightObservationConvention convention) {
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(ClientSettings.of("inventory", (request) -> this.issuer.issue(request)).build())
			.observer(new FlightObservations(registry, convention))
			.build();
	}

}
