package io.github.evertoken.test.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.boot.TokenManagerBuilderCustomizer;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.TestTime;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.test.context.support.TestPropertySourceUtils;

/**
 * Sets the properties of the clients that are registered at the servers of a test, and
 * lets the application's manager have their time. What the test itself sets as a property
 * goes before that. Tests with the same servers share an application.
 */
record AuthorizationServerContextCustomizer(List<AuthorizationServer> servers) implements ContextCustomizer {

	private static final String PROPERTY_SOURCE = "evertokenAuthorizationServers";

	private static final Set<String> OF_THE_TEST = Set
		.of(TestPropertySourceUtils.INLINED_PROPERTIES_PROPERTY_SOURCE_NAME, "Dynamic Test Properties");

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration mergedConfig) {
		ConfigurableEnvironment environment = context.getEnvironment();
		Map<String, Object> properties = new LinkedHashMap<>();
		this.servers.forEach((server) -> server.clients()
			.forEach((client) -> properties.putAll(new ServerProperties(server, client).in(environment))));
		add(new MapPropertySource(PROPERTY_SOURCE, properties), environment.getPropertySources());
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		for (int i = 0; i < this.servers.size(); i++) {
			beanFactory.registerSingleton("evertokenAuthorizationServer" + i, this.servers.get(i));
		}
		TestTime time = time();
		if (time != null) {
			TokenManagerBuilderCustomizer customizer = time::applyTo;
			beanFactory.registerSingleton("evertokenTestTime", customizer);
		}
	}

	private static void add(PropertySource<?> source, MutablePropertySources all) {
		String last = null;
		for (PropertySource<?> each : all) {
			last = OF_THE_TEST.contains(each.getName()) ? each.getName() : last;
		}
		if (last != null) {
			all.addAfter(last, source);
		}
		else {
			all.addFirst(source);
		}
	}

	/**
	 * A manager has one time for all its clients.
	 */
	private @Nullable TestTime time() {
		List<TestTime> times = this.servers.stream()
			.map(AuthorizationServer::time)
			.filter(TestTime.class::isInstance)
			.map(TestTime.class::cast)
			.distinct()
			.toList();
		if (times.size() > 1) {
			throw new IllegalStateException("The authorization servers of a test have one TestTime between them");
		}
		return times.isEmpty() ? null : times.get(0);
	}

}
