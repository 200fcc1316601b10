package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP clients that the code makes: with which filters, and for which URL.
 */
final class HttpClients {

	/**
	 * The classes, each with what Spring Boot injects to make one.
	 */
	static final Map<String, String> TYPES = Map.of("WebClient", "WebClient.Builder", "RestClient",
			"RestClient.Builder", "RestTemplate", "RestTemplateBuilder");

	private static final Set<String> FILTER = Set.of("filter", "filters", "apply", "requestInterceptor",
			"requestInterceptors", "interceptors", "additionalInterceptors", "setInterceptors");

	private final SourceIndex index;

	private final TextReader texts;

	private final HelperMethods helpers;

	private final TokenFilters filters;

	private final CodeUse use;

	private final List<HttpClientSite> sites = new ArrayList<>();

	HttpClients(SourceIndex index, TextReader texts, TokenFilters filters, CodeUse use) {
		this.helpers = new HelperMethods(index, texts);
		this.index = index;
		this.texts = texts;
		this.filters = filters;
		this.use = use;
		List<HttpClientSite> partial = new ArrayList<>();
		for (Chain chain : index.chains()) {
			HttpClientSite site = site(chain);
			if (site != null) {
				(site.isBuilt() ? this.sites : partial).add(site);
			}
		}
		partial.forEach(this::merge);
		this.sites.forEach(this::report);
	}

	List<HttpClientSite> sites() {
		return this.sites;
	}

	private @Nullable HttpClientSite site(Chain chain) {
		HttpClientSite site = new HttpClientSite(chain);
		Chain.Call baseUrl = chain.call("baseUrl", "rootUri");
		if (baseUrl != null) {
			site.baseUrlExpression = baseUrl.argument();
			site.baseUrl = this.texts.read(baseUrl.argument(), chain.scope());
		}
		for (Chain.Call call : chain.calls()) {
			if (FILTER.contains(call.name()) || (call.name().equals("add") && chain.call("getInterceptors") != null)) {
				Set<TokenFilter> found = this.filters.in(call, chain.scope());
				site.filters.addAll(found);
				if (!found.isEmpty()) {
					this.use.delete(call.place(), call.toString());
				}
			}
		}
		addDefaultRequest(site);
		boolean creates = TYPES.keySet().stream().anyMatch(chain::isOn) && chain.call("create", "builder") != null;
		if (creates && baseUrl == null && chain.call("create") != null) {
			Chain.Call create = chain.call("create");
			site.baseUrl = (create != null && create.argument() != null)
					? this.texts.read(create.argument(), chain.scope()) : null;
		}
		boolean builds = chain.call("build") != null && kind(site) != null;
		return (creates || builds || baseUrl != null || !site.filters.isEmpty()) ? site : null;
	}

	/**
	 * What all requests say is as good as a default of the filter.
	 */
	private void addDefaultRequest(HttpClientSite site) {
		Chain.Call call = site.chain.call("defaultRequest");
		MethodInvocationTree attribute = (call != null) ? Requests.attribute(call, "clientRegistrationId") : null;
		Text id = (attribute != null && !attribute.getArguments().isEmpty())
				? this.texts.read(attribute.getArguments().get(0), site.chain.scope()) : Text.UNKNOWN;
		if (call != null && id.whole()) {
			this.use.delete(call.place(), call.toString());
			site.filters.add(TokenFilter.of(id.known(), false));
		}
	}

	/**
	 * A builder may be told in several statements.
	 */
	private void merge(HttpClientSite partial) {
		boolean merged = false;
		for (HttpClientSite site : List.copyOf(this.sites)) {
			String root = site.chain.rootName();
			if (site.isBuilt() && root != null && site.chain.scope().isSameMethod(partial.chain.scope())
					&& (root.equals(partial.chain.rootName()) || root.equals(partial.chain.target()))) {
				site.add(partial);
				merged = true;
			}
		}
		if (!merged) {
			this.sites.add(partial);
		}
	}

	private void report(HttpClientSite site) {
		if (site.filters.isEmpty()) {
			return;
		}
		String kind = kind(site);
		if (kind != null) {
			this.use.addKind(kind);
		}
		Place place = site.chain.place();
		for (TokenFilter filter : site.filters) {
			for (String registration : filter.registrations()) {
				send(registration, site, place);
			}
			if (filter.login()) {
				send(CodeUse.LOGIN, site, place);
			}
			sendForEachCall(filter, site, place);
		}
		reportOwnBuilder(site, kind);
	}

	private void sendForEachCall(TokenFilter filter, HttpClientSite site, Place place) {
		Tree open = filter.open();
		if (open == null || filter.scope() == null || !filter.scope().isSameMethod(site.chain.scope())) {
			return;
		}
		for (Scope call : this.helpers.calls(site.chain.scope())) {
			Text registration = this.texts.read(open, call);
			if (registration.whole()) {
				send(registration.known(),
						(site.baseUrlExpression != null) ? this.texts.read(site.baseUrlExpression, call) : site.baseUrl,
						place);
			}
		}
	}

