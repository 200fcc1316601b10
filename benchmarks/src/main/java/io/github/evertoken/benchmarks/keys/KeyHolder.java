package io.github.evertoken.benchmarks.keys;

import java.time.Instant;
import java.util.function.Supplier;

/**
 * Holds the tokens of many keys.
 */
interface KeyHolder {

	/**
	 * The client to which all keys belong; they differ in their subject.
	 */
	String CLIENT = "inventory";

	/**
	 * Put a token in.
	 */
	void put(String subject, String token, Instant issuedAt, Instant expiresAt);

	/**
	 * Look a token up, by the names that a request has, as far as it takes to know that
	 * it is usable.
	 * @return whether it is there and usable
	 */
	boolean isUsable(String subject);

	/**
	 * Who holds keys.
	 */
	enum Kind {

		/**
		 * @see EvertokenKeys
		 */
		EVERTOKEN("**Evertoken**", EvertokenKeys::new),

		/**
		 * @see SnapshotKeys
		 */
		MAP("`ConcurrentHashMap` of snapshots", SnapshotKeys::inMap),

		/**
		 * @see SnapshotKeys
		 */
		CAFFEINE("Caffeine with a maximum size", SnapshotKeys::inCaffeine),

		/**
		 * @see AsyncCaffeineKeys
		 */
		CAFFEINE_ASYNC("Caffeine, async, expiring", AsyncCaffeineKeys::new),

		/**
		 * @see SpringSecurityKeys
		 */
		SPRING_SECURITY("Spring Security's in-memory service", SpringSecurityKeys::new);

		private final String title;

		private final Supplier<KeyHolder> factory;

		Kind(String title, Supplier<KeyHolder> factory) {
			this.title = title;
			this.factory = factory;
		}

		String title() {
			return this.title;
		}

		KeyHolder create() {
			return this.factory.get();
		}

	}

}
