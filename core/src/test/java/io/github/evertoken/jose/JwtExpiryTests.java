package io.github.evertoken.jose;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JwtExpiry}.
 */
@Tag("RN-2")
@Tag("SE-4")
class JwtExpiryTests {

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
			{"exp":-1}                              | 1000 |
			{"iat":1000,"exp":9223372036854775807}  | 2000 | 253402298799
			{}                                      | 1000 |
			""")
	void remainingWhenItIsKnownWhenItWasObtainedThenWhatIsLeft(String claims, long obtainedAt, @Nullable Long seconds) {
		assertThat(JwtExpiry.remaining(jwt("{\"alg\":\"RS256\"}", claims), Instant.ofEpochSecond(obtainedAt)))
			.isEqualTo((seconds != null) ? Duration.ofSeconds(seconds) : null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "opaque", "a.b", "a.b.c", "a.b.c.d.e", "....", "eyJhbGciOiJub25lIn0..",
			"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0" })
	void remainingWhenTheTokenIsNoSignedJwtThenNone(String token) {
		assertThat(JwtExpiry.remaining(token, Instant.ofEpochSecond(1000))).isNull();
	}

	@Test
	void remainingWhenTheTokenIsHugeThenIsNotEvenRead() {
		String huge = jwt("{\"alg\":\"RS256\"}", "{\"iat\":1000,\"exp\":1060,\"x\":\"" + "x".repeat(100_000) + "\"}");
		assertThat(JwtExpiry.remaining(huge, Instant.ofEpochSecond(1000))).isNull();
	}

	private static String jwt(String header, String claims) {
		return base64(header) + "." + base64(claims) + "." + base64("signature");
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
