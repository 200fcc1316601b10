package io.github.evertoken.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.fleet.Fleet.Replica;
import io.github.evertoken.fleet.Wire.Loss;
import io.github.evertoken.fleet.Wire.Trip;
import io.github.evertoken.lifecycle.AfterCrash;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.KeyStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

import static io.github.evertoken.fleet.Fleet.ALICE;
import static io.github.evertoken.fleet.Fleet.SERVICE;
import static io.github.evertoken.fleet.Fleet.errorOf;
import static io.github.evertoken.fleet.Fleet.session;
import static io.github.evertoken.fleet.Fleet.valueOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for what replicas are to each other that share a store.
 */
class FleetTests {

	private static final Trip SLOW = Trip.of(Duration.ofMillis(900), Duration.ofMillis(900));

	private static final Consumer<ClientSettings.Builder> AS_BY_DEFAULT = (settings) -> {
	};

	private Fleet fleet = new Fleet();

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	@Tag("FL-1")
	void renewalWhenAnotherReplicaHasRenewedThenCostsOneStep() {
		List<Replica> replicas = loggedIn(2);
		replicas.forEach((replica) -> replica.token(ALICE));
		Replica late = replicas.get(1);
		late.hinted = false;
		this.fleet.pass(Duration.ofSeconds(79));
		replicas.get(0).call(ALICE);
		this.fleet.pass(1000);
		long steps = this.fleet.store.steps();
		late.call(ALICE);
		this.fleet.pass(100);
		assertThat(late.token(ALICE)).isEqualTo("access.2");
		assertThat(this.fleet.store.steps() - steps).isEqualTo(1);
		assertThat(this.fleet.issuer.sent()).hasSize(2);
	}

	@Test
	@Tag("FL-1")
	void renewalWhenItIsOfTheServicesOwnTokenThenEachReplicaAdoptsItAtItsOwnRenewalTime() {
		Random random = new Random(7);
		use(new Fleet(Duration.ZERO, random::nextDouble));
		List<Replica> replicas = services(8);
		replicas.forEach((replica) -> assertThat(replica.token(SERVICE)).isEqualTo("access.1"));
		this.fleet.pass(Duration.ofSeconds(74));
		long steps = this.fleet.store.steps();
		List<Long> adopted = new ArrayList<>();
		for (int tenth = 0; tenth < 65; tenth++) {
			replicas.forEach((replica) -> replica.call(SERVICE));
			this.fleet.pass(100);
			adopted.add(replicas.stream().filter((replica) -> replica.token(SERVICE).equals("access.2")).count());
		}
		int first = adopted.indexOf(1L);
		assertThat(adopted.get(first + 10)).as("a second after the first one").isLessThan(6L);
		assertThat(adopted).endsWith(8L);
		assertThat(this.fleet.issuer.requests()).isEqualTo(2);
		assertThat(this.fleet.store.steps() - steps).as("a claim each, and a commit").isEqualTo(9);
	}

	@Test
	@Tag("FL-7")
	void changesWhenWhatWasRejectedOrNotWantedIsReplacedThenTheOthersHaveItWithinASecond() {
		List<Replica> replicas = services(3);
		replicas.forEach((replica) -> assertThat(replica.token(SERVICE)).isEqualTo("access.1"));
		Replica first = replicas.get(0);
		first.manager.reject(SERVICE, first.call(SERVICE).getReceivedOnNext().get(0));
		this.fleet.pass(900);
		replicas.forEach((replica) -> assertThat(replica.call(SERVICE).getReceivedOnNext().get(0).value())
			.isEqualTo("access.2"));
		first.manager.renew(SERVICE);
		this.fleet.pass(900);
		replicas.forEach((replica) -> assertThat(replica.call(SERVICE).getReceivedOnNext().get(0).value())
			.isEqualTo("access.3"));
		assertThat(this.fleet.issuer.requests()).isEqualTo(3);
	}

	@Test
	@Tag("FL-1")
	void callsWhenManyReplicasLiveOnOneRefreshTokenThenAboutOneRequestALifetime() {
		Random random = new Random(5);
		use(new Fleet(Duration.ZERO, random::nextDouble));
		List<Replica> replicas = loggedIn(8);
		int lifetimes = 10;
		for (int second = 0; second < lifetimes * FleetIssuer.LIFETIME.toSeconds(); second++) {
			replicas.forEach((replica) -> replica.call(ALICE));
			this.fleet.pass(1000);
		}
		assertThat(this.fleet.issuer.requests()).isBetween(lifetimes, lifetimes * 7 / 5);
		assertLives();
	}

