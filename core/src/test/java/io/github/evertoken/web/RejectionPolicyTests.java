package io.github.evertoken.web;

import io.github.evertoken.web.RejectionPolicy.Answer;
import io.github.evertoken.web.RejectionPolicy.Decision;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpHeaders;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RejectionPolicy}.
 */
@Tag("RJ-4")
class RejectionPolicyTests {

	private static Decision decide(int status, String... challenges) {
		HttpHeaders headers = new HttpHeaders();
		for (String challenge : challenges) {
			headers.add(HttpHeaders.WWW_AUTHENTICATE, challenge);
		}
		return RejectionPolicy.standard().decide(Answer.of(status, headers, null));
	}

	@ParameterizedTest
	@CsvSource({ "invalid_token, RENEW_AND_RESEND, PASS_ON", "'', RENEW_AND_RESEND, PASS_ON",
			"insufficient_scope, PASS_ON, PASS_ON", "invalid_request, PASS_ON, PASS_ON",
			"invalid_dpop_proof, PASS_ON, PASS_ON", "use_dpop_nonce, PASS_ON, PASS_ON",
			"insufficient_user_authentication, STEP_UP, STEP_UP", "token_expired, RENEW_AND_RESEND, PASS_ON" })
	void decideWhenErrorCodeThenByTheTable(String error, Decision unauthorized, Decision forbidden) {
		for (String scheme : new String[] { "Bearer", "bearer", "DPoP", "Token" }) {
			assertThat(decide(401, scheme + " error=\"" + error + "\"")).isEqualTo(unauthorized);
			assertThat(decide(403, scheme + " error=\"" + error + "\"")).isEqualTo(forbidden);
		}
	}

	@Test
	void decideWhenNoChallengeThenRenewsFor401Only() {
		assertThat(decide(401)).isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(401, "Bearer")).isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(401, "Basic realm=x")).isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(401, "\"rubbish")).isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(403)).isEqualTo(Decision.PASS_ON);
	}

	@Test
	void decideWhenThereAreOtherSchemesThenThatOfTheTokenCounts() {
		assertThat(decide(401, "Token error=invalid_request, Bearer error=invalid_token"))
			.isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(401, "Token error=invalid_request", "Bearer")).isEqualTo(Decision.RENEW_AND_RESEND);
		assertThat(decide(401, "Token error=invalid_token", "Bearer error=insufficient_scope"))
			.isEqualTo(Decision.PASS_ON);
	}

	@Test
	void decideWhenBearerAndDpopThenTheOneWithAnErrorCodeCountsAndBearerFirst() {
		assertThat(decide(401, "Bearer, DPoP error=insufficient_scope")).isEqualTo(Decision.PASS_ON);
		assertThat(decide(401, "DPoP algs=\"ES256\", Bearer error=insufficient_scope")).isEqualTo(Decision.PASS_ON);
		assertThat(decide(401, "DPoP error=invalid_token, Bearer error=insufficient_scope"))
			.isEqualTo(Decision.PASS_ON);
		assertThat(decide(401, "DPoP error=use_dpop_nonce", "Bearer error=invalid_token"))
			.isEqualTo(Decision.RENEW_AND_RESEND);
	}

	@Test
	void decideWhenErrorCodesDisagreeThenRenewsBeforeItStepsUp() {
		assertThat(decide(401, "Bearer error=invalid_request, Bearer error=insufficient_user_authentication"))
			.isEqualTo(Decision.STEP_UP);
		assertThat(decide(401, "Bearer error=insufficient_user_authentication, Bearer error=invalid_token"))
			.isEqualTo(Decision.RENEW_AND_RESEND);
	}

	@Test
	void considersWhenNeither401Nor403ThenNot() {
		for (int status = 400; status < 600; status++) {
			assertThat(RejectionPolicy.standard().considers(status)).isEqualTo(status == 401 || status == 403);
		}
	}

}
