package io.github.evertoken.test.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contract of {@link TokenStore}, as a test class. Whoever writes a store extends it,
 * and gives it the store:
 *
 * <pre class="code">
 * class MyTokenStoreTests extends TokenStoreContract {
 *
 *     &#64;Override
 *     protected TokenStore store() {
 *         return new MyTokenStore(...);
 *     }
 *
 * }
 * </pre>
 * <p>
 * Each test uses keys of its own, so that the store may be one that others use too.
 *
 * @since 0.1.0
 */
public abstract class TokenStoreContract {

	static final Duration LIMIT = Duration.ofSeconds(30);

	static final int RIVALS = 16;

	private static final AtomicInteger number = new AtomicInteger();

	private final TokenKey key = newKey();

	/**
	 * Create the contract.
	 */
	protected TokenStoreContract() {
	}

	/**
	 * Return the store. It may be the same for all tests.
	 * @return the store
	 */
	protected abstract TokenStore store();

	static TokenKey newKey() {
		return TokenKey.of("contract", "subject-" + Instant.now().toEpochMilli() + "-" + number.incrementAndGet());
	}

	@Test
	void loadWhenThereHasNeverBeenOneThenIsEmpty() {
		assertThat(load(this.key)).isNull();
	}

	@Test
	void saveThenIsLoadedAsItWas() {
		TokenSet tokens = tokens("first");
		long version = saved(this.key, 0, tokens);
		StoredTokenSet stored = stored(this.key);
		assertThat(version).isPositive();
		assertThat(stored.key()).isEqualTo(this.key);
		assertThat(stored.version()).isEqualTo(version);
		TokenSet loaded = present(stored.tokenSet(), "the token set");
		assertThat(loaded.accessToken()).isEqualTo(tokens.accessToken());
		assertThat(loaded.tokenType()).isEqualTo(tokens.tokenType());
		assertThat(loaded.refreshToken()).isEqualTo(tokens.refreshToken());
		assertThat(loaded.idToken()).isEqualTo(tokens.idToken());
		assertThat(loaded.expiresIn()).isEqualTo(tokens.expiresIn());
		assertThat(loaded.obtainedAt()).isEqualTo(tokens.obtainedAt());
		assertThat(loaded.refreshTokenExpiresAt()).isEqualTo(tokens.refreshTokenExpiresAt());
		assertThat(loaded.scope()).isEqualTo(tokens.scope());
	}

	@Test
	void saveWhenItHasNoAccessTokenThenIsLoadedAsItWas() {
		TokenSet tokens = TokenSet.withRefreshToken("refresh").obtainedAt(Instant.ofEpochMilli(1_000_000)).build();
		saved(this.key, 0, tokens);
		TokenSet loaded = present(stored(this.key).tokenSet(), "the token set");
		assertThat(loaded.accessToken()).isNull();
		assertThat(loaded.refreshToken()).isEqualTo("refresh");
		assertThat(loaded.expiresIn()).isNull();
	}

	@Test
	void loadTwiceWhenNothingHasChangedThenTheVersionIsTheSame() {
		saved(this.key, 0, tokens("first"));
		assertThat(stored(this.key).version()).isEqualTo(stored(this.key).version());
	}

	@Test
	void saveWhenTheVersionIsTheExpectedOneThenReplacesAndGrows() {
		long first = saved(this.key, 0, tokens("first"));
		long second = saved(this.key, first, tokens("second"));
		assertThat(second).isGreaterThan(first);
		assertThat(accessToken(this.key)).isEqualTo("second");
	}

	@Test
	void saveWhenTheVersionIsAnOlderOneThenChangesNothingAndShowsTheRecord() {
		long first = saved(this.key, 0, tokens("first"));
		long second = saved(this.key, first, tokens("second"));
		SaveResult late = save(this.key, first, tokens("late"));
		assertThat(late.isSaved()).isFalse();
		assertThat(late.version()).isEqualTo(second);
		assertThat(late.current()).isNotNull().satisfies((current) -> {
			assertThat(current.version()).isEqualTo(second);
			assertThat(current.tokenSet()).isNotNull().extracting(TokenSet::accessToken).isEqualTo("second");
		});
		assertThat(accessToken(this.key)).isEqualTo("second");
	}

	@Test
	void saveWhenNoneIsExpectedAndThereIsOneThenConflicts() {
		long first = saved(this.key, 0, tokens("first"));
		SaveResult blind = save(this.key, 0, tokens("blind"));
		assertThat(blind.isSaved()).isFalse();
		assertThat(blind.version()).isEqualTo(first);
		assertThat(accessToken(this.key)).isEqualTo("first");
	}

	@Test
	void removeThenLeavesATombstoneWithAVersionOfItsOwn() {
		long first = saved(this.key, 0, tokens("first"));
		long tombstone = removed(this.key);
		assertThat(tombstone).isGreaterThan(first);
		StoredTokenSet stored = stored(this.key);
		assertThat(stored.tokenSet()).isNull();
		assertThat(stored.version()).isEqualTo(tombstone);
	}

