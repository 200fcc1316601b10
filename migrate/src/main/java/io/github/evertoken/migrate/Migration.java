package io.github.evertoken.migrate;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * What becomes of the registrations of a project.
 */
final class Migration {

	private static final ConfigurationPropertyName EVERTOKEN = ConfigurationPropertyName.of("evertoken.clients");

	private static final ConfigurationPropertyName IMPORT = ConfigurationPropertyName.of("spring.config.import");

	private static final Set<String> OF_REGISTRATION = Set.of("provider", "client-id", "client-secret",
			"client-authentication-method", "authorization-grant-type", "redirect-uri", "scope", "client-name");

	private static final Set<String> OF_PROVIDER = Set.of("authorization-uri", "token-uri", "user-info-uri",
			"user-info-authentication-method", "jwk-set-uri", "issuer-uri", "user-name-attribute");

	private final Configuration configuration;

	private final CodeUse code;

	private final Builds builds;

	private final boolean servlet;

	private final ClientMapper mapper;

	private final Report report = new Report();

	/**
	 * The clients that need no registration any more.
	 */
	private final Set<String> carried = new LinkedHashSet<>();

	/**
	 * The registrations that have to stay.
	 */
	private final Set<String> staying = new LinkedHashSet<>();

	private final Map<String, String> clientByUrl = new HashMap<>();

	private final Set<String> withoutUrl = new HashSet<>();

	private Migration(Configuration configuration, CodeUse code, Builds builds, boolean servlet) {
		this.configuration = configuration;
		this.code = code;
		this.builds = builds;
		this.servlet = servlet;
		this.mapper = new ClientMapper(configuration.has("spring.security.oauth2.resourceserver.jwt"));
	}

	/**
	 * Read a project.
	 * @param directory where it is
	 * @return what is to be done
	 * @throws UnreadableException if something in it cannot be read or makes no sense
	 * @throws UsageException if there is nothing to read
	 */
	static Report of(Path directory) {
		ProjectFiles files = ProjectFiles.of(directory);
		Configuration configuration = Configuration.of(files);
		CodeReader reader = new CodeReader(files, configuration::has);
		CodeUse code = reader.read();
		Builds builds = Builds.of(files);
		String type = configuration.base().value("spring.main.web-application-type");
		boolean servlet = (type != null) ? type.equalsIgnoreCase("servlet") : reader.isServlet() || builds.isServlet();
		Migration migration = new Migration(configuration, code, builds, servlet);
		migration.run(files);
		return migration.report;
	}

	private void run(ProjectFiles files) {
		this.report.file(this.configuration.file());
		for (String id : this.configuration.registrations()) {
			classify(id);
		}
		resolveLogin();
		writeYaml();
		this.code.deletable().forEach(this.report::delete);
		this.code.byHand().forEach(this.report::byHand);
		this.code.byHandOfClients().forEach((remark, id) -> {
			if (this.carried.contains(id) || this.code.isSent(id)) {
				this.report.byHand(remark);
			}
		});
		if (!this.report.yaml().isEmpty()) {
			this.code.tests().forEach(this.report::byHand);
		}
		reportChoices();
		reportUnknownRegistrations();
		Set<String> needed = providers(this.staying);
		Set<String> providers = providers(this.carried);
		providers.removeAll(needed);
		this.configuration.deletable(
				(name) -> isBelow(Layer.REGISTRATION, this.carried, name) || isBelow(Layer.PROVIDER, providers, name))
			.forEach(this.report::delete);
		reportProperties();
		this.configuration.tests().forEach(this.report::byHand);
		EnvironmentNames.of(files, this.carried).forEach(this.report::byHand);
		this.builds.report(this.report, this.code, this.staying.isEmpty());
	}

