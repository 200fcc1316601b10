package io.github.evertoken.faults;

import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.util.retry.Retry;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A thousand calls a second, on behalf of two thousand users whose tokens last five
 * seconds, while the issuer is in trouble and the clock of the client's machine is set
 * back and forth. All over real HTTP.
 */
public final class Soak implements AutoCloseable {

	public static final int SUBJECTS = 2_000;

	private static final Duration LIFETIME = Duration.ofSeconds(5);

	/**
	 * How long the issuer takes a refresh token again whose answer may have been lost:
	 * longer than whoever has lost it needs to try again.
	 */
	private static final Duration GRACE = Duration.ofMinutes(2);

	private static final Duration TICK = Duration.ofMillis(10);

	private static final int CALLS_A_TICK = 10;

	/**
	 * A machine that is too slow for more skips calls.
	 */
	private static final int MOST_CALLS = 5_000;

	private static final Duration REPORT = Duration.ofSeconds(10);

	private static final Duration CHANGE = Duration.ofMillis(1_100);

	private static final Duration LIMIT = Duration.ofMinutes(5);

	/**
	 * Between the look at the clock when a token is taken and the one when it is sent,
	 * the machine may do something else: for as long as it keeps a thread waiting that
	 * has nothing to do but to be on time, too.
	 */
	private static final Duration TOLERANCE = Duration.ofSeconds(1);

	private static final Retry WHILE_FLIGHTS_MAY_LAST = Retry.fixedDelay(40, Duration.ofSeconds(1))
		.filter(TransientTokenException.class::isInstance)
		.onRetryExhaustedThrow((spec, signal) -> signal.failure());

	private static final double STRAY_REJECTIONS = 0.001;

	private static final String CLIENT = "inventory";

	private static final String SENT_AT = "x-sent-at";

	private static final String BASE_URL = "http://inventory.test";

	private final long seed;

	private final Random random;

	private final SoakFaults faults;

	private final JumpingClock clock = new JumpingClock();

	private final RotatingIssuer issuer = new RotatingIssuer(InstantSource.system(), LIFETIME, GRACE);

	private final FaultyServer issuerServer;

	private final FaultyServer resourceServer;

	private final ConnectionProvider connections = ConnectionProvider.builder("soak")
		.maxConnections(128)
		.pendingAcquireMaxCount(-1)
		.build();

	private final Scheduler scheduler = Schedulers.newSingle("soak");

	private final Scheduler pulse = Schedulers.newSingle("soak-pulse");

	private final LongAccumulator longestPause = new LongAccumulator(Math::max, 0);

	private final DefaultTokenManager manager;

	private final WebClient webClient;

	private final LongAdder answered = new LongAdder();

	private final LongAdder skipped = new LongAdder();

	private final LongAdder expiredTokensSent = new LongAdder();

	private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

	private final Map<String, LongAdder> failuresAfterRecovery = new ConcurrentHashMap<>();

	private volatile boolean well;

	private long bytes;

	private int threads;

