package io.github.evertoken.redis;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.evertoken.TokenSet;
import io.github.evertoken.redis.RecordCipher.UnreadableRecordException;
import io.github.evertoken.redis.RecordNames.RecordName;
import io.github.evertoken.redis.RecordScripts.Reply;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import io.github.evertoken.store.StoredTokenSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what Redis has of a record.
 */
final class StoredRecords {

	// The instants of a token set are those of whoever has written it. The record has by
	// how much that clock differs from Redis's own, and so a replica whose own clock is
	// another one knows how old a token is nevertheless. The difference is known as
	// exactly
	// as a command takes; a smaller one is none.

	private static final Logger logger = LoggerFactory.getLogger(RedisTokenStore.class);

	private static final long TOLERATED_SKEW = 2000;

	private static final int MOST_WARNINGS = 64;

	private final RecordCipher cipher;

	private final InstantSource clock;

	private final Set<String> warned = ConcurrentHashMap.newKeySet();

	StoredRecords(RecordCipher cipher, InstantSource clock) {
		this.cipher = cipher;
		this.clock = clock;
	}

	/**
	 * Read a record that has a version.
	 * @throws UnreadableRecordException if it cannot be decrypted
	 */
	StoredTokenSet read(RecordName record, Reply reply) throws UnreadableRecordException {
		long version = reply.number(Reply.VERSION);
		String sealed = reply.text(Reply.SEALED);
		if (sealed.isEmpty()) {
			return StoredTokenSet.removed(record.key(), version);
		}
		try {
			TokenSet tokens = TokenSetFormat.read(this.cipher.decrypt(record, sealed), record.request(), skew(reply));
			return StoredTokenSet.of(record.key(), version, tokens);
		}
		catch (UnreadableRecordException ex) {
			warn(record, ex);
			throw ex;
		}
		catch (IllegalArgumentException ex) {
			throw new UnreadableRecordException(null, "it is not what this library writes");
		}
	}

	private Duration skew(Reply reply) {
		long here = this.clock.millis() - reply.number(Reply.NOW);
		long skew = here - reply.number(Reply.SKEW);
		return (Math.abs(skew) < TOLERATED_SKEW) ? Duration.ZERO : Duration.ofMillis(skew);
	}

	/**
	 * Read why a record is paused. What cannot be decrypted pauses it all the same.
	 */
	SharedFailure failure(RecordName record, String kind, String sealed, Duration remaining) {
		try {
			return TokenSetFormat.readFailure(this.cipher.decrypt(record, sealed));
		}
		catch (UnreadableRecordException ex) {
			warn(record, ex);
		}
		catch (IllegalArgumentException ex) {
			logger.debug("Record {} is paused for a reason that cannot be read", record, ex);
		}
		return SharedFailure.of(kind(kind), "another replica has failed", null, remaining);
	}

	private static Kind kind(String name) {
		try {
			return Kind.valueOf(name);
		}
		catch (IllegalArgumentException ex) {
			return Kind.TRANSIENT;
		}
	}

	/**
	 * Once for each key: there may be thousands of records.
	 */
	private void warn(RecordName record, UnreadableRecordException ex) {
		String keyId = String.valueOf(ex.keyId());
		if (this.warned.size() < MOST_WARNINGS && this.warned.add(keyId)) {
			logger.warn(
					"Record {} cannot be decrypted, and counts as absent where no older version of it is known. It is said to be encrypted with the key '{}',"
							+ " but {}. Records of that key are not mentioned again",
					record, keyId, ex.getMessage());
		}
	}

}
