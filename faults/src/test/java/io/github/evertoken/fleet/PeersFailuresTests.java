package io.github.evertoken.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.fleet.Fleet.Replica;
import io.github.evertoken.fleet.Wire.Trip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.subscriber.TestSubscriber;

import static io.github.evertoken.fleet.Fleet.ALICE;
import static io.github.evertoken.fleet.Fleet.SERVICE;
import static io.github.evertoken.fleet.Fleet.session;
import static io.github.evertoken.fleet.Fleet.valueOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * How others fail who coordinate the refresh of tokens, as their bug reports tell: each
 * failure is a test that is red without what prevents it here.
 */
class PeersFailuresTests {

	private static final Duration SLOW = Duration.ofMillis(800);

	private final Fleet fleet = new Fleet();

	@AfterEach
	void close() {
		this.fleet.close();
	}

	@Test
	@Tag("FL-1")
	void coordinationWhenItIsInsideOneProcessOnlyThenReplicasStillAskOnce() {
		List<Replica> replicas = loggedIn(8);
		List<TestSubscriber<AccessToken>> callers = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			replicas.forEach((replica) -> callers.add(replica.call(ALICE)));
		}
		this.fleet.pass(2000);
		assertThat(callers).extracting(Fleet::valueOf).hasSize(40).containsOnly("access.1");
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("FL-2")
	void leaseWhenItIsShorterThanTheWorkThenTheStartIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.fleet.start((settings) -> settings.refreshDeadline(Fleet.LEASE)))
			.withMessageContaining("lease")
			.withMessageContaining("refresh-deadline")
			.withMessageContaining("rotation.grace");
	}

	@Test
	@Tag("FL-2")
	void leaseWhenTheProcessWasStoppedBeforeItHasSentThenItClaimsAnew() {
		List<Replica> replicas = loggedIn(2);
		Replica first = replicas.get(0);
		pauseWithLease(first, Fleet.LEASE.plusSeconds(4));
		replicas.get(1).toIssuer = () -> Trip.of(SLOW, SLOW);
		TestSubscriber<AccessToken> other = replicas.get(1).call(ALICE);
		this.fleet.pass(2500);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		first.process.resume();
		this.fleet.pass(3000);
		assertThat(first.token(ALICE)).isEqualTo(valueOf(other));
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("FL-3")
	void lockWhenThereIsNoSecondLookAfterItThenTheNewTokenIsSeenAllTheSame() {
		List<Replica> replicas = loggedIn(2);
		replicas.forEach((replica) -> replica.hinted = false);
		TestSubscriber<AccessToken> holder = callSlowly(replicas.get(0), ALICE, SLOW);
		TestSubscriber<AccessToken> waiter = replicas.get(1).call(ALICE);
		this.fleet.pass(3000);
		assertThat(valueOf(waiter)).isEqualTo(valueOf(holder));
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("FL-4")
	void newTokenWhenItIsThrownAwayAfterAGoodRedeemThenItServesAndIsCommittedLater() {
		List<Replica> replicas = loggedIn(2);
		Replica first = replicas.get(0);
		TestSubscriber<AccessToken> caller = callSlowly(first, ALICE, SLOW);
		replicas.forEach((replica) -> replica.reachesStore(false));
		this.fleet.pass(Fleet.LEASE.plusSeconds(10));
		assertThat(valueOf(caller)).isEqualTo("access.1");
		assertThat(first.token(ALICE)).isEqualTo("access.1");
		replicas.forEach((replica) -> replica.reachesStore(true));
		assertThat(replicas.get(1).token(ALICE)).isEqualTo("access.1");
		this.fleet.pass(FleetIssuer.LIFETIME);
		assertThat(replicas.get(1).token(ALICE)).isEqualTo("access.2");
		assertLives();
	}

	@Test
	@Tag("FL-5")
	void heldWhenItIsTakenForDownThenAReplicaWithAGrantOfItsOwnWaitsAllTheSame() {
		Replica first = this.fleet.start(true, (settings) -> {
		});
		Replica second = this.fleet.start(true, (settings) -> {
		});
		TestSubscriber<AccessToken> holder = callSlowly(first, SERVICE, SLOW);
		TestSubscriber<AccessToken> waiter = second.call(SERVICE);
		this.fleet.pass(3000);
		assertThat(valueOf(waiter)).isEqualTo(valueOf(holder));
		assertThat(this.fleet.issuer.requests()).isEqualTo(1);
	}

	@Test
	@Tag("FL-5")
	void downWhenItIsTakenForHeldThenAReplicaWithAGrantOfItsOwnAsksAllTheSame() {
		Replica replica = this.fleet.start(true, (settings) -> {
		});
		replica.reachesStore(false);
		TestSubscriber<AccessToken> caller = replica.call(SERVICE);
		this.fleet.pass(300);
		assertThat(valueOf(caller)).isEqualTo("access.1");
	}

	@Test
	@Tag("FL-3")
	void waiterWhenItGivesUpBeforeTheHolderCanEndThenItWaitsForTheTokenAllTheSame() {
		List<Replica> replicas = loggedIn(2);
		callSlowly(replicas.get(0), ALICE, Duration.ofMillis(2800));
		TestSubscriber<AccessToken> waiter = replicas.get(1).call(ALICE);
		this.fleet.pass(2500);
		assertThat(waiter.isTerminated()).isFalse();
		this.fleet.pass(2000);
		assertThat(valueOf(waiter)).isEqualTo("access.1");
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("FL-2")
	void releaseWhenItIsByWhoDoesNotOwnThenTheOwnerHasItsTurn() {
		List<Replica> replicas = loggedIn(3);
		Replica first = replicas.get(0);
		pauseWithLease(first, Fleet.LEASE);
		Replica owner = replicas.get(1);
		owner.toIssuer = () -> Trip.of(Duration.ofMillis(2850), Duration.ofMillis(1));
		owner.call(ALICE);
		this.fleet.pass(2500);
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		first.process.resume();
		this.fleet.pass(100);
		assertThat(first.steps).contains("ABANDON SUCCESS");
		TestSubscriber<AccessToken> third = replicas.get(2).call(ALICE);
		this.fleet.pass(4000);
		assertThat(valueOf(third)).isEqualTo(owner.token(ALICE));
		assertThat(this.fleet.issuer.sent()).hasSize(1);
		assertLives();
	}

	private List<Replica> loggedIn(int number) {
		List<Replica> replicas = new ArrayList<>();
		for (int i = 0; i < number; i++) {
			replicas.add(this.fleet.start());
		}
		replicas.get(0).put(ALICE, session(this.fleet.issuer.login()));
		return replicas;
	}

	/**
	 * Have a token asked for by a replica whose request takes its time to get to the
	 * issuer, and is on its way.
	 */
	private TestSubscriber<AccessToken> callSlowly(Replica replica, TokenKey key, Duration there) {
		replica.toIssuer = () -> Trip.of(there, Duration.ofMillis(1));
		TestSubscriber<AccessToken> caller = replica.call(key);
		this.fleet.pass(100);
		return caller;
	}

	/**
	 * Stop the process of a replica that has the lease and does not know it yet.
	 */
	private void pauseWithLease(Replica replica, Duration duration) {
		replica.toStore = () -> Trip.of(Duration.ofMillis(1), Duration.ofMillis(100));
		replica.call(ALICE);
		this.fleet.pass(50);
		replica.process.pause();
		this.fleet.pass(duration);
		replica.toStore = () -> Trip.QUICK;
	}

	private void assertLives() {
		assertThat(this.fleet.issuer.isAlive(1)).isTrue();
		assertThat(this.fleet.issuer.reuses()).isEmpty();
	}

}
