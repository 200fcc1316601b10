package io.github.evertoken.endpoint;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.evertoken.TokenSet;
import io.github.evertoken.http.JsonObject;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenResponse} and {@link JsonObject}.
 */
class TokenResponseTests {

	private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

	@Test
	void readWhenCompleteThenReadsAll() {
		TokenSet set = read("""
				{"access_token":"a1","token_type":"Bearer","expires_in":300,"refresh_token":"r1","id_token":"i1",
				"scope":"read","extra":{"nested":[1,2]}}
				""");
		assertThat(set.accessToken()).isEqualTo("a1");
		assertThat(set.tokenType()).isEqualTo("Bearer");
		assertThat(set.expiresIn()).isEqualTo(Duration.ofMinutes(5));
		assertThat(set.refreshToken()).isEqualTo("r1");
		assertThat(set.idToken()).isEqualTo("i1");
		assertThat(set.obtainedAt()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"access_token\":\"a1\"}",
			"{\"access_token\":\"a1\",\"token_type\":null,\"expires_in\":null,\"refresh_token\":null,\"id_token\":null}",
			"{\"access_token\":\"a1\",\"token_type\":\"\",\"expires_in\":\"\",\"refresh_token\":\"\",\"id_token\":\"\"}",
			"{\"access_token\":\"a1\",\"token_type\":false,\"expires_in\":false,\"refresh_token\":false,\"id_token\":false}" })
	void readWhenRestAbsentNullOrEmptyThenReadsBearerTokenAlone(String json) {
		TokenSet set = read(json);
		assertThat(set.accessToken()).isEqualTo("a1");
		assertThat(set.tokenType()).isEqualTo("Bearer");
		assertThat(set.expiresIn()).isNull();
		assertThat(set.refreshToken()).isNull();
		assertThat(set.idToken()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "1, 1", "3600, 3600", "3600.0, 3600", "59.9, 59", "3.6e3, 3600", "315360000, 315360000",
			"'\"3600\"', 3600", "'\"0060\"', 60" })
	void readWhenExpiresInCredibleThenIsLifetime(String expiresIn, long seconds) {
		assertThat(lifetime(expiresIn)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@ParameterizedTest
	@DisplayName("A lifetime that cannot be believed counts as not named, and spoils nothing")
	@ValueSource(strings = { "0", "-1", "0.5", "315360001", "1893456000", "9223372036854775807",
			"99999999999999999999999999", "1e300", "\"-5\"", "\"0\"", "\"soon\"", "\"1e3\"", "\"NaN\"", "\"0x10\"",
			"\"99999999999\"", "true", "[]", "{}" })
	void readWhenExpiresInIncredibleThenIsAbsent(String expiresIn) {
		assertThat(lifetime(expiresIn)).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "bearer", "BEARER", "Bearer" })
	void readWhenTypeIsBearerInAnyCaseThenBearer(String type) {
		assertThat(read("{\"access_token\":\"a1\",\"token_type\":\"" + type + "\"}").tokenType()).isEqualTo("Bearer");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{}|It has no access_token", "{\"access_token\":null}|It has no access_token",
			"{\"access_token\":\"\"}|It has no access_token", "{\"access_token\":7}|Its access_token is not a string",
			"{\"access_token\":[\"a1\"]}|Its access_token is not a string",
			"{\"access_token\":\"a1\",\"refresh_token\":7}|Its refresh_token is not a string",
			"{\"access_token\":\"a1\",\"token_type\":7}|Its token_type is not a string",
			"{\"access_token\":false}|It has no access_token",
			"{\"access_token\":\"a1\",\"token_type\":\"mac\"}|Its token_type is not Bearer; token-response.token-types lists what means the same: 'mac'",
			"{\"access_token\":\"a1\",\"token_type\":\"N_A\"}|Its token_type is not Bearer; token-response.token-types lists what means the same: 'N_A'",
			"{\"access_token\":\"a1\",\"refresh_token\":\"r\ufffd\"}|Its refresh_token has bytes that are no character",
			"{\"access_token\":\"a1\",\"id_token\":\"r\ufffd\"}|Its id_token has bytes that are no character",
			"{\"access_token\":\"a\ufffd\"}|The access token is no safe header value: character 2 of 2" })
	void readWhenUnusableThenComplains(String json, String complaint) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageStartingWith(complaint);
	}

