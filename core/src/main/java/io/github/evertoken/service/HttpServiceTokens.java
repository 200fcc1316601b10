package io.github.evertoken.service;

import java.lang.reflect.Method;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.Origin;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.invoker.HttpRequestValues;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

/**
 * What HTTP service interfaces say of the tokens of their calls, with
 * {@link TokenClient}, {@link TokenSubject}, {@link TokenScope} and
 * {@link ExpectedDuration}. Each call says it with the attributes of its request
 * ({@link TokenAttributes}), to a {@code WebClient} or a {@code RestClient} that has the
 * filter or the interceptor.
 * <p>
 * The starter does this for all groups of HTTP services. Whoever makes a proxy by hand
 * adds it to the factory, and without it the annotations say nothing: <pre class="code">
 * HttpServiceProxyFactory.Builder factory = HttpServiceProxyFactory.builderFor(WebClientAdapter.create(webClient));
 * HttpServiceTokens.of(List.of(InventoryService.class)).addTo(factory);
 * InventoryService inventory = factory.build().createClient(InventoryService.class);
 * </pre>
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class HttpServiceTokens {

	private final Map<Method, MethodTokens> methods = new LinkedHashMap<>();

	private final List<String> problems = new ArrayList<>();

	private HttpServiceTokens(Collection<Class<?>> services, @Nullable String client) {
		services.forEach((service) -> read(service, client));
	}

	/**
	 * Read interfaces. A method without {@link TokenClient} leaves it to the URL of a
	 * request which client's token that carries.
	 * @param services the interfaces
	 * @return what they say
	 */
	public static HttpServiceTokens of(Collection<Class<?>> services) {
		return new HttpServiceTokens(services, null);
	}

	/**
	 * Read interfaces whose requests carry the token of one client, unless
	 * {@link TokenClient} names another.
	 * @param services the interfaces
	 * @param client the name of that client
	 * @return what they say
	 */
	public static HttpServiceTokens of(Collection<Class<?>> services, String client) {
		return new HttpServiceTokens(services, Objects.requireNonNull(client));
	}

	private void read(Class<?> service, @Nullable String client) {
		MethodIntrospector.selectMethods(service, HttpServiceTokens::isExchange).forEach((method) -> {
			MethodTokens tokens = new MethodReader(service, method, this.problems).read(client);
			MethodTokens other = this.methods.putIfAbsent(method, tokens);
			if (other != null && !tokens.saysTheSameAs(other)) {
				this.problems.add(tokens.name() + ": must say the same of its token as " + other.name()
						+ ", for both are one inherited method; declare it in each interface, or let them be of"
						+ " different groups");
			}
		});
		MethodIntrospector.selectMethods(service, (Method method) -> !isExchange(method))
			.forEach((method) -> MethodReader.annotations(method)
				.forEach((annotation) -> this.problems.add(MethodReader.name(service, method) + ": must not have @"
						+ annotation + ", for it sends no request; only a method with @HttpExchange does")));
	}

	private static boolean isExchange(Method method) {
		return AnnotatedElementUtils.hasAnnotation(method, HttpExchange.class);
	}

	/**
	 * Return what is wrong with the annotations. The order of the problems is that of the
	 * interfaces.
	 * @return the problems, each beginning with the name of a method, without any secret;
	 * empty if there are none
	 */
	public List<String> problems() {
		return List.copyOf(this.problems);
	}

	/**
	 * Return what is wrong with the clients that are named, for those that there are.
	 * @param clients says which clients there are, and where their tokens may go
	 * @param baseUrl where the requests of the interfaces go, {@code null} if that is not
	 * known
	 * @return the problems, each beginning with the name of a method, without any secret;
	 * empty if there are none
	 */
	public List<String> problems(ClientSelector clients, @Nullable URI baseUrl) {
		List<String> problems = new ArrayList<>();
		Set<String> names = new TreeSet<>(clients.clients());
		for (MethodTokens method : this.methods.values()) {
			String problem = problem(method, clients, names, method.elsewhere() ? null : baseUrl);
			if (problem != null) {
				problems.add(method.name() + ": " + problem);
			}
		}
		return problems;
	}

	/**
	 * Return what is wrong with the clients that are named, where nothing but the names
	 * of those that there are is known.
	 * @param clients their names, such as those of
	 * {@link io.github.evertoken.web.TokenExchangeFilterFunction#clients()}
	 * @return the problems, each beginning with the name of a method, without any secret;
	 * empty if there are none
	 */
	public List<String> problems(Set<String> clients) {
		Set<String> names = new TreeSet<>(clients);
		List<String> problems = new ArrayList<>();
		for (MethodTokens method : this.methods.values()) {
			String problem = unknown(method, names);
			if (problem != null) {
				problems.add(method.name() + ": " + problem);
			}
		}
		return problems;
	}

	/**
	 * Let the proxies of a factory say it.
	 * @param factory makes proxies of these interfaces
	 * @throws IllegalStateException if there are {@linkplain #problems() problems}
	 */
	public void addTo(HttpServiceProxyFactory.Builder factory) {
		if (!this.problems.isEmpty()) {
			throw new IllegalStateException(
					"The annotations of HTTP service interfaces are wrong: " + String.join("; ", this.problems));
		}
		if (!this.methods.values().stream().allMatch(MethodTokens::isSilent)) {
			factory.customArgumentResolver(this::isOwn).httpRequestValuesProcessor(this::process);
		}
	}

	private boolean isOwn(@Nullable Object argument, MethodParameter parameter, HttpRequestValues.Builder values) {
		MethodTokens tokens = this.methods.get(parameter.getMethod());
		return tokens != null && tokens.ownArguments().contains(parameter.getParameterIndex());
	}

	private void process(Method method, MethodParameter[] parameters, @Nullable Object[] arguments,
			HttpRequestValues.Builder values) {
		MethodTokens tokens = this.methods.get(method);
		if (tokens != null) {
			tokens.addTo(values, arguments);
		}
	}

	private static @Nullable String problem(MethodTokens method, ClientSelector clients, Set<String> names,
			@Nullable URI baseUrl) {
		String client = method.client();
		String unknown = unknown(method, names);
		if (unknown != null) {
			return unknown;
		}
		if (method.isSilent() || baseUrl == null) {
			return null;
		}
		if (client != null && !clients.allows(client, baseUrl)) {
			return "must go where the tokens of client '" + client + "' may go, but goes to " + origin(baseUrl)
					+ "; add that to evertoken.clients." + client + ".origins if they may";
		}
		if (client == null && names.stream().noneMatch((name) -> clients.allows(name, baseUrl))) {
			return "must name the client with @TokenClient: something is said of its token, and no client's tokens go to "
					+ origin(baseUrl);
		}
		return null;
	}

	private static @Nullable String unknown(MethodTokens method, Set<String> names) {
		String client = method.client();
		if (client == null || names.contains(client)) {
			return null;
		}
		return "must carry the token of a client that there is, but "
				+ (method.ofGroup() ? "its group is written to client" : "@TokenClient names") + " '" + client
				+ "', and there " + (names.isEmpty() ? "is none" : "are only " + names);
	}

	/**
	 * Without the rest of the URL, which may have a secret in it.
	 */
	private static String origin(URI url) {
		try {
			return Origin.of(url).toString();
		}
		catch (IllegalArgumentException ex) {
			return "a URL that " + ex.getMessage();
		}
	}

}