	/**
	 * What is wrong under each condition is wrong; what is only complete under one is
	 * meant for it.
	 */
	private void classify(String id) {
		UnreadableException problem = null;
		EffectiveRegistration complete = null;
		for (Layer layer : this.configuration.layers()) {
			EffectiveRegistration registration = effective(layer, id);
			try {
				if (registration != null && complete == null) {
					check(registration, layer);
					complete = registration;
				}
			}
			catch (UnreadableException ex) {
				problem = (problem != null) ? problem : ex;
			}
		}
		if (complete == null) {
			throw Objects.requireNonNull(problem);
		}
		Place place = place(id);
		if (this.configuration.layers().stream().anyMatch((layer) -> layer.has(EVERTOKEN, id))) {
			this.staying.add(id);
			this.report.stays(place, id, "evertoken.clients." + id + " is there already.");
		}
		else if (complete.isLogin()) {
			this.staying.add(id);
			this.report.stays(place, id, "Users log in with it, and Spring Security goes on doing that.");
		}
		else if (complete.evertokenGrant() == null) {
			this.staying.add(id);
			this.report.byHand(new Remark(place, "The registration " + id + " is not carried over: Evertoken does not"
					+ " have the grant " + complete.grantType() + ". A TokenIssuer bean with the client's name can."));
		}
		else {
			this.carried.add(id);
			reportDetails(complete, place);
		}
	}

	private void check(EffectiveRegistration registration, Layer layer) {
		String id = registration.id();
		Place place = layer.place(Layer.REGISTRATION, id);
		if (registration.grantType() == null) {
			throw new UnreadableException(place, "the registration " + id + " has no authorization-grant-type");
		}
		if (registration.tokenUri() == null && registration.issuerUri() == null) {
			throw new UnreadableException(place, "the registration " + id + " has no token endpoint: the provider "
					+ registration.provider() + " has neither a token-uri nor an issuer-uri");
		}
	}

	private void reportDetails(EffectiveRegistration registration, Place place) {
		String id = registration.id();
		String method = registration.authenticationMethod();
		if ("private_key_jwt".equals(method)) {
			this.report.byHand(new Remark(place, "The key of the client " + id + " is none of Spring Boot's properties:"
					+ " set client-assertion.key-location or client-assertion.ssl-bundle."));
		}
		else if (ClientMapper.isMutualTls(method)) {
			this.report.byHand(new Remark(place, "The certificate of the client " + id + " is none of Spring Boot's"
					+ " properties for registrations: set ssl.bundle."));
		}
		else if ("none".equals(method)) {
			this.report.byHand(new Remark(place, "The client " + id + " is a public one. It needs a refresh-token, or"
					+ " an assertion that says who it is."));
		}
		if (method == null && registration.issuerUri() != null) {
			this.report.note(new Remark(place, "Spring Security asks the issuer of " + id + " how the client"
					+ " authenticates. Evertoken does so with client_secret_basic; if the issuer does not take that, set"
					+ " client-authentication-method: client_secret_post."));
		}
		if ("token_exchange".equals(registration.evertokenGrant())
				|| "jwt_bearer".equals(registration.evertokenGrant())) {
			this.report.note(new Remark(place, "The client " + id + " acts on behalf of whoever calls: it shows the"
					+ " token that Spring Security has checked."));
		}
	}

	/**
	 * Where the code sends the token of a login without saying of which, there is no
	 * doubt if there is one only.
	 */
	private void resolveLogin() {
		Set<Place> places = this.code.used().getOrDefault(CodeUse.LOGIN, Set.of());
		if (!this.code.isSent(CodeUse.LOGIN)) {
			return;
		}
		List<String> logins = this.staying.stream().filter(this::isLogin).toList();
		if (logins.size() == 1) {
			String id = logins.get(0);
			places.forEach((place) -> this.code.sendSomewhere(id, place));
			Set.copyOf(this.code.urls(CodeUse.LOGIN))
				.forEach((url) -> this.code.send(id, url, places.iterator().next()));
			this.code.unknown(CodeUse.LOGIN).forEach((place) -> this.code.send(id, null, place));
		}
		else {
			places.forEach((place) -> this.report.byHand(new Remark(place,
					"This is sent with the token of whichever"
							+ " registration the user has logged in with. Evertoken has a client for each: name it with"
							+ " attributes(TokenAttributes.client(..)).")));
		}
	}

	private boolean isLogin(String id) {
		return this.configuration.layers()
			.stream()
			.map((layer) -> effective(layer, id))
			.anyMatch((registration) -> registration != null && registration.isLogin())
				&& this.configuration.layers().stream().noneMatch((layer) -> layer.has(EVERTOKEN, id));
	}

