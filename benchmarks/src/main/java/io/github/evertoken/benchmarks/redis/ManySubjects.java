package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.redis.RedisServer.Steps;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.SaveResult;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Many subjects in one Redis: one replica writes their records, and another one, which
 * knows none of them, claims them all. Arguments: how many there are.
 */
public final class ManySubjects implements Measurement {

	static final String WRITTEN_AFTER = "secondsToWrite";

	static final String MEBIBYTES = "mebibytes";

	static final String BYTES = "bytesPerRecord";

	static final String WRITE_MICROS = "redisMicrosPerWrite";

	static final String CLAIMS = "claimsPerSecond";

	static final String CLAIM_MICROS = "redisMicrosPerClaim";

	/**
	 * So many steps are underway at once.
	 */
	static final int CONCURRENCY = 64;

	private static final int WARM_UP = 2_000;

	private static final Duration LIFETIME = Duration.ofHours(1);

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		List<TokenKey> keys = keys(Integer.parseInt(arguments.get(0)));
		try (RedisServer server = new RedisServer();
				Connection writer = new Connection(server);
				Connection claimer = new Connection(server)) {
			List<TokenKey> others = keys(WARM_UP);
			forEach(others, (key) -> write(writer, key));
			forEach(others, (key) -> claim(claimer, key));
			server.commands().flushall();
			long empty = server.usedBytes();
			server.forgetSteps();
			double toWrite = forEach(keys, (key) -> write(writer, key));
			Steps writes = stepsOf(server, keys);
			long used = server.usedBytes() - empty;
			server.forgetSteps();
			double toClaim = forEach(keys, (key) -> claim(claimer, key));
			Steps claims = stepsOf(server, keys);
			return Map.of(WRITTEN_AFTER, toWrite, MEBIBYTES, used / 1024d / 1024d, BYTES, (double) used / keys.size(),
					WRITE_MICROS, (double) writes.micros() / writes.count(), CLAIMS, keys.size() / toClaim,
					CLAIM_MICROS, (double) claims.micros() / claims.count());
		}
	}

	private static List<TokenKey> keys(int count) {
		return Stream.generate(Tokens::newKey).limit(count).toList();
	}

	private static Steps stepsOf(RedisServer server, List<TokenKey> keys) {
		Steps steps = server.steps();
		Check.that(steps.count() == keys.size(), "%d keys had %d steps", keys.size(), steps.count());
		return steps;
	}

	private static Mono<SaveResult> write(Connection connection, TokenKey key) {
		return connection.store()
			.save(key, 0, Tokens.session(LIFETIME))
			.doOnNext((result) -> Check.that(result.isSaved(), "a record is not saved, but: %s", result));
	}

	private static Mono<Claim> claim(Connection connection, TokenKey key) {
		return connection.store()
			.claim(key, ClaimRequest.create())
			.doOnNext((claim) -> Check.that(claim instanceof Claim.Fresh, "a claim is answered with %s", claim));
	}

	/**
	 * Make a step for each key.
	 * @return after how many seconds all are made
	 */
	private static double forEach(List<TokenKey> keys, Function<TokenKey, Mono<?>> step) {
		long start = System.nanoTime();
		Long made = Flux.fromIterable(keys).<Object>flatMap(step::apply, CONCURRENCY).count().block();
		Check.that(made != null && made == keys.size(), "of %d steps %d are made", keys.size(), made);
		return (System.nanoTime() - start) / 1e9;
	}

}
