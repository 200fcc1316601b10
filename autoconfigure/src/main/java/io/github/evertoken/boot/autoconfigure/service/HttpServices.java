package io.github.evertoken.boot.autoconfigure.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.service.HttpServiceTokens;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.HttpServiceGroupConfigurer.Groups;

/**
 * What the HTTP service interfaces of each group say of their tokens.
 * <p>
 * The clients themselves are not asked for while the groups are made: a
 * {@link io.github.evertoken.TokenIssuer} bean may well call an HTTP service, and a
 * client needs that issuer.
 */
final class HttpServices {

	private final ObjectProvider<EvertokenProperties> properties;

	private final Map<String, Group> groups = new ConcurrentHashMap<>();

	HttpServices(ObjectProvider<EvertokenProperties> properties) {
		this.properties = properties;
	}

	/**
	 * Let the proxies of some groups say it.
	 * @throws InvalidConfigurationException if an annotation is wrong
	 */
	void configure(Groups<?> groups) {
		List<String> problems = new ArrayList<>();
		groups.forEachProxyFactory((group, factory) -> {
			HttpServiceTokens tokens = read(group);
			problems.addAll(tokens.problems());
			if (tokens.problems().isEmpty()) {
				tokens.addTo(factory);
				this.groups.put(group.name(), new Group(tokens, group.clientType() == ClientType.REST_CLIENT));
			}
		});
		if (!problems.isEmpty()) {
			throw new InvalidConfigurationException(problems);
		}
	}

	void forEach(BiConsumer<String, Group> action) {
		this.groups.forEach(action);
	}

	private HttpServiceTokens read(HttpServiceGroup group) {
		String client = client(group.name());
		return (client != null) ? HttpServiceTokens.of(group.httpServiceTypes(), client)
				: HttpServiceTokens.of(group.httpServiceTypes());
	}

	private @Nullable String client(String group) {
		EvertokenProperties properties = this.properties.getIfAvailable();
		if (properties == null) {
			return null;
		}
		return properties.clients()
			.entrySet()
			.stream()
			.filter((client) -> client.getValue().httpServiceGroups().contains(group))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(null);
	}

	/**
	 * A group.
	 *
	 * @param tokens what its interfaces say
	 * @param blocking whether its calls are those of a {@code RestClient}
	 */
	record Group(HttpServiceTokens tokens, boolean blocking) {

	}

}
