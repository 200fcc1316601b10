package io.github.evertoken.dashboard;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.actuator.EvertokenEndpoint;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.autoconfigure.web.server.ConditionalOnManagementPort;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.NoneNestedConditions;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the page: it writes down what happens where the endpoint
 * {@code evertoken} is exposed over HTTP, and says what to set where it is not.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = EvertokenAutoConfiguration.class, afterName = DashboardAutoConfiguration.WEB_ENDPOINTS)
@ImportRuntimeHints(DashboardAutoConfiguration.PageHints.class)
public final class DashboardAutoConfiguration {

	static final String WEB_ENDPOINTS = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration";

	@Bean
	@ConditionalOnMissingBean(EventRing.class)
	AbsentPage evertokenAbsentPage(Environment environment) {
		return new AbsentPage(environment);
	}

	/**
	 * What happens is written down only where it can be seen.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ConditionalOnAvailableEndpoint.class, WebEndpointsSupplier.class })
	@ConditionalOnWebApplication
	@ConditionalOnBean(EvertokenEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = EvertokenEndpoint.class, exposure = EndpointExposure.WEB)
	@Conditional(ManagementPortIsOpen.class)
	static class EventsConfiguration {

		@Bean
		EventRing evertokenEventRing() {
			return new EventRing();
		}

		@Bean
		DashboardThread evertokenDashboardThread() {
			return new DashboardThread();
		}

		@Bean
		EventCollector evertokenEventCollector(EventRing ring, DashboardThread thread) {
			return new EventCollector(ring, thread);
		}

		@Bean
		TokenEventSubscription evertokenTokenEventSubscription(TokenManager manager, EventCollector collector) {
			return new TokenEventSubscription(manager, collector);
		}

	}

	/**
	 * Is not met where the actuator has no port.
	 */
	static class ManagementPortIsOpen extends NoneNestedConditions {

		ManagementPortIsOpen() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnManagementPort(ManagementPortType.DISABLED)
		static class Closed {

		}

	}

	static class PageHints implements RuntimeHintsRegistrar {

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			hints.resources().registerPattern("io/github/evertoken/dashboard/" + Page.DIRECTORY + "*");
		}

	}

}
