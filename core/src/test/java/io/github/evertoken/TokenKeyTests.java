package io.github.evertoken;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.evertoken.TokenEvent.Trigger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenKey}.
 */
class TokenKeyTests {

	private static final String TOKEN = "eyJhbGciOiJIUzI1NiJ9.e30.c2VzYW1l";

	private static final TokenParameters WRITE = TokenParameters.builder().scope(List.of("write")).build();

	@Test
	void equalsWhenParametersDifferThenIsFalse() {
		TokenKey key = TokenKey.of("inventory", "alice");
		assertThat(key.withParameters(WRITE)).isNotEqualTo(key)
			.isEqualTo(TokenKey.of("inventory", "alice")
				.withParameters(TokenParameters.builder().scope(List.of("write")).build()))
			.hasSameHashCodeAs(TokenKey.of("inventory", "alice").withParameters(WRITE));
		assertThat(key.withParameters(WRITE).withParameters(TokenParameters.none())).isEqualTo(key);
	}

	@Test
	void onBehalfOfThenSubjectIsTheHashOfTheToken() {
		TokenKey key = TokenKey.onBehalfOf("inventory", TOKEN);
		assertThat(key.subject()).startsWith("sha-256:").hasSize(8 + 43);
		assertThat(key.subjectToken()).isEqualTo(TOKEN);
		assertThat(key).isEqualTo(TokenKey.onBehalfOf("inventory", TOKEN))
			.isEqualTo(TokenKey.of("inventory", key.subject()))
			.isNotEqualTo(TokenKey.onBehalfOf("inventory", TOKEN + "x"))
			.isNotEqualTo(TokenKey.onBehalfOf("billing", TOKEN));
		assertThat(key.withParameters(WRITE).subjectToken()).isEqualTo(TOKEN);
	}

	@Test
	@Tag("SE-2")
	void onBehalfOfThenNobodyIsShownTheToken() {
		TokenKey key = TokenKey.onBehalfOf("inventory", TOKEN);
		assertThat(key.toString()).doesNotContain(TOKEN);
		TokenEvent event = new TokenEvent.Removed(key, 1, Trigger.APPLICATION, Instant.EPOCH, null);
		assertThat(event.key()).isEqualTo(key);
		assertThat(event.key().subjectToken()).isNull();
		assertThat(new TransientTokenException(key, "down", null).key().subjectToken()).isNull();
		assertThat(new LeaseNotCoveredException(key, Duration.ofHours(1), Duration.ofMinutes(1)).key().subjectToken())
			.isNull();
	}

	@Test
	void onBehalfOfWhenTokenIsEmptyThenIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenKey.onBehalfOf("inventory", " "))
			.withMessage("The subject token of a token key must not be empty");
	}

	@Test
	void toStringThenTellsWhatVaries() {
		assertThat(TokenKey.of("inventory", "alice").withParameters(WRITE))
			.hasToString("client 'inventory' for subject 'alice' with [scope=[write]]");
		assertThat(TokenKey.of("inventory")).hasToString("client 'inventory'");
	}

}
