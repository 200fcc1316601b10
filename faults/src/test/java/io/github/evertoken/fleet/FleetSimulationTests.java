package io.github.evertoken.fleet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.github.evertoken.AccessToken;
import io.github.evertoken.fleet.Fleet.Replica;
import io.github.evertoken.fleet.FleetIssuer.Reuse;
import io.github.evertoken.fleet.FleetIssuer.Sent;
import io.github.evertoken.fleet.Wire.Loss;
import io.github.evertoken.fleet.Wire.Trip;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.test.subscriber.TestSubscriber;

import static io.github.evertoken.fleet.Fleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A fleet that lives on one rotating refresh token, while what can happen happens at
 * random, from a seed that each failure names.
 */
class FleetSimulationTests {

	private static final int SEEDS = Integer.getInteger("evertoken.fleet.seeds", 100);

	private static final long FIRST = Long.getLong("evertoken.fleet.seed", 1);

	private static final int STEPS = 40;

	private static final Duration SLACK = Duration.ofMillis(50);

	/**
	 * What can happen.
	 */
	enum Weather {

		/** Nothing but delays. */
		CALM(EnumSet.noneOf(Trouble.class)),
		/** The store loses steps and answers, and is away for all at a time. */
		STORE(EnumSet.of(Trouble.LOSSY_STORE, Trouble.STORE_AWAY, Trouble.NO_HINTS)),
		/** Any clock jumps, and tokens are rejected. */
		CLOCKS(EnumSet.of(Trouble.CLOCK, Trouble.REJECTION, Trouble.LOGIN, Trouble.NO_HINTS)),
		/** The issuer cannot be reached for a while. */
		ISSUER(EnumSet.of(Trouble.ISSUER_AWAY, Trouble.NO_HINTS, Trouble.REJECTION)),
		/** Processes are killed and stopped. */
		PROCESSES(EnumSet.of(Trouble.KILL, Trouble.STOP, Trouble.NO_HINTS)),
		/** All of this, and answers of the issuer get lost. */
		STORM(EnumSet.allOf(Trouble.class));

		private final Set<Trouble> troubles;

		Weather(Set<Trouble> troubles) {
			this.troubles = troubles;
		}

	}

	private enum Trouble {

		LOSSY_STORE, STORE_AWAY, CUT_OFF, NO_HINTS, CLOCK, REJECTION, LOGIN, ISSUER_AWAY, LOST_ANSWER, KILL, STOP

	}

