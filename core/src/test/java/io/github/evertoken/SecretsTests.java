package io.github.evertoken;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.util.Base64URL;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.authentication.JwtClientAuthentication;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.JwtBearerGrant;
import io.github.evertoken.grant.SecurityTokenSource;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.TestKeys;
import io.github.evertoken.test.support.TestWebClients;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

import org.springframework.core.io.FileSystemResource;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Plants secrets, lets everything happen that can happen to a token, and searches all
 * that Evertoken lets out.
 */
@Tag("SE-2")
class SecretsTests {

	private static final String CLIENT_SECRET = "planted-client-secret-1";

	private static final String ACCESS_TOKEN = "planted-access-token-2";

	private static final String REFRESH_TOKEN = "planted-refresh-token-3";

	private static final String ID_TOKEN = "planted-id-token-4";

	private static final String PARAMETER = "planted-parameter-5";

	private static final List<String> PLANTED = List.of(CLIENT_SECRET, ACCESS_TOKEN, REFRESH_TOKEN, ID_TOKEN, PARAMETER,
			base64("orders:" + CLIENT_SECRET));

	/**
	 * One that does not look like a token: it is not concealed unless it is known.
	 */
	private static final String PLAIN_SECRET = "planted secret of quite some words";

	/**
	 * What the header of such an assertion begins with.
	 */
	private static final String HS256 = Base64URL.encode("{\"typ\":\"JWT\",\"alg\":\"HS256\"")
		.toString()
		.substring(0, 30);

	private static final TokenKey KEY = TokenKey.of("inventory");

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final Logger logger = (Logger) LoggerFactory.getLogger("io.github.evertoken");

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private final List<String> said = new ArrayList<>();

	private final List<String> sent = new CopyOnWriteArrayList<>();

	@BeforeEach
	void listen() {
		this.log.list = new CopyOnWriteArrayList<>();
		this.log.start();
		this.logger.addAppender(this.log);
		this.logger.setLevel(Level.TRACE);
	}

	@AfterEach
	void hush() {
		this.logger.detachAppender(this.log);
		this.logger.setLevel(null);
	}

	@Test
	void everythingThatIsSaidThenNamesNoSecret() {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", CLIENT_SECRET))
			.parameters(MultiValueMap.fromSingleValue(Map.of("ticket", PARAMETER)))
			.build();
		FailingStore store = new FailingStore();
		ClientSettings settings = ClientSettings.of("inventory", issuer)
			.refreshToken(REFRESH_TOKEN)
			.patience(Duration.ZERO)
			.initialBackoff(Duration.ofMillis(1))
			.maxBackoff(Duration.ofMillis(1))
			.storeTimeout(Duration.ofSeconds(30))
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(Duration.ofMinutes(1))
			.build();
		DefaultTokenManager manager = DefaultTokenManager.builder().client(settings).store(store.versioned()).build();
		manager.events().subscribe(this.events::add);
		TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(manager,
				ClientSelector.builder().add(BaseUrl.of(this.server.url("/").toString()), "inventory").build());
		WebClient webClient = TestWebClients.builder().filter(filter).baseUrl(this.server.url("/").toString()).build();

		ScriptedServer script = new ScriptedServer();
		this.server.setDispatcher(script);
		failWith(webClient, script, json(500, "{\"error\":\"" + CLIENT_SECRET + "\",\"error_description\":\""
				+ REFRESH_TOKEN + ' ' + PARAMETER + ' ' + base64("orders:" + CLIENT_SECRET) + "\"}"));
		failWith(webClient, script,
				json(401, "{\"error\":\"invalid_client\",\"error_description\":\"" + CLIENT_SECRET + "\"}"));
		failWith(webClient, script, json(200, "{\"access_token\":\"" + ACCESS_TOKEN + "\\r\\nX: y\"}"));
		failWith(webClient, script,
				json(200, "{\"access_token\":\"" + ACCESS_TOKEN + "\",\"refresh_token\":\"" + REFRESH_TOKEN));
		failWith(webClient, script,
				new MockResponse.Builder().code(302)
					.addHeader("Location", "http://elsewhere/?token=" + ACCESS_TOKEN)
					.build());
		script.tokenAnswer = json(200,
				"{\"access_token\":\"" + ACCESS_TOKEN + "\",\"expires_in\":3600,\"refresh_token\":\"" + REFRESH_TOKEN
						+ "\",\"id_token\":\"" + ID_TOKEN + "\"}");
		callUntil(() -> script.rejected, webClient);

		TokenSet tokens = TokenSet.withAccessToken(ACCESS_TOKEN + "b")
			.refreshToken(REFRESH_TOKEN + "b")
			.idToken(ID_TOKEN)
			.build();
		manager.put(KEY, tokens).onErrorResume(this::complain).block(Duration.ofMinutes(1));
		store.failing = false;
		manager.put(KEY, tokens).block(Duration.ofMinutes(1));
		AccessToken token = manager.token(KEY).block(Duration.ofMinutes(1));
		say(issuer, settings, manager, filter, tokens, token, manager.lifecycle(KEY), manager.lifecycle(KEY).usable(),
				tokens.mutate(), KEY, new TokenRequest(KEY, TokenEvent.Trigger.USE, REFRESH_TOKEN));
		manager.remove(KEY).onErrorResume(this::complain).block(Duration.ofMinutes(1));
		manager.close();

		this.events.forEach(this::say);
		assertThat(this.events).filteredOn(TokenEvent.Rejected.class::isInstance)
			.isNotEmpty()
			.allSatisfy((event) -> say(((TokenEvent.Rejected) event).diagnosis()));
		assertThat(this.said).anyMatch((text) -> text.contains("STATED") && text.contains("refused: ***"));
		this.log.list.forEach((event) -> this.said
			.add(event.getFormattedMessage() + ((event.getThrowableProxy() != null) ? event.getThrowableProxy() : "")));
		assertThat(this.log.list).hasSizeGreaterThan(5);
		assertThat(this.events).hasSizeGreaterThan(5);
		assertThat(this.said).hasSizeGreaterThan(30).allSatisfy((text) -> assertThat(text).doesNotContain(PLANTED));
	}

