package io.github.evertoken.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import org.jspecify.annotations.Nullable;

/**
 * Names the records of keys so that nobody who reads Redis learns, or can find out by
 * guessing, on whose behalf they are; and knows which keys are meant by the names that it
 * has given.
 */
final class RecordNames {

	/**
	 * A change of a key that was named longer ago than so many others is not told. It is
	 * seen when the key is used.
	 */
	private static final int MOST_REMEMBERED = 200_000;

	private final Digest digest;

	private final Digest requests;

	private final String prefix;

	private final RecordScope.Resolver scopes;

	private final Map<String, TokenKey> keys = Collections.synchronizedMap(new Lately());

	RecordNames(EncryptionKeys keys, String prefix, RecordScope.Resolver scopes) {
		this.digest = new Digest(keys.names().secret(), "evertoken/names");
		this.requests = new Digest(keys.names().secret(), "evertoken/requests");
		this.prefix = prefix;
		this.scopes = scopes;
	}

	RecordName of(TokenKey key) {
		RecordScope scope = this.scopes.of(key);
		List<@Nullable String> parts = new ArrayList<>();
		parts.add(this.prefix);
		parts.add(key.client());
		parts.add(key.subject());
		add(parts, key.parameters());
		parts.addAll(scope.owner());
		String name = this.digest.name(parts);
		this.keys.put(name, key.withoutSubjectToken());
		return new RecordName(key, name, this.prefix + ":{" + name + "}", this.requests.name(scope.request()));
	}

	/**
	 * Parameters are the same in whatever order.
	 */
	private static void add(List<@Nullable String> parts, TokenParameters parameters) {
		new TreeMap<>(parameters.form()).forEach((name, values) -> {
			parts.add(name);
			parts.add(String.valueOf(values.size()));
			parts.addAll(values);
		});
		parts.add(null);
		new TreeMap<>(parameters.headers()).forEach((name, value) -> {
			parts.add(name);
			parts.add(value);
		});
		parts.add(null);
	}

	/**
	 * Return the key that has a name.
	 * @return the key, or {@code null} if it was not named here lately
	 */
	@Nullable TokenKey keyOf(String name) {
		return this.keys.get(name);
	}

	/**
	 * The keys that were named lately. What has its time is every step in Redis, not
	 * this.
	 */
	private static final class Lately extends LinkedHashMap<String, TokenKey> {

		private static final long serialVersionUID = 1L;

		private Lately() {
			super(16, 0.75f, true);
		}

		@Override
		protected boolean removeEldestEntry(Map.Entry<String, TokenKey> eldest) {
			return size() > MOST_REMEMBERED;
		}

	}

	/**
	 * The record of a key.
	 *
	 * @param key the key
	 * @param name what stands for it
	 * @param redisKey where it is in Redis
	 * @param request what stands for what its access token is asked for with
	 */
	record RecordName(TokenKey key, String name, String redisKey, String request) {

		/**
		 * Never the key's subject.
		 */
		@Override
		public String toString() {
			return this.redisKey;
		}

	}

}