	@ParameterizedTest
	@DisplayName("SE-2: the members that there are are named, without a value")
	@CsvSource(delimiter = '|',
			value = { "{\"token\":\"planted\",\"expires\":7}|token, expires",
					"{\"data\":{\"jwt\":\"planted\",\"x\":{\"y\":1}}}|data.jwt, data.x.y", "{\"a\\nb\":1}|a?b",
					"{\"access_token\":null,\"accessToken\":\"planted\"}|accessToken",
					"{\"access_token\":false}|none is there" })
	void readWhenTheTokenHasAnotherNameThenTheMembersAreNamed(String json, String names) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(json))
			.withMessage("It has no access_token; token-response.access-token tells which of its members is the"
					+ " access token: " + names);
	}

	@Test
	void readWhenThereAreManyMembersThenSomeAreNamed() {
		String many = IntStream.range(0, 1000)
			.mapToObj((i) -> "\"" + "n".repeat(20) + i + "\":1")
			.collect(Collectors.joining(",", "{", "}"));
		assertThatIllegalArgumentException().isThrownBy(() -> read(many))
			.withMessageContaining(": nnnn")
			.withMessageEndingWith("...")
			.satisfies((ex) -> assertThat(ex.getMessage()).hasSizeLessThan(212));
	}

	@ParameterizedTest
	@DisplayName("SE-3: a token that is no safe header value is refused, and not repeated")
	@ValueSource(strings = { "planted\\r\\nX-Evil: 1", "planted\\nx", "plant ed", "plantéd", "planted\\u0000",
			"planted\\u007f", "Bearer plant ed", "planted\\t" })
	void readWhenTokenUnsafeThenComplainsWithoutRepeatingIt(String token) {
		assertThatIllegalArgumentException().isThrownBy(() -> read("{\"access_token\":\"" + token + "\"}"))
			.withMessageContaining("access token")
			.withMessageNotContaining("plant");
	}

	@ParameterizedTest
	@DisplayName("SE-4: JSON is strictly parsed")
	@ValueSource(strings = { "", " ", "null", "true", "7", "\"a\"", "[]", "[[\"access_token\",\"a1\"]]", "{",
			"{\"access_token\":\"a1\"", "{\"access_token\":\"a1\"} x", "{\"access_token\":\"a1\"}{}",
			"{\"access_token\":\"a1\",\"access_token\":\"a2\"}", "{\"expires_in\":NaN}", "{'access_token':'a1'}",
			"{access_token:\"a1\"}", "{\"access_token\":\"a1\",}", "/* c */{\"access_token\":\"a1\"}",
			"{\"access_token\":\"a\n1\"}", "<html></html>", "access_token=a1&token_type=bearer" })
	void parseWhenNotStrictlyAnObjectThenNull(String json) {
		assertThat(parse(json)).isNull();
	}

	@Test
	@DisplayName("SE-4: nesting as deep as 64 KiB allow does no harm")
	void parseWhenNestedDeeplyThenNull() {
		assertThat(parse("{\"a\":" + "[".repeat(32_000) + "]".repeat(32_000) + "}")).isNull();
		assertThat(parse("{\"a\":".repeat(12_000))).isNull();
	}

	@Test
	void readWhenMembersHaveOtherNamesThenReadsThoseAndNoOthers() {
		TokenResponseFormat.Builder format = TokenResponseFormat.builder()
			.accessToken("data.token.value")
			.refreshToken("data.refreshToken")
			.expiresIn("expiresIn")
			.tokenType("data.token.kind")
			.idToken("data.id");
		TokenSet set = read(format, new HttpHeaders(), """
				{"data":{"token":{"value":"a1","kind":"Bearer"},"refreshToken":"r1","id":"i1"},"expiresIn":"300",
				"access_token":"x","refresh_token":"x","expires_in":1,"token_type":"mac","id_token":"x"}
				""");
		assertThat(set.accessToken()).isEqualTo("a1");
		assertThat(set.refreshToken()).isEqualTo("r1");
		assertThat(set.idToken()).isEqualTo("i1");
		assertThat(set.expiresIn()).isEqualTo(Duration.ofMinutes(5));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "{\"access_token\":\"planted\"}|It has no data.token",
			"{\"data\":\"planted\"}|It has no data.token", "{\"data\":[{\"token\":\"planted\"}]}|It has no data.token",
			"{\"data.token\":\"planted\"}|It has no data.token",
			"{\"data\":{\"token\":{\"planted\":1}}}|Its data.token is not a string",
			"{\"data\":{\"token\":\"a1\"},\"kind\":\"mac\"}|Its kind is not Token; token-response.token-types lists what means the same: 'mac'" })
	@DisplayName("SE-2: other names are complained of by their names, and without a value")
	void readWhenMembersWithOtherNamesAreUnusableThenComplains(String json, String complaint) {
		TokenResponseFormat.Builder format = TokenResponseFormat.builder()
			.accessToken("data.token")
			.tokenType("kind")
			.scheme("Token");
		assertThatIllegalArgumentException().isThrownBy(() -> read(format, new HttpHeaders(), json))
			.withMessageStartingWith(complaint)
			.withMessageNotContaining("planted");
	}

	@ParameterizedTest
	@CsvSource({ "SECONDS,300,300", "MILLIS,300000,300", "MILLIS,'\"300999\"',300", "MILLIS,999,",
			"EPOCH_SECONDS,1800000300,300", "EPOCH_SECONDS,'\"1800000300\"',300", "EPOCH_SECONDS,1800000000,",
			"EPOCH_SECONDS,300,", "EPOCH_SECONDS,1800000300000,", "EPOCH_MILLIS,1800000300000,300",
			"EPOCH_MILLIS,'\"1800000300500\"',300", "EPOCH_MILLIS,1800000300,",
			"INSTANT,'\"2027-01-15T08:05:00Z\"',300", "INSTANT,'\"2027-01-15T09:05:00.25+01:00\"',300",
			"INSTANT,'\"2027-01-15T08:05:00\"',", "INSTANT,'\"2027-01-15T07:59:00Z\"',", "INSTANT,'\"soon\"',",
			"INSTANT,1800000300,", "INSTANT,'\"+999999999-12-31T23:59:59Z\"',", "EPOCH_MILLIS,'{}'," })
	void readWhenExpiryIsInAnotherFormatThenIsLifetimeIfCredible(ExpiresInFormat format, String value,
			@Nullable Long seconds) {
		assertThat(NOW).isEqualTo(Instant.parse("2027-01-15T08:00:00Z"));
		Duration lifetime = read(TokenResponseFormat.builder().expiresInFormat(format), new HttpHeaders(),
				"{\"access_token\":\"a1\",\"expires_in\":" + value + "}")
			.expiresIn();
		assertThat(lifetime).isEqualTo((seconds != null) ? Duration.ofSeconds(seconds) : null);
	}

	@Test
	@DisplayName("A point in time is compared with the server's clock: ours may be wrong")
	void readWhenServerSaysWhatTimeItIsThenThatCounts() {
		HttpHeaders headers = new HttpHeaders();
		headers.setDate(NOW.minus(Duration.ofDays(1)));
		TokenResponseFormat.Builder format = TokenResponseFormat.builder()
			.expiresInFormat(ExpiresInFormat.EPOCH_SECONDS);
		String json = "{\"access_token\":\"a1\",\"expires_in\":" + NOW.minus(Duration.ofHours(23)).getEpochSecond()
				+ "}";
		assertThat(read(format, headers, json).expiresIn()).isEqualTo(Duration.ofHours(1));
		headers.set("Date", "yesterday");
		assertThat(read(format, headers, json).expiresIn()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "a1", "Bearer a1", "bearer  a1", "Token a1", "' a1 '" })
	void readWhenHeaderHasTheTokenThenTakesItWithoutItsScheme(String value) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-Auth-Token", value);
		TokenSet set = read(TokenResponseFormat.builder().accessTokenHeader("x-auth-token").scheme("Token"), headers,
				"{\"refresh_token\":\"r1\",\"access_token\":\"x\"}");
		assertThat(set.accessToken()).isEqualTo("a1");
		assertThat(set.refreshToken()).isEqualTo("r1");
		assertThat(set.tokenType()).isEqualTo("Token");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "''|It has no header X-Auth-Token", "Bearer|", "Mac planted|The access token",
					"Bearer planted x|The access token", "planted, x|The access token" })
	@DisplayName("SE-3: a header that is no token is refused, and not repeated")
	void readWhenHeaderHasNoTokenThenComplainsWithoutRepeatingIt(String value, @Nullable String complaint) {
		HttpHeaders headers = new HttpHeaders();
		headers.set("X-Auth-Token", value);
		TokenResponseFormat.Builder format = TokenResponseFormat.builder().accessTokenHeader("X-Auth-Token");
		if (complaint == null) {
			assertThat(read(format, headers, "{}").accessToken()).isEqualTo("Bearer");
			return;
		}
		assertThatIllegalArgumentException().isThrownBy(() -> read(format, headers, "{}"))
			.withMessageStartingWith(complaint)
			.withMessageNotContaining("planted");
		headers.add("X-Auth-Token", "a2");
		assertThatIllegalArgumentException().isThrownBy(() -> read(format, headers, "{}"))
			.withMessage("It has several headers X-Auth-Token");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer", "token", "TOKEN" })
	void readWhenSchemeIsAnotherThenIsSentWhateverTheTypeSays(String type) {
		TokenSet set = read(TokenResponseFormat.builder().scheme("Token"), new HttpHeaders(),
				"{\"access_token\":\"a1\",\"token_type\":\"" + type + "\"}");
		assertThat(set.tokenType()).isEqualTo("Token");
	}

	@ParameterizedTest
	@DisplayName("RFC 6749, A.12: a token is sent as it is, if it is a safe header value")
	@ValueSource(strings = { "00Dx0!AQ.m_9", "1|plainTextToken", "v^1.1#i^1#p^3#r^1", "a=b", "=", "a,b", "\\\"a\\\\",
			"Bearer", "!~" })
	void readWhenTokenHasOtherCharactersThenKeepsThem(String token) {
		assertThat(read("{\"access_token\":\"" + token + "\"}").accessToken())
			.isEqualTo(token.replace("\\\"", "\"").replace("\\\\", "\\"));
	}

	@ParameterizedTest
	@CsvSource({ "Bearer a1", "bearer  a1", "Token a1", "' a1 '" })
	void readWhenMemberHasTheSchemeTooThenTakesTheTokenAlone(String value) {
		assertThat(read(TokenResponseFormat.builder().scheme("Token"), new HttpHeaders(),
				"{\"access_token\":\"" + value + "\"}")
			.accessToken()).isEqualTo("a1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "BearerToken", "bearertoken", "Application Access Token", "ApplicationAccessToken", "JWT",
			" jwt ", "access_token", "bearer ", "Bearer", "N_A" })
	void readWhenTypeIsAnotherWordForItThenIsTheScheme(String type) {
		TokenResponseFormat.Builder format = TokenResponseFormat.builder()
			.tokenTypes(List.of("BearerToken", "application access token", "JWT", "Access_Token", "N_A"));
		TokenSet set = read(format, new HttpHeaders(), "{\"access_token\":\"a1\",\"token_type\":\"" + type + "\"}");
		assertThat(set.tokenType()).isEqualTo("Bearer");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "errors[0].code|e1", "errors[1]|e2", "errors[2]|", "error.code|7", "ok|false",
			"error|", "nested[0][1]|e3", "error[0]|", "errors.code|", "none[0]|" })
	void errorWhenPathIsAnotherThenIsReadThere(String path, @Nullable String code) {
		ErrorResponse error = ErrorResponse.of(parse("""
				{"errors":[{"code":"e1"},"e2"],"error":{"code":7},"ok":false,"nested":[["x","e3"]]}
				"""), TokenResponseFormat.builder().error(path).build());
		assertThat(error.code()).isEqualTo(code);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a..b", ".a", "a.", "a b", "a\n", "a[", "a[]", "[0]", "a[x]", "a[0]b", "a.[0]",
			"a]", "a[1234]" })
	void formatWhenPathIsNoneThenComplains(String path) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenResponseFormat.builder().accessToken(path))
			.withMessageStartingWith("must be the name of a member of the response");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "a b", "a:", "a\r\nb", "\u00e4" })
	void formatWhenHeaderOrSchemeIsNoneThenComplains(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenResponseFormat.builder().accessTokenHeader(name))
			.withMessageStartingWith("must be the name of a header");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenResponseFormat.builder().scheme(name))
			.withMessageStartingWith("must be one word");
	}

	@Test
	void formatWhenTokenTypeOrCodeIsEmptyThenComplains() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TokenResponseFormat.builder().tokenTypes(List.of("JWT", " ")))
			.withMessage("must list words of the token endpoint such as BearerToken, but has ''");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TokenResponseFormat.builder().error(" ", FailureKind.REFUSED))
			.withMessageStartingWith("must have an error code as its name");
	}

	private static @Nullable Duration lifetime(String expiresIn) {
		return read("{\"access_token\":\"a1\",\"expires_in\":" + expiresIn + "}").expiresIn();
	}

	private static TokenSet read(String json) {
		return read(TokenResponseFormat.builder(), new HttpHeaders(), json);
	}

	private static TokenSet read(TokenResponseFormat.Builder format, HttpHeaders headers, String json) {
		return new TokenResponse(format.build(), headers, parse(json)).read(NOW);
	}

	private static @Nullable JsonObject parse(String json) {
		return JsonObject.parse(json);
	}

}