	private Mono<Void> complain(Throwable ex) {
		say(ex, ex.getCause().getClass());
		return Mono.empty();
	}

	@Test
	void everythingThatIsSaidOfAClientsCredentialsThenNamesNone(@TempDir Path directory) throws IOException {
		this.server.setDispatcher(new EchoingTokenEndpoint());
		String pem = TestKeys.pem("rsa-pkcs8");
		Path secretFile = Files.writeString(directory.resolve("secret"), PLAIN_SECRET);
		Path keyFile = Files.writeString(directory.resolve("key.pem"), pem);
		Path assertionFile = Files.writeString(directory.resolve("assertion"), "planted.assertion.signed");
		ClientAuthentication secret = ClientAuthentication.reloading("the secret", file(secretFile),
				(text) -> ClientAuthentication.clientSecretPost("orders", text));
		ClientAuthentication key = ClientAuthentication.reloading("the key", file(keyFile),
				(text) -> JwtClientAuthentication.privateKeyJwt("orders", TestKeys.signingKeyOf(text)).build());
		ClientAuthentication assertion = ClientAuthentication.clientAssertion("orders", null, file(assertionFile));
		failWith(secret);
		failWith(key);
		failWith(assertion);
		failWith(JwtClientAuthentication.clientSecretJwt("orders", PLAIN_SECRET).build());
		Files.writeString(secretFile, PLAIN_SECRET + ", the next");
		Files.writeString(keyFile, pem.substring(0, 500));
		Files.writeString(assertionFile, PLAIN_SECRET);
		failWith(secret);
		failWith(key);
		failWith(assertion);
		Files.writeString(keyFile, "{\"kty\":\"RSA\",\"d\":\"" + PLAIN_SECRET + "\"}");
		Files.delete(secretFile);
		Files.delete(assertionFile);
		failWith(secret);
		failWith(key);
		failWith(assertion);
		say(file(keyFile), TestKeys.signingKey("rsa-pkcs8"));
		this.log.list.forEach((event) -> this.said.add(event.getFormattedMessage() + event.getThrowableProxy()));

		List<String> planted = new ArrayList<>(this.sent);
		planted.addAll(List.of("planted", pem.substring(40, 80)));
		assertThat(this.sent).hasSize(9);
		assertThat(this.log.list).extracting(ILoggingEvent::getFormattedMessage)
			.filteredOn((message) -> message.contains("the secret") || message.contains("the key"))
			.hasSize(4);
		assertThat(this.said).hasSizeGreaterThan(30).allSatisfy((text) -> assertThat(text).doesNotContain(planted));
	}

