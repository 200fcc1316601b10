package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;
import java.util.Map;

import io.github.evertoken.benchmarks.fleet.Scenario.Incident;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * What follows from how tokens are renewed has to come out of the simulation.
 */
class FleetTests {

	private static final int REPLICAS = 50;

	private static final Duration LIFETIME = Duration.ofMinutes(5);

	private static final double SECONDS = LIFETIME.toSeconds();

	/**
	 * The answer of the issuer, and the way to it, in the mean.
	 */
	private static final double ANSWER = 2 * IssuerModel.MILLIS / 1000.0;

	private final Scenario scenario = Scenario.coldStart(REPLICAS, LIFETIME, LIFETIME.multipliedBy(20), 1);

	@Test
	void simulateWhenSeedIsTheSameThenEverythingIsTheSame() {
		assertThat(metrics(this.scenario.sharing())).isEqualTo(metrics(this.scenario.sharing()));
	}

	@Test
	void simulateWhenSeedIsAnotherThenChanceIsAnother() {
		Scenario another = Scenario.coldStart(REPLICAS, LIFETIME, LIFETIME.multipliedBy(20), 2);
		assertThat(metrics(this.scenario)).isNotEqualTo(metrics(another));
	}

	@Test
	void simulateWhenThereIsNoStoreThenEachReplicaAsksOnceInEachRenewal() {
		// Renewals come at 80 %, and up to 5 % earlier, of the lifetime that is left of
		// an
		// answer that was on its way.
		double expected = REPLICAS / (0.775 * SECONDS + ANSWER);
		assertThat(metrics(this.scenario).get(Course.MEAN)).isCloseTo(expected, within(0.01 * expected));
	}

	@Test
	void simulateWhenThereIsNoJitterThenEachRenewalComesAtTheSamePoint() {
		double expected = REPLICAS / (0.8 * SECONDS + ANSWER);
		assertThat(metrics(this.scenario.withoutJitter()).get(Course.MEAN)).isCloseTo(expected,
				within(0.001 * expected));
	}

	@Test
	void simulateWhenReplicasShareThenTheEarliestOfAllAsksForAll() {
		Map<String, Double> metrics = metrics(this.scenario.sharing());
		// The earliest of n numbers between 0 and 1 is 1 / (n + 1), in the mean.
		double earliest = 0.75 + Scenario.JITTER / (REPLICAS + 1);
		assertThat(metrics.get(Course.PER_LIFETIME)).isCloseTo(1 / earliest, within(0.01));
		assertThat(metrics.get(Course.PEAK)).isEqualTo(1);
	}

	@Test
	void simulateWhenReplicasShareThenEachLooksAtEachTokenSet() {
		// One claims and commits, and all others load.
		assertThat(metrics(this.scenario.sharing()).get(Course.STEPS)).isBetween(REPLICAS + 1.0, 2.0 * REPLICAS);
	}

	@Test
	void simulateWhenJitterIsThereThenTheReplicasDriftApart() {
		assertThat(metrics(this.scenario.withoutJitter()).get(Course.PEAK)).isGreaterThan(REPLICAS / 2.0);
		assertThat(metrics(this.scenario).get(Course.PEAK)).isLessThan(REPLICAS / 4.0);
	}

	@Test
	void simulateWhenEachIsReplacedThenNewOnesTakeWhatTheStoreHas() {
		Scenario deployed = this.scenario.startingOver(LIFETIME)
			.lasting(Duration.ofMinutes(30))
			.with(Incident.DEPLOYMENT, Duration.ofMinutes(10), Duration.ofMinutes(10));
		assertThat(metrics(deployed).get(Course.REQUESTS)).isGreaterThan(4 * REPLICAS);
		assertThat(metrics(deployed.sharing()).get(Course.REQUESTS)).isBetween(5.0, 6.0);
	}

	@Test
	void simulateWhenStoreIsAwayThenNoCallFails() {
		Scenario away = this.scenario.sharing()
			.lasting(Duration.ofMinutes(30))
			.with(Incident.STORE_AWAY, Duration.ofMinutes(10), Duration.ofMinutes(10));
		assertThat(metrics(away).get(Course.FAILED)).isZero();
		assertThat(metrics(away).get(Course.REQUESTS)).isGreaterThan(REPLICAS);
	}

	@Test
	void simulateWhenIssuerIsAwayForLongerThanTokensLiveThenCallsFail() {
		Scenario away = this.scenario.lasting(Duration.ofMinutes(30))
			.with(Incident.ISSUER_AWAY, Duration.ofMinutes(10), Duration.ofMinutes(10));
		assertThat(metrics(away).get(Course.FAILED)).isGreaterThan(10);
		assertThat(metrics(away.sharing()).get(Course.REQUESTS)).isLessThan(metrics(away).get(Course.REQUESTS) / 4);
	}

	private static Map<String, Double> metrics(Scenario scenario) {
		return Fleet.simulate(scenario).metrics();
	}

}
