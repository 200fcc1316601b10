package io.github.evertoken.web;

import java.util.List;
import java.util.Objects;

import org.springframework.http.HttpStatus;

/**
 * The table of {@link RejectionPolicy}.
 */
final class StandardRejectionPolicy implements RejectionPolicy {

	static final RejectionPolicy INSTANCE = new StandardRejectionPolicy();

	private StandardRejectionPolicy() {
	}

	@Override
	public Decision decide(Answer answer) {
		List<String> errors = challengesOfTheToken(answer.challenges()).stream()
			.map(Challenge::error)
			.filter(Objects::nonNull)
			.toList();
		if (answer.status() != HttpStatus.UNAUTHORIZED.value()) {
			return errors.contains("insufficient_user_authentication") ? Decision.STEP_UP : Decision.PASS_ON;
		}
		List<Decision> decisions = errors.stream().map(StandardRejectionPolicy::decide).toList();
		if (decisions.isEmpty() || decisions.contains(Decision.RENEW_AND_RESEND)) {
			return Decision.RENEW_AND_RESEND;
		}
		return decisions.contains(Decision.STEP_UP) ? Decision.STEP_UP : Decision.PASS_ON;
	}

	private static Decision decide(String error) {
		return switch (error) {
			case "insufficient_user_authentication" -> Decision.STEP_UP;
			case "insufficient_scope", "invalid_request", "invalid_dpop_proof", "use_dpop_nonce" -> Decision.PASS_ON;
			default -> Decision.RENEW_AND_RESEND;
		};
	}

	/**
	 * Return those challenges that speak of the token that was sent.
	 */
	static List<Challenge> challengesOfTheToken(List<Challenge> challenges) {
		List<Challenge> bearer = ofScheme(challenges, "Bearer");
		List<Challenge> dpop = ofScheme(challenges, "DPoP");
		if (bearer.isEmpty() && dpop.isEmpty()) {
			return challenges;
		}
		return bearer.stream().anyMatch((challenge) -> challenge.error() != null) ? bearer : dpop;
	}

	private static List<Challenge> ofScheme(List<Challenge> challenges, String scheme) {
		return challenges.stream().filter((challenge) -> challenge.hasScheme(scheme)).toList();
	}

}
