package io.github.evertoken.endpoint;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.test.support.DeafPort;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import okio.BufferedSink;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.util.MultiValueMap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for what {@link OAuth2TokenIssuer} makes of bad answers, and of none.
 */
class OAuth2TokenIssuerFailureTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String CLIENT_SECRET = "planted/client+secret";

	private static final String REFRESH_TOKEN = "planted-refresh-token";

	private static final String ACCESS_TOKEN = "planted-access-token-0123456789";

	@StartStop
	private final MockWebServer server = new MockWebServer();

	@Test
	@DisplayName("FP-1: invalid_grant means reauthentication")
	void issueWhenInvalidGrantThenReauthenticationRequired() {
		TokenException ex = failure(error(400, "invalid_grant", "The refresh token has expired"));
		assertThat(ex).isInstanceOf(ReauthenticationRequiredException.class).hasNoCause();
		assertThat(ex.error()).isEqualTo("invalid_grant");
		assertThat(ex.errorDescription()).isEqualTo("The refresh token has expired");
		assertThat(ex.reason()).isEqualTo(endpoint() + " answered with status 400");
		assertThat(ex.client()).isEqualTo("inventory");
	}

	@ParameterizedTest
	@DisplayName("FP-1: an error of the configuration means refused")
	@CsvSource({ "400, invalid_client", "401, invalid_client", "403, unauthorized_client", "400, invalid_scope",
			"400, unsupported_grant_type", "400, invalid_request", "403, access_denied", "200, invalid_client",
			"500, invalid_client", "503, invalid_scope", "302, access_denied" })
	void issueWhenConfigurationWrongThenRefused(int status, String error) {
		TokenException ex = failure(error(status, error, "No"));
		assertThat(ex).isInstanceOf(TokenRefusedException.class).hasNoCause();
		assertThat(ex.error()).isEqualTo(error);
		assertThat(ex.errorDescription()).isEqualTo("No");
	}

	@ParameterizedTest
	@DisplayName("FP-1: whatever is unknown is transient")
	@CsvSource({ "400, temporarily_unavailable", "400, slow_down", "400, Invalid_Grant", "429, invalid_client",
			"429, invalid_grant", "500, server_error", "404, not_found", "200, temporarily_unavailable" })
	void issueWhenErrorUnknownOrServerBusyThenTransient(int status, String error) {
		TransientTokenException ex = transientFailure(error(status, error, "Later"));
		assertThat(ex.error()).isEqualTo(error);
		assertThat(ex.errorDescription()).isEqualTo("Later");
		assertThat(ex.reason()).isEqualTo(endpoint() + " answered with status " + status);
		assertThat(ex.retryAfter()).isNull();
	}

	@ParameterizedTest
	@DisplayName("FP-1: only another log-in can help, whatever the status")
	@CsvSource({ "400, invalid_grant", "200, invalid_grant", "500, invalid_grant", "401, invalid_grant",
			"302, invalid_grant", "400, login_required", "400, interaction_required", "400, consent_required",
			"400, account_selection_required" })
	void issueWhenOnlyALogInCanHelpThenReauthenticationRequired(int status, String error) {
		TokenException ex = failure(error(status, error, "Log in"));
		assertThat(ex).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(ex.error()).isEqualTo(error);
		assertThat(ex.errorDescription()).isEqualTo("Log in");
	}

	@ParameterizedTest
	@DisplayName("FP-1: an error without a readable code is transient")
	@CsvSource(delimiter = '|',
			value = { "403|<html>Forbidden</html>", "400|''", "403|{\"error\":null}", "400|{\"error\":\"\"}", "400|[]",
					"503|upstream connect error", "400|{\"error\":\"invalid_grant\"", "418|null" })
	void issueWhenErrorHasNoCodeThenTransient(int status, String body) {
		TransientTokenException ex = transientFailure(new MockResponse.Builder().code(status).body(body).build());
		assertThat(ex.error()).isNull();
		assertThat(ex.reason()).endsWith(" answered with status " + status);
	}

	@ParameterizedTest
	@DisplayName("FP-1: a status that only another configuration can change is refused")
	@CsvSource(delimiter = '|',
			value = { "401|and no error code: it takes the client for another, or nobody",
					"404|: is this the token endpoint?", "405|: is this the token endpoint?",
					"410|: is this the token endpoint?", "415|: see token-request.format" })
	void issueWhenStatusSaysThatTimeIsNoHelpThenRefused(int status, String hint) {
		TokenException ex = failure(new MockResponse.Builder().code(status).body("<html></html>").build());
		assertThat(ex).isInstanceOf(TokenRefusedException.class);
		assertThat(ex.error()).isNull();
		assertThat(ex.reason()).contains(" answered with status " + status).endsWith(hint);
	}

	@Test
	void issueWhenErrorIsNoTextThenSaysWhichPropertyHelps() {
		TransientTokenException ex = transientFailure(
				new MockResponse.Builder().body("{\"error\":{\"code\":7}}").build());
		assertThat(ex.reason())
			.endsWith("answered with status 200 and an error that is no text: token-response.error tells where its"
					+ " code is");
	}

	@Test
	@DisplayName("FP-2: Retry-After is handed on")
	void issueWhenRetryAfterThenHandsItOn() {
		MockResponse.Builder busy = new MockResponse.Builder().code(429);
		assertThat(transientFailure(busy.setHeader("Retry-After", "30").build()).retryAfter())
			.isEqualTo(Duration.ofSeconds(30));
		assertThat(transientFailure(busy.setHeader("Retry-After", "soon").build()).retryAfter()).isNull();
		assertThat(
				transientFailure(busy.setHeader("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT").build()).retryAfter())
			.isEqualTo(Duration.ZERO);
	}

	@ParameterizedTest
	@CsvSource({ "301, REFUSED", "302, TRANSIENT", "303, TRANSIENT", "307, TRANSIENT", "308, REFUSED" })
	void issueWhenRedirectedThenNotFollowedAndSaysWhere(int status, FailureKind kind) {
		TokenException ex = failure(new MockResponse.Builder().code(status)
			.addHeader("Location", this.server.url("/moved?planted"))
			.build());
		assertThat(ex)
			.isInstanceOf((kind == FailureKind.REFUSED) ? TokenRefusedException.class : TransientTokenException.class);
		assertThat(ex.reason()).endsWith(" answered with status " + status
				+ ", a redirect, which is not followed; it leads to " + this.server.url("/moved"));
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@DisplayName("SE-3, SE-4: what is no token response is told clearly")
	@MethodSource
	void issueWhenNoTokenResponseThenTransientWithReason(MockResponse response, String how) {
		TransientTokenException ex = transientFailure(response);
		assertThat(ex.reason()).startsWith(endpoint() + " answered with " + how);
		assertThat(ex).hasNoCause();
	}

	static Stream<Arguments> issueWhenNoTokenResponseThenTransientWithReason() {
		return Stream.of(answer("", "", "status 200 and no body"),
				Arguments.of(new MockResponse.Builder().code(204).build(), "status 204 and no body"),
				answer("text/html;charset=utf-8", "<html></html>", "text/html instead of JSON"),
				answer("", "<html></html>", "something else than a JSON object"),
				answer("text/html", "", "text/html instead of JSON"),
				answer("application/x-www-form-urlencoded", "out of order",
						"application/x-www-form-urlencoded instead of JSON"),
				answer("application/json", "{\"access_token\":\"a", "something else than a JSON object"),
				answer("application/json", "{\"access_token\":\"a\"} b", "something else than a JSON object"),
				answer("application/json", "{\"a\":".repeat(10_000), "something else than a JSON object"),
				answer("application/json", " ".repeat(64 * 1024) + "{}", "more than 64 KiB"));
	}

	@ParameterizedTest
	@DisplayName("SE-3: a token response that cannot be used is refused, and says why")
	@CsvSource(delimiter = '|', quoteCharacter = '~', value = {
			"{}|It has no access_token; token-response.access-token tells which of its members is the access token: none",
			"{\"token\":\"planted\",\"ok\":true}|It has no access_token; token-response.access-token tells which of its members is the access token: token, ok",
			"{\"access_token\":\"planted\\nb\"}|The access token is no safe header value: character 8 of 9",
			"{\"access_token\":\"a1\",\"token_type\":\"mac\"}|Its token_type is not Bearer; token-response.token-types lists what means the same: 'mac'" })
	void issueWhenTokenResponseCannotBeUsedThenRefusedWithReason(String body, String why) {
		TokenException ex = failure(new MockResponse.Builder().body(body).build());
		assertThat(ex).isInstanceOf(TokenRefusedException.class).hasNoCause();
		assertThat(ex.reason()).startsWith(endpoint() + " answered with a token response that cannot be used: " + why);
		assertThat(everything(ex)).doesNotContain("planted");
	}

	private static Arguments answer(String type, String body, String how) {
		MockResponse.Builder response = new MockResponse.Builder().body(body);
		if (!type.isEmpty()) {
			response.addHeader("Content-Type", type);
		}
		return Arguments.of(response.build(), how);
	}

	@ParameterizedTest
	@ValueSource(strings = { "application/json;charset=UTF-8", "application/vnd.idp+json", "text/plain",
			"application/octet-stream", "no media type" })
	void issueWhenContentTypeIsNotClearlyWrongThenReadsJson(String type) {
		this.server.enqueue(new MockResponse.Builder().addHeader("Content-Type", type)
			.chunkedBody("{\"access_token\":\"a1\"}" + " ".repeat(60_000), 1000)
			.build());
		assertThat(issuer(endpointUri()).issue(request()).block(TIMEOUT).accessToken()).isEqualTo("a1");
	}

	@ParameterizedTest
	@DisplayName("SE-4: of a gigabyte hardly anything is read, and the connection is closed")
	@CsvSource({ "200, application/json", "200, text/html", "400, application/json", "503, text/plain" })
	void issueWhenBodyIsHugeThenReadsNoMoreThanBound(int status, String type) {
		HugeBody huge = new HugeBody();
		TransientTokenException ex = transientFailure(new MockResponse.Builder().code(status)
			.addHeader("Content-Type", type)
			.body(huge)
			.setHeader("Transfer-Encoding", "chunked")
			.removeHeader("Content-Length")
			.build());
		assertThat(ex.reason())
			.endsWith((status == 200) ? " answered with more than 64 KiB" : " answered with status " + status);
		Awaitility.await().untilAsserted(() -> assertThat(huge.broken).isTrue());
		// What is in flight fills the buffers of two sockets.
		assertThat(huge.written.get()).isLessThan(32L * 1024 * 1024);
	}

	@Test
	void issueWhenConnectionRefusedThenTransientWithCause() {
		int port = DeafPort.get();
		TokenException ex = failure(URI.create("http://localhost:" + port + "/token?key=planted-key"));
		assertThat(ex).isInstanceOf(TransientTokenException.class).hasCauseInstanceOf(ConnectException.class);
		assertThat(ex.reason())
			.startsWith("the token endpoint http://localhost:" + port + "/token could not be reached: ");
		assertThat(ex.reason()).contains("Connection refused");
		assertThat(everything(ex)).doesNotContain("planted");
	}

	@Test
	void issueWhenHostUnknownThenTransientWithCause() {
		TokenException ex = failure(URI.create("http://idp.invalid/token"));
		assertThat(ex).isInstanceOf(TransientTokenException.class).hasCauseInstanceOf(UnknownHostException.class);
		assertThat(ex.reason()).startsWith("the token endpoint http://idp.invalid/token could not be reached: ");
	}

	@Test
	void issueWhenTlsFailsThenTransientWithCause() {
		TokenException ex = failure(URI.create("https://localhost:" + this.server.getPort() + "/token"));
		assertThat(ex).isInstanceOf(TransientTokenException.class).hasCauseInstanceOf(IOException.class);
		assertThat(ex.reason()).contains(" could not be reached: ");
	}

	@Test
	void issueWhenConnectionClosedWithoutAnswerThenTransientAndSentOnce() {
		TransientTokenException ex = transientFailure(
				new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
		assertThat(ex.reason()).contains(" could not be reached: ");
		assertThat(ex).hasCauseInstanceOf(IOException.class);
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@Test
	void issueWhenConnectionClosedWithinBodyThenTransient() {
		TransientTokenException ex = transientFailure(
				new MockResponse.Builder().addHeader("Content-Type", "application/json")
					.body("{\"access_token\":\"" + "a".repeat(20_000) + "\"}")
					.onResponseBody(new SocketEffect.CloseSocket())
					.build());
		assertThat(ex.reason()).startsWith(endpoint() + " broke off its answer: ");
		assertThat(ex).hasCauseInstanceOf(IOException.class);
	}

	@Test
	@DisplayName("SE-2: an exception of the connector's own may quote what it was to send")
	void issueWhenConnectorFailsOtherwiseThenTransientWithoutCause() {
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer
			.builder(TestWebClients.builder()
				.filter((request, next) -> Mono.error(new IllegalStateException("invalid header " + CLIENT_SECRET)))
				.build())
			.tokenUri(endpointUri())
			.clientAuthentication(ClientAuthentication.none("app"))
			.build();
		TokenException ex = catchThrowableOfType(TokenException.class, () -> issuer.issue(request()).block(TIMEOUT));
		assertThat(ex).isInstanceOf(TransientTokenException.class).hasNoCause();
		assertThat(ex.reason()).endsWith("IllegalStateException");
	}

	@ParameterizedTest
	@DisplayName("SE-2: a server that echoes secrets leaks none")
	@MethodSource
	void issueWhenServerEchoesSecretsThenNoneIsRepeated(MockResponse response) {
		for (ClientAuthentication authentication : List.of(ClientAuthentication.clientSecretBasic("app", CLIENT_SECRET),
				ClientAuthentication.clientSecretPost("app", CLIENT_SECRET))) {
			this.server.enqueue(response);
			OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
				.tokenUri(endpointUri())
				.clientAuthentication(authentication)
				.parameters(MultiValueMap.fromSingleValue(Map.of("api_key", "planted key")))
				.build();
			TokenException ex = catchThrowableOfType(TokenException.class,
					() -> issuer.issue(request()).block(TIMEOUT));
			assertThat(everything(ex)).doesNotContain("planted", "cGxhbnRlZC", "YXBwOn", ACCESS_TOKEN);
			assertThat(everything(ex.copy())).doesNotContain("planted");
		}
	}

	@Test
	@DisplayName("SE-2: a server that echoes a JSON request leaks no secret of it")
	void issueWhenServerEchoesJsonThenNoSecretIsRepeated() {
		String secret = "planted\"\\\n<&'/ä key";
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(endpointUri())
			.requestFormat(TokenRequestFormat.JSON)
			.clientAuthentication(ClientAuthentication.clientSecretPost("app", secret))
			.build();
		this.server.setDispatcher(new Dispatcher() {

			@Override
			public MockResponse dispatch(RecordedRequest request) {
				return error(400, "invalid_request", "Cannot read " + request.getBody().utf8());
			}

		});
		TokenException ex = catchThrowableOfType(TokenException.class, () -> issuer.issue(request()).block(TIMEOUT));
		assertThat(ex.errorDescription()).contains("Cannot read").contains("client_secret");
		assertThat(everything(ex)).doesNotContain("planted", "key", REFRESH_TOKEN);
	}

	@Test
	@DisplayName("SE-3, SE-4: a token in a header is bounded and checked like one in the body")
	void issueWhenTokenComesInAHeaderThenResponseIsReadAsStrictly() {
		TokenResponseFormat format = TokenResponseFormat.builder().accessTokenHeader("X-Auth-Token").build();
		OAuth2TokenIssuer issuer = OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(endpointUri())
			.responseFormat(format)
			.clientAuthentication(ClientAuthentication.none("app"))
			.build();
		this.server.enqueue(new MockResponse.Builder().body("{\"access_token\":\"" + ACCESS_TOKEN + "\"}").build());
		this.server.enqueue(new MockResponse.Builder().addHeader("X-Auth-Token", "planted token").build());
		this.server
			.enqueue(new MockResponse.Builder().addHeader("X-Auth-Token", "a1").body(" ".repeat(70_000)).build());
		for (String reason : List.of("It has no header X-Auth-Token", "The access token is no safe header value",
				"answered with more than 64 KiB")) {
			TokenException ex = catchThrowableOfType(TokenException.class,
					() -> issuer.issue(request()).block(TIMEOUT));
			assertThat(ex.reason()).contains(reason);
			assertThat(everything(ex)).doesNotContain("planted");
		}
	}

	static Stream<MockResponse> issueWhenServerEchoesSecretsThenNoneIsRepeated() {
		String echo = String.join(" ", CLIENT_SECRET, URLEncoder.encode(CLIENT_SECRET, StandardCharsets.UTF_8),
				REFRESH_TOKEN, "planted key", "planted+key", ACCESS_TOKEN,
				"Basic YXBwOnBsYW50ZWQlMkZjbGllbnQlMkJzZWNyZXQ=");
		String json = JSONObjectUtils.toJSONString(Map.of("error", echo, "error_description", echo));
		return Stream.of(error(400, "invalid_grant", echo), error(401, "invalid_client", echo),
				error(503, "server_error", echo), error(400, REFRESH_TOKEN, echo), error(400, "a" + ACCESS_TOKEN, echo),
				new MockResponse.Builder().code(400).body(json).build(),
				new MockResponse.Builder().code(500).body(echo).build(),
				new MockResponse.Builder().code(302).addHeader("Location", "/?" + REFRESH_TOKEN).build(),
				new MockResponse.Builder().body(echo).build(),
				new MockResponse.Builder().body("{\"access_token\":\"" + ACCESS_TOKEN + "\"").build(),
				new MockResponse.Builder().body("{\"access_token\":\"" + ACCESS_TOKEN + "\\n\"}").build(),
				new MockResponse.Builder().body("{\"access_token\":\"a\",\"token_type\":\"" + REFRESH_TOKEN + "\"}")
					.build(),
				new MockResponse.Builder()
					.body("{\"access_token\":\"a\",\"refresh_token\":[\"" + REFRESH_TOKEN + "\"]}")
					.build(),
				new MockResponse.Builder().addHeader("Content-Type", REFRESH_TOKEN + "/xml").body("{}").build(),
				new MockResponse.Builder().body(echo).onResponseBody(new SocketEffect.CloseSocket()).build(),
				new MockResponse.Builder().status("HTTP/1.1 500 " + REFRESH_TOKEN).build(),
				new MockResponse.Builder().status("HTTP/1.1 planted " + REFRESH_TOKEN).build());
	}

	@Test
	@DisplayName("SE-2: error and error_description carry the characters of RFC 6749 and no more")
	void issueWhenErrorHasOtherCharactersThenReplacesThem() {
		TokenException ex = failure(error(400, "bad\ncode", "line\r\nbreak \u001B[31m \"quoted\" " + "x".repeat(300)));
		assertThat(ex.error()).isEqualTo("bad?code");
		assertThat(ex.errorDescription()).startsWith("line??break ?[31m ?quoted? xx").hasSize(256);
		assertThat(ex.getMessage()).doesNotContain("\n", "\r", "\u001B");
	}

	private static MockResponse error(int status, String error, String description) {
		return new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json;charset=UTF-8")
			.body(JSONObjectUtils.toJSONString(Map.of("error", error, "error_description", description)))
			.build();
	}

	private TransientTokenException transientFailure(MockResponse response) {
		TokenException ex = failure(response);
		assertThat(ex).isInstanceOf(TransientTokenException.class);
		return (TransientTokenException) ex;
	}

	private TokenException failure(MockResponse response) {
		this.server.enqueue(response);
		return failure(endpointUri());
	}

	private static TokenException failure(URI tokenUri) {
		TokenException ex = catchThrowableOfType(TokenException.class,
				() -> issuer(tokenUri).issue(request()).block(TIMEOUT));
		assertThat(ex).isNotNull();
		return ex;
	}

	private static OAuth2TokenIssuer issuer(URI tokenUri) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(tokenUri)
			.clientAuthentication(ClientAuthentication.clientSecretBasic("app", CLIENT_SECRET))
			.build();
	}

	private static TokenRequest request() {
		return new TokenRequest(TokenKey.of("inventory"), Trigger.USE, REFRESH_TOKEN);
	}

	private URI endpointUri() {
		return this.server.url("/token?key=planted-key").uri();
	}

	private String endpoint() {
		return "the token endpoint " + this.server.url("/token");
	}

	/**
	 * All that a log could show: messages, causes, suppressed exceptions.
	 */
	private static String everything(TokenException ex) {
		StringWriter trace = new StringWriter();
		ex.printStackTrace(new PrintWriter(trace));
		return String.join("\n", ex.toString(), ex.reason(), String.valueOf(ex.error()),
				String.valueOf(ex.errorDescription()), trace.toString());
	}

	/**
	 * A gigabyte in chunks of 64 KiB, or as much of it as the client takes.
	 */
	private static final class HugeBody implements MockResponseBody {

		private static final int CHUNK = 64 * 1024;

		private final AtomicLong written = new AtomicLong();

		private volatile boolean broken;

		@Override
		public long getContentLength() {
			return -1;
		}

		@Override
		public void writeTo(BufferedSink sink) throws IOException {
			byte[] chunk = " ".repeat(CHUNK).getBytes();
			try {
				for (int i = 0; i < 1024 * 1024 * 1024 / CHUNK; i++) {
					sink.writeHexadecimalUnsignedLong(CHUNK).writeUtf8("\r\n").write(chunk).writeUtf8("\r\n").flush();
					this.written.addAndGet(CHUNK);
				}
				sink.writeUtf8("0\r\n\r\n");
			}
			catch (IOException ex) {
				this.broken = true;
				throw ex;
			}
		}

	}

}
