package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The policy of one filter, which also says once what makes every policy decide upon the
 * wrong token: another filter between this one and the server, such as Spring Security's,
 * that sends a token of its own.
 */
final class WarningRejectionPolicy implements RejectionPolicy {

	private static final Logger logger = LoggerFactory.getLogger(TokenExchangeFilterFunction.class);

	private final RejectionPolicy policy;

	private final AtomicBoolean warned;

	private final Duration bodyTime;

	/**
	 * Create a policy.
	 * @param policy decides
	 * @param warned whether the filter has said it
	 * @param bodyTime for how long the body of a refusal is read at the most
	 */
	WarningRejectionPolicy(RejectionPolicy policy, AtomicBoolean warned, Duration bodyTime) {
		this.policy = policy;
		this.warned = warned;
		this.bodyTime = bodyTime;
	}

	/**
	 * Return for how long the body of a refusal is read at the most that a policy decides
	 * upon.
	 */
	static Duration bodyTime(RejectionPolicy policy) {
		return (policy instanceof WarningRejectionPolicy own) ? own.bodyTime : KeptAnswer.MAX_TIME;
	}

	/**
	 * A policy that cannot say whether it considers an answer fails here too, where its
	 * failure is the caller's and the answer's connection is free again.
	 */
	@Override
	public Decision decide(Answer answer) {
		return this.policy.considers(answer.status()) ? this.policy.decide(answer) : Decision.PASS_ON;
	}

	/**
	 * It never fails: a signal that an answer has come must not end in an exception,
	 * which no caller would be told of.
	 */
	@Override
	public boolean considers(int status) {
		try {
			return this.policy.considers(status);
		}
		catch (RuntimeException | Error ex) {
			return true;
		}
	}

	/**
	 * Take note that an interceptor has sent a request with another {@code Authorization}
	 * header, or without any.
	 * @param url where to
	 */
	void tokenReplacedByInterceptor(URI url) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("An interceptor behind Evertoken's has replaced the Authorization header of a request to {}."
					+ " If the server refuses what that one sends, Evertoken renews a token that is innocent. Put the"
					+ " other one first, with builder.requestInterceptors((all) -> all.add(0, other)), or take"
					+ " Evertoken's off, with builder.requestInterceptors((all) -> all.removeIf("
					+ "TokenExchangeInterceptor.class::isInstance)), or send such requests with"
					+ " attributes(TokenAttributes.noToken())", Origin.of(url));
		}
	}

	/**
	 * Take note that a filter has sent a request with another {@code Authorization}
	 * header, or without any.
	 * @param url where to
	 */
	void tokenReplaced(URI url) {
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("A filter behind Evertoken's has replaced the Authorization header of a request to {}."
					+ " If the server refuses what that filter sends, Evertoken renews a token that is innocent. Put the"
					+ " other filter first, with builder.filters((filters) -> filters.add(0, other)), or take Evertoken's"
					+ " off, with builder.filters((filters) -> filters.removeIf(TokenExchangeFilterFunction.class"
					+ "::isInstance)), or send such requests with attributes(TokenAttributes.noToken())",
					Origin.of(url));
		}
	}

}
