package io.github.evertoken.boot.autoconfigure.connection;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestProxy;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for how clients reach their token endpoints, with each HTTP client that Spring
 * Boot knows.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConnectionTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final HeldCertificate SERVER = certificate("server");

	private static final HeldCertificate OLD = certificate("old");

	private static final HeldCertificate NEW = certificate("new");

	private final MockWebServer server = new MockWebServer();

	private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();

	@TempDir
	private Path directory;

	@BeforeEach
	void startServer() throws IOException {
		HandshakeCertificates certificates = new HandshakeCertificates.Builder().heldCertificate(SERVER)
			.addTrustedCertificate(OLD.certificate())
			.addTrustedCertificate(NEW.certificate())
			.build();
		this.server.useHttps(certificates.sslSocketFactory());
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				ConnectionTests.this.requests.add(request);
				return token(ConnectionTests.this.requests.size());
			}

		});
		this.server.start();
	}

	@AfterEach
	void stopServer() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenBundleTrustsTheServerThenIsObtained(String connector) {
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertThat(token(context)).isEqualTo("token-1"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("FP-1: a server that nobody trusts was not reached")
	void tokenWhenNothingTrustsTheServerThenRefused(String connector) {
		runner(connector).run((context) -> assertFailsWithTls(context));
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(OLD, null))
			.run((context) -> assertFailsWithTls(context));
		assertThat(this.requests).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenTheCertificateIsOfAnotherHostThenRefused(String connector) throws UnknownHostException {
		String other = "https://" + InetAddress.getByName("127.0.0.1").getHostAddress() + ":" + this.server.getPort();
		runner(connector, "ssl.bundle=idp", "token-uri=" + other + "/token").withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertFailsWithTls(context));
		assertThat(this.requests).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("RFC 8705: a client shows the certificate of its bundle")
	void tokenWhenServerDemandsACertificateThenTheOneOfTheBundleIsShown(String connector) {
		this.server.requireClientAuth();
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(SERVER, OLD)).run((context) -> {
			assertThat(token(context)).isEqualTo("token-1");
			assertThat(clientOf(this.requests.get(0))).isEqualTo("CN=old");
		});
		runner(connector, "ssl.bundle=idp", "retry.patience=0s").withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertThat(failure(context)).isInstanceOf(TransientTokenException.class));
		assertThat(this.requests).hasSize(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tls_client_auth", "self_signed_tls_client_auth" })
	@DisplayName("RFC 8705, 5: mutual TLS goes to the endpoint that the metadata has for it")
	void tokenWhenClientAuthenticatesByTlsThenTheAliasIsAskedWithTheCertificate(String method) throws IOException {
		this.server.requireClientAuth();
		try (MockWebServer issuer = new MockWebServer()) {
			issuer.useHttps(new HandshakeCertificates.Builder().heldCertificate(SERVER).build().sslSocketFactory());
			issuer.start();
			String uri = "https://localhost:" + issuer.getPort();
			issuer.enqueue(
					new MockResponse.Builder()
						.body("{\"issuer\":\"%1$s\",\"token_endpoint\":\"%1$s/token\",".formatted(uri)
								+ "\"mtls_endpoint_aliases\":{\"token_endpoint\":\"https://localhost:%d/mtls\"}}"
									.formatted(this.server.getPort()))
						.build());
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, SslAutoConfiguration.class))
				.withPropertyValues(properties("base-url=https://inventory.internal", "issuer-uri=" + uri,
						"client-id=orders", "client-authentication-method=" + method, "ssl.bundle=idp"))
				.withPropertyValues(bundle(SERVER, OLD))
				.run((context) -> assertThat(token(context)).isEqualTo("token-1"));
		}
		assertThat(this.requests).singleElement().satisfies((request) -> {
			assertThat(request.getTarget()).isEqualTo("/mtls");
			assertThat(clientOf(request)).isEqualTo("CN=old");
			assertThat(Objects.requireNonNull(request.getBody()).utf8())
				.isEqualTo("grant_type=client_credentials&client_id=orders");
		});
	}

	@Test
	@DisplayName("CF-1: mutual TLS without a certificate stops the start")
	void startWhenClientAuthenticatesByTlsAndHasNoKeyThenNamesTheProperty() {
		String expected = "an SSL bundle with a key and a certificate in its key store, for"
				+ " evertoken.clients.inventory.client-authentication-method is 'tls_client_auth'";
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues(properties("base-url=https://inventory.internal", "issuer-uri=https://localhost",
					"client-id=orders", "client-authentication-method=tls_client_auth"));
		runner.run((context) -> assertThat(context).getFailure()
			.rootCause()
			.hasMessageContaining("ssl.bundle: must be set, to " + expected));
		runner.withPropertyValues(properties("ssl.bundle=idp"))
			.withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("ssl.bundle: must name " + expected + ", but is 'idp'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenBundleIsUpdatedThenTheNextCallUsesIt(String connector) {
		this.server.requireClientAuth();
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(SERVER, OLD)).run((context) -> {
			assertThat(token(context)).isEqualTo("token-1");
			for (HeldCertificate next : List.of(NEW, OLD, NEW)) {
				context.getBean(SslBundleRegistry.class).updateBundle("idp", sslBundle(next));
				assertThat(nextToken(context)).isEqualTo("token-" + this.requests.size());
			}
			assertThat(this.requests).extracting(ConnectionTests::clientOf)
				.containsExactly("CN=old", "CN=new", "CN=old", "CN=new");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenTheBundleOfSpringBootsOwnSettingsIsUpdatedThenTheNextCallUsesIt(String connector) {
		this.server.requireClientAuth();
		runner(connector).withPropertyValues("spring.http.clients.ssl.bundle=idp")
			.withPropertyValues(bundle(SERVER, OLD))
			.run((context) -> {
				assertThat(token(context)).isEqualTo("token-1");
				context.getBean(SslBundleRegistry.class).updateBundle("idp", sslBundle(NEW));
				assertThat(nextToken(context)).isEqualTo("token-2");
				assertThat(this.requests).extracting(ConnectionTests::clientOf).containsExactly("CN=old", "CN=new");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("A revocation goes over the connection of the token requests")
	void revokeThenTheCertificateOfTheBundleIsShownAndTheProxyAsked(String connector) throws IOException {
		this.server.requireClientAuth();
		try (TestProxy proxy = new TestProxy(this.server.getPort(), null)) {
			runner(connector, "ssl.bundle=idp", "revocation-uri=https://idp.invalid/revoke",
					"headers.x-api-key=planted", "proxy.host=localhost", "proxy.port=" + proxy.port())
				.withPropertyValues(bundle(SERVER, OLD))
				.run((context) -> {
					token(context);
					context.getBean(TokenManager.class).revoke(TokenKey.of("inventory")).block(TIMEOUT);
				});
			assertThat(proxy.requests()).contains("CONNECT idp.invalid:443 HTTP/1.1");
		}
		assertThat(this.requests).extracting(RecordedRequest::getTarget).containsExactly("/token", "/revoke");
		assertThat(clientOf(this.requests.get(1))).isEqualTo("CN=old");
		assertThat(this.requests.get(1).getHeaders().get("x-api-key")).isEqualTo("planted");
	}

	@Test
	void tokenWhenTheFilesOfTheBundleChangeThenTheNextCallUsesThem(CapturedOutput output) {
		this.server.requireClientAuth();
		runner("reactor", "ssl.bundle=idp").withPropertyValues(bundle(SERVER, OLD))
			.withPropertyValues("spring.ssl.bundle.pem.idp.reload-on-update=true",
					"spring.ssl.bundle.watch.file.quiet-period=50ms")
			.run((context) -> {
				assertThat(token(context)).isEqualTo("token-1");
				write("client.key", NEW.privateKeyPkcs8Pem());
				write("client.crt", NEW.certificatePem());
				Awaitility.await().untilAsserted(() -> assertThat(output).contains("The SSL bundle 'idp' has changed"));
				Awaitility.await().untilAsserted(() -> {
					nextToken(context);
					assertThat(clientOf(this.requests.get(this.requests.size() - 1))).isEqualTo("CN=new");
				});
			});
	}

	@Test
	void tokenWhenTheUpdatedBundleCannotBeUsedThenTheLastOneStays(CapturedOutput output) {
		this.server.requireClientAuth();
		runner("reactor", "ssl.bundle=idp").withPropertyValues(bundle(SERVER, OLD)).run((context) -> {
			assertThat(token(context)).isEqualTo("token-1");
			context.getBean(SslBundleRegistry.class)
				.updateBundle("idp", SslBundle
					.of(new PemSslStoreBundle(PemSslStoreDetails.forCertificate("classpath:nothing-there.pem"), null)));
			assertThat(nextToken(context)).isEqualTo("token-2");
			assertThat(clientOf(this.requests.get(1))).isEqualTo("CN=old");
			assertThat(output).contains("WARN").contains("The SSL bundle 'idp' has changed, but cannot be used: ");
		});
	}

	@ParameterizedTest
	@CsvSource({ "keystore.private-key,garbage,Missing private key or unrecognized format",
			"keystore.private-key,/nowhere/client.key,FileNotFoundException: /nowhere/client.key",
			"truststore.certificate,garbage,Missing certificates or unrecognized format" })
	@DisplayName("CF-1: a bundle that cannot be used stops the start, with the property and the reason")
	void startWhenBundleCannotBeUsedThenNamesThePropertyAndTheReason(String property, String value, String reason) {
		String file = value.startsWith("/") ? value : write("broken.pem", value);
		runner("reactor", "ssl.bundle=idp").withPropertyValues(bundle(SERVER, OLD))
			.withPropertyValues("spring.ssl.bundle.pem.idp." + property + "=" + file)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationException.class)
				.hasMessageContaining(
						"evertoken.clients.inventory.ssl.bundle: names the SSL bundle 'idp', which cannot be used: ")
				.hasMessageContaining(reason)
				.hasMessageNotContaining("garbage"));
	}

	@Test
	void startWhenBundleIsUnknownThenNamesThoseThatThereAre() {
		runner("reactor", "ssl.bundle=other").withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory.ssl.bundle: must be the name of an SSL bundle below"
						+ " spring.ssl.bundle, but is 'other': there are [idp]"));
	}

	@Test
	void startWhenConnectorBuilderIsTheApplicationsOwnThenAProxyIsRefused() {
		ClientHttpConnectorBuilder<ClientHttpConnector> own = (settings) -> ClientHttpConnectorBuilder.jdk().build();
		runner("reactor", "proxy.host=localhost", "proxy.port=3128")
			.withBean("own", ClientHttpConnectorBuilder.class, () -> own)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(
						"evertoken.clients.inventory.proxy.host: cannot be set, for the application has"));
	}

	@ParameterizedTest
	@CsvSource({ "reactor,HTTP/2", "jdk,HTTP/2", "jetty,HTTP/1.1", "http-components,HTTP/2" })
	@DisplayName("HTTP/2 is used where both sides have it")
	void tokenWhenServerOffersHttp2ThenIsUsed(String connector, String version) {
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(SERVER, null)).run((context) -> {
			assertThat(token(context)).isEqualTo("token-1");
			assertThat(nextToken(context)).isEqualTo("token-2");
		});
		assertThat(this.requests).extracting(RecordedRequest::getVersion).containsOnly(version);
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenServerHasNoHttp2ThenHttp1IsUsed(String connector) {
		this.server.setProtocols(List.of(Protocol.HTTP_1_1));
		runner(connector, "ssl.bundle=idp").withPropertyValues(bundle(SERVER, null))
			.run((context) -> assertThat(token(context)).isEqualTo("token-1"));
		assertThat(this.requests).extracting(RecordedRequest::getVersion).containsOnly("HTTP/1.1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	void tokenWhenThereIsAProxyThenGoesThroughIt(String connector) throws IOException {
		try (TestProxy proxy = new TestProxy(this.server.getPort(), null)) {
			runner(connector, "ssl.bundle=idp", "token-uri=https://idp.invalid/token", "proxy.host=localhost",
					"proxy.port=" + proxy.port())
				.withPropertyValues(bundle(SERVER, null))
				.run((context) -> assertThat(token(context)).isEqualTo("token-1"));
			assertThat(proxy.requests()).containsExactly("CONNECT idp.invalid:443 HTTP/1.1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jetty", "http-components" })
	void tokenWhenTheProxyWantsAPasswordThenGetsItAndNobodyElse(String connector, CapturedOutput output)
			throws IOException {
		String authorization = "Basic "
				+ Base64.getEncoder().encodeToString("planted:planted-password".getBytes(StandardCharsets.US_ASCII));
		try (TestProxy proxy = new TestProxy(this.server.getPort(), authorization)) {
			runner(connector, "ssl.bundle=idp", "token-uri=https://idp.invalid/token", "proxy.host=localhost",
					"proxy.port=" + proxy.port(), "proxy.username=planted", "proxy.password=planted-password")
				.withPropertyValues(bundle(SERVER, null))
				.run((context) -> assertThat(token(context)).isEqualTo("token-1"));
			assertThat(proxy.requests()).isNotEmpty();
		}
		assertThat(this.requests).hasSize(1);
		assertThat(this.requests.get(0).getHeaders().get("Proxy-Authorization")).isNull();
		assertThat(output).doesNotContain("planted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components" })
	@DisplayName("SE-2: a proxy that refuses the password is told without it")
	void tokenWhenTheProxyRefusesThePasswordThenTransientFailureWithoutIt(String connector, CapturedOutput output)
			throws IOException {
		try (TestProxy proxy = new TestProxy(this.server.getPort(), "Basic another")) {
			runner(connector, "response-timeout=2s", "retry.patience=0s", "token-uri=https://idp.invalid/token",
					"proxy.host=localhost", "proxy.port=" + proxy.port(), "proxy.username=planted",
					"proxy.password=planted-password")
				.run((context) -> {
					TokenException ex = failure(context);
					assertThat(ex).isInstanceOf(TransientTokenException.class);
					StringWriter trace = new StringWriter();
					ex.printStackTrace(new PrintWriter(trace));
					assertThat(trace.toString()).doesNotContain("planted", "cGxhbnRlZ");
				});
		}
		assertThat(this.requests).isEmpty();
		assertThat(output).doesNotContain("planted", "cGxhbnRlZ");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@DisplayName("A resource server that does not answer leaves the token call its connections")
	void tokenWhenTheApplicationHasNoConnectionLeftThenIsObtained(boolean boots) {
		ConnectionProvider one = ConnectionProvider.create("application", 1);
		try (AuthorizationServer plain = TestClients.server()) {
			plain.disturb(Fault.hanging().at(Endpoint.RESOURCE));
			ApplicationContextRunner runner = new ApplicationContextRunner()
				.withConfiguration(
						AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class,
								HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
				.withPropertyValues(TestClients.client(plain, "inventory"))
				// As of the token call: connections with other settings are never shared.
				.withPropertyValues("spring.http.clients.connect-timeout=2s", "spring.http.clients.read-timeout=1m");
			(boots ? runner.withBean(ReactorResourceFactory.class, () -> resources(one)) : runner.withBean("own",
					ClientHttpConnectorBuilder.class,
					() -> ClientHttpConnectorBuilder.reactor().withHttpClientFactory(() -> HttpClient.create(one))))
				.run((context) -> {
					WebClient webClient = context.getBean(WebClient.Builder.class).build();
					Disposable hanging = get(webClient, plain.resourceUri()).subscribe();
					Awaitility.await().untilAsserted(() -> assertThat(plain).receivedResourceRequests(1));
					assertThat(get(webClient, plain.resourceUri()).timeout(Duration.ofMillis(300))
						.materialize()
						.block(TIMEOUT)
						.isOnError()).isTrue();
					assertThat(token(context)).isNotEmpty();
					assertThat(plain).receivedTokenRequests(1).receivedResourceRequests(1);
					hanging.dispose();
				});
		}
	}

	private static Mono<ResponseEntity<Void>> get(WebClient webClient, String url) {
		return webClient.get().uri(url).retrieve().toBodilessEntity();
	}

	@Test
	void tokensWhenManySubjectsNeedThemAtOnceThenAllAreObtained() {
		try (AuthorizationServer slow = TestClients.server()) {
			slow.disturb(Fault.slow(Duration.ofMillis(500)));
			// Only the number of those who wait counts here, and not the time.
			runner("reactor", "token-uri=" + slow.tokenUri(), "response-timeout=1m", "refresh-deadline=1m",
					"max-wait=1m")
				.run((context) -> {
					TokenManager manager = context.getBean(TokenManager.class);
					assertThat(Flux.range(0, 300)
						.map((i) -> TokenKey.of("inventory", "subject-" + i))
						.flatMap((key) -> manager
							.put(key, TokenSet.withRefreshToken(slow.newSession("orders", "s")).build())
							.then(manager.token(key)), 300)
						.collectList()
						.block(Duration.ofMinutes(1))).hasSize(300);
				});
		}
	}

	@Test
	void contextWhenClosedThenItsConnectionsAreToo() {
		List<TokenEndpointClients> clients = new ArrayList<>();
		runner("reactor", "ssl.bundle=idp").withPropertyValues(bundle(SERVER, null)).run((context) -> {
			token(context);
			clients.add(context.getBean(TokenEndpointClients.class));
			assertThat(connections(clients.get(0)).isDisposed()).isFalse();
		});
		assertThat(connections(clients.get(0)).isDisposed()).isTrue();
	}

	@Test
	void clientsWhenTheirConnectionsAreEqualThenShareOneAndOtherwiseDoNot() {
		TokenEndpointClients clients = new TokenEndpointClients(ClientHttpConnectorBuilder.reactor(),
				HttpClientSettings.defaults(), null);
		Connection connection = new Connection(Duration.ofSeconds(2), Duration.ofSeconds(5), true, null,
				new Connection.Proxy("proxy", 3128, "planted", "planted"));
		Connection equal = new Connection(Duration.ofSeconds(2), Duration.ofSeconds(5), true, null,
				new Connection.Proxy("proxy", 3128, "planted", "planted"));
		Connection other = new Connection(Duration.ofSeconds(2), Duration.ofSeconds(5), true, null, null);
		assertThat(clients.of(connection)).isSameAs(clients.of(equal)).isNotSameAs(clients.of(other));
		assertThat(connection.toString()).doesNotContain("planted");
	}

	private static ConnectionProvider connections(TokenEndpointClients clients) {
		Object factory = Objects.requireNonNull(ReflectionTestUtils.getField(clients, "connectorFactory"));
		return (ConnectionProvider) Objects.requireNonNull(ReflectionTestUtils.getField(factory, "connections"));
	}

	private static ReactorResourceFactory resources(ConnectionProvider connections) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setConnectionProvider(connections);
		factory.setShutdownQuietPeriod(Duration.ZERO);
		return factory;
	}

	private ApplicationContextRunner runner(String connector, String... properties) {
		Stream<String> own = Stream.of("base-url=https://inventory.internal",
				"token-uri=https://localhost:" + this.server.getPort() + "/token", "client-id=orders",
				"client-secret=planted-secret", "response-timeout=30s", "max-wait=30s");
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, SslAutoConfiguration.class,
					HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector,
					"spring.reactor.netty.shutdown-quiet-period=100ms")
			.withPropertyValues(properties(Stream.concat(own, Stream.of(properties)).toArray(String[]::new)));
	}

	private static String[] properties(String... properties) {
		return Stream.of(properties)
			.map((property) -> "evertoken.clients.inventory." + property)
			.toArray(String[]::new);
	}

	private String[] bundle(HeldCertificate trusted, HeldCertificate own) {
		String prefix = "spring.ssl.bundle.pem.idp.";
		List<String> properties = new ArrayList<>();
		properties.add(prefix + "truststore.certificate=" + write("trusted.crt", trusted.certificatePem()));
		if (own != null) {
			properties.add(prefix + "keystore.certificate=" + write("client.crt", own.certificatePem()));
			properties.add(prefix + "keystore.private-key=" + write("client.key", own.privateKeyPkcs8Pem()));
		}
		return properties.toArray(String[]::new);
	}

	private static SslBundle sslBundle(HeldCertificate own) {
		PemSslStoreDetails keyStore = new PemSslStoreDetails(null, null, null, own.certificatePem(),
				own.privateKeyPkcs8Pem(), null);
		return SslBundle.of(new PemSslStoreBundle(PemSslStore.load(keyStore),
				PemSslStore.load(PemSslStoreDetails.forCertificate(SERVER.certificatePem()))));
	}

	private String write(String name, String content) {
		try {
			return Files.writeString(this.directory.resolve(name), content).toString();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static HeldCertificate certificate(String name) {
		return new HeldCertificate.Builder().commonName(name)
			.addSubjectAlternativeName("localhost")
			.addSubjectAlternativeName("idp.invalid")
			.build();
	}

	private static MockResponse token(int number) {
		return new MockResponse.Builder().addHeader("Content-Type", "application/json")
			.body("{\"access_token\":\"token-" + number + "\",\"expires_in\":3600}")
			.build();
	}

	private static String clientOf(RecordedRequest request) {
		Principal client = Objects.requireNonNull(request.getHandshake()).peerPrincipal();
		return (client != null) ? client.getName() : "nobody";
	}

	private static String token(ApplicationContext context) {
		return context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT).value();
	}

	private static String nextToken(ApplicationContext context) {
		context.getBean(TokenManager.class).remove(TokenKey.of("inventory")).block(TIMEOUT);
		return token(context);
	}

	private static TokenException failure(ApplicationContext context) {
		return catchThrowableOfType(TokenException.class, () -> token(context));
	}

	private static void assertFailsWithTls(ApplicationContext context) {
		TokenException ex = failure(context);
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.reason()).contains(" could not be reached: ").endsWith("; see ssl.bundle for whom to trust");
	}

}
