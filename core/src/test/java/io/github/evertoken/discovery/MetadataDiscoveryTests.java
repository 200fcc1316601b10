package io.github.evertoken.discovery;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MetadataDiscovery}.
 */
class MetadataDiscoveryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final MockResponse NOT_FOUND = new MockResponse.Builder().code(404).build();

	private static final TokenKey KEY = TokenKey.of("inventory");

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final List<String> asked = new CopyOnWriteArrayList<>();

	private final WebClient webClient = TestWebClients.builder().build();

	private volatile Function<String, MockResponse> answers = (path) -> NOT_FOUND;

	@BeforeEach
	void dispatch() {
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				MetadataDiscoveryTests.this.asked.add(request.getTarget());
				return MetadataDiscoveryTests.this.answers.apply(request.getTarget());
			}

		});
	}

	@Test
	void metadataWhenDocumentIsFullThenReadsWhatClientsNeed() {
		answer(json(
				"""
						{
						  "issuer": "%1$s",
						  "authorization_endpoint": "%1$s/authorize",
						  "token_endpoint": "%1$s/token?tenant=1",
						  "revocation_endpoint": "%1$s/revoke",
						  "mtls_endpoint_aliases": {"token_endpoint": "%1$s/mtls/token", "revocation_endpoint": "%1$s/mtls/revoke"},
						  "token_endpoint_auth_methods_supported": ["client_secret_basic", "private_key_jwt"],
						  "dpop_signing_alg_values_supported": ["ES256"],
						  "jwks_uri": null
						}
						"""
					.formatted(issuer())));
		AuthorizationServerMetadata metadata = metadata();
		assertThat(metadata.issuerUri()).isEqualTo(issuer());
		assertThat(metadata.tokenEndpoint()).hasToString(issuer() + "/token?tenant=1");
		assertThat(metadata.revocationEndpoint()).hasToString(issuer() + "/revoke");
		assertThat(metadata.mutualTlsTokenEndpoint()).hasToString(issuer() + "/mtls/token");
		assertThat(metadata.mutualTlsRevocationEndpoint()).hasToString(issuer() + "/mtls/revoke");
		assertThat(metadata.tokenEndpointAuthMethodsSupported()).containsExactly("client_secret_basic",
				"private_key_jwt");
		assertThat(metadata.dpopSigningAlgValuesSupported()).containsExactly("ES256");
	}

	@Test
	void metadataWhenDocumentHasTheLeastThenTheRestIsAbsent() {
		answer(document(Map.of()));
		AuthorizationServerMetadata metadata = metadata();
		assertThat(metadata.tokenEndpoint()).hasToString(issuer() + "/token");
		assertThat(metadata.revocationEndpoint()).isNull();
		assertThat(metadata.mutualTlsTokenEndpoint()).isNull();
		assertThat(metadata.mutualTlsRevocationEndpoint()).isNull();
		assertThat(metadata.tokenEndpointAuthMethodsSupported()).isEmpty();
		assertThat(metadata.dpopSigningAlgValuesSupported()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "'',1,404", "/realms/shop,1,404", "/realms/shop,2,403", "/realms/shop/,2,400", "/,1,401" })
	@DisplayName("RFC 8414, 3.1 and 5: the well-known locations are asked in the order of Spring Security")
	void metadataWhenALocationHasNoDocumentThenAsksTheNext(String path, int absent, int status) {
		String issuer = this.server.url("").toString().replaceFirst("/$", "") + path;
		String stripped = path.replaceFirst("/$", "");
		this.answers = (target) -> (this.asked.size() <= absent) ? new MockResponse.Builder().code(status).build()
				: document(Map.of("issuer", issuer));
		discovery(issuer).metadata(KEY).block(TIMEOUT);
		List<String> all = Stream
			.of(stripped + "/.well-known/openid-configuration", "/.well-known/openid-configuration" + stripped,
					"/.well-known/oauth-authorization-server" + stripped)
			.distinct()
			.toList();
		assertThat(this.asked).isEqualTo(all.subList(0, absent + 1));
	}

	@Test
	@Tag("FP-1")
	void metadataWhenNoLocationHasADocumentThenRefusedAndSaysWhatEachAnswered() {
		this.answers = (path) -> (this.asked.size() == 2) ? new MockResponse.Builder().code(403).build() : NOT_FOUND;
		TokenException ex = failure();
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		String origin = issuer().replace("/realms/shop", "");
		assertThat(ex.reason()).isEqualTo("issuer-uri is '" + issuer() + "', but there is no metadata document: "
				+ origin + "/realms/shop/.well-known/openid-configuration was answered with status 404; " + origin
				+ "/.well-known/openid-configuration/realms/shop was answered with status 403; " + origin
				+ "/.well-known/oauth-authorization-server/realms/shop was answered with status 404. Is the issuer"
				+ " misspelt? If it is not, set token-uri");
		assertThat(this.asked).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/realms/Shop", "" })
	@DisplayName("RFC 8414, 3.3: a document that names another issuer is refused")
	@Tag("FP-1")
	void metadataWhenIssuerIsAnotherThenRefusedWithBoth(String suffix) {
		String other = suffix.isEmpty() ? "https://evil.example\n" : issuer() + suffix;
		answer(document(Map.of("issuer", other)));
		TokenException ex = failure();
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.reason()).startsWith("issuer-uri is '" + issuer() + "', but there is no metadata document: "
				+ issuer() + "/.well-known/openid-configuration names the issuer '" + other.replace('\n', '?')
				+ "', which must be equal to the letter; ");
		assertThat(this.asked).hasSize(3);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = { "issuer|null|names no issuer",
			"issuer|7|names no issuer", "token_endpoint|null|has no token_endpoint",
			"token_endpoint|[]|has a token_endpoint that is no absolute http or https URI",
			"token_endpoint|\"/token\"|has a token_endpoint that is no absolute http or https URI",
			"token_endpoint|\"\"|has no token_endpoint", "token_endpoint|false|has no token_endpoint",
			"token_endpoint|\"https://a b\"|has a token_endpoint that is no absolute http or https URI",
			"token_endpoint|\"https://a:b@c/\"|has a token_endpoint that is no absolute http or https URI",
			"token_endpoint|\"https://a/#b\"|has a token_endpoint that is no absolute http or https URI",
			"token_endpoint|\"http://idp.example/token\"|has a token_endpoint without https",
			"revocation_endpoint|\"/revoke\"|has a revocation_endpoint that is no absolute",
			"mtls_endpoint_aliases|[]|has mtls_endpoint_aliases that are no JSON object",
			"mtls_endpoint_aliases|{\"token_endpoint\":\"x\"}|has a token_endpoint among the mtls_endpoint_aliases",
			"token_endpoint_auth_methods_supported|\"none\"|has token_endpoint_auth_methods_supported that are no list",
			"dpop_signing_alg_values_supported|[1]|has dpop_signing_alg_values_supported that are no list" })
	@Tag("FP-1")
	@Tag("SE-4")
	void metadataWhenDocumentIsWrongThenRefusedWithReason(String name, String value, String reason) throws Exception {
		answer(document(JSONObjectUtils.parse("{\"" + name + "\":" + value + "}")));
		TokenException ex = failure();
		assertThat(ex).isInstanceOf(TokenRefusedException.class).hasNoCause();
		assertThat(ex.reason()).startsWith("issuer-uri is '" + issuer() + "', but there is no metadata document: "
				+ issuer() + "/.well-known/openid-configuration " + reason);
	}

	@ParameterizedTest
	@MethodSource("unusable")
	@DisplayName("A location without a document of this issuer that can be used does not end the search")
	void metadataWhenALocationAnswersSomethingElseThenAsksTheNext(MockResponse response, String reason,
			boolean refused) {
		for (int place = 1; place <= 3; place++) {
			this.asked.clear();
			int found = place;
			this.answers = (path) -> (this.asked.size() == found) ? document(Map.of()) : response;
			assertThat(metadata().tokenEndpoint()).hasToString(issuer() + "/token");
			assertThat(this.asked).hasSize(place);
		}
		answer(response);
		TokenException ex = failure();
		assertThat(ex).isInstanceOf(refused ? TokenRefusedException.class : TransientTokenException.class);
		assertThat(ex.reason()).contains(issuer() + "/.well-known/openid-configuration " + reason)
			.contains("/.well-known/oauth-authorization-server/realms/shop " + reason);
	}

	static Stream<Arguments> unusable() {
		MockResponse.Builder empty = new MockResponse.Builder();
		return Stream.of(Arguments.of(empty.code(500).build(), "was answered with status 500", false),
				Arguments.of(empty.code(503).body("{}").build(), "was answered with status 503", false),
				Arguments.of(empty.code(408).build(), "was answered with status 408", false),
				Arguments.of(empty.code(302).addHeader("Location", "/elsewhere").build(),
						"was answered with status 302, a redirect, which is not followed", true),
				Arguments.of(empty.code(204).body("").build(), "was answered with status 204 and no body", true),
				Arguments.of(json("<html></html>"), "was answered with something else than a JSON object", false),
				Arguments.of(new MockResponse.Builder().addHeader("Content-Type", "text/html").body("<p>").build(),
						"was answered with text/html instead of JSON", false),
				Arguments.of(json("[]"), "was answered with something else than a JSON object", false),
				Arguments.of(json("{}"), "names no issuer", true),
				Arguments.of(json("{\"issuer\":\"https://other.example\"}"), "names the issuer 'https://other.e", true),
				Arguments.of(json("{\"issuer\":\"a\",\"issuer\":\"b\"}"),
						"was answered with something else than a JSON object", false),
				Arguments.of(json(" ".repeat(64 * 1024) + "{}"), "has more than 64 KiB", false));
	}

	@ParameterizedTest
	@MethodSource
	@DisplayName("A server that is not reached, or asks to be left alone, is not asked for the next location")
	@Tag("FP-1")
	@Tag("SE-4")
	void metadataWhenServerIsNotThereOrBusyThenTransientAndAsksNoMore(MockResponse response, String reason) {
		answer(response);
		TokenException ex = failure();
		assertThat(ex).isInstanceOf(TransientTokenException.class);
		assertThat(ex.reason()).contains(issuer() + "/.well-known/openid-configuration" + reason);
		assertThat(this.asked).hasSize(1);
	}

	static Stream<Arguments> metadataWhenServerIsNotThereOrBusyThenTransientAndAsksNoMore() {
		return Stream.of(
				Arguments.of(new MockResponse.Builder().code(429).addHeader("Retry-After", "7").build(),
						" was answered with status 429"),
				Arguments.of(new MockResponse.Builder().body("{\"issuer\":\"" + "a".repeat(20_000) + "\"}")
					.onResponseBody(new SocketEffect.CloseSocket())
					.build(), " broke off its answer: "),
				Arguments.of(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build(),
						" could not be reached: "));
	}

	@Test
	@DisplayName("What was found is asked for again after a day, and serves on if there is nothing better")
	void metadataWhenADayHasPassedThenIsAskedForAgain() {
		AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
		AuthorizationServerMetadataSource discovery = new MetadataDiscovery(this.webClient, issuer(), now::get);
		answer(document(Map.of()));
		discovery.metadata(KEY).block(TIMEOUT);
		now.updateAndGet((time) -> time.plus(Duration.ofHours(23)));
		discovery.metadata(KEY).block(TIMEOUT);
		assertThat(this.asked).hasSize(1);

		now.updateAndGet((time) -> time.plus(Duration.ofHours(2)));
		answer(document(Map.of("token_endpoint", issuer() + "/v2/token")));
		assertThat(discovery.metadata(KEY).block(TIMEOUT).tokenEndpoint()).hasToString(issuer() + "/v2/token");
		assertThat(this.asked).hasSize(2);

		now.updateAndGet((time) -> time.plus(Duration.ofHours(25)));
		answer(NOT_FOUND);
		assertThat(discovery.metadata(KEY).block(TIMEOUT).tokenEndpoint()).hasToString(issuer() + "/v2/token");
		assertThat(discovery.metadata(KEY).block(TIMEOUT).tokenEndpoint()).hasToString(issuer() + "/v2/token");
		assertThat(this.asked).hasSize(5);
		now.updateAndGet((time) -> time.plus(Duration.ofMinutes(6)));
		answer(document(Map.of("token_endpoint", issuer() + "/v3/token")));
		assertThat(discovery.metadata(KEY).block(TIMEOUT).tokenEndpoint()).hasToString(issuer() + "/v3/token");
	}

	@ParameterizedTest
	@ValueSource(ints = { 404, 410 })
	@DisplayName("What was found is asked for again at once when its endpoint is gone")
	void issueWhenTheEndpointIsGoneThenAsksWhereItIsNow(int status) {
		AtomicReference<String> endpoint = new AtomicReference<>("/v1/token");
		this.answers = (path) -> {
			if (path.endsWith(endpoint.get())) {
				return json("{\"access_token\":\"a1\"}");
			}
			return path.endsWith("/token") ? new MockResponse.Builder().code(status).build()
					: document(Map.of("token_endpoint", issuer() + endpoint.get()));
		};
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(this.webClient)
			.metadata(discovery(issuer()))
			.clientAuthentication(ClientAuthentication.none("app"))
			.build();
		TokenRequest request = new TokenRequest(KEY, Trigger.USE, null);
		issuer.issue(request).block(TIMEOUT);
		endpoint.set("/v2/token");
		this.asked.clear();
		assertThat(issuer.issue(request).block(TIMEOUT).accessToken()).isEqualTo("a1");
		assertThat(this.asked).containsExactly("/realms/shop/v1/token", "/realms/shop/.well-known/openid-configuration",
				"/realms/shop/v2/token");

		this.asked.clear();
		this.answers = (path) -> path.endsWith("/token") ? new MockResponse.Builder().code(status).build()
				: document(Map.of("token_endpoint", issuer() + "/v2/token"));
		TokenException ex = catchThrowableOfType(TokenException.class, () -> issuer.issue(request).block(TIMEOUT));
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.reason()).endsWith("/v2/token answered with status " + status + ": is this the token endpoint?");
		assertThat(this.asked).containsExactly("/realms/shop/v2/token",
				"/realms/shop/.well-known/openid-configuration");
	}

	@Test
	@DisplayName("SE-5: an issuer with https has no endpoint without")
	void metadataWhenIssuerIsSecureThenEndpointMustBeTooEvenOnTheSameHost() {
		WebClient stub = WebClient.builder()
			.exchangeFunction((request) -> Mono.just(ClientResponse.create(HttpStatus.OK)
				.body("{\"issuer\":\"https://idp.example\",\"token_endpoint\":\"http://idp.example/token\"}")
				.build()))
			.build();
		TokenException ex = failure(
				AuthorizationServerMetadataSource.discover(stub, "https://idp.example").metadata(KEY));
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.reason()).contains("has a token_endpoint without https");
	}

	@Test
	@Tag("FP-2")
	void metadataWhenRetryAfterThenHandsItOn() {
		answer(new MockResponse.Builder().code(503).addHeader("Retry-After", "30").build());
		assertThat(((TransientTokenException) failure()).retryAfter()).isEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void metadataWhenManyKeysNeedItAtOnceThenAsksOnceAndNeverAgain() {
		CountDownLatch all = new CountDownLatch(1);
		answerAfter(all, document(Map.of()));
		AuthorizationServerMetadataSource discovery = discovery(issuer());
		List<AuthorizationServerMetadata> found = Flux.range(0, 50)
			.doOnComplete(all::countDown)
			.flatMap((i) -> discovery.metadata(TokenKey.of("inventory", "subject-" + i)), 50)
			.collectList()
			.block(TIMEOUT);
		assertThat(found).hasSize(50);
		assertThat(discovery.metadata(KEY).block(TIMEOUT)).isSameAs(found.get(0));
		assertThat(this.asked).hasSize(1);
	}

	@Test
	@Tag("SF-5")
	void metadataWhenItFailsThenEachKeyIsToldAndItIsForgotten() {
		CountDownLatch all = new CountDownLatch(1);
		answerAfter(all, new MockResponse.Builder().code(503).addHeader("Retry-After", "0").build());
		AuthorizationServerMetadataSource discovery = discovery(issuer());
		List<TokenException> failures = new ArrayList<>();
		Flux.range(0, 5)
			.doOnComplete(all::countDown)
			.flatMap((i) -> discovery.metadata(TokenKey.of("inventory", "subject-" + i))
				.onErrorResume(TokenException.class, (ex) -> Mono.fromRunnable(() -> failures.add(ex))), 5)
			.blockLast(TIMEOUT);
		assertThat(failures).extracting(TokenException::subject)
			.containsExactlyInAnyOrderElementsOf(IntStream.range(0, 5).mapToObj((i) -> "subject-" + i).toList());
		assertThat(this.asked).hasSize(1);

		answer(document(Map.of()));
		assertThat(discovery.metadata(KEY).block(TIMEOUT)).isNotNull();
		assertThat(this.asked).hasSize(2);
	}

	@Test
	void metadataWhenTheFirstLeavesThenTheOthersGetItAndWhenAllLeaveThenItIsAskedAnew() {
		answer(document(Map.of()).newBuilder().headersDelay(300, TimeUnit.MILLISECONDS).build());
		AuthorizationServerMetadataSource discovery = discovery(issuer());
		discovery.metadata(KEY).subscribe().dispose();
		Disposable first = discovery.metadata(KEY).subscribe();
		List<AuthorizationServerMetadata> found = new CopyOnWriteArrayList<>();
		discovery.metadata(TokenKey.of("inventory", "alice")).subscribe(found::add);
		Awaitility.await().untilAsserted(() -> assertThat(this.asked).isNotEmpty());
		first.dispose();
		Awaitility.await().untilAsserted(() -> assertThat(found).hasSize(1));
		assertThat(this.asked.size()).isLessThanOrEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "idp.example", "/realms/shop", "ftp://idp.example", "https://idp.example?planted=1",
			"https://idp.example#planted", "https://planted:a@idp.example", "https://idp example/planted",
			"https://planted:a@my_idp" })
	@Tag("SE-2")
	void discoverWhenIssuerIsNoneThenRefusedWithoutRepeatingIt(String issuer) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> AuthorizationServerMetadataSource.discover(this.webClient, issuer))
			.withMessageStartingWith("The issuer must ")
			.withMessageNotContaining("planted");
	}

	@Test
	void toStringThenHasNoQuery() {
		assertThat(AuthorizationServerMetadata.builder("https://a", URI.create("https://a/token?key=planted"))
			.build()
			.toString()).doesNotContain("planted");
	}

	private void answer(MockResponse response) {
		this.answers = (path) -> response;
	}

	/**
	 * Answer when all have asked who are to be told.
	 */
	private void answerAfter(CountDownLatch all, MockResponse response) {
		this.answers = (path) -> {
			try {
				all.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return response;
		};
	}

	private MockResponse document(Map<String, Object> members) {
		Map<String, Object> document = JSONObjectUtils.newJSONObject();
		document.put("issuer", issuer());
		document.put("token_endpoint", issuer() + "/token");
		document.putAll(members);
		return json(JSONObjectUtils.toJSONString(document));
	}

	private static MockResponse json(String json) {
		return new MockResponse.Builder().addHeader("Content-Type", "application/json").body(json).build();
	}

	private String issuer() {
		return this.server.url("/realms/shop").toString();
	}

	private AuthorizationServerMetadataSource discovery(String issuer) {
		return AuthorizationServerMetadataSource.discover(this.webClient, issuer);
	}

	private AuthorizationServerMetadata metadata() {
		return discovery(issuer()).metadata(KEY).block(TIMEOUT);
	}

	private TokenException failure() {
		return failure(discovery(issuer()).metadata(KEY));
	}

	private static TokenException failure(Mono<AuthorizationServerMetadata> metadata) {
		TokenException ex = catchThrowableOfType(TokenException.class, () -> metadata.block(TIMEOUT));
		assertThat(ex).isNotNull();
		assertThat(ex.key()).isEqualTo(KEY);
		return ex;
	}

}
