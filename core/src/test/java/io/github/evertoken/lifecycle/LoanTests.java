package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the keys of a subject that parameters vary, and that live on the refresh
 * token of the subject's own key.
 */
@Tag("LC-15")
class LoanTests extends LifecycleFixture {

	private static final TokenKey READ = varied("read");

	private static final TokenKey WRITE = varied("write");

	private static final TokenKey ADMIN = varied("admin");

	private final VersionedMapStore store = new VersionedMapStore();

	private static TokenKey varied(String scope) {
		return ALICE.withParameters(TokenParameters.builder().scope(List.of(scope)).build());
	}

	private void rotates(String refreshToken) {
		this.issuer.then((request) -> Mono.just(this.issuer.nextToken().refreshToken(refreshToken).build()));
	}

	private static TokenSet login(String accessToken, String refreshToken) {
		return TokenSet.withAccessToken(accessToken)
			.refreshToken(refreshToken)
			.expiresIn(ScriptedIssuer.LIFETIME)
			.build();
	}

	private List<String> redeemed() {
		return this.issuer.requests().stream().map(TokenRequest::refreshToken).toList();
	}

	@Test
	void tokenWhenVariedThenIsObtainedWithTheRefreshTokenOfTheOwnKey() {
		put(ALICE, login("own", "r1"));
		rotates("r2");
		assertThat(token(READ)).isEqualTo("t1");
		assertThat(token(ALICE)).isEqualTo("own");
		assertThat(token(READ)).isEqualTo("t1");
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactly(READ);
		assertThat(redeemed()).containsExactly("r1");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(lifecycle(READ).state().refreshToken()).isNull();
		assertThat(lifecycle(ALICE).state().flight()).isNull();
	}

	@Test
	void tokenWhenSeveralKeysAreDueThenTheirRefreshesFollowEachOther() {
		put(ALICE, refreshable("r1"));
		List<Sinks.One<TokenSet>> answers = List.of(answerLater(), answerLater(), answerLater(), answerLater());
		List<TestSubscriber<AccessToken>> callers = List.of(caller(READ), caller(WRITE), caller(ALICE), caller(ADMIN));
		for (int i = 0; i < 4; i++) {
			advance(Duration.ofSeconds(1));
			assertThat(this.issuer.calls()).isEqualTo(i + 1);
			answers.get(i).tryEmitValue(this.issuer.nextToken().refreshToken("r" + (i + 2)).build());
			advance(Duration.ZERO);
		}
		assertThat(redeemed()).containsExactly("r1", "r2", "r3", "r4");
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactly(READ, ALICE, WRITE, ADMIN);
		assertThat(callers).extracting(LifecycleFixture::valueOf).containsExactly("t1", "t3", "t2", "t4");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r5");
	}

