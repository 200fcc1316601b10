package io.github.evertoken.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
	private static final long MOST_REMEMBERED = 200_000;

	private final Digest digest;

	private final Digest requests;

	private final String prefix;

	private final RecordScope.Resolver scopes;

	private final Cache<String, TokenKey> keys = Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

	RecordNames(EncryptionKeys keys, String prefix, RecordScope.Resolver scopes) {
		this.digest = new Digest(keys.names().secret(), "evertoken/names");
		this.requests = new Digest(keys.names().secret(), "evertoken/requests");
		this.prefix = prefix;
		this.scopes = scopes;
	}

	RecordName of(TokenKey key) {
		RecordScope scope = this.scopes.of(key);
		List<@Nullable String> parts = new ArrayList<>(Arrays.asList(this.prefix, key.client(), key.subject()));
		add(parts, key.parameters());
		parts.addAll(scope.owner());
		String name = this.digest.name(parts);
		this.keys.get(name, (same) -> key.withoutSubjectToken());
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
		return this.keys.getIfPresent(name);
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
