package io.github.evertoken.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.redis.RecordNames.RecordName;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import io.github.evertoken.store.StoredTokenSet;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.output.IntegerOutput;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link RedisTokenStore}, beyond the contract: what rests in a real Redis, and
 * who can read it.
 */
@ExtendWith(OutputCaptureExtension.class)
class RedisTokenStoreTests {

	private static LettuceConnectionFactory connectionFactory;

	private static RedisCommands<String, String> redis;

	private final TokenKey key = TestTokens.newKey();

	private final RedisTokenStore store = store(TestKeys.ONE).build();

	@BeforeAll
	static void connect() {
		connectionFactory = TestRedis.shared().connectionFactory();
		redis = TestRedis.shared().commands();
	}

	@AfterAll
	static void disconnect() {
		connectionFactory.destroy();
	}

	private static RedisTokenStore.Builder store(EncryptionKeys keys) {
		return RedisTokenStore.builder(connectionFactory, keys);
	}

	private static RecordName record(TokenKey key) {
		return new RecordNames(TestKeys.ONE, "evertoken", (same) -> RecordScope.none()).of(key);
	}

	@Test
	@Tag("FL-13")
	void loadWhenTheKeyIsAnotherOneThenIsAbsentWithOneWarningAndStaysAsItIs(CapturedOutput output) {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		TokenKey other = TestTokens.newKey();
		TestTokens.save(this.store, other, 0, TestTokens.session("other"));
		RedisTokenStore stranger = store(EncryptionKeys.of(List.of(TestKeys.SECOND), TestKeys.FIRST)).build();
		assertThat(TestTokens.load(stranger, this.key)).isNull();
		assertThat(TestTokens.load(stranger, other)).isNull();
		assertThat(output.toString().lines().filter((line) -> line.contains("cannot be decrypted"))).singleElement()
			.asString()
			.contains("WARN", "'first'", "there is no such key")
			.doesNotContain("alice");
		assertThat(TestTokens.accessToken(this.store, this.key)).isEqualTo("first");
	}

