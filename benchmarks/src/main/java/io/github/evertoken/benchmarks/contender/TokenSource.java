package io.github.evertoken.benchmarks.contender;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Mono;

/**
 * The authorization server of all contenders: in the same process, so that no network
 * blurs what is compared. It counts its calls and mints each token at the end of the
 * call, which is kindest to those who count the lifetime from there.
 */
public final class TokenSource {

	private static final Duration LARGEST_MARGIN = Duration.ofSeconds(60);

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger answers = new AtomicInteger();

	private final Mono<?> wait;

	private volatile Duration lifetime;

	private volatile Instant lastExpiry = Instant.MIN;

	private TokenSource(Mono<?> wait, Duration lifetime) {
		this.wait = wait;
		this.lifetime = lifetime;
	}

	/**
	 * Create a source that answers at once, on the thread of its caller.
	 * @param lifetime how long its tokens live
	 * @return the source
	 */
	public static TokenSource immediate(Duration lifetime) {
		return new TokenSource(Mono.empty(), lifetime);
	}

	/**
	 * Create a source whose calls take their time.
	 * @param duration how long a call takes
	 * @param lifetime how long its tokens live
	 * @return the source
	 */
	public static TokenSource delayed(Duration duration, Duration lifetime) {
		return new TokenSource(Mono.delay(duration), lifetime);
	}

	/**
	 * Create a source whose calls end when a gate opens.
	 * @param gate the gate
	 * @param lifetime how long its tokens live
	 * @return the source
	 */
	public static TokenSource gated(Gate gate, Duration lifetime) {
		return new TokenSource(gate.opened(), lifetime);
	}

	/**
	 * Call the token endpoint.
	 * @return a cold {@code Mono}: each subscription is a call
	 */
	public Mono<IssuedToken> call() {
		return Mono.defer(() -> {
			int number = this.calls.incrementAndGet();
			return this.wait.then(Mono.fromSupplier(() -> issue(number)));
		});
	}

	private IssuedToken issue(int number) {
		IssuedToken token = IssuedToken.issue(number, this.lifetime);
		this.lastExpiry = token.expiresAt();
		this.answers.incrementAndGet();
		return token;
	}

	/**
	 * Let the tokens from now on live another time.
	 * @param lifetime how long they live
	 */
	public void issueFor(Duration lifetime) {
		this.lifetime = lifetime;
	}

	/**
	 * Return how many calls there were.
	 * @return the number of calls that have started
	 */
	public int calls() {
		return this.calls.get();
	}

	/**
	 * Tell whether no call is running and no token is usable any more.
	 * @return whether all that was issued has expired
	 */
	public boolean isExpired() {
		return this.calls.get() == this.answers.get() && Instant.now().isAfter(this.lastExpiry);
	}

	Duration lifetime() {
		return this.lifetime;
	}

	/**
	 * Return how long before its expiry a careful contender stops using a token: a tenth
	 * of its lifetime, at most the 60 seconds that Spring Security has by default.
	 */
	Duration margin() {
		Duration tenth = this.lifetime.dividedBy(10);
		return (tenth.compareTo(LARGEST_MARGIN) < 0) ? tenth : LARGEST_MARGIN;
	}

}