	@ParameterizedTest
	@EnumSource
	@Tag("FL-1")
	@Tag("FL-2")
	@Tag("FL-3")
	@Tag("FL-4")
	@Tag("FL-5")
	@Tag("FL-6")
	void fleetWhenAnythingHappensThenNoRefreshTokenIsUsedTwiceAndNoSessionIsLost(Weather weather) {
		int excused = 0;
		for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
			try (Run run = new Run(weather, seed)) {
				run.go();
				excused += run.excused;
			}
			catch (AssertionError | RuntimeException ex) {
				throw new AssertionError(weather + " with -Devertoken.fleet.seed=" + seed + ": " + ex.getMessage(), ex);
			}
		}
		if (weather != Weather.PROCESSES && weather != Weather.STORM) {
			assertThat(excused).as("sessions that were lost in the one window that there is").isZero();
		}
	}

	/**
	 * A call, and when it has to have an end.
	 */
	private record Call(Replica replica, TestSubscriber<AccessToken> caller, long limit) {
	}

	private static final class Run implements AutoCloseable {

		private final Weather weather;

		private final Random random;

		private final Fleet fleet;

		private final List<Call> calls = new ArrayList<>();

		private final List<Replica> touched = new ArrayList<>();

		private int session;

		private int excused;

		private int judged;

		private boolean storeAway;

		Run(Weather weather, long seed) {
			this.weather = weather;
			this.random = new Random(seed * 31 + weather.ordinal());
			this.fleet = new Fleet(Duration.ZERO, this.random::nextDouble);
		}

		void go() {
			for (int i = 0; i < 4; i++) {
				start();
			}
			logIn();
			for (int step = 0; step < STEPS; step++) {
				happens();
				pass(chance(20) ? this.random.nextInt(60_000) : this.random.nextInt(1500));
			}
			heal();
		}

		private void start() {
			Replica replica = this.fleet.start();
			replica.toIssuer = () -> issuerTrip();
			replica.toStore = () -> storeTrip(replica);
		}

		/**
		 * Have somebody log in, who begins anew until it has succeeded.
		 */
		private void logIn() {
			for (int attempt = 0; attempt < 60; attempt++) {
				if (attempt > 0 && attempt % 10 == 0) {
					start();
				}
				Replica replica = any();
				TestSubscriber<Void> done = TestSubscriber.create();
				String refreshToken = this.fleet.issuer.login();
				this.session++;
				if (replica.process.isRunning()) {
					replica.manager.put(ALICE, Fleet.session(refreshToken)).subscribe(done);
				}
				pass(2000);
				if (done.isTerminatedComplete()) {
					return;
				}
			}
			throw new IllegalStateException("Nobody can log in");
		}

		private void happens() {
			call(any());
			if (chance(30)) {
				this.fleet.replicas().forEach(this::call);
			}
			if (may(Trouble.STORE_AWAY, 6)) {
				this.storeAway = true;
				pass(this.random.nextInt(15_000));
				call(any());
				pass(this.random.nextInt(2000));
				this.storeAway = false;
			}
			if (may(Trouble.CUT_OFF, 4)) {
				Replica replica = any();
				replica.toStore = () -> Trip.QUICK.losing(Loss.REQUEST);
				this.touched.add(replica);
			}
			if (may(Trouble.NO_HINTS, 8)) {
				Replica replica = any();
				replica.hinted = !replica.hinted;
			}
			if (may(Trouble.CLOCK, 8)) {
				any().offset = Duration.ofMinutes(this.random.nextInt(120) - 60);
			}
			if (may(Trouble.REJECTION, 8)) {
				reject(any());
			}
			if (may(Trouble.LOGIN, 3)) {
				logIn();
			}
			if (may(Trouble.ISSUER_AWAY, 8)) {
				this.fleet.issuer.fails(this.fleet.issuer.isFailing() ? null : () -> FleetIssuer.unavailable());
			}
			if (may(Trouble.KILL, 6)) {
				any().kill();
				start();
			}
			if (may(Trouble.STOP, 6)) {
				Replica replica = any();
				if (replica.process.isRunning()) {
					replica.pause();
					this.touched.add(replica);
				}
				else {
					replica.process.resume();
				}
			}
		}

		private void call(Replica replica) {
			if (replica.process.isRunning()) {
				this.calls.add(new Call(replica, replica.call(ALICE),
						this.fleet.millis() + Fleet.MAX_WAIT.plus(SLACK).toMillis()));
			}
		}

		private void reject(Replica replica) {
			TestSubscriber<AccessToken> caller = replica.call(ALICE);
			if (caller.isTerminatedComplete()) {
				replica.manager.reject(ALICE, caller.getReceivedOnNext().get(0));
			}
		}

		private Trip issuerTrip() {
			Trip trip = Trip.of(millis(900), millis(900));
			if (may(Trouble.ISSUER_AWAY, 10)) {
				return trip.losing(Loss.REFUSED);
			}
			return may(Trouble.LOST_ANSWER, 4) ? trip.losing(chance(50) ? Loss.ANSWER : Loss.SILENT_ANSWER) : trip;
		}

		private Trip storeTrip(Replica replica) {
			if (this.storeAway) {
				return Trip.QUICK.losing(Loss.REQUEST);
			}
			Trip trip = Trip.of(millis(20), millis(20));
			replica.losses = may(Trouble.LOSSY_STORE, 25) ? replica.losses + 1 : 0;
			if (replica.losses == 0 || replica.losses > 2) {
				replica.losses = 0;
				return trip;
			}
			Loss[] all = { Loss.REFUSED, Loss.REQUEST, Loss.ANSWER, Loss.SILENT_ANSWER };
			return trip.losing(all[this.random.nextInt(all.length)]);
		}

		private Duration millis(int most) {
			return Duration.ofMillis(1 + this.random.nextInt(most));
		}

		private boolean may(Trouble trouble, int percent) {
			return this.weather.troubles.contains(trouble) && chance(percent);
		}

		private boolean chance(int percent) {
			return this.random.nextInt(100) < percent;
		}

		private Replica any() {
			return this.fleet.replicas().get(this.random.nextInt(this.fleet.replicas().size()));
		}

		private void pass(int millis) {
			for (int passed = 0; passed < millis; passed += 250) {
				this.fleet.pass(Math.min(250, millis - passed));
				judge();
			}
		}

		/**
		 * Look whether all is as it is to be.
		 */
		private void judge() {
			long now = this.fleet.millis();
			this.calls.removeIf((call) -> call.caller().isTerminated() || !call.replica().process.isRunning()
					|| this.touched.contains(call.replica()));
			assertThat(this.calls).as("callers who wait for longer than max-wait")
				.noneMatch((call) -> call.limit() < now);
			List<Reuse> reuses = this.fleet.issuer.reuses();
			for (; this.judged < reuses.size(); this.judged++) {
				judge(reuses.get(this.judged));
			}
			assertThat(this.fleet.issuer.overlaps()).as("requests at a time with one refresh token").isEmpty();
		}

		/**
		 * The one window: whoever has redeemed a refresh token has died, or was cut off,
		 * before the store was told.
		 */
		private void judge(Reuse reuse) {
			Sent first = reuse.first().by();
			boolean committed = this.fleet.store.hadSeen(ALICE, reuse.first().next(), reuse.second().at);
			boolean gone = first.isOrphan()
					|| this.touched.stream().anyMatch((replica) -> replica.process == first.process);
			assertThat(committed).as("a refresh token was used twice whose successor was committed").isFalse();
			assertThat(gone).as("a refresh token was used twice, and nobody is gone").isTrue();
			this.excused++;
			assertThat(this.weather.troubles).containsAnyOf(Trouble.KILL, Trouble.STOP, Trouble.CUT_OFF,
					Trouble.LOST_ANSWER);
		}

		private void heal() {
			this.fleet.issuer.fails(null);
			this.fleet.replicas().forEach((replica) -> {
				replica.hinted = true;
				replica.toIssuer = () -> Trip.QUICK;
				replica.toStore = () -> Trip.QUICK;
				replica.process.resume();
			});
			// Who was left behind may be found only now.
			pass((int) FleetIssuer.LIFETIME.toMillis());
			this.fleet.replicas().forEach(this::call);
			pass(20_000);
			if (!this.fleet.issuer.isAlive(this.session)) {
				assertThat(this.excused).as("reuses").isPositive();
				logIn();
			}
			for (int lifetime = 0; lifetime < 3; lifetime++) {
				for (Replica replica : this.fleet.replicas()) {
					TestSubscriber<AccessToken> caller = replica.call(ALICE);
					pass(12_000);
					assertThat(caller.isTerminatedComplete())
						.as(replica.name + " has a token: "
								+ (caller.isTerminatedError() ? caller.expectTerminalError() : "none"))
						.isTrue();
				}
				pass((int) FleetIssuer.LIFETIME.toMillis());
			}
		}

		@Override
		public void close() {
			this.fleet.close();
		}

	}

}
