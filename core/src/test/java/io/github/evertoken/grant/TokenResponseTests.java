package io.github.evertoken.grant;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenResponse} and {@link JsonObject}.
 */
class TokenResponseTests {

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
			"{\"access_token\":\"a1\",\"token_type\":\"\",\"expires_in\":\"\",\"refresh_token\":\"\",\"id_token\":\"\"}" })
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
			"{\"access_token\":\"a1\",\"token_type\":\"mac\"}|Its token_type is not Bearer",
			"{\"error\":\"invalid_grant\"}|It has no access_token" })
	void readWhenUnusableThenComplains(String json, String complaint) {
		assertThatIllegalArgumentException().isThrownBy(() -> read(json)).withMessageStartingWith(complaint);
	}

	@ParameterizedTest
	@DisplayName("SE-3: a token that is no safe header value is refused, and not repeated")
	@ValueSource(strings = { "planted\\r\\nX-Evil: 1", "planted\\nx", "plant ed", "plantéd", "planted\\u0000",
			"plant=ed", "=" })
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
	void parseWhenNotUtf8ThenNull() {
		assertThat(JsonObject.parse("{\"access_token\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1))).isNull();
	}

	private static @Nullable Duration lifetime(String expiresIn) {
		return read("{\"access_token\":\"a1\",\"expires_in\":" + expiresIn + "}").expiresIn();
	}

	private static TokenSet read(String json) {
		return TokenResponse.read(parse(json));
	}

	private static @Nullable JsonObject parse(String json) {
		return JsonObject.parse(json.getBytes(StandardCharsets.UTF_8));
	}

}
