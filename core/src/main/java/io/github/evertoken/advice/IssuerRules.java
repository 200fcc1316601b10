package io.github.evertoken.advice;

import java.time.Duration;

import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.advice.ClientFacts.ResourceClock;
import org.jspecify.annotations.Nullable;

/**
 * Rules about how the issuer is, how often it is asked, and how many subjects there are.
 */
final class IssuerRules {

	private static final Duration MOST_SKEW = Duration.ofSeconds(5);

	private static final int MOST_COOLDOWNS = 1;

	private static final int MOST_OUT_OF_TURN = 9;

	private IssuerRules() {
	}

	static @Nullable String clockSkew(ClientFacts facts) {
		IssuerAnswer answer = facts.answer();
		Duration issuer = (answer != null) ? answer.issuerAhead() : null;
		if (issuer != null && isSkewed(issuer)) {
			return clockSkew(facts, "the issuer", issuer);
		}
		ResourceClock resource = facts.resourceClock();
		return (resource != null && isSkewed(resource.ahead()))
				? clockSkew(facts, "the resource server " + resource.origin(), resource.ahead()) : null;
	}

	private static boolean isSkewed(Duration ahead) {
		return ahead.abs().compareTo(MOST_SKEW) > 0;
	}

	private static String clockSkew(ClientFacts facts, String whose, Duration ahead) {
		return "The clock of %s of client '%s' is %s %s ours: tokens are refused as expired, or as not valid yet. Let all of them follow NTP."
			.formatted(whose, facts.name(), Words.span(ahead), ahead.isNegative() ? "behind" : "ahead of");
	}

	static @Nullable String cooldowns(ClientFacts facts) {
		int troubles = facts.count(Occurrence.TROUBLE);
		return (troubles > MOST_COOLDOWNS)
				? "The issuer of client '%s' has begun to fail %s in the last hour, with a cooldown each time."
					.formatted(facts.name(), Words.number(troubles, "time"))
				: null;
	}

	static @Nullable String requests(ClientFacts facts) {
		int issued = facts.count(Occurrence.ISSUED);
		int outOfTurn = facts.count(Occurrence.ISSUED_OUT_OF_TURN);
		return (outOfTurn > MOST_OUT_OF_TURN && outOfTurn > issued - outOfTurn)
				? "The issuer of client '%s' has given %s in the last hour, of which lifetimes explain %d: %d came while another one was valid still, %d of these after a 401."
					.formatted(facts.name(), Words.number(issued, "token"), issued - outOfTurn, outOfTurn,
							facts.count(Occurrence.ISSUED_AFTER_REJECTION))
				: null;
	}

	static @Nullable String forgotten(ClientFacts facts) {
		int forgotten = facts.count(Occurrence.FORGOTTEN);
		return (forgotten > 0)
				? "Client '%s' has forgotten %s in the last hour, and a refresh token with each, because there are more than its subjects.maximum-size: they have to log in again."
					.formatted(facts.name(), Words.number(forgotten, "subject"))
				: null;
	}

}
