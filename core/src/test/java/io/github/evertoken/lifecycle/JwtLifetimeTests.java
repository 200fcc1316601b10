package io.github.evertoken.lifecycle;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import io.github.evertoken.test.Rule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JwtLifetime}.
 */
@Rule({ "RN-2", "SE-4" })
class JwtLifetimeTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"iat":1000,"exp":1060}                 | 60
			{"iat":1000,"exp":1060,"nbf":1}         | 60
			{"iat":1000.5,"exp":1060.5}             | 60
			{"exp":1060}                            |
			{"iat":1000}                            |
			{"iat":1060,"exp":1000}                 |
			{"iat":1000,"exp":1000}                 |
			{"iat":"yesterday","exp":1060}          |
			{}                                      |
			[]                                      |
			{"iat":1000,"exp":                      |
			""")
	void ofThenTheTimeBetweenTheTwoClaims(String claims, @Nullable Long seconds) {
		assertThat(JwtLifetime.of(jwt("{\"alg\":\"RS256\"}", claims)))
			.isEqualTo((seconds != null) ? Duration.ofSeconds(seconds) : null);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			{"iat":1000,"exp":1060}                 | 1000 | 60
			{"iat":1000,"exp":1060}                 | 1045 | 15
			{"exp":1060}                            | 1045 | 15
			{"iat":"yesterday","exp":1060}          | 1045 |
			{"iat":1000,"exp":1060}                 | 900  | 60
			{"exp":1060}                            | 900  | 160
			{"iat":1000,"exp":1060}                 | 1060 | 60
			{"iat":1000,"exp":1060}                 | 5000 | 60
			{"exp":1060}                            | 5000 |
			{"iat":1060,"exp":1000}                 | 900  |
			{"iat":1000}                            | 1000 |
			{}                                      | 1000 |
			""")
	void ofWhenItIsKnownWhenItWasObtainedThenWhatIsLeft(String claims, long obtainedAt, @Nullable Long seconds) {
		assertThat(JwtLifetime.of(jwt("{\"alg\":\"RS256\"}", claims), Instant.ofEpochSecond(obtainedAt)))
			.isEqualTo((seconds != null) ? Duration.ofSeconds(seconds) : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "opaque", "a.b", "a.b.c", "a.b.c.d.e", "....", "eyJhbGciOiJub25lIn0..",
			"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0" })
	void ofWhenTheTokenIsNoSignedJwtThenNone(String token) {
		assertThat(JwtLifetime.of(token)).isNull();
		assertThat(JwtLifetime.of(token, Instant.ofEpochSecond(1000))).isNull();
	}

	@Test
	void ofWhenTheTokenIsHugeThenIsNotEvenRead() {
		assertThat(JwtLifetime
			.of(jwt("{\"alg\":\"RS256\"}", "{\"iat\":1000,\"exp\":1060,\"x\":\"" + "x".repeat(100_000) + "\"}")))
			.isNull();
	}

	private static String jwt(String header, String claims) {
		return base64(header) + "." + base64(claims) + "." + base64("signature");
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