	@Test
	@Tag("FL-3")
	void renewalWhenAnotherReplicaIsAboutItThenDoesNothingAndLooksAgain() {
		List<Replica> replicas = loggedIn(2);
		replicas.forEach((replica) -> replica.token(ALICE));
		replicas.forEach((replica) -> replica.hinted = false);
		this.fleet.pass(Duration.ofSeconds(79));
		replicas.get(0).toIssuer = () -> SLOW;
		replicas.get(0).call(ALICE);
		this.fleet.pass(100);
		Replica other = replicas.get(1);
		assertThat(other.token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(100);
		KeyStatus status = other.manager.status(ALICE);
		assertThat(status).isNotNull();
		assertThat(status.flight()).isNull();
		assertThat(status.failing()).isNull();
		for (int i = 0; i < 30; i++) {
			other.token(ALICE);
			this.fleet.pass(200);
		}
		assertThat(other.token(ALICE)).isEqualTo("access.2");
		assertThat(other.events).noneMatch(TokenEvent.RenewalFailed.class::isInstance);
		assertThat(other.steps.stream().filter("CLAIM BUSY"::equals)).hasSizeBetween(1, 3);
		assertThat(this.fleet.issuer.sent()).hasSize(2);
	}

	@Test
	@Tag("FL-3")
	void callWhenTheHolderTakesForEverThenFailsAfterMaxWait() {
		List<Replica> replicas = loggedIn(2, (settings) -> settings.maxWait(Duration.ofSeconds(2)));
		replicas.get(0).toIssuer = () -> Trip.QUICK.losing(Loss.REQUEST);
		replicas.get(0).call(ALICE);
		this.fleet.pass(100);
		TestSubscriber<AccessToken> waiter = replicas.get(1).call(ALICE);
		this.fleet.pass(1900);
		assertThat(waiter.isTerminated()).isFalse();
		this.fleet.pass(150);
		assertThat(errorOf(waiter)).isInstanceOf(TransientTokenException.class).hasMessageContaining("max-wait");
	}

	@Test
	@Tag("FL-6")
	void callWhenTheHolderHasDiedThenTheRefreshTokenIsRedeemedAndAnEventSaysThatItWasAmbiguous() {
		Replica next = afterACrash(AS_BY_DEFAULT, Trip.QUICK.losing(Loss.REQUEST));
		TestSubscriber<AccessToken> caller = next.call(ALICE);
		this.fleet.pass(Fleet.MAX_WAIT);
		assertThat(valueOf(caller)).isEqualTo("access.1");
		assertTold(next, TokenEvent.RefreshAmbiguous.class);
		assertThat(next.steps).contains("CLAIM AMBIGUOUS");
		assertLives();
	}

	@Test
	@Tag("FL-6")
	void callWhenTheHolderHasDiedAndReuseIsPunishedThenSomebodyMustLogIn() {
		Replica next = afterACrash((settings) -> settings.afterCrash(AfterCrash.SIGN_OUT),
				Trip.QUICK.losing(Loss.REQUEST));
		TestSubscriber<AccessToken> caller = next.call(ALICE);
		this.fleet.pass(Fleet.MAX_WAIT);
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class)
			.hasMessageContaining("rotation.after-crash");
		assertTold(next, TokenEvent.ReauthenticationRequired.class);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
	}

	@Test
	@Tag("FL-6")
	void callWhenTheHolderHasDiedAfterTheRotationThenTheSessionLivesByTheGrace() {
		use(new Fleet(Duration.ofSeconds(5), () -> 0.5));
		Replica next = afterACrash((settings) -> settings.rotationGrace(Duration.ofSeconds(5)),
				Trip.of(Duration.ofMillis(1), Duration.ofSeconds(1)));
		TestSubscriber<AccessToken> caller = next.call(ALICE);
		this.fleet.pass(4500);
		assertThat(valueOf(caller)).isEqualTo("access.2");
		assertLives();
	}

