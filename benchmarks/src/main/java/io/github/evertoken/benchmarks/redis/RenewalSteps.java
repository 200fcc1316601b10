package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.benchmarks.redis.RedisServer.Steps;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * How many steps in Redis the replicas of a fleet make in a lifetime for one key, which
 * all of them have calls for all the time. Arguments: whether the keys are of services,
 * how many replicas and keys there are, and how many seconds a token lives.
 * <p>
 * The clocks of the replicas are moved on to the time of the first renewals, and run as
 * they do from there until all are over: nothing happens before and after.
 */
public final class RenewalSteps implements Measurement {

	static final String STEPS = "steps";

	static final String STEPS_OF_A_REPLICA = "stepsOfAReplica";

	static final String REQUESTS = "requests";

	private static final Duration PATIENCE = Duration.ofMinutes(1);

	private static final double FIRST_RENEWAL = 0.75;

	private static final double LAST_RENEWAL = 0.8;

	/**
	 * For so long it is looked before and after all that is to happen.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(1);

	/**
	 * Between the calls of a replica for one key.
	 */
	private static final Duration PAUSE = Duration.ofMillis(100);

	private final List<AutoCloseable> open = new ArrayList<>();

	private final List<DefaultTokenManager> managers = new ArrayList<>();

	private final Map<TokenKey, Instant> obtained = new ConcurrentHashMap<>();

	private final AtomicInteger requests = new AtomicInteger();

	/**
	 * How old the tokens were when they were renewed, in parts of their lifetime.
	 */
	private final Map<TokenKey, Double> ages = new ConcurrentHashMap<>();

	private boolean ofServices;

	private Duration lifetime = Duration.ZERO;

	private volatile Duration skipped = Duration.ZERO;

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		this.ofServices = Boolean.parseBoolean(arguments.get(0));
		int replicas = Integer.parseInt(arguments.get(1));
		this.lifetime = Duration.ofSeconds(Long.parseLong(arguments.get(3)));
		List<TokenKey> keys = IntStream.range(0, Integer.parseInt(arguments.get(2)))
			.mapToObj((i) -> this.ofServices ? TokenKey.of(Tokens.CLIENT + "-" + i) : Tokens.newKey())
			.toList();
		try {
			RedisServer server = new RedisServer();
			this.open.add(server);
			IntStream.range(0, replicas).forEach((i) -> start(server, keys));
			return measure(server, keys);
		}
		finally {
			Collections.reverse(this.open);
			for (AutoCloseable each : this.open) {
				each.close();
			}
		}
	}

	private void start(RedisServer server, List<TokenKey> keys) {
		Connection connection = new Connection(server, this::now);
		this.open.add(connection);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.store(connection.store())
			.clock(this::now, () -> System.nanoTime() + this.skipped.toNanos())
			.clients(keys.stream()
				.map(TokenKey::client)
				.distinct()
				.map((client) -> ClientSettings.of(client, (request) -> Mono.fromSupplier(() -> issue(request)))
					.storeTimeout(Connection.STORE_TIMEOUT)
					.build())
				.toList())
			.build();
		this.open.add(manager);
		this.managers.add(manager);
	}

	private Instant now() {
		return Instant.now().plus(this.skipped);
	}

	/**
	 * A user's token comes of a login alone: nobody goes on without the store.
	 */
	private TokenSet issue(TokenRequest request) {
		if (!this.ofServices && request.refreshToken() == null) {
			throw new ReauthenticationRequiredException(request.key(), "nobody is logged in", null, null, null);
		}
		this.requests.incrementAndGet();
		Instant now = now();
		Instant before = this.obtained.putIfAbsent(request.key(), now);
		if (before != null) {
			this.ages.putIfAbsent(request.key(),
					(double) Duration.between(before, now).toMillis() / this.lifetime.toMillis());
		}
		return this.ofServices ? Tokens.ofService(this.lifetime, now) : Tokens.session(this.lifetime, now);
	}

	private void logIn(List<TokenKey> keys) {
		Instant now = now();
		Flux.fromIterable(keys)
			.doOnNext((key) -> this.obtained.put(key, now))
			.flatMap((key) -> this.managers.get(0).put(key, Tokens.session(this.lifetime, now)))
			.then()
			.block(PATIENCE);
	}

	private Map<String, Double> measure(RedisServer server, List<TokenKey> keys) {
		if (!this.ofServices) {
			logIn(keys);
		}
		call(keys);
		LockSupport.parkNanos(MARGIN.toNanos());
		Instant begin = Collections.min(this.obtained.values()).plus(part(FIRST_RENEWAL)).minus(MARGIN);
		Instant end = Collections.max(this.obtained.values()).plus(part(LAST_RENEWAL)).plus(MARGIN);
		server.forgetSteps();
		this.ages.clear();
		this.requests.set(0);
		this.skipped = Duration.between(now(), begin);
		while (now().isBefore(end)) {
			call(keys);
			LockSupport.parkNanos(PAUSE.toNanos());
		}
		LockSupport.parkNanos(MARGIN.toNanos());
		Steps steps = server.steps();
		Check.that(this.ages.size() == keys.size(), "of %d keys %d were renewed", keys.size(), this.ages.size());
		double lifetimes = this.ages.values().stream().mapToDouble(Double::doubleValue).sum();
		return Map.of(REQUESTS, this.requests.get() / lifetimes, STEPS, steps.count() / lifetimes, STEPS_OF_A_REPLICA,
				steps.count() / lifetimes / this.managers.size());
	}

	private Duration part(double part) {
		return Duration.ofMillis((long) (part * this.lifetime.toMillis()));
	}

	private void call(List<TokenKey> keys) {
		Flux.fromIterable(this.managers)
			.concatMap((manager) -> Flux.fromIterable(keys).flatMap(manager::token))
			.then()
			.block(PATIENCE);
	}

}
