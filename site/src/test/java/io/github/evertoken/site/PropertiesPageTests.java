package io.github.evertoken.site;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the tables of {@code docs/reference/properties.adoc} to the metadata of the
 * properties, of which editors make their suggestions. With
 * {@code -Devertoken.docs.write=true} they are written anew.
 */
class PropertiesPageTests {

	private static final Path PAGE = Path.of("..", "docs", "reference", "properties.adoc");

	private static final String BEGIN = "// The tables are made by PropertiesPageTests.\n";

	private static final String END = "// The end of the tables.\n";

	private static final String CLIENT = "evertoken.clients.<name>.";

	/**
	 * The groups of a client's properties, in their order, each with the beginnings of
	 * the names in it.
	 */
	private static final List<Group> GROUPS = List.of(
			new Group("where", "Where tokens come from, and where they go",
					"xref:discovery.adoc[Discovery], xref:origins.adoc[Where tokens go]", "base-url", "origins",
					"http-service-groups", "token-uri", "issuer-uri", "revocation-uri", "revoke-on-shutdown"),
			new Group("credentials", "How the client proves who it is",
					"xref:client-authentication.adoc[How a client proves who it is]", "client-"),
			new Group("grant", "What is asked with, and for", "xref:grants.adoc[What is asked with]", "grant-type",
					"refresh-token", "scope", "audience", "resource", "authorization-details", "parameters", "headers",
					"assertion.", "subject-token.", "actor-token."),
			new Group("life", "How long tokens live, and when they are renewed",
					"xref:concepts.adoc[What happens to a token], xref:long-operations.adoc[Long operations]",
					"default-lifetime", "expiry-margin", "renewal.", "start", "max-lease", "session-warning"),
			new Group("trouble", "When something is wrong",
					"xref:rejections.adoc[What happens on a 401], link:../faults.md[What callers get]", "max-wait",
					"retry.", "refresh-deadline", "rejection.", "await-sign-in", "health"),
			new Group("subjects", "Users and subjects", "xref:subjects.adoc[Users and subjects]", "subjects."),
			new Group("replicas", "More than one replica",
					"xref:replicas.adoc[More than one replica], link:../fleet.md[One refresh for the whole fleet]",
					"shared", "rotation."),
			new Group("dpop", "Tokens bound to a key", "xref:dpop.adoc[Tokens bound to a key]", "dpop."),
			new Group("connection", "The connection to the token endpoint",
					"xref:connection.adoc[The connection to the token endpoint]", "connect-timeout", "response-timeout",
					"max-concurrent-requests", "ssl.", "proxy."),
			new Group("manners", "A token endpoint with manners of its own",
					"xref:token-endpoints.adoc[A token endpoint of your own making]", "token-type", "token-request.",
					"token-response."),
			new Group("spring-security", "Beside Spring Security",
					"xref:spring-security.adoc[Coming from Spring Security]", "registration-id", "obtained-by"));

	@Test
	void pageThenHasTheTablesOfTheMetadata() throws IOException {
		String page = Files.readString(PAGE);
		String wanted = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + "\n" + tables() + "\n"
				+ page.substring(page.indexOf(END));
		if (Boolean.getBoolean("evertoken.docs.write")) {
			Files.writeString(PAGE, wanted);
		}
		assertThat(Files.readString(PAGE))
			.as("docs/reference/properties.adoc; to write it anew: ./mvnw -pl site -am test -Dtest=PropertiesPageTests"
					+ " -Dsurefire.failIfNoSpecifiedTests=false -Devertoken.docs.write=true")
			.isEqualTo(wanted);
	}

	@Test
	void metadataThenDescribesEveryProperty() throws IOException {
		Map<String, Property> properties = properties();
		assertThat(properties).hasSizeGreaterThan(100).containsKeys("evertoken.store.prefix", CLIENT + "base-url");
		assertThat(properties.values())
			.allSatisfy((property) -> assertThat(property.description()).as(property.name()).isNotBlank());
	}

	private static String tables() throws IOException {
		Map<String, Property> all = properties();
		Map<String, Property> rest = new TreeMap<>(all);
		StringBuilder tables = new StringBuilder();
		tables.append(table("global", "Of the application", null,
				take(rest, (property) -> !property.name().startsWith(CLIENT))));
		for (Group group : GROUPS) {
			tables.append(table(group.id(), group.title(), group.see(), group.take(rest)));
		}
		if (!rest.isEmpty()) {
			tables.append(table("further", "Further ones", null, take(rest, (property) -> true)));
		}
		return tables.toString();
	}

	private static List<Property> take(Map<String, Property> from, Predicate<Property> wanted) {
		List<Property> taken = from.values().stream().filter(wanted).toList();
		taken.forEach((property) -> from.remove(property.name()));
		return taken;
	}

