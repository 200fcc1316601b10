package io.github.evertoken.gateway;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Gives two properties another default in a gateway: who calls it is told by status when
 * there is no token, for nothing of the application stands between that could do it.
 */
final class AnswersToCallers implements EnvironmentPostProcessor {

	private static final String GATEWAY = "org.springframework.cloud.gateway.filter.factory.GatewayFilterFactory";

	private static final List<String> PROPERTIES = List.of("evertoken.web.unavailable-response",
			"evertoken.web.reauthentication-response");

	/**
	 * Boot's own default properties come after all others, those that are found later
	 * too; what the application has set among them stays.
	 */
	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (!ClassUtils.isPresent(GATEWAY, application.getClassLoader())) {
			return;
		}
		Binder binder = Binder.get(environment);
		Map<String, Object> defaults = new HashMap<>();
		for (String property : PROPERTIES) {
			if (!binder.bind(property, String.class).isBound()) {
				defaults.put(property, "problem");
			}
		}
		DefaultPropertiesPropertySource.addOrMerge(defaults, environment.getPropertySources());
	}

}
