package io.github.evertoken.http;

import java.util.List;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Redactor}.
 */
@DisplayName("SE-2: text from outside")
class RedactorTests {

	private final Redactor redactor = new Redactor(List.of("pass", "password", "se\"crét"));

	@Test
	void redactWhenSecretRepeatedThenReplacesEachWhole() {
		assertThat(this.redactor.redact("password, pass and se\"crét")).isEqualTo("***, *** and ***");
	}

	@Test
	void redactWhenCharactersNotAllowedThenReplacesThem() {
		assertThat(this.redactor.redact("a\r\nb\"c\\d\u001Bé!~ ")).isEqualTo("a??b?c?d??!~ ");
	}

	@Test
	void redactWhenLongThenCutsOffWithoutHalfASecret() {
		assertThat(this.redactor.redact("x ".repeat(127) + "password")).isEqualTo("x ".repeat(127) + "**");
		assertThat(this.redactor.redact(". ".repeat(1000))).hasSize(256);
	}

	@ParameterizedTest
	@ValueSource(strings = { "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQeyJzdWIiOiJv.c2lnbmF0dXJlLWluLWJhc2U2NHVybDE",
			"4bf92f3577b34da6a3ce929d0e0e4736", "tGzv3JOkF0XG5Qx2TlKWIAtGzv3JOkF0==" })
	void redactWhenLooksLikeTokenThenHidesIt(String token) {
		assertThat(this.redactor.redact("token " + token + " is unknown")).contains("***")
			.doesNotContain(token)
			.doesNotContain(token.substring(token.length() - 20));
	}

	@ParameterizedTest
	@ValueSource(strings = { "token eyJhbGci... is unknown", "token ...x9QzT4kL is unknown",
			"r7Kq2Zp9Lm4Xw8Td is unknown", "key=7Kq2Zp9Lm4Xw8T;", "7Kq2Zp9L" })
	void redactWhenPartOfASecretThenHidesIt(String text) {
		Redactor parts = new Redactor(
				List.of("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJvcmRlcnMifQ.c2lnbmF0dXJlx9QzT4kL", "r7Kq2Zp9Lm4Xw8Td"));
		assertThat(parts.redact(text)).contains("***").doesNotContain("eyJ", "QzT", "Kq2", "Xw8");
	}

	@Test
	void redactWhenWordsAreInASecretTooThenKeepsThem() {
		assertThat(new Redactor(List.of("application/json", "inventory-secret-of-2026"))
			.redact("the application inventory of 2026 is not registered"))
			.isEqualTo("the application inventory of 2026 is not registered");
	}

	@Test
	void redactWhenTextIsHugeThenTakesNoTime() {
		Redactor long1 = new Redactor(List.of("aB3".repeat(5000)));
		assertThat(long1.redact("A1 ".repeat(100_000))).hasSize(256);
	}

	@ParameterizedTest
	@ValueSource(strings = { "AADSTS7000215: Trace ID: 3f2504e0-4f89-11d3-9a0c-0305e82c3301 at 2026-11-23 12:00:00Z",
			"see https://docs.example.com/errors/oauth2/invalid-client",
			"Connection refused: token-service.identity.svc.cluster.local/10.1.2.3:8443",
			"the_client_has_not_been_registered_for_this_grant" })
	void redactWhenHarmlessThenKeepsIt(String text) {
		assertThat(this.redactor.redact(text)).isEqualTo(text);
	}

}