	private void send(String registration, HttpClientSite site, Place place) {
		send(registration, site.baseUrl, place);
	}

	private void send(String registration, @Nullable Text baseUrl, Place place) {
		if (baseUrl == null) {
			this.use.sendSomewhere(registration, place);
		}
		else {
			this.use.send(registration,
					(baseUrl.whole() && baseUrl.isAbsolute()) ? new CodeUse.Url(baseUrl.known(), true) : null, place);
		}
	}

	/**
	 * Evertoken is in the builders that Spring Boot makes.
	 */
	void reportOwnBuilder(HttpClientSite site, @Nullable String kind) {
		String own = TYPES.keySet().stream().filter((type) -> isOwn(site, type)).findFirst().orElse(null);
		if (own != null) {
			this.use.byHand(Place.of(site.chain.place().file(), site.chain.calls().get(0).place().from()),
					"Build it from the " + TYPES.get(own) + " that Spring Boot injects. " + own
							+ ".builder() and create() know nothing of Evertoken.");
		}
		else if ("RestTemplate".equals(kind) && this.index.created()
			.stream()
			.anyMatch((made) -> made.type().startsWith("RestTemplate")
					&& made.scope().isSameMethod(site.chain.scope()))) {
			this.use.byHand(site.chain.place(), "Build it with the RestTemplateBuilder that Spring Boot injects.");
		}
	}

	private boolean isOwn(HttpClientSite site, String type) {
		if (site.chain.isOn(type)) {
			return true;
		}
		String root = site.chain.rootName();
		return root != null && this.index.chains()
			.stream()
			.anyMatch((chain) -> root.equals(chain.target()) && chain.isOn(type) && chain.call("builder") != null
					&& chain.scope().isSameMethod(site.chain.scope()));
	}

	/**
	 * Return the simple name of the class of a client, or {@code null} if it is not
	 * known.
	 */
	@Nullable String kind(HttpClientSite site) {
		for (String type : TYPES.keySet()) {
			if (isOwn(site, type)) {
				return type;
			}
		}
		String root = site.chain.rootName();
		VariableTree variable = (root != null) ? variable(root, site.chain.scope()) : null;
		if (variable != null) {
			String type = String.valueOf(variable.getType()).replaceAll("<.*", "");
			for (Map.Entry<String, String> known : TYPES.entrySet()) {
				if (type.endsWith(known.getValue()) || type.equals(known.getKey())) {
					return known.getKey();
				}
			}
		}
		MethodTree method = site.chain.scope().method();
		String returned = (method != null) ? SourceType.simpleName(method.getReturnType()) : "";
		return TYPES.containsKey(returned) ? returned : null;
	}

	private static @Nullable VariableTree variable(String name, Scope scope) {
		VariableTree local = SourceType.local(scope.method(), name);
		return (local != null) ? local : scope.type().field(name);
	}

	/**
	 * Return the client that a request is made with, or {@code null} if it is not known:
	 * a variable of the method, a field, a method of the class, or a bean, as Spring
	 * finds it.
	 */
	@Nullable HttpClientSite of(Chain request) {
		Scope scope = request.scope();
		String name = request.rootName();
		if (name == null) {
			String method = (request.root() == null) ? request.calls().get(0).name() + "()" : null;
			return find((site) -> site.chain.scope().type() == scope.type() && method != null
					&& method.equals(site.chain.target()));
		}
		HttpClientSite local = find(
				(site) -> site.chain.scope().isSameMethod(scope) && name.equals(site.chain.target()));
		if (local != null) {
			return local;
		}
		if (SourceType.local(scope.method(), name) == null) {
			HttpClientSite field = find((site) -> site.chain.scope().type() == scope.type()
					&& scope.type().field(name) != null && name.equals(site.chain.target()));
			if (field != null) {
				return field;
			}
		}
		VariableTree variable = variable(name, scope);
		String type = (variable != null) ? SourceType.simpleName(variable.getType()) : "";
		return TYPES.containsKey(type) ? bean(name, type) : null;
	}

	private @Nullable HttpClientSite bean(String name, String type) {
		List<HttpClientSite> beans = this.sites.stream().filter((site) -> isBean(site, type)).toList();
		return beans.stream()
			.filter((site) -> (name + "()").equals(beanName(site)))
			.findFirst()
			.orElse((beans.size() == 1) ? beans.get(0) : null);
	}

	private static boolean isBean(HttpClientSite site, String type) {
		MethodTree method = site.chain.scope().method();
		return method != null && SourceType.simpleName(method.getReturnType()).equals(type)
				&& SourceType.annotation(method.getModifiers(), "Bean") != null;
	}

	private static @Nullable String beanName(HttpClientSite site) {
		MethodTree method = site.chain.scope().method();
		return (method != null) ? method.getName() + "()" : null;
	}

	private @Nullable HttpClientSite find(Predicate<HttpClientSite> predicate) {
		return this.sites.stream().filter(predicate).findFirst().orElse(null);
	}

}
