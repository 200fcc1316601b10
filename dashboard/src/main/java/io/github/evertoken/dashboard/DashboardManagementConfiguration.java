package io.github.evertoken.dashboard;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * The page in the context that serves the actuator: the application's own, or that of
 * another port.
 *
 * @since 0.1.0
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
@ConditionalOnBean(EventRing.class)
public final class DashboardManagementConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(DashboardManagementConfiguration.class);

	@Bean
	PagePlace evertokenPagePlace(PathMappedEndpoints paths, WebEndpointsSupplier endpoints) {
		PagePlace place = PagePlace.of(paths, endpoints);
		logger.info("The page that shows the tokens is at {}/", place.page());
		return place;
	}

	@Bean
	EventStreams evertokenEventStreams(EventRing ring, DashboardThread thread) {
		return new EventStreams(ring, thread);
	}

	/**
	 * The page on WebFlux.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(DispatcherHandler.class)
	static class ReactiveConfiguration {

		@Bean
		ReactivePage evertokenPage(PagePlace place, EventRing ring, EventStreams streams) {
			return new ReactivePage(place, ring, streams);
		}

	}

	/**
	 * The page on Spring MVC.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass(DispatcherServlet.class)
	static class ServletConfiguration {

		@Bean
		ServletPage evertokenPage(PagePlace place, EventRing ring, EventStreams streams) {
			return new ServletPage(place, ring, streams);
		}

	}

}
