package io.github.evertoken.boot.autoconfigure.client;

import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.Origin;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import org.jspecify.annotations.Nullable;

/**
 * Finds where the tokens of each client may go: where the client says, or else where its
 * groups of HTTP services go.
 */
final class ClientUrls {

	private static final Pattern WILDCARD = Pattern.compile("/\\*+(/|$)");

	private final ConfigurationProblems problems;

	private final GroupBaseUrls groupBaseUrls;

	private final ClientSelector.Builder selector = ClientSelector.builder();

	private final Map<String, String> clientsByGroup = new HashMap<>();

	private final Map<String, Map<String, String>> ofGroups = new HashMap<>();

	/**
	 * Create what finds them.
	 * @param problems takes what is wrong
	 * @param groupBaseUrls tells where groups go
	 */
	ClientUrls(ConfigurationProblems problems, GroupBaseUrls groupBaseUrls) {
		this.problems = problems;
		this.groupBaseUrls = groupBaseUrls;
	}

	/**
	 * Return which requests each client belongs to.
	 */
	ClientSelector selector() {
		return this.selector.build();
	}

	/**
	 * Return the base URLs that each client has from its groups, by the names of their
	 * properties.
	 */
	Map<String, Map<String, String>> ofGroups() {
		return Collections.unmodifiableMap(this.ofGroups);
	}

	Map<String, String> ofGroups(String client) {
		return this.ofGroups.getOrDefault(client, Map.of());
	}

	void add(OutboundClient client, ConfigurationProblems.OfClient problems) {
		client.baseUrls().forEach((baseUrl) -> add(client.name(), "base-url", baseUrl, problems, () -> parse(baseUrl)));
	}

	void add(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		Map<String, String> groups = groups(name, client, problems);
		String baseUrl = client.baseUrl();
		if (baseUrl == null && client.origins().isEmpty() && groups.isEmpty() && problems.isEmpty()) {
			problems.add("base-url",
					"must be set, to the URL of the resource server such as https://host/path, or else "
							+ problems.name("origins") + groupsWithoutBaseUrl(client) + ": tokens go nowhere else");
		}
		if (baseUrl != null) {
			add(name, "base-url", baseUrl, problems, () -> parse(baseUrl));
		}
		for (int i = 0; i < client.origins().size(); i++) {
			String origin = client.origins().get(i);
			add(name, "origins[" + i + "]", origin, problems, () -> origin(origin));
		}
		if (baseUrl == null) {
			groups.forEach((property, url) -> addOfGroup(name, property, url, problems));
			this.ofGroups.put(name, groups);
		}
		else {
			groups.forEach((property, url) -> requireAllowed(property, url, client, problems));
		}
	}

	/**
	 * Take the groups of a client, each of which is one client's alone.
	 * @return the base URLs of the groups that have one, by the names of their properties
	 */
	private Map<String, String> groups(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		Map<String, String> baseUrls = new LinkedHashMap<>();
		List<String> groups = client.httpServiceGroups();
		for (int i = 0; i < groups.size(); i++) {
			String group = groups.get(i);
			String property = "http-service-groups[" + i + "]";
			if (group.isBlank()) {
				problems.add(property, "must be the name of a group of HTTP services, but is empty");
				continue;
			}
			String other = this.clientsByGroup.putIfAbsent(group, name);
			if (other != null && !other.equals(name)) {
				problems.add(property,
						"is group '" + group + "', which is written to client '" + other
								+ "' too, so that no request says which of the two is meant; leave it to one, and name"
								+ " the other with @TokenClient where it is meant");
				continue;
			}
			String baseUrl = this.groupBaseUrls.of(group);
			if (baseUrl != null) {
				baseUrls.put(property(group), baseUrl);
			}
		}
		return baseUrls;
	}

	private static String property(String group) {
		return ConfigurationProblems.name(GroupBaseUrls.PROPERTIES, group) + ".base-url";
	}

	private static String groupsWithoutBaseUrl(ClientProperties client) {
		return client.httpServiceGroups()
			.stream()
			.filter((group) -> !group.isBlank())
			.map((group) -> ", or else " + property(group))
			.collect(Collectors.joining());
	}

	private void addOfGroup(String name, String property, String url, ConfigurationProblems.OfClient problems) {
		String other = "; set " + problems.name("base-url") + " if the tokens of client '" + name + "' go elsewhere";
		try {
			add(parse(url), name, property, other);
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(property, ex.getMessage() + ", but is '" + Urls.withoutSecrets(url) + "'" + other);
		}
	}

	private void add(BaseUrl url, String name, String property, String other) {
		try {
			this.selector.add(url, name);
		}
		catch (IllegalArgumentException ex) {
			this.problems.add(property, ex.getMessage() + other);
		}
	}

	/**
	 * A request that names its client goes to one of its origins, or fails.
	 */
	private static void requireAllowed(String property, String url, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		Origin origin = originOrNull(url);
		Set<String> allowed = Stream.concat(Stream.ofNullable(client.baseUrl()), client.origins().stream())
			.map(ClientUrls::originOrNull)
			.map(String::valueOf)
			.collect(Collectors.toSet());
		if (origin != null && !allowed.contains(origin.toString())) {
			problems.add("base-url",
					"must have the origin of all requests of the client, but " + property + " is '"
							+ Urls.withoutSecrets(url) + "', and every request of that group would fail; add '" + origin
							+ "' to " + problems.name("origins") + ", or leave " + problems.name("base-url")
							+ " out, and it is taken from there");
		}
	}

	private static @Nullable Origin originOrNull(String url) {
		try {
			return Origin.of(Urls.parse(url));
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	private void add(String name, String property, String value, ConfigurationProblems.OfClient problems,
			Supplier<BaseUrl> parser) {
		BaseUrl url = problems.checkUrl(property, value, parser);
		if (url != null) {
			problems.check(property, () -> this.selector.add(url, name));
		}
	}

	/**
	 * A wildcard is what a path may have, and what no path has.
	 */
	private static BaseUrl parse(String url) {
		String path = Urls.parse(url).getRawPath();
		BaseUrl baseUrl = BaseUrl.of(url);
		if (path != null && WILDCARD.matcher(path).find()) {
			throw new IllegalArgumentException("must not have a wildcard: all that is below it is covered");
		}
		return baseUrl;
	}

	private static BaseUrl origin(String origin) {
		BaseUrl url = parse(origin);
		String path = Urls.parse(origin).getRawPath();
		if (path != null && !path.isEmpty() && !path.equals("/")) {
			throw new IllegalArgumentException(
					"must be an origin such as https://host:8443, without a path (a path goes into base-url)");
		}
		return url;
	}

}
