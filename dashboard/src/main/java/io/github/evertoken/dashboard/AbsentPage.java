package io.github.evertoken.dashboard;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Says why there is no page, and what to set: whoever has added this module wants one.
 */
final class AbsentPage implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(AbsentPage.class);

	private static final String ACTUATOR = "org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint";

	private final Environment environment;

	AbsentPage(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		logger.info("There is no page that shows the tokens: {}", reason());
	}

	private String reason() {
		if (!ClassUtils.isPresent(ACTUATOR, getClass().getClassLoader())) {
			return "add spring-boot-starter-actuator";
		}
		if (!isTrue("evertoken.enabled")) {
			return "evertoken.enabled is false";
		}
		if ("-1".equals(this.environment.getProperty("management.server.port"))) {
			return "management.server.port is -1, so that the actuator has no port";
		}
		return "the endpoint 'evertoken' is not exposed over HTTP. In a web application,"
				+ " add it to management.endpoints.web.exposure.include, and let management.endpoint.evertoken.access"
				+ " be read-only or unrestricted";
	}

	private boolean isTrue(String property) {
		return Binder.get(this.environment).bind(property, Boolean.class).orElse(true);
	}

}