	@Test
	void tokenWhenTheRefreshesBeforeTakeLongThenTheClockBeginsWithTheTurn() {
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.just(login("first", "r2")).delayElement(Duration.ofSeconds(4), this.time))
			.then(Mono.just(login("second", "r3")).delayElement(Duration.ofSeconds(4), this.time));
		caller(READ);
		TestSubscriber<AccessToken> second = caller(WRITE);
		advance(Duration.ofSeconds(9));
		assertThat(valueOf(second)).isEqualTo("second");
	}

	@Test
	void tokenWhenOneCallIsAllowedAtATimeThenNobodyWaitsForEachOther() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, refreshable("r1"));
		rotates("r2");
		rotates("r3");
		rotates("r4");
		List<TestSubscriber<AccessToken>> callers = List.of(caller(READ), caller(ALICE), caller(WRITE));
		advance(Duration.ofSeconds(1));
		assertThat(callers).extracting(LifecycleFixture::valueOf).doesNotHaveDuplicates();
		assertThat(redeemed()).containsExactly("r1", "r2", "r3");
	}

	@Test
	void tokenWhenTheClientHasAGrantOfItsOwnAndNoRefreshTokenThenIsGranted() {
		assertThat(List.of(token(READ), token(ALICE))).containsExactly("t1", "t2");
		assertThat(redeemed()).containsExactly(null, null);
		put(READ, login("put", "own-r1"));
		put(ALICE, refreshable("r1"));
		advance(ScriptedIssuer.LIFETIME);
		token(READ);
		assertThat(redeemed()).endsWith("own-r1");
	}

	@Test
	void tokenWhenNothingIsHeldThenSaysThatSomebodyMustLogInAndBeginsAnewWithTheLogin() {
		this.issuer.thenRefuse();
		assertThat(errorOf(caller(READ))).isInstanceOf(ReauthenticationRequiredException.class);
		put(ALICE, login("own", "r1"));
		assertThat(token(READ)).isEqualTo("t1");
		assertThat(redeemed()).containsExactly(null, "r1");
	}

	@Test
	void tokenWhenItWaitsForASignInThenGoesOnWithTheLogin() {
		use((settings) -> settings.awaitSignIn(Duration.ofMinutes(1)).maxWait(Duration.ofMinutes(2)));
		this.issuer.thenRefuse();
		TestSubscriber<AccessToken> caller = caller(READ);
		put(ALICE, login("own", "r1"));
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
	}

	@Test
	void tokenWhenItIsSentOnAndSomebodyMustLogInThenWaitsForThatOnce() {
		use((settings) -> settings.awaitSignIn(Duration.ofMinutes(1)).maxWait(Duration.ofMinutes(2)));
		put(ALICE, refreshable("r1"));
		answerLater();
		TestSubscriber<AccessToken> caller = caller(READ);
		this.issuer.thenRefuse();
		put(ALICE, TokenSet.withAccessToken("own").build());
		advance(Duration.ofSeconds(59));
		assertThat(caller.isTerminated()).isFalse();
		advance(Duration.ofSeconds(2));
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
	}

	@Test
	void refusalWhenItIsOfTheRefreshTokenThenSignsTheOwnKeyOut() {
		List<TokenEvent> events = new CopyOnWriteArrayList<>();
		this.manager.listen(events::add);
		put(ALICE, refreshable("r1"));
		this.issuer.thenRefuse().thenRefuse();
		assertThat(errorOf(caller(READ))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(redeemed()).containsExactly("r1", null);
		assertThat(errorOf(caller(ALICE))).isInstanceOf(ReauthenticationRequiredException.class)
			.extracting("key")
			.isEqualTo(ALICE);
		assertThat(this.issuer.calls()).isEqualTo(2);
		await().untilAsserted(() -> assertThat(events).filteredOn(TokenEvent.ReauthenticationRequired.class::isInstance)
			.extracting(TokenEvent::key)
			.containsExactly(ALICE, READ));
	}

	@Test
	void refusalWhenItIsOfTheScopeThenConcernsTheVariedKeyAlone() {
		put(ALICE, refreshable("r1"));
		this.issuer
			.then((request) -> Mono.error(new TokenRefusedException(request.key(), "no", "invalid_scope", null, null)));
		rotates("r2");
		assertThat(errorOf(caller(ADMIN))).isInstanceOf(TokenRefusedException.class);
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(redeemed()).containsExactly("r1", "r1");
		assertThat(errorOf(caller(ADMIN))).isInstanceOf(TokenRefusedException.class);
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	@Tag("LC-2")
	void failureWhenItIsTransientThenCallersWaitThroughIt() {
		put(ALICE, refreshable("r1"));
		this.issuer.thenFail(new TransientTokenException(READ, "down", null));
		rotates("r2");
		TestSubscriber<AccessToken> caller = caller(READ);
		advance(Duration.ofSeconds(3));
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(redeemed()).containsExactly("r1", "r1");
	}

	@Test
	@Tag("LC-3")
	void answerWhenItIsLateThenCallersAreToldAndTheRefreshTokenIsKept() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		List<TestSubscriber<AccessToken>> callers = List.of(caller(READ), caller(ALICE));
		advance(Duration.ofSeconds(6));
		assertThat(callers)
			.allSatisfy((caller) -> assertThat(errorOf(caller)).hasMessageContaining("response-timeout"));
		assertThat(this.issuer.calls()).isEqualTo(1);
		TestSubscriber<Void> drained = TestSubscriber.create();
		this.manager.drain().subscribe(drained);
		advance(Duration.ofSeconds(5));
		assertThat(drained.isTerminated()).isFalse();
		answer.tryEmitValue(login("narrow", "r2"));
		advance(Duration.ZERO);
		assertThat(drained.isTerminatedComplete()).isTrue();
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
		assertThat(token(READ)).isEqualTo("narrow");
	}

	@Test
	@Tag("LC-1")
	void flightWhenTheIssuerNeverAnswersThenTheOwnKeyHealsAtItsDeadline() {
		put(ALICE, refreshable("r1"));
		answerLater();
		answerLater();
		caller(READ);
		advance(Duration.ofSeconds(90));
		assertThat(token(ALICE)).startsWith("t");
		assertThat(lifecycle(ALICE).state().flight(lifecycle(ALICE).now())).isNull();
		assertThat(lifecycle(READ).state().flight(lifecycle(READ).now())).isNull();
	}

	@Test
	@Tag("LC-9")
	@Tag("LC-10")
	void tokenWhenThereIsAStoreThenTheRefreshTokenIsReadAndSavedThereBesideTheOwnToken() {
		use(this.store);
		this.store.write(StoredTokenSet.of(ALICE, 4, login("own", "r1").mutate().obtainedAt(Instant.EPOCH).build()));
		rotates("r2");
		assertThat(token(READ)).isEqualTo("t1");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(this.store.rests(ALICE).accessToken()).isEqualTo("own");
		assertThat(this.store.version(ALICE)).isEqualTo(5);
		assertThat(this.store.rests(READ)).isNull();
		assertThat(token(ALICE)).isEqualTo("own");
		assertThat(lifecycle(ALICE).state().generation()).isEqualTo(5);
		this.store.write(StoredTokenSet.of(ALICE, 6, refreshable("r6")));
		advance(ScriptedIssuer.LIFETIME);
		rotates("r7");
		token(READ);
		assertThat(redeemed()).containsExactly("r1", "r6");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r7");
	}

	@Test
	@Tag("LC-9")
	void tokenWhenTheStoreIsSlowThenIsHandedOutWhenTheRefreshTokenIsSafe() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> step.delaySubscription(Duration.ofMillis(300), this.time);
		rotates("r2");
		TestSubscriber<AccessToken> caller = caller(READ);
		advance(Duration.ofMillis(200));
		assertThat(caller.isTerminated()).isFalse();
		advance(Duration.ofMillis(200));
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
	}

	@Test
	@Tag("LC-9")
	void tokenWhenTheStoreFailsToSaveThenServesAndIsSavedLater() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IllegalStateException("away"));
		rotates("r2");
		assertThat(token(READ)).isEqualTo("t1");
		this.store.saving = (step) -> step;
		advance(Duration.ofMinutes(2));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNull();
	}

	@Test
	@Tag("LC-8")
	void tokenWhenTheStoreCannotBeReadThenTheRefreshTokenIsNotSent() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.loading = (step) -> Mono.error(new IllegalStateException("away"));
		for (int i = 0; i < 20; i++) {
			this.issuer.thenRefuse();
		}
		TestSubscriber<AccessToken> caller = caller(READ);
		advance(Duration.ofSeconds(20));
		assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
		assertThat(redeemed()).containsOnlyNulls();
		assertThat(lifecycle(ALICE).state().signedOut()).isNull();
	}

	@Test
	@Tag("LC-9")
	void putWhenARefreshOfAVariedKeyIsOnItsWayThenHasTheLastWord() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(READ);
		rotates("l2");
		put(ALICE, login("login", "l1"));
		advance(Duration.ofSeconds(1));
		assertThat(valueOf(caller)).isEqualTo("t1");
		answer.tryEmitValue(login("old", "r2"));
		advance(Duration.ofSeconds(1));
		assertThat(redeemed()).containsExactly("r1", "l1");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("l2");
		assertThat(token(READ)).isEqualTo("t1");
	}

	@Test
	void putThenVariedKeysBeginAnew() {
		borrow();
		put(ALICE, login("login", "l1"));
		assertThatTheLoginIsBorrowedFrom();
	}

	@Test
	void putWhenTheKeyHasLearntOfItFromTheStoreAlreadyThenVariedKeysBeginAnewAllTheSame() {
		use(this.store);
		borrow();
		this.store.saving = (step) -> step.doOnNext((saved) -> {
			this.store.saving = (next) -> next;
			new Commands(lifecycle(ALICE)).lookAgain();
		});
		put(ALICE, login("login", "l1"));
		assertThatTheLoginIsBorrowedFrom();
	}

	@Test
	void removeWhenSomebodyHasLoggedInSinceThenVariedKeysBeginAnewWithTheLogin() {
		use(this.store);
		borrow();
		this.store.removing = (step) -> step.doOnNext((version) -> {
			this.store.write(StoredTokenSet.of(ALICE, version + 1, login("login", "l1")));
			new Commands(lifecycle(ALICE)).lookAgain();
		});
		complete(this.manager.remove(ALICE));
		assertThatTheLoginIsBorrowedFrom();
	}

	private void borrow() {
		put(ALICE, login("own", "r1"));
		rotates("r2");
		assertThat(token(READ)).isEqualTo("t1");
	}

	private void assertThatTheLoginIsBorrowedFrom() {
		rotates("l2");
		assertThat(token(READ)).isEqualTo("t2");
		assertThat(redeemed()).containsExactly("r1", "l1");
	}

	@Test
	void revokeWhenTheTombstoneIsReadBeforeTheRemovalCompletesThenRevokesWhatVariedKeysHad() {
		use(this.store);
		put(ALICE, login("own", "r1"));
		rotates("r2");
		rotates("r3");
		token(READ);
		token(WRITE);
		this.store.removing = (step) -> step.doOnNext((version) -> new Commands(lifecycle(ALICE)).lookAgain());
		complete(this.manager.revoke(ALICE));
		assertThat(this.issuer.revoked()).containsExactlyInAnyOrder("own r3", "t1 null", "t2 null");
	}

	@Test
	void revokeThenRevokesWhatVariedKeysHaveOnce() {
		use(this.store);
		put(ALICE, login("own", "r1"));
		rotates("r2");
		token(READ);
		complete(this.manager.revoke(ALICE));
		assertThat(this.issuer.revoked()).containsExactlyInAnyOrder("own r2", "t1 null");
	}

	@Test
	void removeThenReachesTheVariedKeys() {
		put(ALICE, login("own", "r1"));
		rotates("r2");
		token(READ);
		complete(this.manager.remove(ALICE));
		this.issuer.thenRefuse();
		assertThat(errorOf(caller(READ))).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(redeemed()).containsExactly("r1", null);
	}

	@Test
	void removeWhenARefreshOfAVariedKeyIsOnItsWayThenNobodyGetsWhatComes() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(READ);
		complete(this.manager.remove(ALICE));
		assertThat(errorOf(caller)).hasMessageContaining("signed out");
		answer.tryEmitValue(login("late", "r2"));
		advance(Duration.ZERO);
		assertThat(lifecycle(ALICE).state().holdsAny()).isFalse();
		assertThat(lifecycle(READ).state().holdsAny()).isFalse();
	}

	@Test
	void removeOfTheVariedKeyWhenItsTurnHasNotComeThenTheNextOneIsNotHeldUp() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> first = answerLater();
		caller(READ);
		caller(WRITE);
		TestSubscriber<AccessToken> third = caller(ADMIN);
		complete(this.manager.remove(WRITE));
		rotates("r3");
		first.tryEmitValue(login("first", "r2"));
		advance(Duration.ZERO);
		assertThat(valueOf(third)).isEqualTo("t1");
		assertThat(redeemed()).containsExactly("r1", "r2");
	}

	@Test
	@Tag("LC-3")
	void removeOfTheVariedKeyWhenItsRefreshIsOnItsWayThenTheRefreshTokenIsKept() {
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		caller(READ);
		complete(this.manager.remove(READ));
		TestSubscriber<AccessToken> own = caller(ALICE);
		assertThat(this.issuer.calls()).isEqualTo(1);
		rotates("r3");
		answer.tryEmitValue(login("late", "r2"));
		advance(Duration.ZERO);
		assertThat(valueOf(own)).isEqualTo("t1");
		assertThat(redeemed()).containsExactly("r1", "r2");
		assertThat(lifecycle(READ).state().holdsAny()).isFalse();
	}

	@Test
	@Tag("LC-12")
	void evictionWhenOnlyTheVariedKeyIsUsedThenKeepsTheOwnKey() {
		use((settings) -> settings.subjectExpireAfterIdle(Duration.ofMinutes(5)));
		put(ALICE, refreshable("r1"));
		for (int i = 0; i < 40; i++) {
			rotates("r" + (i + 2));
			assertThat(token(READ)).startsWith("t");
			advance(Duration.ofMinutes(1));
		}
		assertThat(lifecycle(ALICE).state().refreshToken()).startsWith("r");
		advance(Duration.ofMinutes(7));
		assertThat(lifecycle(READ).client().variedKeys().of(ALICE)).hasSize(1);
		assertThat(lifecycle(ALICE).state().refreshToken()).isNull();
	}

	@Test
	void rejectionThenTheVariedKeyIsRefreshedAndTheOwnOneServesOn() {
		put(ALICE, login("own", "r1"));
		rotates("r2");
		token(READ);
		HeldToken narrow = lifecycle(READ).usable();
		rotates("r3");
		assertThat(lifecycle(READ).reject(narrow)).isTrue();
		advance(Duration.ZERO);
		assertThat(token(READ)).isEqualTo("t2");
		assertThat(token(ALICE)).isEqualTo("own");
		assertThat(redeemed()).containsExactly("r1", "r2");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void refreshWhenAllKeysAreDueAtOnceThenNoRefreshTokenIsEverSentTwice(boolean stored) {
		for (int seed = 0; seed < 50; seed++) {
			new Rotation(seed, stored).run();
		}
	}

	/**
	 * One user's keys, all of which become due again and again, at an issuer that rotates
	 * its refresh tokens and ends the session when one comes twice.
	 */
	private final class Rotation {

		private final Random random;

		private final int seed;

		private int valid = 1;

		private int reuses;

		private int atATime;

		private boolean swift;

		private final DefaultTokenManager rotating;

		Rotation(int seed, boolean stored) {
			this.random = new Random(seed);
			this.seed = seed;
			this.rotating = DefaultTokenManager.builder()
				.virtualTime(LoanTests.this.time)
				.store(stored ? slow(new VersionedMapStore()) : TokenStore.inMemory())
				.random(this.random::nextDouble)
				.client(ClientSettings.of("inventory", this::issue).maxConcurrentRequests(2).build())
				.build();
		}

		private VersionedMapStore slow(VersionedMapStore store) {
			store.saving = (step) -> step.delaySubscription(Duration.ofMillis(this.random.nextInt(300)),
					LoanTests.this.time);
			store.loading = (step) -> step.delaySubscription(Duration.ofMillis(this.random.nextInt(150)),
					LoanTests.this.time);
			return store;
		}

		private Mono<TokenSet> issue(TokenRequest request) {
			if (request.refreshToken() == null) {
				return Mono.error(new ReauthenticationRequiredException(request.key(), "no grant", null, null, null));
			}
			return Mono.defer(() -> {
				this.atATime++;
				assertThat(this.atATime).as("seed %d: at a time", this.seed).isEqualTo(1);
				return answer(request).doFinally((signal) -> this.atATime--);
			});
		}

		private Mono<TokenSet> answer(TokenRequest request) {
			if (!("r" + this.valid).equals(request.refreshToken())) {
				this.reuses++;
				return Mono
					.error(new ReauthenticationRequiredException(request.key(), "reused", "invalid_grant", null, null));
			}
			Mono<TokenSet> tokens = Mono.just(login("t" + this.valid, "r" + ++this.valid));
			return (this.swift || this.random.nextInt(4) == 0) ? tokens
					: tokens.delayElement(Duration.ofMillis(this.random.nextInt(7000)), LoanTests.this.time);
		}

		void run() {
			List<TokenKey> keys = List.of(ALICE, READ, WRITE, ADMIN);
			this.rotating.put(ALICE, refreshable("r1")).subscribe();
			advance(Duration.ofSeconds(1));
			for (int round = 0; round < 6; round++) {
				for (int call = 0; call < 12; call++) {
					TokenKey key = keys.get(this.random.nextInt(keys.size()));
					TestSubscriber<AccessToken> caller = TestSubscriber.create();
					this.rotating.token(key).subscribe(caller);
					HeldToken held = this.rotating.lifecycle(key).usable();
					if (held != null && this.random.nextInt(3) == 0) {
						this.rotating.lifecycle(key).reject(held);
					}
					if (this.random.nextInt(25) == 0) {
						this.rotating.remove(keys.get(1 + this.random.nextInt(3))).subscribe();
					}
					advance(Duration.ofMillis(this.random.nextInt(200)));
				}
				advance(Duration.ofSeconds(60));
				advance(ScriptedIssuer.LIFETIME);
			}
			assertThat(this.reuses).as("seed %d: reuses", this.seed).isZero();
			this.swift = true;
			keys.forEach((key) -> {
				TestSubscriber<AccessToken> caller = TestSubscriber.create();
				this.rotating.token(key).subscribe(caller);
				advance(Duration.ofSeconds(30));
				assertThat(valueOf(caller)).as("seed %d", this.seed).startsWith("t");
			});
			keys.forEach((key) -> assertThat(this.rotating.lifecycle(key).state().flight()).isNull());
			this.rotating.close();
		}

	}

}
