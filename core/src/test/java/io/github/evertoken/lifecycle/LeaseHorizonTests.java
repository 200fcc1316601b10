package io.github.evertoken.lifecycle;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LeaseHorizon}.
 */
class LeaseHorizonTests {

	private final LeaseHorizon leases = new LeaseHorizon();

	@Test
	void latestEndThenIsThatOfTheLeaseThatEndsLast() {
		assertThat(this.leases.latestEnd()).isEqualTo(LeaseHorizon.NONE);
		this.leases.open(200);
		this.leases.open(100);
		assertThat(this.leases.latestEnd()).isEqualTo(200);
		this.leases.close(200);
		assertThat(this.leases.latestEnd()).isEqualTo(100);
		this.leases.close(100);
		assertThat(this.leases.latestEnd()).isEqualTo(LeaseHorizon.NONE);
	}

	@Test
	void closeWhenSeveralEndAtTheSameTimeThenTheLastOneCounts() {
		this.leases.open(100);
		this.leases.open(100);
		this.leases.open(100);
		this.leases.close(100);
		this.leases.close(100);
		assertThat(this.leases.latestEnd()).isEqualTo(100);
		this.leases.close(100);
		assertThat(this.leases.latestEnd()).isEqualTo(LeaseHorizon.NONE);
	}

	@Test
	void areOpenThenUntilTheMillisecondOfTheEnd() {
		this.leases.open(100);
		assertThat(this.leases.areOpen(new Moment(99, 0))).isTrue();
		assertThat(this.leases.areOpen(new Moment(100, 0))).isFalse();
	}

	@Test
	void untilRenewalThenIsWhenANewTokenWouldOutlastAllLeases() {
		HeldToken held = new HeldToken("Bearer", "t", Instant.EPOCH, Instant.ofEpochMilli(1000), 1, 0, 0);
		assertThat(this.leases.untilRenewal(held, new Moment(10, 10))).isEqualTo(Long.MAX_VALUE);
		this.leases.open(1000);
		assertThat(this.leases.untilRenewal(held, new Moment(10, 10))).isEqualTo(Long.MAX_VALUE);
		this.leases.open(1100);
		assertThat(this.leases.untilRenewal(held, new Moment(10, 10))).isEqualTo(90);
	}

}
