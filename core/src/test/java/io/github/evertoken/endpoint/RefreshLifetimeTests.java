package io.github.evertoken.endpoint;

import java.time.Instant;
import java.util.Objects;

import io.github.evertoken.TokenSet;
import io.github.evertoken.http.JsonObject;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for what a token response tells of its refresh token, and of its time.
 */
@Tag("OB-23")
class RefreshLifetimeTests {

	private static final Instant NOW = Instant.ofEpochSecond(1_800_000_000);

	@ParameterizedTest
	@CsvSource({ "refresh_expires_in, 1800", "refresh_token_expires_in, 15897600" })
	void readWhenTheUsualMemberIsThereThenTheRefreshTokenHasAnEnd(String member, long seconds) {
		TokenSet tokens = read(TokenResponseFormat.standard(),
				"{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"" + member + "\":" + seconds + "}");
		assertThat(tokens.refreshTokenExpiresAt()).isEqualTo(NOW.plusSeconds(seconds));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "\"never\"", "null", "[]", "99999999999" })
	void readWhenTheLifetimeIsNoneThenTheEndIsNotKnown(String value) {
		TokenSet tokens = read(TokenResponseFormat.standard(),
				"{\"access_token\":\"a1\",\"refresh_token\":\"r1\",\"refresh_expires_in\":" + value + "}");
		assertThat(tokens.refreshTokenExpiresAt()).isNull();
	}

	@Test
	void readWhenAnotherMemberIsNamedThenThatCountsAlone() {
		TokenResponseFormat format = TokenResponseFormat.builder().refreshExpiresIn("session.rest").build();
		assertThat(read(format, "{\"access_token\":\"a1\",\"session\":{\"rest\":\"60\"},\"refresh_expires_in\":1800}")
			.refreshTokenExpiresAt()).isEqualTo(NOW.plusSeconds(60));
		assertThat(read(format, "{\"access_token\":\"a1\",\"refresh_expires_in\":1800}").refreshTokenExpiresAt())
			.isNull();
		assertThatIllegalArgumentException().isThrownBy(() -> TokenResponseFormat.builder().refreshExpiresIn(" "));
	}

	@Test
	void readWhenTheMemberIsAPointInTimeThenIsComparedWithTheServersClock() {
		TokenResponseFormat format = TokenResponseFormat.builder()
			.expiresInFormat(ExpiresInFormat.EPOCH_SECONDS)
			.build();
		HttpHeaders headers = new HttpHeaders();
		headers.setDate(NOW.plusSeconds(100).toEpochMilli());
		TokenSet tokens = new TokenResponse(format, headers,
				json("{\"access_token\":\"a1\",\"refresh_expires_in\":1800000160}"))
			.read(NOW);
		assertThat(tokens.refreshTokenExpiresAt()).isEqualTo(NOW.plusSeconds(60));
		assertThat(tokens.issuerTime()).isEqualTo(NOW.plusSeconds(100));
	}

	@Test
	void readWhenTheServerDoesNotTellItsTimeThenIsNotKnown() {
		assertThat(read(TokenResponseFormat.standard(), "{\"access_token\":\"a1\"}").issuerTime()).isNull();
	}

	private static TokenSet read(TokenResponseFormat format, String json) {
		return new TokenResponse(format, new HttpHeaders(), json(json)).read(NOW);
	}

	private static JsonObject json(String json) {
		return Objects.requireNonNull(JsonObject.parse(json));
	}

}