	public Soak(long seed) {
		this.seed = seed;
		this.random = new Random(seed);
		this.faults = new SoakFaults(seed);
		this.issuerServer = new FaultyServer(this.issuer, false, Schedulers.parallel(), () -> {
		});
		this.resourceServer = new FaultyServer(this::resource, false, Schedulers.parallel(), () -> {
		});
		this.manager = DefaultTokenManager.builder().client(ClientSettings.of(CLIENT, newIssuer()).build()).build();
		this.webClient = WebClient.builder()
			.baseUrl(BASE_URL)
			.clientConnector(connector(this.resourceServer))
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(BASE_URL), CLIENT).build()))
			.filter((request, next) -> next.exchange(
					ClientRequest.from(request).header(SENT_AT, String.valueOf(System.currentTimeMillis())).build()))
			.build();
	}

	private OAuth2TokenIssuer newIssuer() {
		return OAuth2TokenIssuer.builder(WebClient.builder().clientConnector(connector(this.issuerServer)).build())
			.tokenUri(URI.create("http://issuer.test/token"))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic(RotatingIssuer.CLIENT_ID, RotatingIssuer.CLIENT_SECRET))
			.grant(AuthorizationGrant.refreshTokenOnly())
			.build();
	}

	private ReactorClientHttpConnector connector(FaultyServer server) {
		return new ReactorClientHttpConnector(
				HttpClient.create(this.connections).disableRetry(true).resolver(server.resolver()));
	}

	private HttpAnswer resource(FaultyServer.Request request) {
		String token = request.headers().getOrDefault("authorization", "").replaceFirst("^Bearer ", "");
		Instant expiry = this.issuer.expiryOf(token);
		Instant sentAt = Instant.ofEpochMilli(Long.parseLong(request.headers().get(SENT_AT)));
		if (expiry == null || sentAt.isAfter(expiry.plus(TOLERANCE).plusNanos(this.longestPause.get()))) {
			this.expiredTokensSent.increment();
			print("an expired token was sent, "
					+ ((expiry != null) ? Duration.between(expiry, sentAt) + " late" : "and a made-up one"));
		}
		boolean accepted = this.issuer.isActive(token) && !isStrayRejection();
		return accepted ? HttpAnswer.of(200)
				: HttpAnswer.of(401).with(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
	}

	private synchronized boolean isStrayRejection() {
		return !this.well && this.random.nextDouble() < STRAY_REJECTIONS;
	}

	private synchronized String anySubject() {
		return subject(this.random.nextInt(SUBJECTS));
	}

	private synchronized Duration anyOffset() {
		return Duration.ofSeconds(this.random.nextLong(-3_600, 3_601));
	}

	private static String subject(int number) {
		return "user-" + number;
	}

	private Mono<Void> call(String subject) {
		return Mono
			.defer(() -> this.webClient.get()
				.uri("/items")
				.attributes(TokenAttributes.subject(subject))
				.retrieve()
				.toBodilessEntity())
			.doOnSuccess((answer) -> this.answered.increment())
			.then();
	}

	private static void count(Map<String, LongAdder> failures, Throwable failure) {
		failures.computeIfAbsent(failure.getClass().getSimpleName(), (any) -> new LongAdder()).increment();
	}

	/**
	 * Log all users in, and let them call while things go wrong.
	 */
	public void run(Duration duration) {
		print("seed " + this.seed + ", for " + duration.toSeconds() + " s; again with -Devertoken.soak.seed="
				+ this.seed);
		Flux.range(0, SUBJECTS)
			.concatMap((number) -> this.manager.put(TokenKey.of(CLIENT, subject(number)),
					TokenSet.withRefreshToken(this.issuer.login()).build()))
			.blockLast(LIMIT);
		this.issuerServer.faults(this.faults);
		long start = System.nanoTime();
		Disposable pulse = Flux.interval(TICK, this.pulse)
			.timestamp(this.pulse)
			.buffer(2, 1)
			.subscribe((two) -> this.longestPause
				.accumulate(Duration.ofMillis(two.get(two.size() - 1).getT1() - two.get(0).getT1()).toNanos()));
		Disposable change = Flux.interval(CHANGE).subscribe((tick) -> this.faults.change());
		Disposable jump = Flux.interval(CHANGE.multipliedBy(5)).subscribe((tick) -> this.clock.jump(anyOffset()));
		Disposable report = Flux.interval(REPORT)
			.subscribe((tick) -> report(duration.minusNanos(System.nanoTime() - start)));
		Disposable measure = Mono.delay(duration.dividedBy(4), Schedulers.boundedElastic())
			.subscribe((tick) -> measure());
		Flux.interval(TICK, this.scheduler)
			.onBackpressureDrop((tick) -> this.skipped.add(CALLS_A_TICK))
			.take(duration)
			.flatMap((tick) -> Flux.range(0, CALLS_A_TICK).flatMap((any) -> call(anySubject()).onErrorResume((ex) -> {
				count(this.failures, ex);
				return Mono.empty();
			})), MOST_CALLS / CALLS_A_TICK)
			.blockLast(duration.plus(LIMIT));
		List.of(pulse, change, jump, report, measure).forEach(Disposable::dispose);
		report(Duration.ZERO);
	}

	/**
	 * Let all be well, wait until no token is valid any more, and let each user call. A
	 * call may meet a flight that has begun while all was not well.
	 */
	public void recover() {
		this.faults.end();
		this.well = true;
		Mono.delay(LIFETIME.plusSeconds(1)).block(LIMIT);
		Flux.fromStream(IntStream.range(0, SUBJECTS).boxed())
			.flatMap((number) -> call(subject(number)).retryWhen(WHILE_FLIGHTS_MAY_LAST).onErrorResume((ex) -> {
				count(this.failuresAfterRecovery, ex);
				return Mono.empty();
			}), 64)
			.blockLast(LIMIT);
		report(Duration.ZERO);
	}

	/**
	 * Remember how much there is of what must not grow.
	 */
	private void measure() {
		this.bytes = usedBytes();
		this.threads = ManagementFactory.getThreadMXBean().getThreadCount();
	}

	private static long usedBytes() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private long signIns() {
		LongAdder signIns = this.failures.get(ReauthenticationRequiredException.class.getSimpleName());
		return (signIns != null) ? signIns.sum() : 0;
	}

	public Figures figures() {
		return new Figures(this.expiredTokensSent.sum(), this.issuer.reuses(), this.issuer.alive(), signIns(),
				this.failuresAfterRecovery, usedBytes() - this.bytes,
				ManagementFactory.getThreadMXBean().getThreadCount() - this.threads);
	}

	private void report(Duration left) {
		print(left.toSeconds() + " s left: " + this.answered.sum() + " calls answered, " + this.skipped.sum()
				+ " skipped, failed " + this.failures + " " + this.failuresAfterRecovery + ", expired tokens sent "
				+ this.expiredTokensSent.sum() + "; token requests " + this.issuer.requests() + ", faults "
				+ this.faults.met() + ", jumps " + this.clock.jumps() + ", sessions " + this.issuer.alive()
				+ ", reuses " + this.issuer.reuses() + "; "
				+ (ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() >> 20) + " MiB, "
				+ ManagementFactory.getThreadMXBean().getThreadCount() + " threads");
	}

	@SuppressWarnings("SystemOut")
	private static void print(String line) {
		System.out.println("soak: " + line);
	}

	@Override
	public void close() {
		this.manager.close();
		this.scheduler.dispose();
		this.pulse.dispose();
		this.connections.dispose();
		this.issuerServer.close();
		this.resourceServer.close();
	}

	/**
	 * What was seen.
	 *
	 * @param expiredTokensSent how many calls were sent with an expired token
	 * @param reuses how often a refresh token was redeemed again, beyond the grace
	 * @param sessionsAlive how many sessions live
	 * @param signIns how many calls failed because somebody must log in again
	 * @param failedAfterRecovery how many calls failed after all was well, by failure
	 * @param newBytes how much more of the heap is used than after a quarter of the time
	 * @param newThreads how many more threads there are
	 */
	public record Figures(long expiredTokensSent, long reuses, long sessionsAlive, long signIns,
			Map<String, LongAdder> failedAfterRecovery, long newBytes, int newThreads) {
	}

}
