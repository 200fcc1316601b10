package io.github.evertoken.benchmarks.redis;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Measurement;
import io.github.evertoken.store.SaveResult;

/**
 * What one record takes in Redis. Arguments: of what kind it is.
 */
public final class RecordSize implements Measurement {

	static final String BYTES = "bytes";

	static final String SEALED = "sealedBytes";

	@Override
	public Map<String, Double> measure(List<String> arguments) throws Exception {
		Kind kind = Kind.valueOf(arguments.get(0));
		try (RedisServer server = new RedisServer(); Connection connection = new Connection(server)) {
			TokenKey key = (kind == Kind.SERVICE) ? TokenKey.of(Tokens.CLIENT) : Tokens.newKey();
			Duration lifetime = Duration.ofMinutes(5);
			SaveResult result = connection.store()
				.save(key, 0, (kind == Kind.SERVICE) ? Tokens.ofService(lifetime) : Tokens.session(lifetime))
				.block();
			Check.that(result != null && result.isSaved(), "the record is not saved, but: %s", result);
			if (kind == Kind.TOMBSTONE) {
				connection.store().remove(key).block();
			}
			List<String> names = server.commands().keys("evertoken:*");
			Check.that(names.size() == 1, "there are records %s", names);
			String sealed = server.commands().hget(names.get(0), "s");
			Check.that((sealed == null) == (kind == Kind.TOMBSTONE), "the record has %s", sealed);
			return Map.of(BYTES, (double) server.bytesOf(names.get(0)), SEALED,
					(sealed != null) ? (double) sealed.length() : 0);
		}
	}

	/**
	 * What a record may be.
	 */
	enum Kind {

		/** Of a user: with a refresh token. */
		USER,
		/** Of a service: without one. */
		SERVICE,
		/** What is left of one that was removed. */
		TOMBSTONE

	}

}
