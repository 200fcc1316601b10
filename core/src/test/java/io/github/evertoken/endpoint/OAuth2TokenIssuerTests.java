package io.github.evertoken.endpoint;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.discovery.AuthorizationServerMetadata;
import io.github.evertoken.discovery.AuthorizationServerMetadataSource;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.http.EndpointUri;
import io.github.evertoken.http.JsonObject;
import io.github.evertoken.test.TestHttpClient;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.junit5.StartStop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for what {@link OAuth2TokenIssuer} sends.
 */
class OAuth2TokenIssuerTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@Test
	void issueWhenNoRefreshTokenHeldThenAsksWithOwnGrant() {
		RecordedRequest sent = send(builder().scope(List.of("read", "write")).build(), null);
		assertThat(sent.getMethod()).isEqualTo("POST");
		assertThat(sent.getTarget()).isEqualTo("/token?tenant=1");
		assertThat(sent.getHeaders().get("Accept")).isEqualTo("application/json");
		assertThat(sent.getHeaders().get("Content-Type")).isEqualTo("application/x-www-form-urlencoded");
		assertThat(sent.getHeaders().values("Authorization")).hasSize(1);
		assertThat(body(sent)).isEqualTo("grant_type=client_credentials&scope=read+write");
	}

	@Test
	void issueWhenRefreshTokenHeldThenRefreshesAndKeepsGrantedScope() {
		RecordedRequest sent = send(builder().scope(List.of("read")).build(), "r/1+2=");
		assertThat(body(sent)).isEqualTo("grant_type=refresh_token&refresh_token=r%2F1%2B2%3D");
	}

	@ParameterizedTest
	@EnumSource
	void issueWhenTheHostOfTheEndpointIsGoneThenAsksWhereItIsNow(TestHttpClient client) {
		AuthorizationServerMetadata gone = AuthorizationServerMetadata
			.builder("https://idp.example", URI.create("http://idp.invalid/token"))
			.build();
		AuthorizationServerMetadata now = AuthorizationServerMetadata
			.builder("https://idp.example", this.server.url("/token").uri())
			.build();
		AtomicReference<AuthorizationServerMetadata> known = new AtomicReference<>(gone);
		AuthorizationServerMetadataSource source = new AuthorizationServerMetadataSource() {

			@Override
			public Mono<AuthorizationServerMetadata> metadata(TokenKey key) {
				return Mono.fromSupplier(known::get);
			}

			@Override
			public Mono<AuthorizationServerMetadata> renew(TokenKey key, AuthorizationServerMetadata metadata) {
				assertThat(metadata).isSameAs(gone);
				known.set(now);
				return metadata(key);
			}

		};
		enqueueToken();
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(client.webClient())
			.metadata(source)
			.clientAuthentication(ClientAuthentication.none("app"))
			.build();
		assertThat(issuer.issue(request("r1")).block(TIMEOUT).accessToken()).isNotEmpty();
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@Test
	void issueWhenARequestOfASubjectNarrowsTheScopeThenTheRefreshDoesToo() throws Exception {
		TokenParameters narrow = TokenParameters.builder().scope(List.of("read")).build();
		OAuth2TokenIssuer issuer = builder().scope(List.of("read", "write")).build();
		RecordedRequest sent = send(issuer, TokenKey.of("inventory", "alice").withParameters(narrow), "r1");
		assertThat(body(sent)).isEqualTo("grant_type=refresh_token&refresh_token=r1&scope=read");
		sent = send(issuer, TokenKey.of("inventory", "alice"), "r1");
		assertThat(body(sent)).isEqualTo("grant_type=refresh_token&refresh_token=r1");
		sent = send(issuer, TokenKey.of("inventory").withParameters(narrow), "r1");
		assertThat(body(sent)).isEqualTo("grant_type=refresh_token&refresh_token=r1");
	}

	@Test
	void issueWhenRequestFormatIsJsonThenSendsTheParametersAsStrings() {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.put("resource", List.of("https://a.example/", "https://b.example/"));
		RecordedRequest sent = send(builder().requestFormat(TokenRequestFormat.JSON)
			.clientAuthentication(ClientAuthentication.clientSecretPost("app", "p\"ä\\</\n"))
			.parameters(parameters)
			.build(), null);
		assertThat(sent.getHeaders().get("Content-Type")).isEqualTo("application/json");
		assertThat(sent.getHeaders().get("Content-Length")).isEqualTo(String.valueOf(sent.getBody().size()));
		assertThat(JsonObject.parse(sent.getBody().utf8())).satisfies((json) -> {
			assertThat(json.get("grant_type")).isEqualTo("client_credentials");
			assertThat(json.get("client_id")).isEqualTo("app");
			assertThat(json.get("client_secret")).isEqualTo("p\"ä\\</\n");
			assertThat(json.get("resource")).isEqualTo(List.of("https://a.example/", "https://b.example/"));
		});
	}

	@Test
	void issueWhenTokenComesInAHeaderThenTheBodyMayBeAnythingOrNothing() {
		OAuth2TokenIssuer issuer = builder()
			.responseFormat(TokenResponseFormat.builder().accessTokenHeader("Authorization").build())
			.build();
		for (String body : List.of("", "Login successful", "<html></html>", "{\"refresh_token\":\"r1\"}")) {
			this.server.enqueue(new MockResponse.Builder().addHeader("Authorization", "Bearer a1")
				.addHeader("Content-Type", body.startsWith("<") ? "text/html" : "text/plain")
				.body(body)
				.build());
			TokenSet set = issuer.issue(request(null)).block(TIMEOUT);
			assertThat(set.accessToken()).isEqualTo("a1");
			assertThat(set.refreshToken()).isEqualTo(body.startsWith("{") ? "r1" : null);
		}
	}

	@Test
	void issueWhenParametersSetThenSendsThemWithEveryRequest() {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.put("resource", List.of("https://a.example/", "https://b.example/"));
		OAuth2TokenIssuer issuer = builder().parameters(parameters).build();
		String sent = "&resource=https%3A%2F%2Fa.example%2F&resource=https%3A%2F%2Fb.example%2F";
		assertThat(body(send(issuer, null))).isEqualTo("grant_type=client_credentials" + sent);
		assertThat(body(send(issuer, "r1"))).isEqualTo("grant_type=refresh_token&refresh_token=r1" + sent);
	}

	@Test
	void issueWhenParametersChangeAfterwardsThenSendsThemAsTheyWere() {
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.add("audience", "a");
		OAuth2TokenIssuer issuer = builder().parameters(parameters).build();
		parameters.add("audience", "b");
		assertThat(body(send(issuer, null))).isEqualTo("grant_type=client_credentials&audience=a");
	}

	@Test
	@DisplayName("RFC 6749, 2.3.1: identifier and secret are form-urlencoded before Base64")
	void clientSecretBasicWhenSpecialCharactersThenEncodesThemFirst() {
		ClientAuthentication basic = ClientAuthentication.clientSecretBasic("a:b c", "p%+ä/&=\"");
		RecordedRequest sent = send(builder().clientAuthentication(basic).build(), null);
		String header = sent.getHeaders().get("Authorization");
		assertThat(header).startsWith("Basic ");
		assertThat(new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8))
			.isEqualTo("a%3Ab+c:p%25%2B%C3%A4%2F%26%3D%22");
		assertThat(body(sent)).isEqualTo("grant_type=client_credentials");
	}

	@Test
	void clientSecretPostWhenSpecialCharactersThenSendsThemInForm() {
		ClientAuthentication post = ClientAuthentication.clientSecretPost("a:b c", "p%+ä/&=\"");
		RecordedRequest sent = send(builder().clientAuthentication(post).build(), null);
		assertThat(sent.getHeaders().get("Authorization")).isNull();
		assertThat(body(sent))
			.isEqualTo("grant_type=client_credentials&client_id=a%3Ab+c&client_secret=p%25%2B%C3%A4%2F%26%3D%22");
	}

	@Test
	void noneWhenPublicClientThenSendsIdentifierAlone() {
		RecordedRequest sent = send(builder().clientAuthentication(ClientAuthentication.none("app")).build(), "r1");
		assertThat(sent.getHeaders().get("Authorization")).isNull();
		assertThat(body(sent)).isEqualTo("grant_type=refresh_token&refresh_token=r1&client_id=app");
	}

	@Test
	void authenticateWhenAsynchronousThenIsAwaitedForEachAttempt() {
		ClientAuthentication signing = (request) -> Mono.delay(Duration.ofMillis(20)).doOnNext((tick) -> {
			request.form().set("client_assertion", "for " + request.uri().getPath() + " " + request.form().size());
			request.headers().set("DPoP", "proof");
		}).then();
		OAuth2TokenIssuer issuer = builder().clientAuthentication(signing).build();
		RecordedRequest sent = send(issuer, null);
		assertThat(body(sent)).isEqualTo("grant_type=client_credentials&client_assertion=for+%2Ftoken+1");
		assertThat(sent.getHeaders().get("DPoP")).isEqualTo("proof");
		assertThat(body(send(issuer, null))).isEqualTo(body(sent));
	}

	@Test
	void grantWhenUsersOwnThenSendsItsParametersAndScope() {
		AuthorizationGrant exchange = (request) -> Mono
			.fromSupplier(() -> MultiValueMap.fromSingleValue(Map.of("client", request.key().client())));
		RecordedRequest sent = send(builder().grant(exchange).scope(List.of("read")).build(), null);
		assertThat(body(sent)).isEqualTo("client=inventory&scope=read");
	}

	@Test
	void issueWhenRefreshTokenOnlyAndNoneHeldThenRequiresReauthenticationWithoutCall() {
		OAuth2TokenIssuer issuer = builder().grant(AuthorizationGrant.refreshTokenOnly()).build();
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> issuer.issue(request(null)).block(TIMEOUT))
			.satisfies((ex) -> assertThat(ex.reason()).startsWith("no refresh token is held"));
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	void issueWhenClientCredentialsAndTheKeyIsASubjectsThenTheServicesOwnTokenIsNotGivenAway() {
		OAuth2TokenIssuer issuer = builder().build();
		TokenRequest ofSubject = new TokenRequest(TokenKey.of("inventory", "alice"), Trigger.USE, null);
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> issuer.issue(ofSubject).block(TIMEOUT))
			.satisfies((ex) -> assertThat(ex.reason()).startsWith("no refresh token is held"));
		assertThat(this.server.getRequestCount()).isZero();
	}

	@Test
	void issueWhenMetadataIsSetThenAsksTheEndpointThatItTells() {
		List<String> issuers = new ArrayList<>();
		OAuth2TokenIssuer issuer = discovering(metadata("/mtls"), issuers).build();
		assertThat(send(issuer, null).getTarget()).isEqualTo("/discovered");
		assertThat(send(issuer, "r1").getTarget()).isEqualTo("/discovered");
		assertThat(issuers).containsExactly("https://idp.example", "https://idp.example");
	}

	@Test
	@DisplayName("RFC 8705, 5: mutual TLS has endpoints of its own")
	void issueWhenMutualTlsThenAsksTheAliasWhereThereIsOne() {
		assertThat(send(discovering(metadata("/mtls"), new ArrayList<>()).mutualTls(true).build(), null).getTarget())
			.isEqualTo("/mtls");
		assertThat(send(discovering(metadata(null), new ArrayList<>()).mutualTls(true).build(), null).getTarget())
			.isEqualTo("/discovered");
	}

	@Test
	void issueWhenTokenUriIsSetTooThenItHasPrecedenceAndNothingIsDiscovered() {
		List<String> issuers = new ArrayList<>();
		OAuth2TokenIssuer issuer = discovering(Mono.error(new AssertionError()), issuers)
			.tokenUri(this.server.url("/token").uri())
			.issuerUri("https://idp.example")
			.build();
		assertThat(send(issuer, null).getTarget()).isEqualTo("/token");
		assertThat(issuers).containsExactly("https://idp.example");
	}

	@Test
	void issueWhenNothingIsToBeAskedForThenNothingIsDiscovered() {
		OAuth2TokenIssuer issuer = discovering(Mono.error(new AssertionError()), new ArrayList<>())
			.grant(AuthorizationGrant.refreshTokenOnly())
			.build();
		assertThatExceptionOfType(ReauthenticationRequiredException.class)
			.isThrownBy(() -> issuer.issue(request(null)).block(TIMEOUT));
	}

	private Mono<AuthorizationServerMetadata> metadata(@Nullable String alias) {
		return Mono
			.just(AuthorizationServerMetadata.builder("https://idp.example", this.server.url("/discovered").uri())
				.mutualTlsTokenEndpoint((alias != null) ? this.server.url(alias).uri() : null)
				.build());
	}

	private static OAuth2TokenIssuer.Builder discovering(Mono<AuthorizationServerMetadata> metadata,
			List<String> issuers) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.metadata((key) -> metadata)
			.clientAuthentication((request) -> Mono.fromRunnable(() -> issuers.add(request.issuerUri())));
	}

	@Test
	void issueWhenNotSubscribedThenCallsNobodyAndWhenTwiceThenCallsTwice() {
		Mono<TokenSet> issue = builder().build().issue(request(null));
		assertThat(this.server.getRequestCount()).isZero();
		enqueueToken();
		enqueueToken();
		issue.block(TIMEOUT);
		issue.block(TIMEOUT);
		assertThat(this.server.getRequestCount()).isEqualTo(2);
	}

	@Test
	void issueWhenCancelledThenCallIsCancelled() {
		this.server.enqueue(new MockResponse.Builder().headersDelay(1, TimeUnit.HOURS).build());
		StepVerifier.create(builder().build().issue(request(null)))
			.expectSubscription()
			.expectNoEvent(Duration.ofMillis(100))
			.thenCancel()
			.verify(TIMEOUT);
	}

	@Test
	void issueWhenAuthorizationServerRotatesThenEachRefreshGivesTheNext() {
		try (AuthorizationServer authorizationServer = AuthorizationServer.forClients("orders")) {
			OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
				.tokenUri(URI.create(authorizationServer.tokenUri()))
				.clientAuthentication(
						ClientAuthentication.clientSecretBasic("orders", authorizationServer.clientSecret("orders")))
				.build();
			TokenSet first = issuer.issue(request(authorizationServer.newSession("orders", "alice"))).block(TIMEOUT);
			TokenSet second = issuer.issue(request(first.refreshToken())).block(TIMEOUT);
			assertThat(status(authorizationServer, second.accessToken())).isEqualTo(200);
			assertThatExceptionOfType(ReauthenticationRequiredException.class)
				.isThrownBy(() -> issuer.issue(request(first.refreshToken())).block(TIMEOUT));
			assertThat(status(authorizationServer, second.accessToken())).isEqualTo(401);
			assertThat(issuer.issue(request(null)).block(TIMEOUT).refreshToken()).isNull();
			assertThat(authorizationServer).reusedRefreshTokens(1).receivedTokenRequests("client_credentials", 1);
		}
	}

	private static int status(AuthorizationServer server, String accessToken) {
		return TestWebClients.builder()
			.build()
			.get()
			.uri(server.resourceUri())
			.headers((headers) -> headers.setBearerAuth(accessToken))
			.exchangeToMono((response) -> response.releaseBody().thenReturn(response.statusCode().value()))
			.block(TIMEOUT);
	}

	@Test
	@DisplayName("SE-2: nothing that holds a secret prints it")
	void toStringWhenSecretsHeldThenShowsNone() {
		ClientAuthentication post = ClientAuthentication.clientSecretPost("app", "planted-secret");
		MultiValueMap<String, String> parameters = new LinkedMultiValueMap<>();
		parameters.add("api_key", "planted-key");
		PreparedRequest prepared = new PreparedRequest(URI.create("https://idp.example/token?k=planted"));
		post.authenticate(prepared).block(TIMEOUT);
		prepared.headers().setBasicAuth("planted");
		assertThat(List.of(post, ClientAuthentication.clientSecretBasic("app", "planted-secret"), prepared,
				builder().parameters(parameters).clientAuthentication(post).build()))
			.allSatisfy((each) -> assertThat(each.toString()).doesNotContain("planted"));
	}

	@Test
	void tokenUriWhenNoEndpointThenRefused() {
		for (String uri : List.of("/token", "ftp://idp.example/token", "https://user:planted@my_idp/token",
				"https:///token", "mailto:a@b.example", "https://user:planted@idp.example/token",
				"https://idp.example/token#planted")) {
			assertThatIllegalArgumentException().as(uri)
				.isThrownBy(() -> builder().tokenUri(URI.create(uri)))
				.withMessageNotContaining("planted");
		}
	}

	@Test
	void tokenUriWhenHostHasAnUnderscoreWhichNoHttpClientTakesThenSaysSo() {
		for (String uri : List.of("http://my_idp/token", "https://my_idp.internal:8443/token")) {
			assertThatIllegalArgumentException().isThrownBy(() -> builder().tokenUri(URI.create(uri)))
				.withMessageEndingWith("without an underscore");
		}
	}

	@Test
	void tokenUriWhenHostIsWrittenInItsOwnLettersThenIsTaken() {
		assertThatNoException()
			.isThrownBy(() -> builder().tokenUri(URI.create("https://b\u00FCcher.example:8443/token?x=1")));
		assertThat(EndpointUri.require(URI.create("HTTPS://b%C3%BCcher.example/token?x=1"), "It"))
			.hasToString("HTTPS://xn--bcher-kva.example:443/token?x=1");
	}

	@Test
	void builderWhenArgumentsWrongThenSaysWhich() {
		assertThatIllegalArgumentException().isThrownBy(() -> builder().scope(List.of("read write")))
			.withMessageContaining("'read write'");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> builder().parameters(MultiValueMap.fromSingleValue(Map.of("grant_type", "password"))))
			.withMessageContaining("'grant_type'");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientAuthentication.clientSecretBasic("app", " "))
			.withMessageContaining("secret");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientAuthentication.none(""))
			.withMessageContaining("identifier");
		assertThatExceptionOfType(NullPointerException.class)
			.isThrownBy(() -> OAuth2TokenIssuer.builder(TestWebClients.builder().build()).build())
			.withMessage("tokenUri");
	}

	private OAuth2TokenIssuer.Builder builder() {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token?tenant=1").uri())
			.clientAuthentication(ClientAuthentication.clientSecretBasic("app", "secret"));
	}

	private static TokenRequest request(@Nullable String refreshToken) {
		return new TokenRequest(TokenKey.of("inventory"), Trigger.USE, refreshToken);
	}

	private void enqueueToken() {
		this.server.enqueue(new MockResponse.Builder().body("{\"access_token\":\"a1\"}").build());
	}

	private RecordedRequest send(OAuth2TokenIssuer issuer, @Nullable String refreshToken) {
		return send(issuer, TokenKey.of("inventory"), refreshToken);
	}

	private RecordedRequest send(OAuth2TokenIssuer issuer, TokenKey key, @Nullable String refreshToken) {
		enqueueToken();
		issuer.issue(new TokenRequest(key, Trigger.USE, refreshToken)).block(TIMEOUT);
		try {
			return this.server.takeRequest();
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

	private static String body(RecordedRequest request) {
		return request.getBody().utf8();
	}

}