	@Test
	void everythingThatIsSaidOfAnAssertionThenNamesNeitherItNorItsKey(@TempDir Path directory) throws IOException {
		this.server.setDispatcher(new EchoingTokenEndpoint());
		String pem = TestKeys.pem("rsa-pkcs8");
		Path keyFile = Files.writeString(directory.resolve("key.json"), pem);
		JwtBearerGrant grant = JwtBearerGrant.signedWith("the key", () -> TestKeys.signingKeyOf(file(keyFile).get()))
			.assertionIssuer("orders")
			.audience(this.server.url("/token").toString())
			.build();
		failWith(ClientAuthentication.omitted(), grant);
		for (String broken : List.of(PLAIN_SECRET, pem.substring(0, 500),
				"{\"private_key\":\"" + PLAIN_SECRET + "\"}")) {
			Files.writeString(keyFile, broken);
			failWith(ClientAuthentication.omitted(), grant);
		}
		say(grant);
		this.log.list.forEach((event) -> this.said.add(event.getFormattedMessage() + event.getThrowableProxy()));

		List<String> planted = new ArrayList<>(this.sent);
		planted.addAll(List.of("planted", pem.substring(40, 80)));
		assertThat(this.sent).hasSize(1);
		assertThat(this.said).hasSizeGreaterThan(15).allSatisfy((text) -> assertThat(text).doesNotContain(planted));
	}

	@Test
	void everythingThatIsSaidOfExchangesProofsAndRevocationsThenNamesNoSecret() {
		this.server.setDispatcher(new EchoingServer());
		URI type = URI.create("urn:ietf:params:oauth:token-type:access_token");
		DpopProofs proofs = DpopProofs.withGeneratedKey("ES256");
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.revocationUri(this.server.url("/revoke").uri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("orders", CLIENT_SECRET))
			.grant(AuthorizationGrant.tokenExchange(SecurityTokenSource.ofKey(), type,
					(request) -> Mono.just("planted-actor-6"), type))
			.parameters(TokenParameters.builder().header("x-api-key", "planted-header-7").build())
			.dpop(proofs)
			.build();
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		manager.events().subscribe(this.events::add);
		TokenKey key = TokenKey.onBehalfOf("inventory", "planted-subject-8");
		sayAll(catchThrowable(() -> manager.token(key).block(Duration.ofMinutes(1))));
		manager.put(key, TokenSet.withAccessToken(ACCESS_TOKEN).refreshToken(REFRESH_TOKEN).build())
			.block(Duration.ofMinutes(1));
		sayAll(catchThrowable(() -> manager.revoke(key).block(Duration.ofMinutes(1))));
		say(issuer, manager, proofs, key, manager.lifecycle(key));
		manager.close();

		this.events.forEach(this::say);
		this.log.list.forEach((event) -> this.said.add(event.getFormattedMessage() + event.getThrowableProxy()));
		assertThat(this.said).filteredOn((text) -> text.contains("the token endpoint ")).isNotEmpty();
		assertThat(this.said).filteredOn((text) -> text.contains("the revocation endpoint ")).isNotEmpty();
		assertThat(String.join(" ", this.sent)).contains("planted-actor-6", "planted-header-7", "planted-subject-8",
				REFRESH_TOKEN, base64("orders:" + CLIENT_SECRET));
		List<String> planted = new ArrayList<>(PLANTED);
		planted.addAll(List.of("planted", "eyJ"));
		assertThat(this.said).allSatisfy((text) -> assertThat(text).doesNotContain(planted));
	}

