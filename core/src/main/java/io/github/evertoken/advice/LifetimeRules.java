package io.github.evertoken.advice;

import java.time.Duration;

import io.github.evertoken.TokenObserver.IssuerAnswer;
import org.jspecify.annotations.Nullable;

/**
 * Rules about how long tokens live.
 */
final class LifetimeRules {

	private static final Duration LONGEST = Duration.ofHours(1);

	private static final Duration SHORTEST = Duration.ofSeconds(30);

	private static final Duration SHORTEST_REFRESH = Duration.ofDays(7);

	private static final Duration LONGEST_REFRESH = Duration.ofDays(30);

	/**
	 * What is left of a refresh token's life is counted from its request or from its
	 * arrival.
	 */
	private static final Duration SLACK = Duration.ofMinutes(1);

	private LifetimeRules() {
	}

	static @Nullable String longLived(ClientFacts facts) {
		Duration lifetime = toldLifetime(facts);
		return (lifetime != null && lifetime.compareTo(LONGEST) > 0)
				? "Access tokens of client '%s' live %s: one that is stolen is of use for as long. Let the issuer give them %s at most."
					.formatted(facts.name(), Words.span(lifetime), Words.span(LONGEST))
				: null;
	}

	static @Nullable String shortLived(ClientFacts facts) {
		Duration lifetime = toldLifetime(facts);
		return (lifetime != null && lifetime.compareTo(SHORTEST) < 0)
				? "Access tokens of client '%s' live %s: each is renewed after a few seconds, and an outage of the issuer reaches callers as soon. Let the issuer give them %s at least."
					.formatted(facts.name(), Words.span(lifetime), Words.span(SHORTEST))
				: null;
	}

	/**
	 * The default is no lifetime that anybody has given a token.
	 */
	private static @Nullable Duration toldLifetime(ClientFacts facts) {
		IssuerAnswer answer = facts.answer();
		return (answer != null && answer.lifetimeTold()) ? answer.lifetime() : null;
	}

	static @Nullable String unknownLifetime(ClientFacts facts) {
		IssuerAnswer answer = facts.answer();
		return (answer != null && !answer.lifetimeTold())
				? "Nothing says how long access tokens of client '%s' live: neither the answer of the issuer has expires_in, nor the token exp. They count as living %s, the default-lifetime."
					.formatted(facts.name(), Words.span(answer.lifetime()))
				: null;
	}

	static @Nullable String refreshTokenLifetime(ClientFacts facts) {
		Duration lifetime = facts.refreshTokenLifetime();
		if (lifetime == null) {
			return null;
		}
		if (lifetime.plus(SLACK).compareTo(SHORTEST_REFRESH) < 0) {
			return "Refresh tokens of client '%s' live %s: who is away for longer has to log in again. Let the issuer give them %s at least."
				.formatted(facts.name(), Words.span(lifetime), Words.span(SHORTEST_REFRESH));
		}
		return (lifetime.minus(SLACK).compareTo(LONGEST_REFRESH) > 0)
				? "Refresh tokens of client '%s' live %s: one that is stolen is of use for as long. Let the issuer give them %s at most."
					.formatted(facts.name(), Words.span(lifetime), Words.span(LONGEST_REFRESH))
				: null;
	}

	static @Nullable String noRefreshToken(ClientFacts facts) {
		int ended = facts.count(Occurrence.ENDED_WITHOUT_REFRESH_TOKEN);
		return (ended > 0)
				? "Subjects of client '%s' have had to log in again %s in the last hour because their token had ended and no refresh token had come with it."
					.formatted(facts.name(), Words.number(ended, "time"))
				: null;
	}

}
