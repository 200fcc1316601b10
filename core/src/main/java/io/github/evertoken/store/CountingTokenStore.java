package io.github.evertoken.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

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
	// each other, so that nothing comes between them; a step that is given up lets the
	// next one go.

	private static final long MOST_REMEMBERED = 100_000;

	private static final Duration LONGEST_REMEMBERED = Duration.ofDays(1);

	private static final String NOTHING = "";

	private final UnversionedTokenStore store;

	private final AtomicLong counter = new AtomicLong();

	private final Cache<TokenKey, Seen> seen = Caffeine.newBuilder()
		.maximumSize(MOST_REMEMBERED)
		.expireAfterAccess(LONGEST_REMEMBERED)
		.build();

	private final ConcurrentHashMap<TokenKey, Mono<Void>> last = new ConcurrentHashMap<>();

	CountingTokenStore(UnversionedTokenStore store) {
		this.store = store;
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return inTurn(key, () -> look(key));
	}

	private Mono<StoredTokenSet> look(TokenKey key) {
		return this.store.load(key)
			.map((tokens) -> StoredTokenSet.of(key, versionOf(key, fingerprint(tokens)), tokens))
			.switchIfEmpty(Mono.defer(() -> Mono.justOrEmpty(tombstone(key))));
	}

	private @Nullable StoredTokenSet tombstone(TokenKey key) {
		return (this.seen.getIfPresent(key) != null) ? StoredTokenSet.removed(key, versionOf(key, NOTHING)) : null;
	}

	private long versionOf(TokenKey key, String fingerprint) {
		Seen seen = this.seen.getIfPresent(key);
		return (seen != null && seen.fingerprint.equals(fingerprint)) ? seen.version : next(key, 0, fingerprint);
	}

	private long next(TokenKey key, long expected, String fingerprint) {
		long version = this.counter.updateAndGet((count) -> Math.max(count, expected) + 1);
		this.seen.put(key, new Seen(version, fingerprint));
		return version;
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return inTurn(key,
				() -> lookIfKnown(key, expected).filter((current) -> current.version() > expected)
					.map(SaveResult::conflict)
					.switchIfEmpty(Mono.defer(() -> this.store.save(key, tokenSet)
						.then(Mono.fromSupplier(() -> SaveResult.saved(next(key, expected, fingerprint(tokenSet))))))));
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
		return inTurn(key, () -> this.store.remove(key).then(Mono.fromSupplier(() -> next(key, 0, NOTHING))));
	}

	/**
	 * A turn is over when its own step has ended, or was given up, and all those before
	 * it are over: whoever is given up in the queue lets nobody pass it.
	 */
	private <T> Mono<T> inTurn(TokenKey key, Supplier<Mono<T>> step) {
		return Mono.defer(() -> {
			Sinks.Empty<Void> done = Sinks.empty();
			Mono<Void> turn = done.asMono();
			Mono<Void> before = this.last.put(key, turn);
			Mono<T> mine = Mono.defer(step);
			return ((before != null) ? before.then(mine) : mine).doFinally((signal) -> {
				Mono<Void> over = (before != null) ? before : Mono.empty();
				over.subscribe(null, null, () -> {
					this.last.remove(key, turn);
					done.tryEmitEmpty();
				});
			});
		});
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

}
