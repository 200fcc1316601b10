package io.github.evertoken.grant;

import java.time.Duration;

import io.github.evertoken.CredentialException;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.test.TestKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatRuntimeException;

/**
 * Tests for what {@link JwtBearerGrant} refuses. What it sends, a server verifies in
 * {@link JwtBearerGrantScenarioTests}.
 */
class JwtBearerGrantTests {

	private static final SigningKey KEY = TestKeys.signingKey("ec-p256-pkcs8");

	private final JwtBearerGrant.Builder builder = JwtBearerGrant.signedWith(KEY)
		.assertionIssuer("orders")
		.audience("https://idp.example");

	@Test
	void algorithmWhenItDoesNotFitTheKeyThenSaysWhichWould() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.algorithm("RS256"))
			.withMessage("must be ES256 to fit the key, but is 'RS256'");
	}

	@Test
	void lifetimeWhenItIsTooShortOrTooLongThenSaysWhatMayBe() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.lifetime(Duration.ZERO))
			.withMessage("must be from PT1S to PT1H, but is PT0S");
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.lifetime(Duration.ofMinutes(61)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "iss", "sub", "aud", "exp", "nbf", "iat", "jti" })
	void claimWhenEveryAssertionHasItThenIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.claim(name, "planted"))
			.withMessageContaining(name)
			.withMessageNotContaining("planted");
	}

	@Test
	void builderWhenTextIsEmptyThenIsRefused() {
		String expected = "must not be empty";
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.assertionIssuer(" ")).withMessage(expected);
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.subject("")).withMessage(expected);
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.audience("")).withMessage(expected);
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.claim("", "a")).withMessage(expected);
		assertThatIllegalArgumentException().isThrownBy(() -> this.builder.claim("a", " ")).withMessage(expected);
	}

	@Test
	void buildWhenIssuerOrAudienceIsMissingThenFails() {
		assertThatNullPointerException().isThrownBy(() -> JwtBearerGrant.signedWith(KEY).audience("a").build())
			.withMessage("assertionIssuer");
		assertThatNullPointerException().isThrownBy(() -> JwtBearerGrant.signedWith(KEY).assertionIssuer("a").build())
			.withMessage("audience");
	}

	@Test
	void signedWithWhenTheKeyCannotBeReadNowThenFails() {
		assertThatRuntimeException().isThrownBy(() -> JwtBearerGrant.signedWith("key", () -> {
			throw new CredentialException("key", "is gone", null);
		})).isInstanceOf(CredentialException.class);
	}

	@Test
	void toStringThenNamesWhoSignsForWhom() {
		assertThat(this.builder.claim("scope", "planted").build())
			.hasToString("JwtBearerGrant[issuer=orders, audience=https://idp.example]");
	}

}
