package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import kotlin.Unit;
import org.junit.jupiter.api.Test;
import org.pastalab.fray.core.observers.TimelineCoverageType;
import org.pastalab.fray.core.randomness.ControlledRandomProvider;
import org.pastalab.fray.core.scheduler.PCTScheduler;
import org.pastalab.fray.core.scheduler.POSScheduler;
import org.pastalab.fray.core.scheduler.Scheduler;
import org.pastalab.fray.junit.plain.FrayInTestLauncher;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What must hold whichever thread is faster, looked for in as many schedules as there is
 * time for. A schedule that breaks something is reported with what replays it.
 */
class LifecycleSchedules {

	private static final int SECONDS = Integer.getInteger("schedules.seconds", 10);

	private static final int UNBOUNDED = -1;

	private static final TokenKey KEY = World.KEY;

	private static final TokenKey ALICE = TokenKey.of("client", "alice");

	private static final TokenKey ALICE_READS = ALICE
		.withParameters(TokenParameters.builder().scope(List.of("read")).build());

	private static final TokenKey ALICE_WRITES = ALICE
		.withParameters(TokenParameters.builder().scope(List.of("write")).build());

	private static final TokenKey BOB = TokenKey.of("client", "bob");

	/**
	 * Run a scenario in one schedule after the other, until one breaks it or the time has
	 * passed. One half of them changes threads as often as possible, the other half a few
	 * times only, at any points: either finds what the other does not.
	 */
	private static void explore(String name, Runnable scenario) {
		AtomicInteger schedules = new AtomicInteger();
		try {
			for (Scheduler scheduler : List.of(new POSScheduler(), new PCTScheduler())) {
				FrayInTestLauncher.INSTANCE.launchFray(() -> {
					schedules.incrementAndGet();
					scenario.run();
				}, new FairScheduler(scheduler), new ControlledRandomProvider(), UNBOUNDED, Math.max(1, SECONDS / 2),
						false, TimelineCoverageType.NONE, (configuration) -> Unit.INSTANCE);
			}
		}
		finally {
			System.out.println(name + ": " + schedules + " schedules");
		}
	}

	@Test
	void callersAndARejectionAndTheRenewalTimeMakeOneFlight() {
		explore("use x reject x renew", () -> {
			World world = new World();
			world.put(KEY, world.issuer.login("old"));
			HeldToken old = world.key().usable();
			world.untilDue();
			world.together(() -> world.callAndLook(KEY, old), () -> world.key().reject(old),
					() -> world.key().renewIfNeeded());
			World.check(world.issuer.calls() == 1, "There were " + world.issuer.calls() + " calls");
			world.checkAtRest(KEY);
		});
	}

	@Test
	void whatIsPutHasTheLastWordOverAFlightThatLands() {
		explore("land x put x use", () -> landAndPut(new World()));
	}

	private static void landAndPut(World world) {
		world.put(KEY, world.issuer.login("old"));
		HeldToken old = world.key().usable();
		world.issuer.holdsCalls();
		world.key().reject(old);
		world.together(world.issuer::answer, () -> world.put(KEY, world.issuer.login("put")), () -> world.call(KEY));
		world.checkAtRest(KEY);
		TokenSet rests = world.store.record(KEY).tokenSet();
		World.check(rests != null && "put".equals(rests.accessToken()), "What was put is not in the store");
	}

	@Test
	void removalHasTheLastWordOverAFlightThatLands() {
		explore("land x remove x use", () -> {
			World world = new World();
			world.issuer.grantsNothing();
			world.put(ALICE, world.issuer.login("old"));
			TokenLifecycle alice = world.manager.lifecycle(ALICE);
			world.issuer.holdsCalls();
			alice.reject(alice.usable());
			world.together(world.issuer::answer, () -> world.remove(ALICE), () -> world.call(alice.token()).leave());
			StoredTokenSet record = world.store.record(ALICE);
			World.check(record.tokenSet() == null, "What was removed is in the store");
			World.check(!world.manager.lifecycle(ALICE).state().holdsAny(), "What was removed is held");
			world.checkAtRest(ALICE);
		});
	}

	@Test
	void revocationReachesWhatAFlightBrings() {
		explore("land x revoke x use", () -> {
			World world = new World();
			world.issuer.grantsNothing();
			world.put(KEY, world.issuer.login("old"));
			world.issuer.holdsCalls();
			world.key().reject(world.key().usable());
			world.together(world.issuer::answer, () -> world.revoke(KEY), () -> world.call(KEY).leave());
			World.check(world.issuer.alive().isEmpty() || world.issuer.alive().equals(Set.of("old")),
					"These live after their revocation: " + world.issuer.alive());
			World.check(world.store.record(KEY).tokenSet() == null, "What was revoked is in the store");
			world.checkAtRest(KEY);
		});
	}

