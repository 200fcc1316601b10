package io.github.evertoken.endpoint;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.test.RawServer;
import io.github.evertoken.test.RawServer.Answer;
import io.github.evertoken.test.RawServer.End;
import io.github.evertoken.test.TestHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for what token endpoints really send, as bytes on a socket, with every HTTP
 * client.
 */
class TokenEndpointDialectTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String OK = "HTTP/1.1 200 OK";

	private static final String BAD = "HTTP/1.1 400 Bad Request";

	private static final String JSON = "Content-Type: application/json\n";

	private static final String TOKENS = "{\"access_token\":\"a1\",\"expires_in\":60,\"refresh_token\":\"r2\"}";

	private static final String INVALID_GRANT = "{\"error\":\"invalid_grant\",\"error_description\":\"Z\u00fcge\"}";

	private final RawServer server = new RawServer();

	@AfterEach
	void stop() throws IOException {
		this.server.close();
	}

	@TestFactory
	@Tag("FP-1")
	Stream<DynamicTest> issueWhenVerdictComesInAnEnvelopeThenIsRead() {
		return ofEachClient(List.of(verdict("GitHub's way", OK, JSON, utf8(INVALID_GRANT)),
				verdict("200 as a text", OK, "Content-Type: text/plain\n", utf8(INVALID_GRANT)),
				verdict("201", "HTTP/1.1 201 Created", JSON, utf8(INVALID_GRANT)),
				verdict("500", "HTTP/1.1 500 Oops", JSON, utf8(INVALID_GRANT)),
				verdict("redirect", "HTTP/1.1 302 Found", "Location: /login\n" + JSON, utf8(INVALID_GRANT)),
				verdict("as HTML", BAD, "Content-Type: text/html;charset=utf-8\n", utf8(INVALID_GRANT)),
				verdict("as HTML with success", OK, "Content-Type: text/html\n", utf8(INVALID_GRANT)),
				verdict("no type", BAD, "", utf8(INVALID_GRANT)),
				verdict("broken type", BAD, "Content-Type: json\n", utf8(INVALID_GRANT)),
				verdict("unknown charset", BAD, "Content-Type: application/json;charset=x-none\n", utf8(INVALID_GRANT)),
				verdict("bytes that are not UTF-8", BAD, JSON, INVALID_GRANT.getBytes(StandardCharsets.ISO_8859_1)),
				verdict("declared ISO-8859-1", BAD, "Content-Type: application/json;charset=ISO-8859-1\n",
						INVALID_GRANT.getBytes(StandardCharsets.ISO_8859_1)),
				verdict("declared UTF-16", BAD, "Content-Type: application/json;charset=utf-16\n",
						INVALID_GRANT.getBytes(StandardCharsets.UTF_16)),
				verdict("byte order mark", BAD, JSON, utf8("\uFEFF" + INVALID_GRANT)),
				verdict("byte order mark of UTF-16", BAD, JSON,
						("\uFEFF" + INVALID_GRANT).getBytes(StandardCharsets.UTF_16LE)),
				verdict("white space", BAD, JSON, utf8("\r\n\t " + INVALID_GRANT + "\n")),
				verdict("gzip", BAD, JSON + "Content-Encoding: gzip\n", gzip(utf8(INVALID_GRANT))),
				verdict("x-gzip", BAD, JSON + "Content-Encoding: x-gzip\n", gzip(utf8(INVALID_GRANT))),
				verdict("gzip with success", OK, JSON + "Content-Encoding: gzip\n", gzip(utf8(INVALID_GRANT))),
				verdict("form", BAD, "Content-Type: application/x-www-form-urlencoded\n",
						utf8("error=invalid_grant&error_description=Z%C3%BCge")),
				verdict("form with success", OK, "Content-Type: application/x-www-form-urlencoded; charset=utf-8\n",
						utf8("error=invalid_grant&error_description=Z%C3%BCge\n")),
				verdict("null token", OK, JSON, utf8("{\"access_token\":null," + INVALID_GRANT.substring(1)))),
				new Case("chunked", chunked(BAD, INVALID_GRANT), null, TokenEndpointDialectTests::isVerdict));
	}

	private static Answer chunked(String status, String body) {
		StringBuilder chunks = new StringBuilder(status + "\r\nTransfer-Encoding: chunked\r\n\r\n");
		for (String chunk : List.of(body.substring(0, 7), body.substring(7, 20), body.substring(20))) {
			chunks.append(Integer.toHexString(utf8(chunk).length)).append("\r\n").append(chunk).append("\r\n");
		}
		return new Answer(utf8(chunks + "0\r\n\r\n"), End.KEEP);
	}

	private static Case verdict(String name, String status, String headers, byte[] body) {
		return new Case(name, Answer.of(status, headers, body), null, (outcome) -> {
			isVerdict(outcome);
			assertThat(outcome.failure().errorDescription()).startsWith("Z").endsWith("ge").hasSizeBetween(4, 5);
		});
	}

	private static void isVerdict(Outcome outcome) {
		assertThat(outcome.failure()).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(outcome.failure().error()).isEqualTo("invalid_grant");
	}

	@TestFactory
	@Tag("SE-3")
	Stream<DynamicTest> issueWhenTokensComeInAnEnvelopeThenAreRead() {
		return ofEachClient(List.of(tokens("as JSON", JSON, utf8(TOKENS)),
				tokens("as HTML", "Content-Type: text/html\n", utf8(TOKENS)),
				tokens("as a form", "Content-Type: application/x-www-form-urlencoded\n",
						utf8("access_token=a1&expires_in=60&refresh_token=r2")),
				tokens("JSON as a form", "Content-Type: application/x-www-form-urlencoded\n", utf8(TOKENS)),
				tokens("byte order mark", JSON, utf8("\uFEFF" + TOKENS)),
				tokens("UTF-16", "Content-Type: application/json;charset=utf-16\n",
						TOKENS.getBytes(StandardCharsets.UTF_16)),
				tokens("gzip", JSON + "Content-Encoding: gzip\n", gzip(utf8(TOKENS))),
				tokens("deflate", JSON + "Content-Encoding: deflate\n", deflate(utf8(TOKENS))),
				tokens("another member is not UTF-8", JSON,
						(TOKENS.replace("}", ",\"name\":\"Z\u00fcge\"}")).getBytes(StandardCharsets.ISO_8859_1)),
				tokens("an error that is none", JSON, utf8(TOKENS.replace("}", ",\"error\":\"none\"}"))),
				tokens("Bearer in the member", JSON, utf8(TOKENS.replace("a1", "Bearer a1")))));
	}

	private static Case tokens(String name, String headers, byte[] body) {
		return new Case(name, Answer.of(OK, headers, body), null, (outcome) -> {
			assertThat(outcome.tokens().accessToken()).isEqualTo("a1");
			assertThat(outcome.tokens().refreshToken()).isEqualTo("r2");
			assertThat(outcome.tokens().expiresIn()).isEqualTo(Duration.ofMinutes(1));
		});
	}

	@TestFactory
	@Tag("SE-3")
	Stream<DynamicTest> issueWhenTokenIsASafeHeaderValueThenIsKept() {
		return ofEachClient(Stream.of("00Dx0!AQ.m_9", "1|plainTextToken", "v^1.1#i^1#p^3#r^1", "a=b", "a,b;c", "{a}")
			.map((token) -> new Case(token, Answer.of(OK, JSON, utf8(TOKENS.replace("a1", token))), null,
					(outcome) -> assertThat(outcome.tokens().accessToken()).isEqualTo(token)))
			.toList());
	}

	@TestFactory
	@Tag("SE-3")
	@Tag("FP-1")
	Stream<DynamicTest> issueWhenTokenResponseCannotBeUsedThenIsRefusedAndSaysWhatToDo() {
		List<Case> cases = new ArrayList<>();
		for (String token : List.of("pl\\u0000anted", "plan\\r\\nted", "plan ted", "plan\\tted", "plant\u00e9d",
				"Bearer plan ted", "plan\\u007fted")) {
			cases.add(refused(token, TOKENS.replace("a1", token), "The access token is no safe header value"));
		}
		cases.add(new Case("token is not UTF-8",
				Answer.of(OK, JSON, TOKENS.replace("a1", "plant\u00e9d").getBytes(StandardCharsets.ISO_8859_1)), null,
				(outcome) -> assertRefused(outcome, "The access token is no safe header value: character 6 of 7")));
		cases.add(new Case("refresh token is not UTF-8",
				Answer.of(OK, JSON, TOKENS.replace("r2", "plant\u00e9d").getBytes(StandardCharsets.ISO_8859_1)), null,
				(outcome) -> assertRefused(outcome, "Its refresh_token has bytes that are no character")));
		cases.add(refused("no token", "{\"token\":\"planted\"}",
				"It has no access_token; token-response.access-token tells which"));
		cases.add(refused("another type", TOKENS.replace("}", ",\"token_type\":\"BearerToken\"}"),
				"Its token_type is not Bearer; token-response.token-types lists what means the same: 'BearerToken'"));
		cases.add(refused("a type that is a token",
				TOKENS.replace("}", ",\"token_type\":\"planted-0123456789-0123456789\"}"),
				"lists what means the same: '***'"));
		return ofEachClient(cases);
	}

	private static Case refused(String name, String body, String reason) {
		return new Case(name, Answer.of(OK, JSON, utf8(body)), null, (outcome) -> assertRefused(outcome, reason));
	}

	private static void assertRefused(Outcome outcome, String reason) {
		assertThat(outcome.failure()).isInstanceOf(TokenRefusedException.class)
			.hasMessageContaining(reason)
			.hasMessageNotContaining("plan");
	}

	@TestFactory
	@Tag("FP-1")
	Stream<DynamicTest> issueWhenWordsAreOthersThenPropertiesTellThem() {
		TokenResponseFormat errorCode = TokenResponseFormat.builder()
			.error("error_code")
			.error("refresh_token_not_found", FailureKind.REAUTHENTICATION)
			.error("over_request_rate_limit", FailureKind.TRANSIENT)
			.build();
		TokenResponseFormat slack = TokenResponseFormat.builder()
			.accessToken("authed_user.access_token")
			.error("invalid_refresh_token", FailureKind.REAUTHENTICATION)
			.error("bad_client_secret", FailureKind.REFUSED)
			.build();
		TokenResponseFormat errors = TokenResponseFormat.builder()
			.error("errors[0].errorId")
			.error("1003", FailureKind.REAUTHENTICATION)
			.error("invalid_grant", FailureKind.TRANSIENT)
			.build();
		TokenResponseFormat nested = TokenResponseFormat.builder()
			.error("error.status")
			.error("UNAUTHENTICATED", FailureKind.REFUSED)
			.build();
		TokenResponseFormat ok = TokenResponseFormat.builder().error("ok").error("false", FailureKind.REFUSED).build();
		return ofEachClient(List.of(
				told("Supabase", errorCode, 400,
						"{\"code\":400,\"error_code\":\"refresh_token_not_found\",\"msg\":\"x\"}",
						ReauthenticationRequiredException.class, "refresh_token_not_found"),
				told("Supabase is busy", errorCode, 429, "{\"error_code\":\"over_request_rate_limit\"}",
						TransientTokenException.class, "over_request_rate_limit"),
				told("Supabase, unknown", errorCode, 400, "{\"error_code\":\"unexpected_failure\"}",
						TransientTokenException.class, "unexpected_failure"),
				told("Slack", slack, 200, "{\"ok\":false,\"error\":\"invalid_refresh_token\"}",
						ReauthenticationRequiredException.class, "invalid_refresh_token"),
				told("Slack's secret", slack, 200, "{\"ok\":false,\"error\":\"bad_client_secret\"}",
						TokenRefusedException.class, "bad_client_secret"),
				told("errors", errors, 400, "{\"errors\":[{\"errorId\":1003}]}",
						ReauthenticationRequiredException.class, "1003"),
				told("what is told counts first", errors, 400, "{\"errors\":[{\"errorId\":\"invalid_grant\"}]}",
						TransientTokenException.class, "invalid_grant"),
				told("no errors", errors, 400, "{\"errors\":[]}", TransientTokenException.class, null),
				told("an object", nested, 200, "{\"error\":{\"status\":\"UNAUTHENTICATED\"}}",
						TokenRefusedException.class, "UNAUTHENTICATED"),
				told("ok", ok, 200, "{\"ok\":false}", TokenRefusedException.class, "false"),
				told("an object that nobody tells", TokenResponseFormat.standard(), 200, "{\"error\":{\"code\":1}}",
						TransientTokenException.class, null)));
	}

	private static Case told(String name, TokenResponseFormat format, int status, String body,
			Class<? extends TokenException> type, @Nullable String error) {
		return new Case(name, Answer.of("HTTP/1.1 " + status + " X", JSON, utf8(body)), format, (outcome) -> {
			assertThat(outcome.failure()).isInstanceOf(type);
			assertThat(outcome.failure().error()).isEqualTo(error);
		});
	}

	@TestFactory
	@Tag("RN-2")
	Stream<DynamicTest> issueWhenTheTokenAloneSaysWhenItExpiresThenWhatIsLeftCounts() {
		Instant issuedAt = Instant.ofEpochSecond(1_700_000_000);
		return ofEachClient(
				List.of(jwt("handed out again", issuedAt, 3600L, issuedAt.plusSeconds(3000), Duration.ofMinutes(10)),
						jwt("fresh", issuedAt, 3600L, issuedAt, Duration.ofHours(1)),
						jwt("no iat", null, 3600L, issuedAt.plusSeconds(3000), Duration.ofMinutes(10)),
						jwt("the server's clock is late", issuedAt, 3600L, issuedAt.minusSeconds(600),
								Duration.ofHours(1)),
						jwt("expired", issuedAt, 3600L, issuedAt.plusSeconds(7200), Duration.ofHours(1)),
						jwt("expired without iat", null, 3600L, issuedAt.plusSeconds(7200), null),
						jwt("no exp", issuedAt, null, issuedAt, null)));
	}

	private static Case jwt(String name, @Nullable Instant issuedAt, @Nullable Long lifetime, Instant date,
			@Nullable Duration left) {
		String claims = "{" + ((issuedAt != null) ? "\"iat\":" + issuedAt.getEpochSecond() + "," : "")
				+ ((lifetime != null) ? "\"exp\":" + (1_700_000_000L + lifetime) + "," : "") + "\"sub\":\"a\"}";
		String token = base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + ".c2ln";
		String headers = JSON + "Date: " + DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC))
				+ "\n";
		return new Case(name, Answer.of(OK, headers, utf8("{\"access_token\":\"" + token + "\"}")), null,
				(outcome) -> assertThat(outcome.tokens().expiresIn()).isEqualTo(left));
	}

	@TestFactory
	@Tag("SE-4")
	Stream<DynamicTest> issueWhenBodyCannotBeReadThenIsTransientWithoutRepeatingIt() {
		return ofEachClient(List.of(unread("gzip bomb", JSON + "Content-Encoding: gzip\n", gzip(new byte[1_000_000])),
				unread("too long", JSON, utf8(" ".repeat(70_000) + TOKENS)),
				unread("names twice", JSON, utf8("{\"access_token\":\"planted\",\"access_token\":\"planted\"}")),
				unread("torn JSON", JSON, utf8("{\"access_token\":\"planted\"")),
				unread("HTML", "Content-Type: text/html\n", utf8("<p>planted</p>")), unread("empty", "", new byte[0]),
				unread("form twice", "Content-Type: application/x-www-form-urlencoded\n",
						utf8("access_token=planted&access_token=planted")),
				unread("a byte order mark alone", JSON, utf8("\uFEFF"))));
	}

	private static Case unread(String name, String headers, byte[] body) {
		return new Case(name, Answer.of(OK, headers, body), null,
				(outcome) -> assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class)
					.hasMessageNotContaining("planted"));
	}

	@ParameterizedTest
	@EnumSource
	void revokeWhenAnswerIsAnErrorThenItIsToldWhateverTheStatus(TestHttpClient client) {
		this.server.enqueue(Answer.of(OK, JSON, utf8("{\"ok\":true}")))
			.enqueue(Answer.of(OK, JSON, utf8("{\"ok\":false,\"error\":\"invalid_client\"}")))
			.enqueue(Answer.of(OK, "", new byte[0]));
		OAuth2TokenIssuer issuer = issuer(client.webClient(), null);
		TokenKey key = TokenKey.of("inventory");
		TokenSet tokens = TokenSet.withAccessToken("a1").build();
		issuer.revoke(key, tokens).block(TIMEOUT);
		assertThat(catchThrowableOfType(TokenException.class, () -> issuer.revoke(key, tokens).block(TIMEOUT)))
			.isInstanceOf(TokenRefusedException.class);
		issuer.revoke(key, tokens).block(TIMEOUT);
		assertThat(this.server.requests()).hasSize(3).allMatch((request) -> request.startsWith("POST /revoke "));
	}

	private Stream<DynamicTest> ofEachClient(List<Case> cases, Case... more) {
		return Stream.of(TestHttpClient.values()).flatMap((client) -> {
			WebClient webClient = client.webClient();
			return Stream.concat(cases.stream(), Stream.of(more))
				.map((each) -> DynamicTest.dynamicTest(client + ", " + each.name(), () -> check(webClient, each)));
		});
	}

	private void check(WebClient webClient, Case each) {
		this.server.enqueue(each.answer());
		each.expectation().accept(outcome(issuer(webClient, each.format())));
	}

	private static Outcome outcome(OAuth2TokenIssuer issuer) {
		TokenRequest request = new TokenRequest(TokenKey.of("inventory"), Trigger.USE, "r1");
		return issuer.issue(request)
			.map((tokens) -> new Outcome(tokens, null))
			.onErrorResume(TokenException.class, (ex) -> Mono.just(new Outcome(null, ex)))
			.block(TIMEOUT);
	}

	private OAuth2TokenIssuer issuer(WebClient webClient, @Nullable TokenResponseFormat format) {
		return OAuth2TokenIssuer.builder(webClient)
			.tokenUri(this.server.uri("/token"))
			.revocationUri(this.server.uri("/revoke"))
			.clientAuthentication(ClientAuthentication.clientSecretBasic("app", "secret"))
			.responseFormat((format != null) ? format : TokenResponseFormat.standard())
			.build();
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(utf8(text));
	}

	private static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream stream = new GZIPOutputStream(packed)) {
			stream.write(bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return packed.toByteArray();
	}

	private static byte[] deflate(byte[] bytes) {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (DeflaterOutputStream stream = new DeflaterOutputStream(packed)) {
			stream.write(bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return packed.toByteArray();
	}

	/**
	 * One answer.
	 *
	 * @param name what is special about it
	 * @param answer its bytes
	 * @param format what the properties tell about it, or {@code null} for nothing
	 * @param expectation what is to come of it
	 */
	private record Case(String name, Answer answer, @Nullable TokenResponseFormat format,
			Consumer<Outcome> expectation) {

	}

	/**
	 * What came of an answer.
	 */
	private record Outcome(@Nullable TokenSet set, @Nullable TokenException ex) {

		TokenSet tokens() {
			assertThat(this.ex).isNull();
			assertThat(this.set).isNotNull();
			return this.set;
		}

		TokenException failure() {
			assertThat(this.set).isNull();
			assertThat(this.ex).isNotNull();
			return this.ex;
		}

	}

}
