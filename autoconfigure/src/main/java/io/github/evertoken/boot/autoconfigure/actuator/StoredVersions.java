package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Map;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What the token store has of some keys. It is asked once for each, and its time-out is
 * the longest time that it takes.
 */
final class StoredVersions {

	static final StoredVersions NONE = new StoredVersions(Map.of());

	private final Map<TokenKey, Long> versions;

	private StoredVersions(Map<TokenKey, Long> versions) {
		this.versions = versions;
	}

	/**
	 * Ask the store.
	 * @return a {@code Mono}, which never fails, with the versions of the keys for which
	 * it has answered
	 */
	static Mono<StoredVersions> of(@Nullable DefaultTokenManager manager, Stream<TokenKey> keys) {
		if (manager == null) {
			return Mono.just(NONE);
		}
		return Flux.fromStream(keys)
			.flatMap((key) -> manager.storedVersion(key).onErrorComplete().map((version) -> Map.entry(key, version)))
			.collectMap(Map.Entry::getKey, Map.Entry::getValue)
			.map((versions) -> new StoredVersions(versions));
	}

	@Nullable Long of(TokenKey key) {
		return this.versions.get(key);
	}

}
