package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.SessionEnding;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionWatch} and {@link Session}: the end of a refresh token is told
 * before it comes, and put off where that is possible.
 */
@Tag("OB-23")
class SessionWatchTests extends LifecycleFixture {

	private static final Duration LIFE = Duration.ofSeconds(1000);

	@Test
	void endThenIsToldOnceATenthOfItsLifeBefore() {
		List<TokenEvent> told = listen((settings) -> {
		});
		put(ALICE, login("r1", LIFE));
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1000));
		advance(Duration.ofMillis(899_999));
		assertThat(toldAt(told)).isEmpty();
		advance(Duration.ofMillis(1));
		assertThat(toldAt(told)).containsExactly(900_000L);
		advance(Duration.ofHours(2));
		assertThat(toldAt(told)).hasSize(1);
	}

	@Test
	void endWhenItIsNotKnownThenThereIsNoTimerForIt() {
		ObservedScheduler observed = useObserved();
		put(SERVICE, login("r1", null));
		long without = pending(observed);
		assertThat(this.manager.status("inventory").service().refreshTokenExpiresAt()).isNull();
		put(SERVICE, login("r2", LIFE));
		assertThat(pending(observed)).isEqualTo(without + 1);
		this.manager.close();
		assertThat(pending(observed)).isZero();
	}

	private static long pending(ObservedScheduler observed) {
		return observed.timers().stream().filter((timer) -> !timer.isDisposed()).count();
	}

	@Test
	void endWhenTheLifeIsLongThenIsToldADayBefore() {
		List<TokenEvent> told = listen((settings) -> settings.subjectExpireAfterIdle(Duration.ofDays(365)));
		put(ALICE, login("r1", Duration.ofDays(30)));
		advance(Duration.ofDays(29).minusSeconds(1));
		assertThat(toldAt(told)).isEmpty();
		advance(Duration.ofSeconds(2));
		assertThat(toldAt(told)).containsExactly(Duration.ofDays(29).toMillis());
	}

	@Test
	void endWhenTheWarningIsSetThenIsToldThenAndNoSoonerThanHalfOfItsLife() {
		List<TokenEvent> told = listen((settings) -> settings.sessionWarning(Duration.ofSeconds(5)));
		put(ALICE, login("r1", LIFE));
		put(BOB, login("r2", Duration.ofSeconds(8)));
		advance(LIFE);
		assertThat(toldAt(told)).containsExactly(4_000L, 995_000L);
	}

	@Test
	void endWhenTheWarningIsZeroThenIsNeverTold() {
		List<TokenEvent> told = listen((settings) -> settings.sessionWarning(Duration.ZERO));
		put(ALICE, login("r1", LIFE));
		advance(LIFE);
		assertThat(toldAt(told)).isEmpty();
	}

	@Test
	void endWhenUseHasPutItOffThenTheNextOneIsTold() {
		List<TokenEvent> told = listen((settings) -> {
		});
		put(ALICE, login("r1", LIFE));
		this.issuer.then(answer("r2", 1500));
		advance(Duration.ofSeconds(500));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1500));
		advance(Duration.ofSeconds(899));
		assertThat(toldAt(told)).isEmpty();
		advance(Duration.ofSeconds(1));
		assertThat(toldAt(told)).containsExactly(1_400_000L);
	}

	@Test
	void endWhenAnAnswerDoesNotTellItAndHasTheSameRefreshTokenThenStaysAsItWas() {
		put(ALICE, login("r1", LIFE));
		advance(Duration.ofSeconds(200));
		token(ALICE);
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1000));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		advance(Duration.ofSeconds(200));
		token(ALICE);
		assertThat(status().refreshTokenExpiresAt()).isNull();
	}

	@Test
	void endWhenTheKeyIsSignedOutOrRemovedThenIsNotTold() {
		List<TokenEvent> told = listen((settings) -> {
		});
		put(ALICE, login("r1", LIFE));
		put(BOB, login("r2", LIFE));
		complete(this.manager.remove(ALICE));
		this.issuer.thenRefuse().thenRefuse();
		advance(Duration.ofSeconds(200));
		caller(BOB);
		assertThat(this.manager.status(BOB).signedOut()).isNotNull();
		advance(LIFE);
		assertThat(toldAt(told)).isEmpty();
	}

	@Test
	void slidingSessionWhenKeptAliveThenIsRenewedBeforeItsEndThoughNobodyUsesIt() {
		List<TokenEvent> told = listen((settings) -> settings.keepAlive(true));
		put(ALICE, login("r1", LIFE));
		this.issuer.then(answer("r2", 1800));
		advance(Duration.ofMillis(799_999));
		assertThat(this.issuer.calls()).isZero();
		advance(Duration.ofMillis(2));
		assertThat(this.issuer.calls()).isOne();
		assertThat(this.issuer.requests().get(0).refreshToken()).isEqualTo("r1");
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1800));
		advance(Duration.ofSeconds(500));
		assertThat(this.issuer.calls()).isOne();
		assertThat(toldAt(told)).isEmpty();
	}

	@Test
	void sessionWhenItsEndIsFixedThenIsRenewedOnceAndToldInTime() {
		List<TokenEvent> told = listen((settings) -> settings.keepAlive(true));
		put(ALICE, login("r1", LIFE));
		this.issuer.then(answer("r2", 1002));
		advance(LIFE);
		assertThat(this.issuer.calls()).isOne();
		assertThat(toldAt(told)).containsExactly(900_000L);
	}

	@Test
	void sessionWhenKeptAliveAndTheIssuerIsDownThenIsTriedAgainAndToldInTime() {
		List<TokenEvent> told = listen((settings) -> settings.keepAlive(true));
		put(ALICE, login("r1", LIFE));
		for (int i = 0; i < 12; i++) {
			this.issuer.thenFail(new IOException("reset"));
		}
		advance(Duration.ofSeconds(920));
		assertThat(toldAt(told)).singleElement().satisfies((at) -> assertThat(at).isBetween(900_000L, 915_000L));
		assertThat(this.issuer.calls()).isBetween(3, 20);
	}

	@Test
	void sessionWhenItRestsInAStoreThenItsEndIsKnownAfterARestart() {
		VersionedMapStore store = new VersionedMapStore();
		use(store, (settings) -> {
		});
		put(ALICE, login("r1", LIFE));
		use(store, (settings) -> {
		});
		token(ALICE);
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1000));
		advance(Duration.ofSeconds(200));
		token(ALICE);
		assertThat(status().refreshTokenExpiresAt()).isEqualTo(Instant.ofEpochSecond(1000));
	}

	@Test
	@Tag("OB-22")
	void grantedScopeThenIsThatOfTheAnswer() {
		this.issuer.then(Mono.just(this.issuer.nextToken().scope(List.of("a", "b")).build()));
		token(SERVICE);
		assertThat(this.manager.status("inventory").service().grantedScope()).isEqualTo(Set.of("a", "b"));
		put(ALICE, login("r1", null));
		assertThat(status().grantedScope()).isNull();
	}

	private KeyStatus status() {
		KeyStatus status = this.manager.status(ALICE);
		assertThat(status).isNotNull();
		return status;
	}

	private Mono<TokenSet> answer(String refreshToken, long end) {
		return Mono.fromSupplier(() -> this.issuer.nextToken()
			.refreshToken(refreshToken)
			.refreshTokenExpiresAt(Instant.ofEpochSecond(end))
			.build());
	}

	private static TokenSet login(String refreshToken, @Nullable Duration life) {
		return TokenSet.withAccessToken("login-" + refreshToken)
			.expiresIn(Duration.ofSeconds(100))
			.refreshToken(refreshToken)
			.refreshTokenExpiresAt((life != null) ? Instant.EPOCH.plus(life) : null)
			.build();
	}

	private List<TokenEvent> listen(Consumer<ClientSettings.Builder> customizer) {
		use((settings) -> customizer.accept(settings.subjectExpireAfterIdle(Duration.ofDays(1))));
		List<TokenEvent> told = new CopyOnWriteArrayList<>();
		this.manager.events().subscribe(told::add);
		return told;
	}

	/**
	 * The events come on another thread: one more says that those before it have come.
	 */
	private List<Long> toldAt(List<TokenEvent> told) {
		TokenKey last = TokenKey.of("inventory", "last-" + told.size());
		complete(this.manager.remove(last));
		Awaitility.await().until(() -> told.stream().anyMatch((event) -> event.key().equals(last)));
		return told.stream()
			.filter(SessionEnding.class::isInstance)
			.map((event) -> event.occurredAt().toEpochMilli())
			.toList();
	}

}