	private static String table(String id, String title, @Nullable String see, List<Property> properties) {
		return "[#" + id + "]\n== " + title + "\n\n" + ((see != null) ? "See " + see + ".\n\n" : "")
				+ "[cols=\"3,2,2,5\",options=\"header\"]\n|===\n| property | type | default | meaning\n\n"
				+ properties.stream().map(Property::row).collect(Collectors.joining("\n")) + "|===\n\n";
	}

	private static Map<String, Property> properties() throws IOException {
		Map<String, Property> properties = new TreeMap<>();
		for (URL metadata : Collections.list(PropertiesPageTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			read(metadata, "", properties);
		}
		String clients = "META-INF/spring/configuration-metadata/" + ClientProperties.class.getName() + ".json";
		read(Objects.requireNonNull(PropertiesPageTests.class.getClassLoader().getResource(clients)), CLIENT,
				properties);
		return properties;
	}

	@SuppressWarnings("unchecked")
	private static void read(URL metadata, String prefix, Map<String, Property> properties) throws IOException {
		try (InputStream json = metadata.openStream()) {
			Map<String, Object> content = JsonParserFactory.getJsonParser()
				.parseMap(new String(json.readAllBytes(), StandardCharsets.UTF_8));
			for (Map<String, Object> property : (List<Map<String, Object>>) content.get("properties")) {
				String name = prefix + property.get("name");
				if (name.startsWith("evertoken.") && !property.containsKey("deprecation")) {
					properties.put(name, new Property(name, (String) property.get("type"), property.get("defaultValue"),
							(String) property.getOrDefault("description", "")));
				}
			}
		}
	}

	/**
	 * Properties that belong together.
	 */
	private record Group(String id, String title, String see, String... beginnings) {

		List<Property> take(Map<String, Property> rest) {
			return Stream.of(this.beginnings)
				.flatMap((beginning) -> PropertiesPageTests.take(rest, (property) -> property.is(CLIENT + beginning))
					.stream())
				.toList();
		}

	}

	/**
	 * A property.
	 */
	private record Property(String name, String type, @Nullable Object defaultValue, String description) {

		private static final Pattern GENERIC = Pattern.compile("java\\.util\\.(List|Set|Map)<(?:.*,)?([^,]+)>");

		private static final Map<String, String> TYPES = Map.of("java.lang.String", "string", "java.lang.Boolean",
				"boolean", "java.time.Duration", "duration", "java.lang.Integer", "number", "java.lang.Long", "number",
				"java.lang.Double", "number", "java.net.URI", "URI");

		boolean is(String beginning) {
			return beginning.endsWith(".") || beginning.endsWith("-") ? name().startsWith(beginning)
					: name().equals(beginning) || name().startsWith(beginning + "-") && beginning.endsWith(".start");
		}

		String row() {
			return Stream
				.of("`+" + name().replace(CLIENT, "") + "+`", type(type()), defaultText(), plain(description()))
				.map((cell) -> ("| " + cell).strip() + "\n")
				.collect(Collectors.joining());
		}

		private String defaultText() {
			if (defaultValue() == null) {
				return "";
			}
			String text = String.valueOf(defaultValue());
			return code(rfc(type()) ? text.replace('-', '_') : text);
		}

		private static String type(String type) {
			Matcher generic = GENERIC.matcher(type);
			if (generic.matches()) {
				String of = type(generic.group(2));
				String collection = generic.group(1).equals("Map") ? "map" : "list";
				return type.endsWith("Properties>") ? collection
						: collection + " of " + of + (of.matches("\\w+") ? "s" : "");
			}
			return TYPES.getOrDefault(type, type.startsWith("io.github.evertoken") ? values(type) : plain(type));
		}

		/**
		 * Return the names of an enum's constants, as they are written in YAML.
		 */
		private static String values(String type) {
			try {
				Object[] constants = Class.forName(type).getEnumConstants();
				if (constants == null) {
					return "";
				}
				return Stream.of(constants)
					.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
					.map((name) -> code(rfc(type) ? name : name.replace('_', '-')))
					.collect(Collectors.joining(", "));
			}
			catch (ClassNotFoundException ex) {
				throw new IllegalStateException(ex);
			}
		}

		/**
		 * Whether the values of a type are names of RFCs, which have underscores.
		 */
		private static boolean rfc(String type) {
			return type.equals(GrantType.class.getName()) || type.equals(ClientAuthenticationMethod.class.getName());
		}

		private static String code(String text) {
			return "`+" + text + "+`";
		}

		private static String plain(String text) {
			return "pass:c[" + text.replace("]", "\\]").replace("|", "\\|") + "]";
		}

	}

}
