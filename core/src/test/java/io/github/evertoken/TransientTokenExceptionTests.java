package io.github.evertoken;

import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TransientTokenException}.
 */
@Tag("LC-3")
class TransientTokenExceptionTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	@Test
	void ambiguousWhenNotSaidThenIsFalse() {
		assertThat(new TransientTokenException(KEY, "down", null).ambiguous()).isFalse();
		assertThat(new TransientTokenException(KEY, "down", null, null, null, null).ambiguous()).isFalse();
	}

	@Test
	void copyThenKeepsAll() {
		TransientTokenException ex = new TransientTokenException(KEY, "closed", "busy", "Later", Duration.ofSeconds(7),
				true, null)
			.copy();
		assertThat(ex.ambiguous()).isTrue();
		assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(7));
		assertThat(ex.error()).isEqualTo("busy");
		assertThat(ex.errorDescription()).isEqualTo("Later");
	}

	@Test
	void endpointWhenIssuerNamesNoneThenIsNull() {
		TokenIssuer issuer = (request) -> Mono.empty();
		assertThat(issuer.endpoint()).isNull();
	}

}