	private void writeYaml() {
		Map<String, Map<String, Object>> before = new LinkedHashMap<>();
		for (Layer layer : this.configuration.layers()) {
			Map<String, Object> clients = new LinkedHashMap<>();
			for (String id : this.configuration.registrations()) {
				Map<String, Object> client = client(layer, id);
				Map<String, Object> base = before.get(id);
				if (client != null && base == null) {
					clients.put(id, withUrls(id, client));
				}
				else if (client != null && base != null) {
					client.entrySet().removeIf((entry) -> Objects.equals(base.get(entry.getKey()), entry.getValue()));
					clients.put(id, client);
				}
				if (layer.condition().isAlways() && client != null) {
					before.put(id, client(layer, id));
				}
			}
			clients.values().removeIf((client) -> client instanceof Map<?, ?> map && map.isEmpty());
			this.report.clients(layer.condition(), clients);
		}
	}

	private @Nullable Map<String, Object> client(Layer layer, String id) {
		EffectiveRegistration registration = effective(layer, id);
		if (registration == null) {
			return null;
		}
		if (this.carried.contains(id)) {
			return this.mapper.client(registration);
		}
		if (!isLogin(id) || !this.code.isSent(id)) {
			return null;
		}
		Map<String, Object> client = new LinkedHashMap<>();
		client.put("registration-id", id);
		if (this.servlet) {
			client.put("#subjects", "subjects.source: authorized-clients is for reactive applications");
		}
		else {
			client.put("subjects", Map.of("source", "authorized-clients"));
		}
		return client;
	}

	private Map<String, Object> withUrls(String id, Map<String, Object> client) {
		Map<String, Object> whole = new LinkedHashMap<>();
		List<String> urls = BaseUrls.of(this.code.urls(id));
		if (this.servlet && client.containsKey("registration-id")) {
			this.report.byHand(new Remark(place(id),
					"Evertoken does not take over logins in an application on servlets:"
							+ " after the login, put the token set of the user in with TokenManager.put(TokenKey.of(\""
							+ id + "\", user), ..)."));
		}
		String other = urls.isEmpty() ? null : this.clientByUrl.putIfAbsent(urls.get(0), id);
		other = id.equals(other) ? null : other;
		if (urls.isEmpty() || other != null) {
			this.withoutUrl.add(id);
			whole.put("#base-url", (other != null) ? "base-url: that of the client " + other + ", " + urls.get(0)
					: "base-url: the URL of the server that gets the token; the code does not tell it");
			this.report.byHand(new Remark(place(id), (other != null) ? "The tokens of " + id + " and of " + other
					+ " go to the same URL, and Evertoken goes by that: set a base-url with a longer path for one of the"
					+ " two. If they differ in scope alone, leave one client, and let a request say"
					+ " attributes(TokenAttributes.scope(..))."
					: "Nothing in the code tells where the token of " + id
							+ " goes. Set base-url of the client: without" + " it the application does not start."));
		}
		else {
			whole.put("base-url", urls.get(0));
		}
		if (urls.size() > 1) {
			whole.put("origins", urls.subList(1, urls.size()).stream().map(BaseUrls::origin).distinct().toList());
		}
		whole.putAll(client);
		return whole;
	}

	private void reportChoices() {
		for (CodeUse.Choice choice : this.code.choices()) {
			String id = choice.registration();
			if (this.withoutUrl.contains(id) || isShadowed(id)) {
				this.report.byHand(new Remark(choice.place(),
						"Say attributes(TokenAttributes.client(\"" + id + "\")) in its place."));
			}
			else if (this.carried.contains(id) || isLogin(id) || id.equals(CodeUse.LOGIN)) {
				this.report.delete(new Remark(choice.place(), choice.text()));
			}
		}
		for (String id : this.configuration.registrations()) {
			for (Place place : this.code.unknown(id)) {
				this.report.byHand(new Remark(place, "Where this goes is decided when the code runs. It has to be below"
						+ " base-url of the client " + id + ", or one of its origins."));
			}
		}
	}

