package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Many replicas of a service, an issuer, and a store if they share one. All that the
 * replicas do is the life-cycle's own doing; issuer, store, the ways to them, calls and
 * time are modelled.
 */
final class Fleet {

	/**
	 * How often it is looked how late the timers of this machine are.
	 */
	private static final Duration TICK = Duration.ofMillis(20);

	static final TokenKey KEY = TokenKey.of("fleet");

	private final World world;

	private final @Nullable StoreModel store;

	private final List<Replica> replicas;

	private Fleet(World world) {
		this.world = world;
		Scenario scenario = world.scenario();
		IssuerModel issuer = new IssuerModel(world);
		StoreModel store = scenario.shared() ? new StoreModel(world) : null;
		this.store = store;
		this.replicas = IntStream.range(0, scenario.replicas())
			.mapToObj((number) -> new Replica(world, number, issuer, store))
			.toList();
	}

	/**
	 * Let a fleet go through a scenario in a simulated time.
	 * @param scenario the scenario
	 * @return what came of it, the same for the same scenario
	 */
	static Course simulate(Scenario scenario) {
		SimulatedTime time = new SimulatedTime();
		Fleet fleet = new Fleet(World.simulated(scenario, time));
		QuietLogs quiet = new QuietLogs();
		try {
			fleet.begin();
			time.pass(scenario.lasts());
			return fleet.world.course().ended();
		}
		finally {
			fleet.stop();
			quiet.close();
		}
	}

	/**
	 * Let a fleet go through a scenario on the clocks and threads that an application
	 * has.
	 * @param scenario the scenario
	 * @return what came of it
	 */
	static Course measure(Scenario scenario) {
		Scheduler threads = Schedulers.newParallel("fleet", 2, true);
		Fleet fleet = new Fleet(World.real(scenario, threads));
		try {
			fleet.tick(System.nanoTime());
			fleet.begin();
			long left = scenario.lasts().toNanos();
			while (left > 0) {
				LockSupport.parkNanos(left);
				left = scenario.lasts().minus(fleet.world.course().passed()).toNanos();
			}
			return fleet.world.course().ended();
		}
		finally {
			fleet.stop();
			threads.dispose();
		}
	}

	private void begin() {
		Scenario scenario = this.world.scenario();
		this.replicas.forEach((replica) -> this.world.after(
				Duration.ofNanos((long) (scenario.start().toNanos() * this.world.random().nextDouble())),
				replica::start));
		if (scenario.incident() == Scenario.Incident.DEPLOYMENT) {
			Duration each = scenario.length().dividedBy(scenario.replicas());
			for (int i = 0; i < scenario.replicas(); i++) {
				this.world.after(scenario.from().plus(each.multipliedBy(i)), this.replicas.get(i)::restart);
			}
		}
		if (this.store != null && scenario.incident() == Scenario.Incident.STORE_AWAY) {
			this.world.after(scenario.until(), this.store::comesBack);
		}
	}

	private void tick(long due) {
		long now = System.nanoTime();
		this.world.course().rang(Math.max(0, now - due));
		this.world.after(TICK, () -> tick(now + TICK.toNanos()));
	}

	private void stop() {
		this.replicas.forEach(Replica::stop);
	}

}
