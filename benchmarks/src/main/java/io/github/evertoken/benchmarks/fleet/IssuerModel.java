package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.benchmarks.fleet.World.Answer;
import reactor.core.publisher.Mono;

/**
 * An authorization server that grants tokens to clients, and lets no more than so many
 * ask in a second.
 */
final class IssuerModel {

	/**
	 * Requests a second; any more are answered with 429 and {@code Retry-After: 1}.
	 */
	static final int LIMIT = 1000;

	/**
	 * No answer is there before so many milliseconds; as many more are added by chance,
	 * in the mean.
	 */
	static final int MILLIS = 50;

	private static final Duration THERE = Duration.ofMillis(1);

	private final World world;

	private long second;

	private int asked;

	private long tokens;

	IssuerModel(World world) {
		this.world = world;
	}

	/**
	 * Return the issuer as a replica has it.
	 * @param replica which one
	 */
	TokenIssuer as(int replica) {
		return (request) -> issue(request, replica);
	}

	private Mono<TokenSet> issue(TokenRequest request, int replica) {
		return this.world.send(THERE, () -> answer(request.key(), replica));
	}

	private synchronized Answer<TokenSet> answer(TokenKey key, int replica) {
		this.world.course().request();
		if (this.world.happens(Scenario.Incident.ISSUER_AWAY)) {
			return Answer.failing(new TransientTokenException(key, "the connection was refused", null), THERE);
		}
		Duration took = Duration.ofNanos((long) (MILLIS * 1e6 * (1 - Math.log(1 - this.world.random().nextDouble()))));
		long second = this.world.course().passed().toSeconds();
		this.asked = (second == this.second) ? this.asked + 1 : 1;
		this.second = second;
		if (this.asked > LIMIT) {
			return Answer.failing(
					new TransientTokenException(key, "too many requests", null, null, Duration.ofSeconds(1), null),
					took);
		}
		this.world.course().issued(replica);
		return Answer.of(
				TokenSet.withAccessToken("token-" + ++this.tokens).expiresIn(this.world.scenario().lifetime()).build(),
				took);
	}

}
