package io.github.evertoken.advice;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.Rejection;
import io.github.evertoken.TokenObserver.RejectionDecision;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link Advisor}, with a manager in virtual time.
 */
class AdvisorTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private static final TransientTokenException DOWN = new TransientTokenException(SERVICE, "down", null);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final LogLines log = new LogLines(Advisor.class.getName());

	private final Queue<Mono<TokenSet>> script = new ArrayDeque<>();

	private Advisor advisor = advisor((builder) -> {
	});

	private DefaultTokenManager manager = manager((settings) -> {
	});

	private TokenSet usual = TokenSet.withAccessToken("planted-token").expiresIn(Duration.ofMinutes(10)).build();

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
		this.log.close();
	}

	private Advisor advisor(Consumer<Advisor.Builder> customizer) {
		Advisor.Builder builder = Advisor.builder()
			.clock(() -> Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS)),
					() -> this.time.now(TimeUnit.NANOSECONDS));
		customizer.accept(builder);
		return builder.build();
	}

	private DefaultTokenManager manager(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", (request) -> {
			Mono<TokenSet> next = this.script.poll();
			if (next != null) {
				return next;
			}
			return (request.key().subject() != null && request.refreshToken() == null)
					? AuthorizationGrant.clientCredentials().parameters(request).then(Mono.empty())
					: Mono.just(this.usual);
		});
		customizer.accept(settings);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.observer(this.advisor)
			.client(settings.build())
			.build();
		manager.listen(this.advisor::happened);
		return manager;
	}

	private void token(TokenKey key) {
		this.manager.token(key).onErrorResume((ex) -> Mono.empty()).subscribe();
		advance(Duration.ZERO);
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private List<String> ids() {
		return this.advisor.advice().stream().map(Advice::id).toList();
	}

	@Test
	@Tag("OB-61")
	void adviceWhenADayIsHealthyThenIsNone() {
		for (int minute = 0; minute < 24 * 60; minute++) {
			token(SERVICE);
			advance(Duration.ofMinutes(1));
			assertThat(this.advisor.advice()).isEmpty();
		}
		assertThat(this.log.with("")).isEmpty();
	}

	@Test
	@Tag("OB-62")
	void adviceThenTellsSinceWhenAndGoesWhenItIsWellAgain() {
		advance(Duration.ofHours(1));
		Instant began = Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS));
		this.script.add(Mono.just(this.usual.mutate().expiresIn(Duration.ofSeconds(10)).build()));
		token(SERVICE);
		advance(Duration.ofSeconds(5));
		assertThat(this.advisor.advice()).singleElement().satisfies((advice) -> {
			assertThat(advice.id()).isEqualTo("short-lived-token");
			assertThat(advice.client()).isEqualTo("inventory");
			assertThat(advice.text()).contains("live 10 s");
			assertThat(advice.link()).endsWith("/docs/advice.md#short-lived-token");
			assertThat(advice.since()).isEqualTo(began);
		});
		assertThat(this.advisor.advice("inventory")).isEqualTo(this.advisor.advice());
		assertThat(this.advisor.advice("else")).isEmpty();
		advance(Duration.ofSeconds(30));
		token(SERVICE);
		assertThat(this.advisor.advice()).isEmpty();
	}

	@Test
	void adviceWhenNothingSaysTheLifetimeThenTellsTheDefault() {
		this.usual = TokenSet.withAccessToken("opaque").build();
		token(SERVICE);
		assertThat(ids()).containsExactly("unknown-lifetime");
	}

	@Test
	void adviceWhenSessionCountsDownThenTheWholeLifeCounts() {
		this.script.add(Mono.just(session("r1", Duration.ofDays(10))));
		token(SERVICE);
		assertThat(ids()).isEmpty();
		advance(Duration.ofMinutes(9));
		this.script.add(Mono.just(session("r2", Duration.ofDays(10).minusMinutes(9))));
		advance(Duration.ofMinutes(2));
		token(SERVICE);
		assertThat(ids()).isEmpty();
	}

	@Test
	void adviceWhenRefreshTokensLiveOtherwiseFromNowOnThenTheLastCounts() {
		this.script.add(Mono.just(session("r1", Duration.ofDays(10))));
		token(SERVICE);
		assertThat(ids()).isEmpty();
		this.manager.remove(SERVICE).block();
		this.script.add(Mono.just(session("r2", Duration.ofHours(8))));
		token(SERVICE);
		assertThat(ids()).containsExactly("refresh-token-lifetime");
		this.manager.remove(SERVICE).block();
		this.script.add(Mono.just(session("r3", Duration.ofDays(14))));
		token(SERVICE);
		assertThat(ids()).isEmpty();
	}

	@Test
	void adviceWhenRefreshTokenLivesForLessThanAWeekThenTells() {
		this.script.add(Mono.just(session("r1", Duration.ofHours(8))));
		token(SERVICE);
		assertThat(ids()).containsExactly("refresh-token-lifetime");
	}

	private TokenSet session(String refreshToken, Duration lifetime) {
		return this.usual.mutate()
			.refreshToken(refreshToken)
			.refreshTokenExpiresAt(Instant.ofEpochMilli(this.time.now(TimeUnit.MILLISECONDS)).plus(lifetime))
			.build();
	}

	@Test
	void adviceWhenIssuerHasAnotherTimeThenTells() {
		advance(Duration.ofHours(1));
		this.usual = this.usual.mutate().issuerTime(Instant.EPOCH.plusSeconds(3600 + 65)).build();
		token(SERVICE);
		assertThat(this.advisor.advice()).singleElement()
			.satisfies((advice) -> assertThat(advice.text()).contains("1 min 5 s ahead of ours"));
	}

	@Test
	void adviceWhenTokenOfASubjectEndsAndNothingIsLeftThenTells() {
		this.manager.put(ALICE, this.usual).subscribe();
		token(ALICE);
		assertThat(ids()).isEmpty();
		advance(Duration.ofMinutes(11));
		token(ALICE);
		await().untilAsserted(() -> assertThat(ids()).containsExactly("no-refresh-token"));
	}

	@Test
	void adviceWhenASubjectHasNeverLoggedInThenIsNone() {
		token(ALICE);
		this.manager.put(TokenKey.of("inventory", "bob"), TokenSet.withRefreshToken("r1").build()).subscribe();
		this.script
			.add(Mono.error(new ReauthenticationRequiredException(ALICE, "refused", "invalid_grant", null, null)));
		token(TokenKey.of("inventory", "bob"));
		// The next event comes after those before it.
		this.manager.put(ALICE, this.usual).subscribe();
		advance(Duration.ofMinutes(11));
		token(ALICE);
		await().untilAsserted(() -> assertThat(this.advisor.advice()).singleElement()
			.satisfies((advice) -> assertThat(advice.text()).contains("again 1 time in")));
	}

	@Test
	void adviceWhenSubjectsAreTooManyThenTells() {
		this.manager.close();
		this.manager = manager((settings) -> settings.maximumSubjects(2));
		for (int i = 0; i < 20; i++) {
			this.manager.put(TokenKey.of("inventory", "subject-" + i), TokenSet.withRefreshToken("r" + i).build())
				.subscribe();
			advance(Duration.ofSeconds(1));
		}
		await().untilAsserted(() -> assertThat(ids()).containsExactly("subjects-forgotten"));
	}

	@Test
	void adviceWhenIssuerBeginsToFailAgainThenTells() {
		fail(SERVICE);
		assertThat(ids()).isEmpty();
		token(SERVICE);
		advance(Duration.ofMinutes(20));
		fail(SERVICE);
		assertThat(ids()).containsExactly("frequent-cooldowns");
		advance(Duration.ofMinutes(61));
		assertThat(ids()).isEmpty();
	}

	private void fail(TokenKey key) {
		this.manager.remove(key).subscribe();
		for (int i = 0; i < 50; i++) {
			this.script.add(Mono.error(DOWN));
		}
		token(key);
		advance(Duration.ofSeconds(4));
		this.script.clear();
		advance(Duration.ofSeconds(10));
	}

	@Test
	void adviceWhenTokensAreThrownAwayThenTells() {
		for (int i = 0; i < 12; i++) {
			token(SERVICE);
			this.manager.remove(SERVICE).subscribe();
			advance(Duration.ofSeconds(1));
		}
		assertThat(this.advisor.advice()).singleElement().satisfies((advice) -> {
			assertThat(advice.id()).isEqualTo("too-many-requests");
			assertThat(advice.text()).contains("12 tokens").contains("explain 1: 11 came");
		});
	}

	@Test
	@Tag("OB-62")
	void logThenHasOneLineForEachClientAndRuleHoweverOften() {
		for (int hour = 0; hour < 5; hour++) {
			for (int i = 0; i < 10; i++) {
				this.advisor.rejected(ALICE, RejectionDecision.PASSED, new Rejection("https://api.internal", null));
			}
			assertThat(ids()).containsExactly("path-refused");
			advance(Duration.ofHours(2));
			assertThat(ids()).isEmpty();
		}
		assertThat(this.log.with("path-refused")).singleElement()
			.satisfies((line) -> assertThat(line).startsWith("WARN 3 requests of client 'inventory'")
				.contains("See https://"));
		for (int i = 0; i < 10; i++) {
			this.advisor.rejected(TokenKey.of("billing"), RejectionDecision.PASSED, new Rejection(null, null));
		}
		assertThat(this.log.with("path-refused")).hasSize(2);
	}

	@Test
	void adviceWhenARuleIsSilencedThenNeitherGivesNorLogs() {
		this.advisor = advisor((builder) -> builder.silence(List.of("path-refused")));
		for (int i = 0; i < 10; i++) {
			this.advisor.rejected(SERVICE, RejectionDecision.PASSED, new Rejection(null, Duration.ofSeconds(-9)));
			this.advisor.resent(SERVICE, ResendOutcome.FAILED);
		}
		assertThat(this.advisor.advice()).isEmpty();
		assertThat(this.log.with("")).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> advisor((builder) -> builder.silence(List.of("plain-http", "pathrefused"))))
			.withMessageContaining("[pathrefused]");
	}

	@Test
	void startThenTellsWhatIsKnownOfTheConfiguration() {
		this.advisor = advisor((builder) -> builder
			.client(new AdvisedClient("orders", List.of("evertoken.clients.orders.base-url"), List.of()))
			.client(new AdvisedClient("billing", List.of(), List.of("evertoken.clients.billing.client-secret"))));
		this.advisor.start();
		assertThat(this.advisor.advice()).extracting(Advice::client, Advice::id)
			.containsExactly(tuple("billing", "plain-secret"), tuple("orders", "plain-http"));
	}

	@Test
	void adviceThenHasNoTokenInIt() {
		this.usual = TokenSet.withAccessToken("planted-token").refreshToken("planted-refresh").build();
		token(SERVICE);
		AccessToken token = this.manager.status(SERVICE).token();
		assertThat(token.value()).isEqualTo("planted-token");
		assertThat(this.advisor.advice()).isNotEmpty();
		assertThat(this.advisor.advice().toString()).doesNotContain("planted");
	}

}
