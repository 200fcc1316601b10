package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.Start;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link EvertokenProperties}: the contract that users' files depend on.
 */
class EvertokenPropertiesTests {

	private static final String YAML = """
			evertoken:
			  enabled: true
			  apply-to-web-clients: true
			  apply-to-rest-clients: true
			  apply-to-grpc-channels: true
			  clients:
			    inventory:
			      base-url: http://127.0.0.1:8081/api
			      origins: [https://a, https://b:8443]
			      token-uri: %s
			      issuer-uri: https://idp.internal/realms/shop
			      grant-type: refresh_token
			      client-id: orders
			      client-secret: planted-secret
			      client-authentication-method: client_secret_post
			      refresh-token: planted-refresh
			      scope: [inventory.read, inventory.write]
			      parameters: {audience: inventory, login_hint: alice}
			      default-lifetime: 6m
			      expiry-margin: 11s
			      connect-timeout: 33s
			      response-timeout: 66s
			      max-wait: 132s
			      max-lease: 3h
			      await-sign-in: 7s
			      session-warning: 9m
			      subjects:
			        resolve: false
			        maximum-size: 20
			        expire-after-idle: 8m
			      start: lazy
			      renewal:
			        at: 0.7
			        jitter: 0.04
			        keep-alive: true
			      retry:
			        initial-backoff: 600ms
			        max-backoff: 40s
			      rejection:
			        max-renewals: 6
			        window: 31s
			""";

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class));

	@Test
	void clientWhenEverythingIsSetThenEveryValueArrives() {
		this.contextRunner.withInitializer((context) -> addYaml(context, YAML.formatted(this.server.tokenUri())))
			.run((context) -> {
				ClientSettings settings = context.getBean(ConfiguredClients.class).settings().get(0);
				assertThat(value(settings, "name")).isEqualTo("inventory");
				assertThat(value(settings, "refreshToken")).isEqualTo("planted-refresh");
				assertThat(value(settings, "defaultLifetime")).isEqualTo(Duration.ofMinutes(6));
				assertThat(value(settings, "expiryMargin")).isEqualTo(Duration.ofSeconds(11));
				assertThat(value(settings, "responseTimeout")).isEqualTo(Duration.ofSeconds(66));
				assertThat(value(settings, "maxWait")).isEqualTo(Duration.ofSeconds(132));
				assertThat(value(settings, "maxLease")).isEqualTo(Duration.ofHours(3));
				assertThat(value(settings, "awaitSignIn")).isEqualTo(Duration.ofSeconds(7));
				assertThat(value(settings, "sessionWarning")).isEqualTo(Duration.ofMinutes(9));
				assertThat(value(settings, "maximumSubjects")).isEqualTo(20L);
				assertThat(value(settings, "subjectExpireAfterIdle")).isEqualTo(Duration.ofMinutes(8));
				assertThat(value(settings, "renewAt")).isEqualTo(0.7);
				assertThat(value(settings, "renewalJitter")).isEqualTo(0.04);
				assertThat(value(settings, "keepAlive")).isEqualTo(true);
				assertThat(value(settings, "backoff")).hasToString("Backoff[initial=600, max=40000, patience=3000]");
				assertThat(value(settings, "maxRenewals")).isEqualTo(6);
				assertThat(value(settings, "rejectionWindow")).isEqualTo(Duration.ofSeconds(31));
			});
	}

	@Test
	void tokenRequestWhenClientHasRefreshTokenThenSendsWhatIsSet() {
		this.server.disturb(TestClients.granted());
		this.contextRunner.withInitializer((context) -> addYaml(context, YAML.formatted(this.server.tokenUri())))
			.run((context) -> {
				obtainToken(context);
				assertThat(TestClients.form(this.server, 0)).containsOnly(entry("grant_type", "refresh_token"),
						entry("refresh_token", "planted-refresh"), entry("client_id", "orders"),
						entry("client_secret", "planted-secret"), entry("audience", "inventory"),
						entry("login_hint", "alice"));
			});
	}

	@Test
	void tokenRequestWhenClientHasDefaultsThenIsClientCredentialsWithBasic() {
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "scope=inventory.read,inventory.write"))
			.run((context) -> {
				obtainToken(context);
				assertThat(TestClients.form(this.server, 0)).containsOnly(entry("grant_type", "client_credentials"),
						entry("scope", "inventory.read inventory.write"));
				assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization")).startsWith("Basic ");
			});
	}

	@Test
	void clientWhenNothingElseIsSetThenHasTheDefaultsOfCore() {
		ClientSettings defaults = ClientSettings.of("inventory", (request) -> Mono.never()).build();
		String prefix = "evertoken.clients.inventory.";
		this.contextRunner
			.withPropertyValues(prefix + "base-url=" + this.server.resourceUri(),
					prefix + "token-uri=" + this.server.tokenUri(), prefix + "client-id=orders",
					prefix + "client-secret=planted-secret")
			.run((context) -> assertThat(context.getBean(ConfiguredClients.class).settings().get(0))
				.usingRecursiveComparison()
				.ignoringFields("issuer")
				.isEqualTo(defaults));
	}

	@ParameterizedTest
	@CsvSource({ "lazy,LAZY", "background,BACKGROUND", "required,REQUIRED", "Background,BACKGROUND",
			"REQUIRED,REQUIRED" })
	void startWhenWrittenInYamlThenIsRead(String written, Start expected) {
		String yaml = """
				evertoken:
				  clients:
				    inventory:
				      start: %s
				""".formatted(written);
		EvertokenProperties properties = bind(yaml);
		assertThat(properties.clients().get("inventory").start()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "true,true", "false,false", "'yes',true", "'\"true\"',true", "'{enabled: true}',true" })
	void dpopWhenWrittenInYamlThenIsRead(String written, boolean expected) {
		EvertokenProperties properties = bind("""
				evertoken:
				  clients:
				    inventory:
				      dpop: %s
				""".formatted(written));
		assertThat(properties.clients().get("inventory").dpop().enabled()).isEqualTo(expected);
	}

	@Test
	void clientsWhenTheirNamesAreUnusualThenKeepThem() {
		EvertokenProperties properties = bind("""
				evertoken:
				  clients:
				    my_Client:
				      client-id: a
				    "[my.client]":
				      client-id: b
				""");
		assertThat(properties.clients()).containsOnlyKeys("my_Client", "my.client");
	}

	@Test
	void toStringWhenThereAreSecretsThenRepeatsNone() {
		EvertokenProperties properties = bind(YAML.formatted("https://idp.internal"));
		assertThat(properties.toString() + properties.clients()).doesNotContain("planted");
	}

	@ParameterizedTest
	@CsvSource({ "enabled,true", "apply-to-web-clients,true", "apply-to-rest-clients,true",
			"apply-to-grpc-channels,true", "clients,", "web.reauthentication-response,none",
			"web.unavailable-response,none", "web.login-path,", "endpoint.claims,", "store.type,",
			"store.prefix,evertoken", "store.timeout,500ms", "store.lease,", "store.retention,30d",
			"store.encryption.keys,", "store.encryption.name-key,", "store.encryption.name-key-location," })
	void metadataWhenPropertyIsGlobalThenDescribesIt(String name, String defaultValue) {
		assertDescribed(metadata("spring-configuration-metadata.json"), "evertoken." + name, defaultValue);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			base-url,
			origins,
			http-service-groups,
			token-uri,
			revocation-uri,
			revoke-on-shutdown,false
			grant-type,client-credentials
			client-id,
			client-secret,
			client-authentication-method,client-secret-basic
			refresh-token,
			scope,
			audience,
			resource,
			authorization-details,
			parameters,
			headers,
			subject-token.location,
			subject-token.type,urn:ietf:params:oauth:token-type:access_token
			actor-token.location,
			actor-token.type,urn:ietf:params:oauth:token-type:access_token
			default-lifetime,5m
			expiry-margin,10s
			connect-timeout,2s
			response-timeout,5s
			refresh-deadline,
			max-concurrent-requests,64
			max-wait,10s
			max-lease,24h
			await-sign-in,0s
			session-warning,
			subjects.resolve,
			subjects.maximum-size,10000
			subjects.expire-after-idle,30m
			shared,true
			rotation.after-crash,retry
			rotation.grace,0s
			health,
			start,lazy
			start-timeout,30s
			renewal.at,0.8
			renewal.jitter,0.05
			renewal.keep-alive,false
			retry.patience,3s
			retry.initial-backoff,500ms
			retry.max-backoff,5s
			rejection.max-renewals,5
			rejection.window,30s
			dpop.enabled,false
			dpop.algorithm,
			dpop.key-location,
			dpop.key-password,
			client-secret-location,
			client-assertion.algorithm,
			client-assertion.key,
			client-assertion.key-location,
			client-assertion.key-password,
			client-assertion.key-id,
			client-assertion.ssl-bundle,
			client-assertion.key-alias,
			client-assertion.audience,
			client-assertion.lifetime,60s
			client-assertion.location,
			client-assertion.type,
			assertion.algorithm,
			assertion.key,
			assertion.key-location,
			assertion.key-password,
			assertion.key-id,
			assertion.ssl-bundle,
			assertion.key-alias,
			assertion.audience,
			assertion.lifetime,60s
			assertion.issuer,
			assertion.subject,
			assertion.claims,
			issuer-uri,
			ssl.bundle,
			proxy.host,
			proxy.port,
			proxy.username,
			proxy.password,
			registration-id,
			obtained-by,token-endpoint
			subjects.source,token-store
			token-type,Bearer
			token-request.format,form
			token-response.access-token,access_token
			token-response.access-token-header,
			token-response.token-type,token_type
			token-response.expires-in,expires_in
			token-response.expires-in-format,seconds
			token-response.refresh-token,refresh_token
			token-response.refresh-expires-in,
			token-response.id-token,id_token
			token-response.error,error
			token-response.errors,
			token-response.token-types,
			""")
	void metadataWhenPropertyIsOfClientThenDescribesItWithItsDefault(String name, String defaultValue) {
		assertDescribed(clientMetadata(), name, defaultValue);
	}

	@ParameterizedTest
	@CsvSource({ "grant-type,values,token_exchange", "client-authentication-method,values,private_key_jwt",
			"client-assertion.algorithm,values,PS256", "assertion.algorithm,values,EdDSA",
			"dpop.algorithm,values,ES256", "client-assertion.audience,values,token-endpoint",
			"client-secret-location,providers,org.springframework.core.io.Resource",
			"subject-token.location,providers,org.springframework.core.io.Resource",
			"subject-token.type,values,urn:ietf:params:oauth:token-type:jwt" })
	void metadataWhenValuesAreKnownThenHasHints(String name, String kind, String expected) {
		assertThat(clientMetadata().get("hints")).filteredOn((hint) -> hint.get("name").asString().equals(name))
			.singleElement()
			.satisfies((hint) -> assertThat(hint.get(kind).toString()).contains("\"" + expected + "\""));
	}

	@Test
	void metadataThenEveryHintIsOfAProperty() {
		assertThat(clientMetadata().get("hints")).isNotEmpty()
			.allSatisfy((hint) -> assertThat(KnownProperties.ofClient()).containsKey(hint.get("name").asString()));
	}

	@Test
	void metadataWhenAClientHasMoreThanTheContractThenFails() throws NoSuchMethodException {
		CsvSource contract = EvertokenPropertiesTests.class
			.getDeclaredMethod("metadataWhenPropertyIsOfClientThenDescribesItWithItsDefault", String.class,
					String.class)
			.getAnnotation(CsvSource.class);
		assertThat(clientMetadata().get("properties").size()).isEqualTo((int) contract.textBlock().lines().count());
	}

	private static void assertDescribed(JsonNode metadata, String name, String defaultValue) {
		assertThat(metadata.get("properties")).filteredOn((property) -> property.get("name").asString().equals(name))
			.singleElement()
			.satisfies((property) -> {
				assertThat(property.get("description").asString()).endsWith(".");
				JsonNode actual = property.get("defaultValue");
				assertThat((actual != null) ? actual.asString() : null).isEqualTo(defaultValue);
			});
	}

	private static JsonNode clientMetadata() {
		return metadata("spring/configuration-metadata/" + ClientProperties.class.getName() + ".json");
	}

	private static JsonNode metadata(String name) {
		try (InputStream json = EvertokenProperties.class.getResourceAsStream("/META-INF/" + name)) {
			return JsonMapper.shared().readTree(Objects.requireNonNull(json));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private EvertokenProperties bind(String yaml) {
		AtomicReference<EvertokenProperties> bound = new AtomicReference<>();
		new ApplicationContextRunner().withInitializer((context) -> addYaml(context, yaml))
			.withUserConfiguration(PropertiesConfiguration.class)
			.run((context) -> bound.set(context.getBean(EvertokenProperties.class)));
		return bound.get();
	}

	private static void addYaml(ConfigurableApplicationContext context, String yaml) {
		try {
			new YamlPropertySourceLoader().load("test", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
				.forEach(context.getEnvironment().getPropertySources()::addFirst);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void obtainToken(ConfigurableApplicationContext context) {
		context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
	}

	private static Object value(ClientSettings settings, String name) {
		return ReflectionTestUtils.getField(settings, name);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EvertokenProperties.class)
	static class PropertiesConfiguration {

	}

}
