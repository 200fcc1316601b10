package io.github.evertoken.advice;

import org.jspecify.annotations.Nullable;

/**
 * Rules about tokens that resource servers refuse.
 */
final class RejectionRules {

	/**
	 * One or two refusals may be anything.
	 */
	private static final int SEVERAL = 3;

	private RejectionRules() {
	}

	/**
	 * What was refused right after it had been issued was refused not for its age.
	 */
	static @Nullable String freshTokens(ClientFacts facts) {
		int refused = facts.count(Occurrence.RESEND_REJECTED);
		int passed = refused + facts.count(Occurrence.REJECTION_BARRED);
		int accepted = facts.count(Occurrence.RESEND_ACCEPTED);
		return (refused > accepted && passed >= SEVERAL)
				? "%s of client '%s' were refused in the last hour with a token that had just been issued: it is not its age. Look at its audience, its scope and its issuer."
					.formatted(Words.number(passed, "request"), facts.name())
				: null;
	}

	static @Nullable String onlyAfterRejections(ClientFacts facts) {
		int renewals = facts.count(Occurrence.ISSUED_AFTER_REJECTION);
		boolean cured = facts.count(Occurrence.RESEND_ACCEPTED) >= SEVERAL;
		return (renewals >= SEVERAL && cured && facts.count(Occurrence.ISSUED_AT_RENEWAL_TIME) == 0)
				? "All %s of the tokens of client '%s' in the last hour came from a 401, and none from the renewal time: the tokens end before the lifetime that is known of them."
					.formatted(Words.number(renewals, "renewal"), facts.name())
				: null;
	}

	static @Nullable String refusingPlace(ClientFacts facts) {
		int passed = facts.count(Occurrence.REJECTION_PASSED);
		String origin = facts.refusingOrigin();
		return (passed >= SEVERAL)
				? "%s of client '%s' in the last hour went to a path%s that refuses every token which others accept. They are not for it."
					.formatted(Words.number(passed, "request"), facts.name(), (origin != null) ? " at " + origin : "")
				: null;
	}

}