	@Test
	@Tag("FL-6")
	void callWhenTheAnswerIsLostThenWhoHasLostItAsksOnceMoreAndNobodyElse() {
		use(new Fleet(Duration.ofSeconds(60), () -> 0.5));
		List<Replica> replicas = loggedIn(3);
		Replica unlucky = replicas.get(0);
		List<Trip> trips = new ArrayList<>(List.of(Trip.QUICK.losing(Loss.ANSWER)));
		unlucky.toIssuer = () -> trips.isEmpty() ? Trip.QUICK : trips.remove(0);
		unlucky.call(ALICE);
		replicas.forEach((replica) -> replica.call(ALICE));
		this.fleet.pass(1500);
		assertThat(this.fleet.issuer.sent()).hasSize(2).allMatch((sent) -> sent.process == unlucky.process);
		assertThat(replicas).extracting((replica) -> replica.token(ALICE)).containsOnly("access.2");
	}

	@Test
	@Tag("FL-5")
	void callWhenTheStoreIsAwayThenARotatingKeyKeepsItsTokenToItsEndAndThenFailsAsTransient() {
		List<Replica> replicas = loggedIn(6);
		replicas.forEach((replica) -> replica.token(ALICE));
		replicas.forEach((replica) -> replica.reachesStore(false));
		this.fleet.pass(Duration.ofSeconds(95));
		replicas.forEach((replica) -> assertThat(replica.token(ALICE)).isEqualTo("access.1"));
		this.fleet.pass(Duration.ofSeconds(6));
		List<TestSubscriber<AccessToken>> callers = callAll(replicas);
		this.fleet.pass(Fleet.MAX_WAIT);
		assertThat(callers).extracting(Fleet::errorOf).allMatch(TransientTokenException.class::isInstance);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		replicas.forEach((replica) -> replica.reachesStore(true));
		this.fleet.pass(6000);
		callers = callAll(replicas);
		this.fleet.pass(3000);
		assertThat(callers).extracting(Fleet::valueOf).containsOnly("access.2");
		assertThat(this.fleet.issuer.sent()).hasSize(2);
		assertLives();
	}

