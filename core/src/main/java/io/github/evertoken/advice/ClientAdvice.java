package io.github.evertoken.advice;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The advice that is given about one client: since when, and which the log knows of.
 */
final class ClientAdvice {

	private static final Logger logger = LoggerFactory.getLogger(Advisor.class);

	private final List<Rule> rules;

	// The lock of this object guards both; nobody is called under it.

	private final Map<String, Instant> since = new HashMap<>();

	private final Set<String> written = new HashSet<>();

	ClientAdvice(List<Rule> rules) {
		this.rules = rules;
	}

	/**
	 * Judge a client, and write what has not been written yet.
	 * @param facts what is known of it
	 * @param now the time now
	 * @return the advice, in the order of the rules
	 */
	List<Advice> judge(ClientFacts facts, Instant now) {
		List<Advice> given = new ArrayList<>();
		for (Rule rule : this.rules) {
			String text = rule.judgement().of(facts);
			Instant since = given(rule, text != null, now);
			if (text != null) {
				given.add(new Advice(rule.id(), facts.name(), text, Advisor.link(rule.id()), since));
			}
			Level level = rule.level();
			if (text != null && level != null && isNews(rule)) {
				logger.atLevel(level).log("{} See {}", text, Advisor.link(rule.id()));
			}
		}
		return given;
	}

	private synchronized Instant given(Rule rule, boolean given, Instant now) {
		if (!given) {
			this.since.remove(rule.id());
			return now;
		}
		return this.since.computeIfAbsent(rule.id(), (any) -> now);
	}

	private synchronized boolean isNews(Rule rule) {
		return this.written.add(rule.id());
	}

}
