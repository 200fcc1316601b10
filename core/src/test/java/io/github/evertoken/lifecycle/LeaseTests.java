package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.evertoken.LeaseNotCoveredException;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for tokens that have to last: {@link TokenLifecycle#token(Duration)} and leases,
 * in virtual time.
 */
@Tag("RN-5")
class LeaseTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private double random;

	private DefaultTokenManager manager = manager((settings) -> {
	});

	@AfterEach
	void close() {
		this.manager.close();
	}

	@Test
	void tokenWhenTheHeldOneLastsThenItIsGiven() {
		token(Duration.ofSeconds(60));
		advance(Duration.ofSeconds(40));
		assertThat(token(Duration.ofSeconds(60)).generation()).isEqualTo(1);
	}

	@Test
	void tokenWhenTheHeldOneDoesNotLastThenIsRenewedFirst() {
		token(Duration.ofSeconds(60));
		advance(Duration.ofMillis(40_001));
		assertThat(token(Duration.ofSeconds(60)).generation()).isEqualTo(2);
		assertThat(this.issuer.requests().get(1).trigger()).isEqualTo(TokenEvent.Trigger.EXPECTED_DURATION);
	}

	@Test
	void tokenWhenManyCallersNeedALongerOneThenOneFlight() {
		token(Duration.ofSeconds(1));
		advance(Duration.ofSeconds(50));
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer.then(answer.asMono());
		List<TestSubscriber<HeldToken>> callers = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			callers.add(TestSubscriber.create());
			lifecycle().token(Duration.ofSeconds(60)).subscribe(callers.get(i));
		}
		answer.tryEmitValue(this.issuer.nextToken().build());
		assertThat(callers)
			.allSatisfy((caller) -> assertThat(caller.getReceivedOnNext().get(0).generation()).isEqualTo(2));
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	void tokenWhenNoneOfThisIssuerLastsThenTheFreshestIsGivenWithOneWarningEach() {
		for (int i = 0; i < 1000; i++) {
			assertThat(token(Duration.ofSeconds(200))).isNotNull();
		}
		assertThat(this.issuer.calls()).isEqualTo(1);
		assertThat(events(TokenEvent.LifetimeTooShort.class)).singleElement()
			.satisfies((event) -> assertThat(event.expectedDuration()).isEqualTo(Duration.ofSeconds(200)));
		advance(Duration.ofSeconds(21));
		assertThat(token(Duration.ofSeconds(200)).generation()).isEqualTo(2);
		assertThat(events(TokenEvent.LifetimeTooShort.class)).hasSize(2);
	}

	@Test
	void tokenWhenTheIssuerIsDownThenTheHeldOneIsGiven() {
		token(Duration.ofSeconds(60));
		advance(Duration.ofSeconds(50));
		this.random = 0.5;
		this.issuer.thenFail(new IOException("down"));
		assertThat(token(Duration.ofSeconds(60)).generation()).isEqualTo(1);
		assertThat(token(Duration.ofSeconds(60)).generation()).isEqualTo(1);
		assertThat(events(TokenEvent.LifetimeTooShort.class)).hasSize(1);
	}

	/**
	 * An upload of ten minutes that begins a request each second: as soon as a token can
	 * cover the rest of it, every request gets one that does.
	 */
	@ParameterizedTest
	@CsvSource({ "3, false", "8, false", "15, true" })
	void leaseWhenTheWorkTakesTenMinutesThenRenewalsAimPastItsEnd(int minutes, boolean covered) {
		long lifetime = Duration.ofMinutes(minutes).toMillis();
		for (int i = 0; i < 100; i++) {
			this.issuer.then((request) -> Mono
				.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofMillis(lifetime)).build()));
		}
		token(Duration.ofSeconds(1));
		advance(Duration.ofMillis(lifetime / 2));
		long start = now();
		long end = start + Duration.ofMinutes(10).toMillis();
		Disposable work = this.manager
			.lease(KEY, Duration.ofMinutes(10), LeasePolicy.WARN, Mono.delay(Duration.ofMinutes(10), this.time))
			.subscribe();
		while (!work.isDisposed()) {
			HeldToken held = lifecycle().usable();
			assertThat(held).isNotNull();
			assertThat(held.isUsable(new Moment(now(), now()))).isTrue();
			if (now() >= end - lifetime) {
				assertThat(held.lastsUntil(end)).as("lasts until the end").isTrue();
			}
			advance(Duration.ofSeconds(1));
		}
		assertThat(now()).isEqualTo(end);
		assertThat(events(TokenEvent.LifetimeTooShort.class).isEmpty()).isEqualTo(covered);
		assertThat(this.issuer.calls()).isLessThanOrEqualTo(2 + (int) Math.ceil(10 / (0.8 * minutes)) + 1);
	}

	@Test
	void leaseWhenItIsOverThenRenewalsAreAsBefore() {
		TestSubscriber<Long> done = TestSubscriber.create();
		this.manager
			.lease(KEY, Duration.ofSeconds(130), LeasePolicy.WARN, Mono.delay(Duration.ofSeconds(10), this.time))
			.subscribe(done);
		advance(Duration.ofSeconds(10));
		assertThat(done.isTerminatedComplete()).isTrue();
		advance(Duration.ofSeconds(69));
		assertThat(this.issuer.calls()).isEqualTo(1);
		advance(Duration.ofSeconds(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	void leaseWhenTheWorkFailsOrIsCancelledThenIsOverToo() {
		TestSubscriber<Object> failed = TestSubscriber.create();
		this.manager.lease(KEY, Duration.ofSeconds(130), LeasePolicy.WARN, Mono.error(new IOException("work")))
			.subscribe(failed);
		assertThat(failed.expectTerminalError()).hasMessage("work");
		this.manager.lease(KEY, Duration.ofSeconds(130), LeasePolicy.WARN, Flux.never()).subscribe().dispose();
		advance(Duration.ofSeconds(79));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	void leaseWhenNothingElseUsesTheTokenThenItIsKeptAliveMeanwhile() {
		this.manager.lease(KEY, Duration.ofMinutes(10), LeasePolicy.WARN, Flux.never()).subscribe();
		advance(Duration.ofMinutes(9));
		assertThat(this.issuer.calls()).isEqualTo(8);
		HeldToken held = lifecycle().usable();
		assertThat(held).isNotNull();
		assertThat(held.lastsUntil(Duration.ofMinutes(10).toMillis())).isTrue();
	}

	@Test
	void leaseWhenNoTokenLastsThenFailsIfAskedToAndTheWorkDoesNotBegin() {
		TestSubscriber<String> failed = TestSubscriber.create();
		List<String> begun = new ArrayList<>();
		this.manager
			.lease(KEY, Duration.ofSeconds(200), LeasePolicy.FAIL, Mono.fromSupplier(() -> begun.add("work") + ""))
			.subscribe(failed);
		assertThat(failed.expectTerminalError()).isInstanceOf(LeaseNotCoveredException.class)
			.hasMessageContaining("client 'inventory'")
			.hasMessageContaining("PT3M20S");
		assertThat(begun).isEmpty();
	}

	@Test
	void leaseWhenATokenLastsThenDoesNotFailThoughAskedTo() {
		TestSubscriber<String> done = TestSubscriber.create();
		this.manager.lease(KEY, Duration.ofSeconds(100), LeasePolicy.FAIL, Mono.just("done")).subscribe(done);
		assertThat(done.getReceivedOnNext()).containsExactly("done");
	}

	@Test
	void leaseWhenTheDurationMakesNoSenseThenIsRefusedAtAssembly() {
		this.manager = manager((settings) -> settings.maxLease(Duration.ofHours(1)));
		for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.manager.lease(KEY, wrong, LeasePolicy.WARN, Mono.empty()))
				.withMessageContaining("must be positive");
		}
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.manager.lease(KEY, Duration.ofMinutes(61), LeasePolicy.WARN, Flux.empty()))
			.withMessageContaining("must not exceed PT1H")
			.withMessageContaining("evertoken.clients.inventory.max-lease");
		assertThat(this.issuer.calls()).isZero();
	}

	@Test
	void leaseWhenTheDurationIsTheLongestThenIsOpened() {
		this.manager = manager((settings) -> settings.maxLease(Duration.ofSeconds(100)));
		TestSubscriber<String> done = TestSubscriber.create();
		this.manager.lease(KEY, Duration.ofSeconds(100), LeasePolicy.FAIL, Mono.just("done")).subscribe(done);
		assertThat(done.getReceivedOnNext()).containsExactly("done");
	}

	@Test
	void tokenWhenANewOneWouldJustLastThenIsReplaced() {
		token(Duration.ofSeconds(1));
		advance(Duration.ofSeconds(1));
		assertThat(token(Duration.ofSeconds(100)).generation()).isEqualTo(2);
	}

	@Test
	void tokenWhenNoneLastsThenIsReplacedAfterAFifthOfItsLife() {
		token(Duration.ofSeconds(1));
		advance(Duration.ofMillis(19_999));
		assertThat(token(Duration.ofSeconds(200)).generation()).isEqualTo(1);
		advance(Duration.ofMillis(1));
		assertThat(token(Duration.ofSeconds(200)).generation()).isEqualTo(2);
	}

	@Test
	void leaseWhenOnlyANewTokenWouldLastAndNoneIsToBeHadThenTheWorkBeginsThoughAskedToFail() {
		token(Duration.ofSeconds(1));
		advance(Duration.ofSeconds(50));
		this.issuer.thenFail(new IOException("down"));
		TestSubscriber<String> done = TestSubscriber.create();
		this.manager.lease(KEY, Duration.ofSeconds(100), LeasePolicy.FAIL, Mono.just("done")).subscribe(done);
		assertThat(done.getReceivedOnNext()).containsExactly("done");
	}

	@Test
	@Tag("LC-14")
	void leaseWhenItsKeyWasEvictedMeanwhileThenIsThatOfItsSuccessor() {
		this.manager = manager((settings) -> settings.maximumSubjects(1));
		TokenKey alice = TokenKey.of("inventory", "alice");
		TokenLifecycle evicted = this.manager.lifecycle(alice);
		this.manager.lifecycle(TokenKey.of("inventory", "bob"));
		assertThat(evicted.state().closed()).isTrue();
		TestSubscriber<LastingToken.OpenLease> lease = TestSubscriber.create();
		LastingToken.forLease(evicted, Duration.ofSeconds(50)).lease(LeasePolicy.WARN).subscribe(lease);
		assertThat(lease.getReceivedOnNext()).hasSize(1);
		assertThat(evicted.isLeased()).isFalse();
		assertThat(this.manager.lifecycle(alice).isLeased()).isTrue();
	}

	@Test
	@Tag("RN-5")
	@Tag("LC-12")
	void leaseWhenItIsOverThenItsKeyMayGo() {
		this.manager = manager((settings) -> settings.maximumSubjects(1));
		TokenKey alice = TokenKey.of("inventory", "alice");
		Sinks.Empty<String> work = Sinks.empty();
		this.manager.lease(alice, Duration.ofSeconds(50), LeasePolicy.WARN, work.asMono()).subscribe();
		TokenLifecycle leased = this.manager.lifecycle(alice);
		advance(Duration.ofSeconds(2));
		this.manager.lifecycle(TokenKey.of("inventory", "bob"));
		assertThat(leased.state().closed()).isFalse();
		work.tryEmitEmpty();
		advance(Duration.ofSeconds(2));
		this.manager.lifecycle(TokenKey.of("inventory", "carol"));
		assertThat(leased.state().closed()).isTrue();
	}

	@Test
	@Tag("RN-3")
	@Tag("RN-4")
	void keepAliveWhenTheFirstFlightFailsThenIsTriedAgainByItself() {
		this.manager = manager((settings) -> settings.keepAlive(true));
		this.random = 0.5;
		this.issuer.thenFail(new IOException("down"));
		this.manager.start(KEY).onErrorComplete().subscribe();
		advance(Duration.ofMillis(249));
		assertThat(this.issuer.calls()).isEqualTo(1);
		advance(Duration.ofMillis(1));
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	@Tag("RN-3")
	void startWhenItFailsAndNothingIsKeptAliveThenIsNotTriedAgain() {
		this.random = 0.5;
		this.issuer.thenFail(new IOException("down"));
		this.manager.start(KEY).onErrorComplete().subscribe();
		advance(Duration.ofMinutes(10));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("RN-3")
	void keepAliveWhenTheTokenWasRemovedThenNoneIsObtainedByItself() {
		this.manager = manager((settings) -> settings.keepAlive(true));
		token(Duration.ofSeconds(1));
		this.manager.remove(KEY).subscribe();
		advance(Duration.ofMinutes(10));
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	private DefaultTokenManager manager(Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer).patience(Duration.ZERO);
		customizer.accept(settings);
		DefaultTokenManager manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> this.random)
			.client(settings.build())
			.build();
		manager.events().subscribe(this.events::add);
		return manager;
	}

	private TokenLifecycle lifecycle() {
		return this.manager.lifecycle(KEY);
	}

	private HeldToken token(Duration expectedDuration) {
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		lifecycle().token(expectedDuration).subscribe(caller);
		assertThat(caller.getReceivedOnNext()).hasSize(1);
		return caller.getReceivedOnNext().get(0);
	}

	private long now() {
		return this.time.now(TimeUnit.MILLISECONDS);
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	private <T extends TokenEvent> List<T> events(Class<T> type) {
		TokenKey marker = TokenKey.of("inventory", "marker");
		long before = count(marker);
		this.manager.put(marker, TokenSet.withAccessToken("marker").build()).subscribe();
		Awaitility.await().until(() -> count(marker) > before);
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	private long count(TokenKey key) {
		return this.events.stream().filter((event) -> event.key().equals(key)).count();
	}

}