	/**
	 * Whoever has redeemed a refresh token can commit as little as the other can claim,
	 * so that the two seconds begin when the store is back.
	 */
	@Test
	@Tag("FL-4")
	void callWhenTheStoreWasAwayWhileAnAmbiguousLeaseSettlesThenItSettlesAnew() {
		List<Replica> replicas = loggedIn(2);
		Replica holder = replicas.get(0);
		holder.commits = () -> Trip.QUICK.losing(Loss.REQUEST);
		assertThat(holder.token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(Fleet.LEASE.minusMillis(1500));
		Replica other = replicas.get(1);
		TestSubscriber<AccessToken> caller = other.call(ALICE);
		this.fleet.pass(1800);
		other.reachesStore(false);
		this.fleet.pass(2000);
		other.reachesStore(true);
		this.fleet.pass(700);
		assertThat(other.steps).containsSubsequence("CLAIM AMBIGUOUS", "CLAIM FAILURE", "CLAIM AMBIGUOUS");
		holder.commits = () -> null;
		this.fleet.pass(3000);
		assertThat(valueOf(caller)).isEqualTo("access.1");
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("FL-4")
	void callWhenStepsOfTheStoreMayTakeLongThenAnAmbiguousLeaseSettlesForLonger() {
		List<Replica> replicas = loggedIn(2,
				(settings) -> settings.storeTimeout(Duration.ofMillis(1400)).refreshDeadline(Duration.ofSeconds(2)));
		Replica holder = replicas.get(0);
		Replica other = replicas.get(1);
		int[] lost = new int[1];
		holder.commits = () -> {
			lost[0]++;
			return Trip.QUICK.losing(Loss.REQUEST);
		};
		assertThat(holder.token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(Fleet.LEASE.minusMillis(1900));
		TestSubscriber<AccessToken> caller = other.call(ALICE);
		pass(() -> other.steps.contains("CLAIM AMBIGUOUS"));
		int before = lost[0];
		pass(() -> lost[0] > before);
		holder.commits = () -> null;
		this.fleet.pass(4000);
		assertThat(valueOf(caller)).isEqualTo("access.1");
		assertLives();
	}

	/**
	 * While the store is away, a set is obtained. When it is back, the set is redeemed
	 * before the store was told of it, and what was sent to tell it arrives only then.
	 */
	@Test
	@Tag("FL-4")
	void callWhenWhatServesFromMemoryIsRedeemedThenTheStoreIsToldBefore() {
		List<Replica> replicas = loggedIn(2);
		Replica replica = replicas.get(0);
		replica.commits = () -> Trip.QUICK.losing(Loss.REQUEST);
		assertThat(replica.token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(Fleet.LEASE.plusSeconds(1));
		AccessToken first = replica.call(ALICE).getReceivedOnNext().get(0);
		replica.commits = () -> Trip.of(Duration.ofMillis(600), Duration.ofMillis(1));
		this.fleet.pass(300);
		replica.commits = () -> null;
		replica.toIssuer = () -> SLOW;
		assertThat(replica.manager.reject(ALICE, first)).isTrue();
		TestSubscriber<AccessToken> caller = replica.call(ALICE);
		this.fleet.pass(5000);
		assertThat(valueOf(caller)).isEqualTo("access.2");
		this.fleet.pass(FleetIssuer.LIFETIME);
		replicas.forEach((any) -> assertThat(any.token(ALICE)).isNotEqualTo("access.2"));
		assertLives();
	}

	@Test
	@Tag("FL-5")
	void callWhenTheStoreIsBackThenReplicasThatWentOnWithoutItShareOneTokenAndAskNobody() {
		List<Replica> replicas = services(6);
		replicas.forEach((replica) -> replica.reachesStore(false));
		List<TestSubscriber<AccessToken>> callers = callAll(replicas, SERVICE);
		this.fleet.pass(600);
		assertThat(callers).extracting(Fleet::valueOf).doesNotHaveDuplicates();
		this.fleet.pass(Duration.ofSeconds(20));
		int requests = this.fleet.issuer.requests();
		assertThat(requests).isEqualTo(6);
		replicas.forEach((replica) -> replica.reachesStore(true));
		this.fleet.pass(3000);
		assertThat(replicas.stream().map((replica) -> replica.token(SERVICE)).distinct()).hasSize(1);
		assertThat(this.fleet.issuer.requests()).isEqualTo(requests);
	}

	@Test
	@Tag("FL-4")
	void callWhenTheAnswerToACommitIsLostThenNothingIsLost() {
		List<Replica> replicas = loggedIn(2);
		Replica first = replicas.get(0);
		List<Trip> trips = new ArrayList<>(
				List.of(Trip.QUICK, Trip.QUICK.losing(Loss.SILENT_ANSWER), Trip.QUICK.losing(Loss.ANSWER)));
		first.toStore = () -> trips.isEmpty() ? Trip.QUICK : trips.remove(0);
		assertThat(first.token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(3000);
		assertThat(replicas.get(1).token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(FleetIssuer.LIFETIME);
		assertThat(first.token(ALICE)).isEqualTo("access.2");
		assertLives();
	}

	@Test
	@Tag("FL-7")
	void callsWhenTheIssuerIsDownThenTheFleetAsksAsOftenAsOneReplica() {
		int one = requestsAtADeadIssuer(1);
		int eight = requestsAtADeadIssuer(8);
		assertThat(one).isGreaterThan(5);
		assertThat(eight).isLessThan(one * 3);
	}

	@Test
	@Tag("FL-7")
	void callsWhenTheIssuerIsDownAndEachReplicaHasItsOwnSubjectsThenTheFleetAsksAsOftenAsOneReplica() {
		int one = requestsOfOwnSubjects(1);
		int eight = requestsOfOwnSubjects(8);
		assertThat(one).isGreaterThan(20);
		assertThat(eight).isLessThan(one * 2);
	}

	private int requestsOfOwnSubjects(int number) {
		List<Replica> replicas = outage(number);
		for (int i = 0; i < 600; i++) {
			callForOwnSubjects(replicas);
			this.fleet.pass(500);
		}
		return this.fleet.issuer.requests();
	}

	@Test
	@Tag("FL-7")
	void callsWhenTheIssuerIsBackThenReplicasDoNotTakeTurns() {
		List<Replica> replicas = outage(12);
		for (int i = 0; i < 60; i++) {
			callForOwnSubjects(replicas);
			this.fleet.pass(500);
		}
		replicas.forEach((replica) -> replica.toIssuer = () -> SLOW);
		this.fleet.issuer.fails(null);
		int first = -1;
		int tenth = 0;
		long served;
		int callers;
		do {
			List<TestSubscriber<AccessToken>> called = callForOwnSubjects(replicas);
			this.fleet.pass(100);
			callers = called.size();
			served = called.stream().filter(TestSubscriber::isTerminatedComplete).count();
			first = (first < 0 && served > 0) ? tenth : first;
		}
		while (++tenth < 1000 && served < callers);
		assertThat(tenth - first).as("tenths of a second, of which one request takes 18").isLessThan(8 * 18);
	}

	private List<Replica> outage(int number) {
		use(new Fleet(Duration.ZERO, new Random(3)::nextDouble));
		List<Replica> replicas = loggedIn(number);
		replicas.forEach((replica) -> subjectsOf(replica)
			.forEach((subject) -> replica.put(subject, session(this.fleet.issuer.login()))));
		this.fleet.issuer.fails(FleetIssuer::unavailable);
		return replicas;
	}

	private static List<TokenKey> subjectsOf(Replica replica) {
		return IntStream.range(0, 5)
			.mapToObj((index) -> TokenKey.of(Fleet.CLIENT, "user-" + index + "-of-" + replica.name))
			.toList();
	}

	private static List<TestSubscriber<AccessToken>> callForOwnSubjects(List<Replica> replicas) {
		return replicas.stream().flatMap((replica) -> subjectsOf(replica).stream().map(replica::call)).toList();
	}

	@Test
	@Tag("FL-7")
	void callWhenNobodyHasWaitedForWhatHasFailedThenTheIssuerIsAskedOnceMore() {
		List<Replica> replicas = services(3, (settings) -> settings.maxBackoff(Duration.ofMinutes(5)));
		replicas.forEach((replica) -> assertThat(replica.token(SERVICE)).isEqualTo("access.1"));
		this.fleet.pass(Duration.ofSeconds(70));
		replicas.forEach((replica) -> replica.call(SERVICE));
		this.fleet.issuer.fails(FleetIssuer::unavailable);
		this.fleet.pass(Duration.ofSeconds(31));
		assertThat(this.fleet.issuer.requests()).as("renewals").isGreaterThan(2);
		this.fleet.issuer.fails(null);
		List<TestSubscriber<AccessToken>> callers = callAll(replicas, SERVICE);
		this.fleet.pass(2000);
		assertThat(callers).extracting(Fleet::valueOf).containsOnly("access.2");
	}

	private int requestsAtADeadIssuer(int number) {
		use(new Fleet(Duration.ZERO, new Random(3)::nextDouble));
		List<Replica> replicas = loggedIn(number);
		this.fleet.issuer.fails(FleetIssuer::unavailable);
		for (int i = 0; i < 60; i++) {
			callAll(replicas);
			this.fleet.pass(500);
		}
		return this.fleet.issuer.requests();
	}

	@Test
	@Tag("FL-7")
	void callWhenAnotherReplicaHasFoundThatSomebodyMustLogInThenFailsWithoutARequest() {
		List<Replica> replicas = loggedIn(3);
		this.fleet.issuer.end(1);
		List<TestSubscriber<AccessToken>> callers = new ArrayList<>();
		for (Replica replica : replicas) {
			callers.add(replica.call(ALICE));
			this.fleet.pass(500);
		}
		assertThat(callers).extracting(Fleet::errorOf).allMatch(ReauthenticationRequiredException.class::isInstance);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
	}

	@Test
	@Tag("FL-7")
	void callWhenTheSharedRefreshTokenIsDeadAndAnotherOneIsConfiguredThenThatIsTried() {
		Replica old = this.fleet.start((settings) -> settings.refreshToken("refresh.1.of-last-year"));
		this.fleet.issuer.login();
		this.fleet.issuer.end(1);
		TestSubscriber<AccessToken> caller = old.call(SERVICE);
		this.fleet.pass(500);
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
		caller = this.fleet.start((settings) -> settings.refreshToken("refresh.1.of-last-year")).call(SERVICE);
		this.fleet.pass(500);
		assertThat(errorOf(caller)).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		String replaced = this.fleet.issuer.login();
		assertThat(this.fleet.start((settings) -> settings.refreshToken(replaced)).token(SERVICE))
			.isEqualTo("access.1");
	}

	@Test
	@Tag("FL-7")
	void callWhenATokenWasRejectedAtAnotherReplicaThenItIsNotTried() {
		List<Replica> replicas = loggedIn(2);
		Replica first = replicas.get(0);
		assertThat(first.token(ALICE)).isEqualTo("access.1");
		replicas.get(1).hinted = false;
		first.toIssuer = () -> SLOW;
		AccessToken rejected = first.call(ALICE).getReceivedOnNext().get(0);
		assertThat(first.manager.reject(ALICE, rejected)).isTrue();
		this.fleet.pass(100);
		TestSubscriber<AccessToken> caller = replicas.get(1).call(ALICE);
		this.fleet.pass(3000);
		assertThat(valueOf(caller)).isEqualTo("access.2");
		assertThat(this.fleet.issuer.sent()).hasSize(2);
	}

	@Test
	@Tag("FL-8")
	void putWhenAnotherReplicaServesAnOldSessionThenItHasTheNewOneWithinASecond() {
		List<Replica> replicas = loggedIn(3);
		replicas.forEach((replica) -> assertThat(replica.token(ALICE)).isEqualTo("access.1"));
		replicas.get(1).put(ALICE, session(this.fleet.issuer.login()));
		this.fleet.pass(900);
		replicas.forEach((replica) -> assertThat(replica.token(ALICE)).isEqualTo("access.2"));
		assertThat(FleetIssuer.sessionOf(this.fleet.issuer.sent().get(1).refreshToken)).isEqualTo(2);
	}

	@Test
	@Tag("FL-8")
	void removeAndRevokeThenNoReplicaServesASecondLater() {
		List<Replica> replicas = loggedIn(3);
		replicas.forEach((replica) -> replica.token(ALICE));
		replicas.get(1).complete(replicas.get(1).manager.remove(ALICE));
		assertSignedOut(replicas);
		replicas.get(0).put(ALICE, session(this.fleet.issuer.login()));
		this.fleet.pass(1000);
		replicas.forEach((replica) -> assertThat(replica.token(ALICE)).isEqualTo("access.2"));
		replicas.get(1).complete(replicas.get(1).manager.revoke(ALICE));
		assertSignedOut(replicas);
		assertThat(this.fleet.issuer.isAlive(2)).isFalse();
	}

	@Test
	@Tag("FL-8")
	void putWhenTheHintIsMissedThenASignedOutKeyFindsItASecondLater() {
		List<Replica> replicas = loggedIn(2);
		this.fleet.issuer.end(1);
		callAll(replicas);
		this.fleet.pass(1000);
		Replica deaf = replicas.get(1);
		deaf.hinted = false;
		replicas.get(0).put(ALICE, session(this.fleet.issuer.login()));
		this.fleet.pass(1000);
		deaf.call(ALICE);
		this.fleet.pass(1000);
		assertThat(deaf.token(ALICE)).isEqualTo("access.1");
	}

	@Test
	@Tag("FL-8")
	void removeWhenTheHintIsMissedWithTheConnectionThenAllKeysAreLookedAt() {
		List<Replica> replicas = loggedIn(2);
		replicas.forEach((replica) -> replica.token(ALICE));
		Replica deaf = replicas.get(1);
		deaf.hinted = false;
		replicas.get(0).complete(replicas.get(0).manager.remove(ALICE));
		deaf.losesHints();
		assertSignedOut(replicas);
		deaf.hinted = true;
		replicas.get(0).put(ALICE, session(this.fleet.issuer.login()));
		this.fleet.pass(1000);
		replicas.forEach((replica) -> assertThat(replica.token(ALICE)).isEqualTo("access.2"));
	}

	@Test
	@Tag("FL-1")
	void callWhenAVariedKeyBorrowsTheRefreshTokenThenReplicasTakeTurns() {
		List<Replica> replicas = loggedIn(4);
		TokenKey varied = ALICE.withParameters(TokenParameters.builder().scope(List.of("read")).build());
		replicas.forEach((replica) -> replica.toIssuer = () -> Trip.of(Duration.ofMillis(200), Duration.ofMillis(200)));
		List<TestSubscriber<AccessToken>> callers = callAll(replicas, varied);
		callers.addAll(callAll(replicas, ALICE));
		this.fleet.pass(Fleet.MAX_WAIT);
		callers.forEach(Fleet::valueOf);
		assertThat(this.fleet.issuer.overlaps()).isEmpty();
		assertLives();
	}

	@Test
	@Tag("FL-2")
	void callWhenTheClocksDifferByAnHourThenNothingIsLost() {
		List<Replica> replicas = loggedIn(3);
		replicas.get(1).offset = Duration.ofHours(1);
		replicas.get(2).offset = Duration.ofHours(-1);
		for (int i = 0; i < 10; i++) {
			replicas.forEach((replica) -> replica.token(ALICE));
			this.fleet.pass(Duration.ofSeconds(50));
		}
		assertThat(this.fleet.issuer.overlaps()).isEmpty();
		assertLives();
	}

	@Test
	@Tag("FL-9")
	void statusWhenAnotherReplicaHasTheLeaseThenSaysWhoSinceWhenAndUntilWhen() {
		List<Replica> replicas = loggedIn(2);
		replicas.get(0).toIssuer = () -> SLOW;
		replicas.get(0).call(ALICE);
		this.fleet.pass(100);
		long since = this.fleet.millis();
		replicas.get(1).call(ALICE);
		this.fleet.pass(100);
		KeyStatus status = replicas.get(1).manager.status(ALICE);
		assertThat(status).isNotNull();
		assertThat(status.elsewhere()).isNotNull().satisfies((elsewhere) -> {
			assertThat(elsewhere.replica()).isEqualTo(replicas.get(0).name);
			assertThat(elsewhere.since().toEpochMilli()).isBetween(since - 100, since);
			assertThat(elsewhere.until()).isAfter(elsewhere.since());
		});
		this.fleet.pass(3000);
		replicas.get(1).token(ALICE);
		assertThat(replicas.get(0).steps).contains("CLAIM WON", "COMMIT SUCCESS");
		assertThat(replicas.get(1).steps).contains("CLAIM BUSY").doesNotContain("CLAIM WON");
	}

	/**
	 * Have a replica die while it has the lease.
	 * @param trip what becomes of its request
	 * @return another one
	 */
	private Replica afterACrash(Consumer<ClientSettings.Builder> settings, Trip trip) {
		List<Replica> replicas = loggedIn(2, settings);
		replicas.get(0).toIssuer = () -> trip;
		replicas.get(0).call(ALICE);
		this.fleet.pass(100);
		replicas.get(0).kill();
		return replicas.get(1);
	}

	/**
	 * Events are told by a thread of their own.
	 */
	private static void assertTold(Replica replica, Class<? extends TokenEvent> event) {
		await().untilAsserted(() -> assertThat(replica.events).filteredOn(event::isInstance).hasSize(1));
	}

	private void use(Fleet fleet) {
		this.fleet.close();
		this.fleet = fleet;
	}

	private void pass(BooleanSupplier until) {
		for (int i = 0; i < 500 && !until.getAsBoolean(); i++) {
			this.fleet.pass(10);
		}
		assertThat(until.getAsBoolean()).isTrue();
	}

	private List<Replica> services(int count) {
		return services(count, AS_BY_DEFAULT);
	}

	private List<Replica> services(int count, Consumer<ClientSettings.Builder> settings) {
		return Stream.generate(() -> this.fleet.start(true, settings)).limit(count).toList();
	}

	private List<Replica> loggedIn(int number) {
		return loggedIn(number, AS_BY_DEFAULT);
	}

	private List<Replica> loggedIn(int number, Consumer<ClientSettings.Builder> settings) {
		List<Replica> replicas = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			replicas.add(this.fleet.start(settings));
		}
		replicas.get(0).put(ALICE, session(this.fleet.issuer.login()));
		return replicas;
	}

	private static List<TestSubscriber<AccessToken>> callAll(List<Replica> replicas) {
		return callAll(replicas, ALICE);
	}

	private static List<TestSubscriber<AccessToken>> callAll(List<Replica> replicas, TokenKey key) {
		return new ArrayList<>(replicas.stream().map((replica) -> replica.call(key)).toList());
	}

	private void assertSignedOut(List<Replica> replicas) {
		this.fleet.pass(1200);
		List<TestSubscriber<AccessToken>> callers = callAll(replicas);
		this.fleet.pass(500);
		assertThat(callers).extracting(Fleet::errorOf).allMatch(ReauthenticationRequiredException.class::isInstance);
	}

	private void assertLives() {
		assertThat(this.fleet.issuer.isAlive(1)).isTrue();
		assertThat(this.fleet.issuer.reuses()).isEmpty();
	}

}