	@Test
	@Tag("FL-13")
	void stepsWhenTheKeyIsAnotherOneAndNothingIsKnownThenCountItAsAbsent() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		RedisTokenStore stranger = store(EncryptionKeys.of(List.of(TestKeys.SECOND), TestKeys.FIRST)).build();
		Claim.Won won = TestTokens.won(stranger, this.key);
		assertThat(won.current()).isNull();
		SaveResult result = stranger.commit(won.lease(), TestTokens.session("second")).block(TestTokens.LIMIT);
		assertThat(result.isSaved()).isTrue();
		assertThat(TestTokens.accessToken(stranger, this.key)).isEqualTo("second");
		TokenKey other = TestTokens.newKey();
		TestTokens.save(this.store, other, 0, TestTokens.session("other"));
		assertThat(TestTokens.save(stranger, other, 0, TestTokens.session("put"))).isEqualTo(2);
	}

	/**
	 * Whoever went on with an older refresh token would have the family revoked.
	 */
	@Test
	@Tag("FL-13")
	void stepsWhenTheKeyIsAnotherOneAndAnOlderVersionIsKnownThenFail() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		TestTokens.save(this.store, this.key, 1, TestTokens.session("second"));
		RedisTokenStore stranger = store(EncryptionKeys.of(List.of(TestKeys.SECOND), TestKeys.FIRST)).build();
		ClaimRequest request = ClaimRequest.create().withKnownVersion(1);
		StepVerifier.create(stranger.claim(this.key, request)).verifyError(IllegalStateException.class);
		StepVerifier.create(stranger.claim(this.key, request.withRejectedVersion(2)))
			.verifyError(IllegalStateException.class);
		StepVerifier.create(stranger.save(this.key, 1, TestTokens.session("third")))
			.verifyError(IllegalStateException.class);
		assertThat(TestTokens.accessToken(this.store, this.key)).isEqualTo("second");
		assertThat(TestTokens.claim(this.store, this.key, ClaimRequest.create().withKnownVersion(2)))
			.isInstanceOf(Claim.Won.class);
	}

	@Test
	@Tag("FL-12")
	void loadWhenTheEntryWasCopiedFromAnotherRecordThenIsAbsent(CapturedOutput output) {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("of-alice"));
		TokenKey other = TestTokens.newKey();
		TestTokens.save(this.store, other, 0, TestTokens.session("of-bob"));
		redis.hset(record(other).redisKey(), "s", redis.hget(record(this.key).redisKey(), "s"));
		assertThat(TestTokens.load(this.store, other)).isNull();
		assertThat(output).contains("it was written for another record");
	}

	@Test
	@Tag("FL-12")
	void loadWhenTheHeaderOfACopiedEntryIsForgedThenIsAbsent() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("of-alice"));
		TokenKey other = TestTokens.newKey();
		TestTokens.save(this.store, other, 0, TestTokens.session("of-bob"));
		String sealed = redis.hget(record(this.key).redisKey(), "s");
		String header = redis.hget(record(other).redisKey(), "s").split("\\.")[0];
		redis.hset(record(other).redisKey(), "s", header + sealed.substring(sealed.indexOf('.')));
		assertThat(TestTokens.load(this.store, other)).isNull();
	}

	@Test
	@Tag("FL-12")
	void loadWhenTheEntryIsNoneOfOursThenIsAbsent() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		redis.hset(record(this.key).redisKey(), "s", "nonsense");
		assertThat(TestTokens.load(this.store, this.key)).isNull();
	}

	@Test
	@Tag("FL-13")
	void keysWhenTheyAreExchangedThenAllDecryptAndEntriesMoveToTheFirstWhenTheyAreWritten() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		RedisTokenStore later = store(TestKeys.of(TestKeys.SECOND, TestKeys.FIRST)).build();
		assertThat(TestTokens.accessToken(later, this.key)).isEqualTo("first");
		TestTokens.save(later, this.key, 1, TestTokens.session("second"));
		RedisTokenStore last = store(TestKeys.of(TestKeys.SECOND)).build();
		assertThat(TestTokens.accessToken(last, this.key)).isEqualTo("second");
		assertThat(TestTokens.load(this.store, this.key)).isNull();
	}

	@Test
	@Tag("FL-18")
	@DisplayName("A record of a newer format is neither read nor changed")
	void stepsWhenTheRecordIsOfANewerFormatThenFailAndChangeNothing() {
		Claim.Won won = TestTokens.won(this.store, this.key);
		redis.hset(record(this.key).redisKey(), Map.of("f", "2", "future", "kept"));
		Map<String, String> before = redis.hgetall(record(this.key).redisKey());
		SharedFailure failure = SharedFailure.of(Kind.TRANSIENT, "away", null, Duration.ofSeconds(1));
		for (Mono<?> step : List.of(this.store.load(this.key),
				this.store.save(this.key, 0, TestTokens.session("first")), this.store.remove(this.key),
				this.store.claim(this.key, ClaimRequest.create()),
				this.store.commit(won.lease(), TestTokens.session("first")), this.store.abandon(won.lease(), failure),
				this.store.release(won.lease()))) {
			StepVerifier.create(step)
				.verifyErrorSatisfies(
						(ex) -> assertThat(ex).hasMessageContaining("format 2").hasMessageContaining("newer version"));
		}
		assertThat(redis.hgetall(record(this.key).redisKey())).isEqualTo(before);
	}

	@Test
	@Tag("FL-18")
	void saveWhenANewerVersionHasAddedSomethingToTheFormatThenKeepsIt() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		redis.hset(record(this.key).redisKey(), "addition", "kept");
		TestTokens.save(this.store, this.key, 1, TestTokens.session("second"));
		assertThat(redis.hget(record(this.key).redisKey(), "addition")).isEqualTo("kept");
	}

	@Test
	@Tag("FL-14")
	void loadWhenTheClockOfTheWriterIsAnotherOneThenTheAgeIsRightAllTheSame() {
		for (Duration skew : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
			TokenKey each = TestTokens.newKey();
			InstantSource wrong = () -> Instant.now().plus(skew);
			RedisTokenStore writer = store(TestKeys.ONE).clock(wrong).build();
			TokenSet tokens = TestTokens.tokens("first")
				.refreshToken("refresh")
				.obtainedAt(wrong.instant())
				.refreshTokenExpiresAt(wrong.instant().plusSeconds(1800))
				.build();
			TestTokens.save(writer, each, 0, tokens);
			TokenSet loaded = TestTokens.load(this.store, each).tokenSet();
			assertThat(loaded.obtainedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(10)));
			assertThat(loaded.refreshTokenExpiresAt()).isCloseTo(Instant.now().plusSeconds(1800),
					within(Duration.ofMinutes(10)));
			assertThat(TestTokens.load(writer, each).tokenSet().obtainedAt()).isCloseTo(tokens.obtainedAt(),
					within(Duration.ofMinutes(10)));
		}
	}

	@Test
	@Tag("FL-14")
	void claimWhenAReplicaWithAWrongClockAsksThenTheTimeOfRedisCounts() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		RedisTokenStore late = store(TestKeys.ONE).clock(() -> Instant.now().plus(Duration.ofHours(1))).build();
		assertThat(TestTokens.claim(late, this.key, ClaimRequest.create())).isInstanceOf(Claim.Fresh.class);
	}

	@Test
	@Tag("FL-19")
	void sessionWhenAnotherVersionOfTheConfigurationAsksForSomethingElseThenIsSharedWithoutItsAccessToken() {
		RedisTokenStore former = scoped(RecordScope.of("https://idp", "orders").session(List.of("audience=a")));
		RedisTokenStore latter = scoped(RecordScope.of("https://idp", "orders").session(List.of("audience=b")));
		TestTokens.save(former, this.key, 0, TestTokens.session("for-a"));
		TokenSet tokens = TestTokens.load(latter, this.key).tokenSet();
		assertThat(tokens.accessToken()).isNull();
		assertThat(tokens.refreshToken()).isEqualTo("refresh-for-a");
		assertThat(TestTokens.accessToken(former, this.key)).isEqualTo("for-a");
	}

	@Test
	@Tag("FL-19")
	void ownGrantWhenAnotherVersionOfTheConfigurationAsksForSomethingElseThenHasARecordOfItsOwn() {
		RedisTokenStore former = scoped(RecordScope.of("https://idp", "orders").ownGrant(List.of("scope=a")));
		RedisTokenStore latter = scoped(RecordScope.of("https://idp", "orders").ownGrant(List.of("scope=b")));
		TestTokens.save(former, this.key, 0, TestTokens.tokens("for-a").build());
		assertThat(TestTokens.load(latter, this.key)).isNull();
	}

	@Test
	@Tag("FL-19")
	void recordWhenItIsOfAnotherClientIdOrIssuerThenIsAnotherOne() {
		TestTokens.save(scoped(RecordScope.of("https://idp", "orders")), this.key, 0, TestTokens.session("first"));
		assertThat(TestTokens.load(scoped(RecordScope.of("https://idp", "billing")), this.key)).isNull();
		assertThat(TestTokens.load(scoped(RecordScope.of("https://other", "orders")), this.key)).isNull();
		assertThat(TestTokens.accessToken(scoped(RecordScope.of("https://idp", "orders")), this.key))
			.isEqualTo("first");
	}

	private static RedisTokenStore scoped(RecordScope scope) {
		return store(TestKeys.ONE).scopes((key) -> scope).build();
	}

	@Test
	@Tag("FL-20")
	void retentionThenSlidesWithEachUseAndIsShortForWhatExpiresByItself() {
		RedisTokenStore brief = store(TestKeys.ONE).retention(Duration.ofHours(10)).build();
		TestTokens.save(brief, this.key, 0, TestTokens.session("first"));
		String name = record(this.key).redisKey();
		assertThat(redis.pttl(name)).isBetween(hours(9), hours(10));
		redis.pexpire(name, hours(4));
		TestTokens.load(brief, this.key);
		assertThat(redis.pttl(name)).isBetween(hours(9), hours(10));
		TestTokens.save(brief, this.key, 1, TestTokens.tokens("without-refresh-token").build());
		assertThat(redis.pttl(name)).isBetween(hours(1), hours(2));
		brief.remove(this.key).block(TestTokens.LIMIT);
		assertThat(redis.pttl(name)).isBetween(hours(9), hours(10));
		TokenKey other = TestTokens.newKey();
		Lease lease = TestTokens.won(brief, other).lease();
		assertThat(redis.pttl(record(other).redisKey())).isBetween(hours(1), hours(2));
		brief.abandon(lease, SharedFailure.of(Kind.REAUTHENTICATION, "refused", "invalid_grant", Duration.ZERO))
			.block(TestTokens.LIMIT);
		assertThat(redis.pttl(record(other).redisKey())).isBetween(hours(9), hours(10));
	}

	private static long hours(int hours) {
		return Duration.ofHours(hours).toMillis();
	}

	@Test
	@Tag("FL-13")
	void pausedWhenTheReasonCannotBeDecryptedThenIsPausedAllTheSame() {
		SharedFailure failure = SharedFailure.of(Kind.REFUSED, "because", "invalid_client", Duration.ofMinutes(1));
		this.store.abandon(TestTokens.won(this.store, this.key).lease(), failure).block(TestTokens.LIMIT);
		RedisTokenStore stranger = store(EncryptionKeys.of(List.of(TestKeys.SECOND), TestKeys.FIRST)).build();
		Claim claim = TestTokens.claim(stranger, this.key, ClaimRequest.create());
		assertThat(claim).isInstanceOf(Claim.Paused.class);
		assertThat(((Claim.Paused) claim).failure().kind()).isEqualTo(Kind.REFUSED);
		Claim known = TestTokens.claim(this.store, this.key, ClaimRequest.create());
		assertThat(((Claim.Paused) known).failure()).hasToString(failure.toString());
	}

	@Test
	@Tag("FL-14")
	void saveWhenItIsMadeTwiceBecauseTheAnswerWasLostThenHasTheEffectOfOne() {
		TokenSet tokens = TestTokens.session("first");
		assertThat(TestTokens.save(this.store, this.key, 0, tokens)).isEqualTo(1);
		assertThat(TestTokens.save(this.store, this.key, 0, tokens)).isEqualTo(1);
		assertThat(this.store.save(this.key, 0, TestTokens.session("other")).block(TestTokens.LIMIT).isSaved())
			.isFalse();
	}

	@Test
	@Tag("FL-14")
	void stepsWhenRedisHasForgottenTheScriptsThenAreSentThemOnceMore() {
		TestTokens.save(this.store, this.key, 0, TestTokens.session("first"));
		redis.scriptFlush();
		assertThat(TestTokens.accessToken(this.store, this.key)).isEqualTo("first");
		redis.scriptFlush();
		assertThat(TestTokens.save(this.store, this.key, 1, TestTokens.session("second"))).isEqualTo(2);
	}

	/**
	 * What a use of the store costs, of which docs/fleet.md speaks.
	 */
	@Test
	@Tag("FL-14")
	void stepsThenAreOneCommandEach() {
		TestTokens.won(this.store, TestTokens.newKey());
		TestTokens.save(this.store, TestTokens.newKey(), 0, TestTokens.session("first"));
		redis.configResetstat();
		Claim.Won won = TestTokens.won(this.store, this.key);
		this.store.commit(won.lease(), TestTokens.session("first")).block(TestTokens.LIMIT);
		StoredTokenSet stored = TestTokens.load(this.store, this.key);
		assertThat(stored.version()).isEqualTo(1);
		assertThat(redis.info("commandstats").lines().filter((line) -> line.startsWith("cmdstat_eval"))).singleElement()
			.asString()
			.startsWith("cmdstat_evalsha:calls=3,");
	}

	/**
	 * The sizes that docs/fleet.md names.
	 */
	@Test
	@Tag("FL-20")
	void recordThenHasNoMoreBytesThanIsSaid() {
		TokenSet tokens = TestTokens.tokens("a".repeat(1024)).build();
		TestTokens.save(this.store, this.key, 0, tokens.mutate().refreshToken("r".repeat(700)).build());
		assertThat(bytes(this.key)).isBetween(3000L, 3400L);
		this.store.remove(this.key).block(TestTokens.LIMIT);
		assertThat(bytes(this.key)).isBetween(300L, 420L);
		TokenKey service = TestTokens.newKey();
		TestTokens.save(this.store, service, 0, tokens);
		assertThat(bytes(service)).isBetween(2100L, 2400L);
	}

	/**
	 * All fields are looked at: by default Redis looks at five, and takes the others for
	 * as large.
	 */
	private static long bytes(TokenKey key) {
		return redis.dispatch(CommandType.MEMORY, new IntegerOutput<>(StringCodec.UTF8),
				new CommandArgs<>(StringCodec.UTF8).add("USAGE").addKey(record(key).redisKey()).add("SAMPLES").add(0));
	}

	@Test
	@Tag("FL-12")
	void namesThenHaveNoSubjectAndDependOnTheKeyThatMakesThem() {
		RecordName name = record(this.key);
		RecordNames others = new RecordNames(EncryptionKeys.of(List.of(TestKeys.FIRST), TestKeys.SECOND), "evertoken",
				(same) -> RecordScope.none());
		assertThat(name.redisKey()).matches("evertoken:\\{[A-Za-z0-9_-]{22}}");
		assertThat(others.of(this.key).name()).isNotEqualTo(name.name());
		assertThat(record(this.key).name()).isEqualTo(name.name());
	}

}