	@Test
	void saveWhenItWasRemovedMeanwhileThenDoesNotBringItBack() {
		long first = saved(this.key, 0, tokens("first"));
		long tombstone = removed(this.key);
		SaveResult late = save(this.key, first, tokens("late"));
		assertThat(late.isSaved()).isFalse();
		assertThat(late.version()).isEqualTo(tombstone);
		assertThat(late.current()).isNotNull().extracting(StoredTokenSet::tokenSet).isNull();
		assertThat(stored(this.key).tokenSet()).isNull();
	}

	@Test
	void saveWhenItReplacesTheTombstoneThenIsThere() {
		saved(this.key, 0, tokens("first"));
		long tombstone = removed(this.key);
		assertThat(saved(this.key, tombstone, tokens("second"))).isGreaterThan(tombstone);
		assertThat(accessToken(this.key)).isEqualTo("second");
	}

	@Test
	void removeWhenThereIsNoneThenCompletes() {
		assertThat(removed(this.key)).isPositive();
		StoredTokenSet stored = load(this.key);
		assertThat((stored != null) ? stored.tokenSet() : null).isNull();
	}

	@Test
	void saveWhenManyExpectTheSameVersionThenOneOfThemIsSaved() {
		long first = saved(this.key, 0, tokens("first"));
		List<SaveResult> results = present(Flux.range(0, RIVALS)
			.flatMap((i) -> Mono.defer(() -> store().save(this.key, first, tokens("rival-" + i)))
				.subscribeOn(Schedulers.boundedElastic()), RIVALS)
			.collectList()
			.block(LIMIT), "the results");
		assertThat(results).hasSize(RIVALS);
		assertThat(results.stream().filter(SaveResult::isSaved)).as("those that were saved").hasSize(1);
		long version = results.stream().filter(SaveResult::isSaved).findFirst().orElseThrow().version();
		assertThat(results).allSatisfy((result) -> assertThat(result.version()).isEqualTo(version));
	}

	@Test
	void saveWhenKeysDifferInTheirSubjectOrParametersThenAreKeptApart() {
		TokenKey varied = this.key.withParameters(TokenParameters.builder().scope(List.of("write")).build());
		TokenKey other = newKey();
		IntStream.range(0, 3).forEach((i) -> saved(List.of(this.key, varied, other).get(i), 0, tokens("of-" + i)));
		assertThat(accessToken(this.key)).isEqualTo("of-0");
		assertThat(accessToken(varied)).isEqualTo("of-1");
		assertThat(accessToken(other)).isEqualTo("of-2");
		removed(varied);
		assertThat(accessToken(this.key)).isEqualTo("of-0");
	}

	@Test
	void everyStepThenDoesItsWorkWhenItIsSubscribed() {
		Mono<SaveResult> save = store().save(this.key, 0, tokens("first"));
		assertThat(load(this.key)).isNull();
		save.block(LIMIT);
		Mono<Long> remove = store().remove(this.key);
		assertThat(accessToken(this.key)).isEqualTo("first");
		remove.block(LIMIT);
		assertThat(stored(this.key).tokenSet()).isNull();
	}

	static TokenSet tokens(String accessToken) {
		return TokenSet.withAccessToken(accessToken)
			.refreshToken("refresh-" + accessToken)
			.refreshTokenExpiresAt(Instant.ofEpochMilli(Instant.now().plusSeconds(1800).toEpochMilli()))
			.scope(List.of("read", "write"))
			.idToken("id-" + accessToken)
			.expiresIn(Duration.ofMinutes(5))
			.obtainedAt(Instant.ofEpochMilli(Instant.now().toEpochMilli()))
			.build();
	}

	static <T> T present(@Nullable T value, String what) {
		assertThat(value).as(what).isNotNull();
		return Objects.requireNonNull(value);
	}

	@Nullable StoredTokenSet load(TokenKey key) {
		return store().load(key).block(LIMIT);
	}

	StoredTokenSet stored(TokenKey key) {
		return present(load(key), "the record");
	}

	@Nullable String accessToken(TokenKey key) {
		TokenSet tokens = stored(key).tokenSet();
		return (tokens != null) ? tokens.accessToken() : null;
	}

	SaveResult save(TokenKey key, long expected, TokenSet tokens) {
		return present(store().save(key, expected, tokens).block(LIMIT), "the result");
	}

	long saved(TokenKey key, long expected, TokenSet tokens) {
		SaveResult result = save(key, expected, tokens);
		assertThat(result.isSaved()).as("whether it is saved").isTrue();
		return result.version();
	}

	long removed(TokenKey key) {
		return present(store().remove(key).block(LIMIT), "the version of the tombstone");
	}

}
