package io.github.evertoken.boot.autoconfigure.service;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.Origin;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.client.GroupBaseUrls;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.env.Environment;
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * Stops a start whose HTTP service interfaces name clients that there are not, and whose
 * clients name groups that there are not. It looks when all beans are there, before the
 * application takes its first request, and at interfaces that nobody has used yet too.
 * <p>
 * The slice of a test has some of the application's groups and clients that are beans,
 * and leaves out others that the properties and the interfaces go on naming: there, the
 * same is a warning.
 */
final class HttpServiceCheck implements SmartInitializingSingleton {

	/**
	 * Only this filter knows the clients that are configured; a user's own may know
	 * others.
	 */
	private static final String FILTER = "evertokenExchangeFilterFunction";

	private static final Logger logger = LoggerFactory.getLogger(HttpServiceCheck.class);

	private final HttpServices services;

	private final ObjectProvider<EvertokenProperties> properties;

	private final ObjectProvider<ConfiguredClients> clients;

	private final ObjectProvider<HttpServiceProxyRegistry> registries;

	private final ObjectProvider<GroupBaseUrls> baseUrls;

	private final BeanFactory beanFactory;

	private final Environment environment;

	HttpServiceCheck(HttpServices services, ObjectProvider<EvertokenProperties> properties,
			ObjectProvider<ConfiguredClients> clients, ObjectProvider<HttpServiceProxyRegistry> registries,
			ObjectProvider<GroupBaseUrls> baseUrls, BeanFactory beanFactory, Environment environment) {
		this.services = services;
		this.properties = properties;
		this.clients = clients;
		this.registries = registries;
		this.baseUrls = baseUrls;
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Set<String> groups = new TreeSet<>();
		this.registries.stream().forEach((registry) -> groups.addAll(registry.getGroupNames()));
		List<String> problems = new ArrayList<>();
		this.properties.ifAvailable((properties) -> properties.clients()
			.forEach((name, client) -> checkGroups(name, client.httpServiceGroups(), groups, problems)));
		if (!groups.isEmpty() && this.beanFactory.containsBean(FILTER)) {
			this.clients.ifAvailable((clients) -> this.services
				.forEach((group, tokens) -> problems.addAll(tokens.problems(clients.selector(), baseUrl(group)))));
		}
		if (isSlice()) {
			problems
				.forEach((problem) -> logger.warn("What the slice of this test leaves out may be missed: {}", problem));
		}
		else if (!problems.isEmpty()) {
			throw new InvalidConfigurationException(problems);
		}
	}

	/**
	 * Nothing but the tests of Spring Boot switches the auto-configuration off to import
	 * a part of it.
	 */
	private boolean isSlice() {
		return !this.environment.getProperty(EnableAutoConfiguration.ENABLED_OVERRIDE_PROPERTY, Boolean.class, true);
	}

	/**
	 * Where there are no groups at all, nothing can go wrong with them, and it may well
	 * be a test that leaves out what declares them.
	 */
	private static void checkGroups(String client, List<String> written, Set<String> groups, List<String> problems) {
		for (int i = 0; i < written.size(); i++) {
			String name = ConfigurationProblems.prefix(client) + ".http-service-groups[" + i + "]";
			if (groups.isEmpty()) {
				logger.warn("{} is '{}', but there are no groups of HTTP services: @ImportHttpServices declares them",
						name, written.get(i));
			}
			else if (!groups.contains(written.get(i))) {
				problems.add(name + ": must be a group of HTTP services, but is '" + written.get(i)
						+ "', and there are only " + groups);
			}
		}
	}

	/**
	 * What is no URL that could be called, as that of a load balancer, says nothing.
	 */
	private @Nullable URI baseUrl(String group) {
		GroupBaseUrls baseUrls = this.baseUrls.getIfAvailable();
		String baseUrl = (baseUrls != null) ? baseUrls.of(group) : null;
		if (baseUrl == null) {
			return null;
		}
		try {
			URI url = Urls.parse(baseUrl);
			Origin.of(url);
			return url;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