	@Test
	void keysOfOneUserRedeemItsRefreshTokenOneAfterAnother() {
		explore("reject x use varied x use varied", () -> {
			World world = new World();
			world.issuer.grantsNothing();
			world.put(ALICE, world.issuer.login("old"));
			TokenLifecycle alice = world.manager.lifecycle(ALICE);
			HeldToken old = alice.usable();
			world.together(() -> {
				alice.reject(old);
				world.call(ALICE);
			}, () -> world.call(ALICE_READS), () -> world.call(ALICE_WRITES));
			world.checkAtRest(ALICE, ALICE_READS, ALICE_WRITES);
			World.check(world.issuer.calls() <= 4, "There were " + world.issuer.calls() + " calls");
			StoredTokenSet record = world.store.record(ALICE);
			World.check(record.tokenSet() != null && world.store.record(ALICE_READS) == null, "The store is wrong");
		});
	}

	@Test
	void revocationReachesWhatIsBroughtForAVariedKey() {
		explore("land varied x revoke x use", () -> {
			World world = new World(new VersionedStore(), 10);
			world.issuer.grantsNothing();
			world.put(ALICE, world.issuer.login("old"));
			world.issuer.holdsCalls();
			world.call(ALICE_READS);
			world.together(world.issuer::answer, () -> world.revoke(ALICE), () -> world.call(ALICE_READS).leave());
			World.check(world.issuer.alive().isEmpty() || world.issuer.alive().equals(Set.of("old")),
					"These live after their revocation: " + world.issuer.alive());
			World.check(world.store.record(ALICE).tokenSet() == null, "What was revoked is in the store");
			World.check(!world.manager.lifecycle(ALICE_READS).state().holdsAny(), "What was revoked is held");
			// Whoever finds that somebody must log in waits for it.
			world.pass(Duration.ofSeconds(61));
			world.checkAtRest(ALICE);
		});
	}

	@Test
	void memoryAndStoreAgreeAfterCommandsOfTwoProcesses() {
		explore("put x remove x written elsewhere", () -> {
			World world = new World();
			world.put(KEY, world.issuer.login("old"));
			world.together(() -> world.put(KEY, world.issuer.login("put")), () -> world.remove(KEY),
					() -> world.store.writeElsewhere(KEY, world.issuer.login("elsewhere")));
			world.checkAtRest(KEY);
		});
	}

	@Test
	void lateSaveNeverOverwritesWhatCameAfterIt() {
		explore("late save x put x land", () -> {
			World world = new World();
			world.put(KEY, world.issuer.login("old"));
			world.issuer.holdsCalls();
			world.store.failsToSaveOnce();
			world.key().reject(world.key().usable());
			world.together(() -> {
				world.issuer.answer();
				world.pass(Duration.ofMillis(500));
			}, () -> world.store.writeElsewhere(KEY, world.issuer.login("elsewhere")), () -> world.call(KEY));
			world.checkAtRest(KEY);
			World.check("elsewhere".equals(world.store.record(KEY).tokenSet().accessToken()),
					"The late save has overwritten a newer set");
		});
	}

	@Test
	void evictionLosesNeitherAFlightNorALeaseNorWhatWasPut() {
		explore("evict x put x lease x reject", () -> {
			World world = new World();
			world.put(ALICE, world.issuer.login("alice"));
			TokenLifecycle alice = world.manager.lifecycle(ALICE);
			HeldToken old = alice.usable();
			world.together(() -> world.manager.lifecycle(BOB), () -> {
				world.manager.lease(ALICE, Duration.ofSeconds(1), LeasePolicy.FAIL, Mono.empty()).subscribe();
				alice.reject(old);
			}, () -> world.put(ALICE, world.issuer.login("put")));
			world.call(ALICE);
			world.checkAtRest(ALICE);
			World.check(world.issuer.mostAtATime() <= 1, "Two flights were in the air");
			World.check("put".equals(world.store.record(ALICE).tokenSet().accessToken()), "What was put is lost");
		});
	}

	@Test
	void signInFindsWhoeverWaitsForIt() {
		explore("sign-in x put x use", () -> {
			World world = new World();
			world.issuer.grantsNothing();
			world.together(() -> world.call(ALICE), () -> world.put(ALICE, world.issuer.login("put")),
					() -> world.call(ALICE));
			world.checkAtRest(ALICE);
		});
	}

	@Test
	void troubleOfTheIssuerKeepsNoPlaceOnTheRunwayAndNoWaiter() {
		explore("fail x use x other key x cancel", () -> {
			World world = new World();
			world.issuer.failsOnce();
			world.together(() -> world.call(KEY), () -> world.call(ALICE), () -> world.call(KEY).leave());
			world.checkAtRest(KEY);
			World.check(world.issuer.mostAtATime() <= 1, "Two flights were in the air");
		});
	}

