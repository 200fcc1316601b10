package io.github.evertoken.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Counts the versions of a store that has none, in the memory of this process.
 */
final class CountingTokenStore implements TokenStore {

	// What was last seen of a key is remembered by a fingerprint. A record that looks
	// otherwise was changed by somebody else, a login for instance, and gets the next
	// version. Versions come out of one counter for all keys: one that is forgotten here
	// comes back with a higher version, which is as if it had been changed.
	//
	// Looking and writing are two steps of such a store. The steps of one key wait for
	// each other, so that nothing comes between them.
	//
	// Nobody can call a write back that is on its way. If a save is given up on, a
	// removal completes, and then the save lands, the removed session is back, over a
	// restart too. So a write is never cancelled, and none begins before those before it
	// have ended. If one never does, every later one of its key runs into its own
	// time-out: the command fails instead of completing falsely. Readings pass a write
	// that was given up on, so that the key lives on with what it has; one during which
	// such a write lands is made again, because what it has read may be older than what
	// is known by then.

	private static final long MOST_REMEMBERED = 100_000;

	private static final Duration LONGEST_REMEMBERED = Duration.ofDays(1);

	private static final String NOTHING = "";

	private final UnversionedTokenStore store;

	private final AtomicLong counter = new AtomicLong();

	private final Cache<TokenKey, Seen> seen = Caffeine.newBuilder()
		.maximumSize(MOST_REMEMBERED)
		.expireAfterAccess(LONGEST_REMEMBERED)
		.build();

	private final Turns turns = new Turns();

	CountingTokenStore(UnversionedTokenStore store) {
		this.store = store;
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return this.turns.read(key, look(key));
	}

	private Mono<StoredTokenSet> look(TokenKey key) {
		return Mono.defer(() -> {
			Seen before = this.seen.getIfPresent(key);
			return this.store.load(key)
				.map(Reading::new)
				.defaultIfEmpty(Reading.NOTHING)
				.flatMap((reading) -> record(key, before, reading));
		});
	}

	/**
	 * Record what was read, unless something has landed meanwhile.
	 */
	private Mono<StoredTokenSet> record(TokenKey key, @Nullable Seen before, Reading reading) {
		String fingerprint = reading.fingerprint();
		Seen now = this.seen.asMap()
			.compute(key, (same, present) -> (present == before) ? seen(present, fingerprint) : present);
		if (now == null) {
			return (before == null) ? Mono.empty() : look(key);
		}
		return now.fingerprint.equals(fingerprint) ? Mono.just(stored(key, now.version, reading.tokens())) : look(key);
	}

	@SuppressWarnings("NullAway") // null is how a mapping function of a map keeps nothing
	private Seen seen(@Nullable Seen present, String fingerprint) {
		if (present == null && fingerprint.equals(NOTHING)) {
			return null;
		}
		return (present != null && present.fingerprint.equals(fingerprint)) ? present
				: new Seen(nextVersion(0), fingerprint);
	}

	private static StoredTokenSet stored(TokenKey key, long version, @Nullable TokenSet tokens) {
		return (tokens != null) ? StoredTokenSet.of(key, version, tokens) : StoredTokenSet.removed(key, version);
	}

	private long nextVersion(long expected) {
		return this.counter.updateAndGet((count) -> Math.max(count, expected) + 1);
	}

	private long next(TokenKey key, long expected, String fingerprint) {
		long version = nextVersion(expected);
		this.seen.put(key, new Seen(version, fingerprint));
		return version;
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return this.turns.write(key,
				(turn) -> lookIfKnown(key, expected).filter((current) -> current.version() > expected)
					.map((current) -> isSame(current, tokenSet) ? SaveResult.saved(current.version())
							: SaveResult.conflict(current))
					.switchIfEmpty(Mono.defer(() -> turn.land(write(key, expected, tokenSet)))));
	}

	/**
	 * An earlier attempt that was given up on has landed since.
	 */
	private static boolean isSame(StoredTokenSet current, TokenSet tokenSet) {
		TokenSet rests = current.tokenSet();
		return rests != null && fingerprint(rests).equals(fingerprint(tokenSet));
	}

	private Mono<SaveResult> write(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.defer(() -> this.store.save(key, tokenSet))
			.then(Mono.fromSupplier(() -> SaveResult.saved(next(key, expected, fingerprint(tokenSet)))));
	}

	/**
	 * A record that was forgotten here since somebody has read it cannot be compared with
	 * what was expected. That must not cost the only good token set.
	 */
	private Mono<StoredTokenSet> lookIfKnown(TokenKey key, long expected) {
		return (expected > 0 && this.seen.getIfPresent(key) == null) ? Mono.empty() : look(key);
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return this.turns.write(key, (turn) -> turn
			.land(Mono.defer(() -> this.store.remove(key)).then(Mono.fromSupplier(() -> next(key, 0, NOTHING)))));
	}

	private static String fingerprint(TokenSet tokens) {
		try {
			MessageDigest digest = MessageDigest.getInstance("SHA-256");
			digest.update(String.valueOf(tokens.accessToken()).getBytes(StandardCharsets.UTF_8));
			digest.update((byte) 0);
			return Arrays
				.toString(digest.digest(String.valueOf(tokens.refreshToken()).getBytes(StandardCharsets.UTF_8)));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	@Override
	public String toString() {
		return this.store + ".versioned()";
	}

	private record Seen(long version, String fingerprint) {
	}

	/**
	 * What a reading has found, which may be nothing.
	 */
	private record Reading(@Nullable TokenSet tokens) {

		private static final Reading NOTHING = new Reading(null);

		private String fingerprint() {
			return (this.tokens != null) ? CountingTokenStore.fingerprint(this.tokens) : CountingTokenStore.NOTHING;
		}

	}

}
