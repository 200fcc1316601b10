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
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * Stops a start whose HTTP service interfaces name clients that there are not, and whose
 * clients name groups that there are not. It looks when all beans are there, before the
 * application takes its first request, and at interfaces that nobody has used yet too.
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

	HttpServiceCheck(HttpServices services, ObjectProvider<EvertokenProperties> properties,
			ObjectProvider<ConfiguredClients> clients, ObjectProvider<HttpServiceProxyRegistry> registries,
			ObjectProvider<GroupBaseUrls> baseUrls, BeanFactory beanFactory) {
		this.services = services;
		this.properties = properties;
		this.clients = clients;
		this.registries = registries;
		this.baseUrls = baseUrls;
		this.beanFactory = beanFactory;
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
		if (!problems.isEmpty()) {
			throw new InvalidConfigurationException(problems);
		}
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
