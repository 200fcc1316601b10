package io.github.evertoken.boot.autoconfigure.observation;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.boot.TokenEndpointWebClientCustomizer;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.observation.FlightObservationConvention;
import io.github.evertoken.observation.FlightObservations;
import io.github.evertoken.observation.FlightTracingObservationHandler;
import io.github.evertoken.observation.TokenMeterConvention;
import io.github.evertoken.observation.TokenMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.Tracer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.client.ClientRequestObservationConvention;

/**
 * The beans that tell Micrometer of the tokens: meters where there is a
 * {@link MeterRegistry}, observations of flights where there is an
 * {@link ObservationRegistry}, and their spans where there is a {@link Tracer}.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class ObservationConfiguration {

	/**
	 * What an application with metrics has.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(MeterRegistry.class)
	@ConditionalOnBean(MeterRegistry.class)
	static class MetersConfiguration {

		@Bean
		@ConditionalOnMissingBean
		TokenMeters evertokenTokenMeters(MeterRegistry registry, ObjectProvider<TokenMeterConvention> convention) {
			return new TokenMeters(registry, convention.getIfAvailable(() -> TokenMeterConvention.DEFAULT));
		}

		/**
		 * The meters are fed by the manager, and look at it.
		 */
		@Bean
		@ConditionalOnMissingBean(name = "evertokenTokenMetersBinder")
		SmartInitializingSingleton evertokenTokenMetersBinder(TokenMeters meters, TokenManager manager) {
			return () -> {
				DefaultTokenManager behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
				if (behind != null) {
					meters.bind(behind.clients(), behind::status);
				}
			};
		}

	}

	/**
	 * What an application with observations has.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ObservationRegistry.class)
	@ConditionalOnBean(ObservationRegistry.class)
	static class FlightsConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenFlightObservations")
		TokenObserver evertokenFlightObservations(ObservationRegistry registry,
				ObjectProvider<FlightObservationConvention> convention) {
			return new FlightObservations(registry, convention.getIfAvailable());
		}

		/**
		 * The requests to token endpoints are observed as those of any {@code WebClient}
		 * are, and before whatever an application has them customized with.
		 */
		@Bean
		@ConditionalOnMissingBean(name = "evertokenObservedTokenEndpoint")
		@Order(0)
		TokenEndpointWebClientCustomizer evertokenObservedTokenEndpoint(ObservationRegistry registry,
				ObjectProvider<ClientRequestObservationConvention> convention) {
			return (client, builder) -> {
				builder.observationRegistry(registry);
				convention.ifAvailable(builder::observationConvention);
			};
		}

	}

	/**
	 * What an application with traces has.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Tracer.class)
	@ConditionalOnBean(Tracer.class)
	static class SpansConfiguration {

		/**
		 * Before those handlers that make a span of any observation.
		 */
		@Bean
		@ConditionalOnMissingBean
		@Order(0)
		FlightTracingObservationHandler evertokenFlightTracingObservationHandler(Tracer tracer) {
			return new FlightTracingObservationHandler(tracer);
		}

	}

}
