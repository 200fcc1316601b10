package io.github.evertoken.boot.autoconfigure.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.web.service.registry.HttpServiceProxyRegistry;

/**
 * Stops a start whose HTTP service interfaces name clients that there are not, and whose
 * clients name groups that there are not. It looks when all beans are there, before the
 * application takes its first request, and at interfaces that nobody has used yet too.
 * <p>
 * The slice of a test, or a test that names its classes, has some of the application's
 * groups and clients that are beans, and leaves out others that the properties and the
 * interfaces go on naming: there, the same is a warning.
 */
final class HttpServiceCheck implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(HttpServiceCheck.class);

	private final HttpServices services;

	private final ObjectProvider<EvertokenProperties> properties;

	private final ObjectProvider<HttpServiceProxyRegistry> registries;

	private final SendingClients clients;

	private final ApplicationPart part;

	HttpServiceCheck(HttpServices services, ObjectProvider<EvertokenProperties> properties,
			ObjectProvider<HttpServiceProxyRegistry> registries, SendingClients clients, ApplicationPart part) {
		this.services = services;
		this.properties = properties;
		this.registries = registries;
		this.clients = clients;
		this.part = part;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Set<String> groups = new TreeSet<>();
		this.registries.stream().forEach((registry) -> groups.addAll(registry.getGroupNames()));
		List<String> problems = new ArrayList<>();
		this.properties.ifAvailable((properties) -> properties.clients()
			.forEach((name, client) -> checkGroups(name, client.httpServiceGroups(), groups, problems)));
		if (!groups.isEmpty()) {
			this.services.forEach((name, group) -> problems.addAll(this.clients.problems(name, group)));
		}
		if (problems.isEmpty()) {
			return;
		}
		if (!this.part.isPossible()) {
			throw new InvalidConfigurationException(problems);
		}
		problems.forEach(
				(problem) -> logger.warn("What this test leaves out of the application may be missed: {}", problem));
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

}