	/**
	 * Another client's base URL may lie within.
	 */
	private boolean isShadowed(String id) {
		return this.clientByUrl.entrySet()
			.stream()
			.filter((mine) -> mine.getValue().equals(id))
			.anyMatch((mine) -> this.clientByUrl.keySet()
				.stream()
				.anyMatch((other) -> other.startsWith(mine.getKey() + "/")
						&& this.code.urls(id).stream().anyMatch((url) -> (url.text() + "/").startsWith(other + "/"))));
	}

	private void reportUnknownRegistrations() {
		Set<String> known = this.configuration.registrations();
		this.code.used().forEach((id, places) -> {
			if (!known.contains(id) && !id.equals(CodeUse.LOGIN)) {
				places.forEach((place) -> this.report.byHand(
						new Remark(place, "There is no registration " + id + " in the configuration that was read.")));
			}
		});
	}

	/**
	 * Look at what the properties themselves have that is not as it should be.
	 */
	private void reportProperties() {
		for (Layer layer : this.configuration.layers()) {
			for (ConfigurationDocument document : layer.own()) {
				for (ConfigurationPropertyName name : document.properties()) {
					ConfigurationProperty property = document.properties().getConfigurationProperty(name);
					if (property != null) {
						reportProperty(name, document.place(property), property.getValue().toString());
					}
				}
			}
		}
	}

	private void reportProperty(ConfigurationPropertyName name, Place place, String value) {
		if (IMPORT.equals(name) || IMPORT.isAncestorOf(name)) {
			this.report.byHand(
					new Remark(place, "What is imported was not read: " + value.replaceAll("//[^/@\\s]*@", "//..@")));
		}
		boolean registration = Layer.REGISTRATION.isAncestorOf(name);
		int key = Layer.REGISTRATION.getNumberOfElements();
		if ((!registration && !Layer.PROVIDER.isAncestorOf(name)) || name.getNumberOfElements() < key + 2) {
			return;
		}
		String property = name.getElement(key + 1, ConfigurationPropertyName.Form.UNIFORM);
		Set<String> known = registration ? OF_REGISTRATION : OF_PROVIDER;
		if (known.stream().noneMatch((candidate) -> candidate.replace("-", "").equals(property))) {
			this.report.byHand(new Remark(place, "Spring Boot has no property " + name + "; nothing was made of it."));
		}
		if (registration && property.equals("clientsecret") && isBelow(Layer.REGISTRATION, this.carried, name)
				&& !value.contains("${") && !value.matches("@[\\w.-]+@") && isSecret(value)) {
			this.report.byHand(new Remark(place, "A secret stands here in the clear, and was carried over. A"
					+ " placeholder, or client-secret-location, keeps it out of the file."));
		}
	}

	/**
	 * A value that another one hides was not carried over.
	 */
	private boolean isSecret(String value) {
		return this.configuration.layers()
			.stream()
			.flatMap((layer) -> this.carried.stream().map((id) -> effective(layer, id)))
			.anyMatch((registration) -> registration != null && value.equals(registration.clientSecret()));
	}

	private Set<String> providers(Set<String> ids) {
		Set<String> providers = new TreeSet<>();
		for (Layer layer : this.configuration.layers()) {
			for (String id : ids) {
				EffectiveRegistration registration = effective(layer, id);
				if (registration != null) {
					providers.add(registration.provider());
				}
			}
		}
		return providers;
	}

	private Place place(String id) {
		return this.configuration.layers()
			.stream()
			.filter((layer) -> layer.has(Layer.REGISTRATION, id))
			.findFirst()
			.orElse(this.configuration.base())
			.place(Layer.REGISTRATION, id);
	}

	private static @Nullable EffectiveRegistration effective(Layer layer, String id) {
		Registration registration = layer.registrations().get(id);
		return (registration != null) ? EffectiveRegistration.of(id, registration, layer.providers()) : null;
	}

	private static boolean isBelow(ConfigurationPropertyName parent, Set<String> keys, ConfigurationPropertyName name) {
		return keys.stream().anyMatch((key) -> Layer.isOf(parent, key, name));
	}

}
