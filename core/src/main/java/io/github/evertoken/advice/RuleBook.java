package io.github.evertoken.advice;

import java.util.List;

import io.github.evertoken.advice.Rule.Judgement;
import org.slf4j.event.Level;

/**
 * All rules, in the order in which their advice is given.
 */
final class RuleBook {

	static final List<Rule> ALL = List.of(warning("fresh-token-refused", RejectionRules::freshTokens),
			warning("path-refused", RejectionRules::refusingPlace),
			warning("renewal-by-rejection", RejectionRules::onlyAfterRejections),
			warning("clock-skew", IssuerRules::clockSkew), warning("frequent-cooldowns", IssuerRules::cooldowns),
			warning("too-many-requests", IssuerRules::requests), warning("subjects-forgotten", IssuerRules::forgotten),
			warning("no-refresh-token", LifetimeRules::noRefreshToken),
			hint("short-lived-token", LifetimeRules::shortLived), hint("long-lived-token", LifetimeRules::longLived),
			hint("unknown-lifetime", LifetimeRules::unknownLifetime),
			hint("refresh-token-lifetime", LifetimeRules::refreshTokenLifetime),
			// The start warns of each such property.
			new Rule("plain-http", null, ConfigurationRules::plainHttp),
			hint("plain-secret", ConfigurationRules::plainSecrets));

	private RuleBook() {
	}

	/**
	 * Something does not work for somebody.
	 */
	private static Rule warning(String id, Judgement judgement) {
		return new Rule(id, Level.WARN, judgement);
	}

	/**
	 * Everything works, and could be better.
	 */
	private static Rule hint(String id, Judgement judgement) {
		return new Rule(id, Level.INFO, judgement);
	}

}