	@Test
	void tokenWhenAnIssuerOfTheUsersOwnFailsWithASecretThenItIsNotRepeated() {
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						(request) -> Mono.error(new IllegalStateException("400 for password " + CLIENT_SECRET)))
				.patience(Duration.ZERO)
				.build())
			.build();
		assertThatExceptionOfType(TokenException.class)
			.isThrownBy(() -> manager.token(KEY).block(Duration.ofMinutes(1)))
			.satisfies((ex) -> assertThat(ex.toString()).doesNotContain(PLANTED));
		manager.close();
		assertThat(this.log.list).isNotEmpty()
			.allSatisfy((event) -> assertThat(event.getFormattedMessage()).doesNotContain(PLANTED))
			.allSatisfy((event) -> assertThat(event.getThrowableProxy()).isNull());
	}

	/**
	 * Neither short ones nor parts of long ones look like a token.
	 */
	@Test
	void everythingThatIsSaidWhenServersQuoteShortSecretsAndPartsOfLongOnesThenNamesNone() {
		String secret = "s3Cr9tZq2Lm4Xw8T";
		String refresh = "r7Kq2Zp9Lm4Xw8Td";
		String access = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiI0MiJ9.Q1dF4kLx9QzT";
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				if ("/items".equals(request.getUrl().encodedPath())) {
					return new MockResponse.Builder().code(401)
						.addHeader("WWW-Authenticate",
								"Bearer error=\"invalid_token\", error_description=\"token " + access.substring(0, 15)
										+ "... and " + access.substring(40) + " of s7Xy2Kd9 with k4Jw8Pq1\"")
						.build();
				}
				return json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"" + refresh + " of " + secret
						+ ", that is " + refresh.substring(0, 9) + "...\"}");
			}
		});
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretPost("orders", secret))
			.grant(AuthorizationGrant.refreshTokenOnly())
			.build();
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		manager.events().subscribe(this.events::add);
		manager.put(KEY, TokenSet.withAccessToken(access).expiresIn(Duration.ofHours(1)).refreshToken(refresh).build())
			.block(Duration.ofMinutes(1));
		WebClient webClient = TestWebClients.builder()
			.filter(new TokenExchangeFilterFunction(manager,
					ClientSelector.builder().add(BaseUrl.of(this.server.url("/").toString()), "inventory").build()))
			.baseUrl(this.server.url("/").toString())
			.defaultCookie("SESSION", "s7Xy2Kd9")
			.defaultHeader("X-Api-Key", "k4Jw8Pq1")
			.build();
		callUntil(() -> this.events.stream().anyMatch(TokenEvent.ReauthenticationRequired.class::isInstance),
				webClient);
		sayAll(catchThrowable(() -> manager.token(KEY).block(Duration.ofMinutes(1))));
		say(manager.status("inventory").service().lastRejection(), manager.status("inventory").service().failing());
		manager.close();
		this.events.forEach(this::say);
		assertThat(this.events).filteredOn(TokenEvent.Rejected.class::isInstance)
			.isNotEmpty()
			.allSatisfy((event) -> say(((TokenEvent.Rejected) event).diagnosis()));
		this.log.list.forEach((event) -> this.said.add(event.getFormattedMessage() + event.getThrowableProxy()));
		assertThat(this.said).anyMatch((text) -> text.contains("*** of ***, that is ***..."))
			.anyMatch((text) -> text.contains("token ***... and *** of *** with ***"))
			.allSatisfy((text) -> assertThat(text).doesNotContain("eyJ", "QzT", "Xw8T", "Kq2Z", "s7Xy", "k4Jw"));
	}

	private void failWith(WebClient webClient, ScriptedServer script, MockResponse answer) {
		int before = script.tokenRequests.get();
		script.tokenAnswer = answer;
		callUntil(() -> script.tokenRequests.get() > before, webClient);
	}

	private void callUntil(BooleanSupplier done, WebClient webClient) {
		Instant giveUp = Instant.now().plusSeconds(60);
		do {
			webClient.get()
				.uri("/items")
				.retrieve()
				.bodyToMono(String.class)
				.doOnError(this::sayAll)
				.onErrorResume((ex) -> Mono.empty())
				.block(Duration.ofMinutes(1));
		}
		while (!done.getAsBoolean() && Instant.now().isBefore(giveUp));
		assertThat(done.getAsBoolean()).isTrue();
		assertThat(this.said).isNotEmpty();
	}

	private void failWith(ClientAuthentication authentication) {
		failWith(authentication, AuthorizationGrant.clientCredentials());
	}

	private void failWith(ClientAuthentication authentication, AuthorizationGrant grant) {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(authentication)
			.grant(grant)
			.build();
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer)
				.patience(Duration.ZERO)
				.responseTimeout(Duration.ofSeconds(30))
				.maxWait(Duration.ofMinutes(1))
				.build())
			.build();
		TokenException failure = catchThrowableOfType(TokenException.class,
				() -> manager.token(KEY).block(Duration.ofMinutes(1)));
		assertThat(failure).isNotNull();
		sayAll(failure);
		say(authentication, issuer, manager);
		manager.close();
	}

	private static CredentialFile file(Path path) {
		return CredentialFile.of("file", new FileSystemResource(path));
	}

	private void sayAll(Throwable failure) {
		StringWriter trace = new StringWriter();
		failure.printStackTrace(new PrintWriter(trace));
		this.said.add(trace.toString());
		if (failure instanceof TokenException known) {
			say(known.reason(), String.valueOf(known.error()), String.valueOf(known.errorDescription()));
		}
	}

	private void say(Object... all) {
		for (Object one : all) {
			this.said.add(String.valueOf(one));
		}
	}

	private static MockResponse json(int status, String body) {
		return new MockResponse.Builder().code(status).addHeader("Content-Type", "application/json").body(body).build();
	}

	private static String base64(String text) {
		return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Refuses every client, and repeats what it has sent, and the secret that has signed
	 * it.
	 */
	private final class EchoingTokenEndpoint extends Dispatcher {

		private static final Pattern CREDENTIAL = Pattern.compile("(secret|assertion)=([^&]+)");

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			String form = URLDecoder.decode(Objects.requireNonNull(request.getBody()).utf8(), StandardCharsets.UTF_8);
			Matcher credential = CREDENTIAL.matcher(form);
			assertThat(credential.find()).isTrue();
			SecretsTests.this.sent.add(credential.group(2));
			boolean shared = credential.group(2).startsWith(HS256);
			return json(401, "{\"error\":\"invalid_client\",\"error_description\":\"" + credential.group(2) + " and "
					+ (shared ? PLAIN_SECRET : "") + "\"}");
		}

	}

	/**
	 * Refuses every client, and repeats all that it was sent.
	 */
	private final class EchoingServer extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			List<String> echo = new ArrayList<>();
			for (String pair : Objects.requireNonNull(request.getBody()).utf8().split("&")) {
				echo.add(URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8));
			}
			for (String header : List.of("Authorization", "DPoP", "x-api-key")) {
				echo.addAll(request.getHeaders().values(header));
			}
			SecretsTests.this.sent.addAll(echo);
			return json(401, "{\"error\":\"invalid_client\",\"error_description\":\"" + String.join(" ", echo) + "\"}");
		}

	}

	/**
	 * Answers every token request alike, whoever makes it and how many there are, until a
	 * token that it has given comes to the resource: that is refused, and so is every
	 * grant from then on.
	 */
	private static final class ScriptedServer extends Dispatcher {

		private final AtomicInteger tokenRequests = new AtomicInteger();

		private volatile MockResponse tokenAnswer = json(503, "{}");

		private volatile boolean rejected;

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			if (!"/token".equals(request.getUrl().encodedPath())) {
				this.rejected = true;
				return new MockResponse.Builder().code(401)
					.addHeader("WWW-Authenticate",
							"Bearer error=\"" + ACCESS_TOKEN + "\", error_description=\"refused: " + ACCESS_TOKEN
									+ "\"")
					.build();
			}
			this.tokenRequests.incrementAndGet();
			if (!this.rejected) {
				return this.tokenAnswer;
			}
			boolean refresh = Objects.requireNonNull(request.getBody()).utf8().contains("refresh_token");
			return json(400, "{\"error\":\"invalid_grant\",\"error_description\":\""
					+ (refresh ? REFRESH_TOKEN : PARAMETER) + "\"}");
		}

	}

	/**
	 * Fails to save and to remove while it is told to.
	 */
	private static final class FailingStore implements UnversionedTokenStore {

		private volatile boolean failing = true;

		private volatile @Nullable TokenSet kept;

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.justOrEmpty(this.kept);
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return this.failing ? Mono.error(new IllegalStateException("cannot save " + tokenSet.accessToken()))
					: Mono.fromRunnable(() -> this.kept = tokenSet);
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.error(new IllegalStateException("cannot remove"));
		}

	}

}