	@Test
	void endOfTheManagerLeavesNobodyWaiting() {
		explore("close x land x use", () -> {
			World world = new World();
			world.issuer.holdsCalls();
			world.call(KEY);
			world.together(world.issuer::answer, () -> world.manager.close(), () -> world.call(ALICE));
			world.checkAtRest();
			World.check(world.key().usable() == null, "Something is held after the end");
		});
	}

	@Test
	void replicasRedeemARefreshTokenOnce() {
		explore("reject at one x reject at the other x use", () -> {
			Replicas replicas = new Replicas();
			replicas.logIn("old");
			TokenLifecycle one = replicas.one.manager.lifecycle(ALICE);
			TokenLifecycle other = replicas.other.manager.lifecycle(ALICE);
			HeldToken atOne = one.usable();
			HeldToken atOther = other.usable();
			replicas.one.together(() -> one.reject(atOne), () -> other.reject(atOther),
					() -> replicas.other.call(ALICE));
			replicas.checkAtRest();
			World.check(replicas.issuer.calls() == 1, "There were " + replicas.issuer.calls() + " calls");
			World.check(!"old".equals(replicas.one.call(ALICE).value()), "What was rejected is given out");
		});
	}

	@Test
	void whatIsPutAtOneReplicaHasTheLastWordOverAFlightAtTheOther() {
		explore("land at one x put at the other x use", () -> {
			Replicas replicas = new Replicas();
			replicas.logIn("old");
			TokenLifecycle one = replicas.one.manager.lifecycle(ALICE);
			replicas.issuer.holdsCalls();
			one.reject(one.usable());
			replicas.one.together(replicas.issuer::answer,
					() -> replicas.other.put(ALICE, replicas.issuer.login("put")), () -> replicas.one.call(ALICE));
			replicas.checkAtRest();
			TokenSet rests = replicas.store.record(ALICE).tokenSet();
			World.check(rests != null && "put".equals(rests.accessToken()), "What was put is not in the store");
		});
	}

	/**
	 * What the authorization server answers to one that has ended meanwhile is lost: the
	 * grace is for that.
	 */
	@Test
	void replicaThatEndsLeavesNoLeaseBehind() {
		explore("close one x use x use at the other", () -> {
			Replicas replicas = new Replicas();
			replicas.issuer.hasGrace();
			replicas.logIn("old");
			TokenLifecycle one = replicas.one.manager.lifecycle(ALICE);
			HeldToken old = one.usable();
			replicas.one.together(replicas.one.manager::close, () -> one.reject(old),
					() -> replicas.one.call(ALICE).leave());
			replicas.checkAtRest();
			replicas.other.manager.lifecycle(ALICE).reject(replicas.other.manager.lifecycle(ALICE).usable());
			World.Caller caller = replicas.other.call(ALICE);
			replicas.checkAtRest();
			World.check(!"none".equals(caller.value()), "The other replica has no token");
		});
	}

	@Test
	void lateCommitOfOneReplicaNeverBringsBackWhatWasRedeemedSince() {
		explore("late commit x reject x use at the other", () -> {
			Replicas replicas = new Replicas();
			replicas.logIn("old");
			TokenLifecycle one = replicas.one.manager.lifecycle(ALICE);
			replicas.store.failsToSaveOnce();
			one.reject(one.usable());
			HeldToken unsaved = one.usable();
			replicas.one.together(() -> replicas.one.pass(Duration.ofMillis(500)), () -> one.reject(unsaved),
					() -> replicas.other.call(ALICE));
			replicas.checkAtRest();
		});
	}

	/**
	 * Two replicas of a user's service.
	 */
	private static final class Replicas {

		final SharedStore store = new SharedStore();

		final RotatingIssuer issuer = new RotatingIssuer();

		final World one = new World(this.store, this.issuer);

		final World other = new World(this.store, this.issuer);

		/**
		 * Let the user log in, and both know the session.
		 */
		void logIn(String name) {
			this.issuer.grantsNothing();
			this.one.put(ALICE, this.issuer.login(name));
			this.other.call(ALICE);
		}

		/**
		 * Check that all is well when both had the time to look again.
		 */
		void checkAtRest() {
			for (int second = 0; second < 5; second++) {
				this.one.pass(Duration.ofSeconds(1));
				this.other.pass(Duration.ofSeconds(1));
			}
			this.one.checkAtRest();
			this.other.checkAtRest();
			World.check(!this.store.isHeld(), "A lease was left behind");
		}

	}

	/**
	 * The search itself is worth as much as what it finds: this store writes without
	 * looking at the version, which is to break the last word.
	 */
	@Test
	void searchFindsAStoreThatWritesWithoutLooking() {
		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> explore("planted fault", () -> landAndPut(new World(new VersionedStore() {
				@Override
				protected SaveResult saved(TokenKey key, long expected, TokenSet tokenSet) {
					return overwritten(key, tokenSet);
				}
			}))))
			.satisfies((found) -> assertThat(found).message().containsAnyOf("store", "generation"));
	}

}
