package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import ch.qos.logback.classic.Level;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenStoreException;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TroubleLog}: one line when trouble begins, then at most one a minute,
 * and one when it ends.
 */
@Tag("LC-7")
class TroubleLogTests extends LifecycleFixture {

	private final LogLines lines = new LogLines(TokenLifecycle.class.getName(), Level.INFO);

	private final TroubleLog log = new TroubleLog();

	@AfterEach
	void leave() {
		this.lines.close();
	}

	@Test
	void failedThenOneLineAMinuteSaysHowManyMore() {
		failed(0);
		failed(1);
		failed(59_999);
		assertThat(warnings()).singleElement()
			.asString()
			.endsWith("down" + Troubleshooting.TRANSIENT_TOKEN.reference() + ". Next attempt in 7 ms at the earliest");
		failed(60_000);
		assertThat(warnings()).hasSize(2)
			.last()
			.asString()
			.endsWith("; 2 more have failed since the last line of this kind");
		failed(120_000);
		assertThat(warnings()).hasSize(3).last().asString().endsWith("at the earliest");
	}

	@Test
	void failedWhenThePauseIsOverThenSaysThatThereIsNone() {
		this.log.failed(failure(), -3, new Moment(0, 0));
		assertThat(warnings()).singleElement().asString().contains("Next attempt in 0 ms");
	}

	@Test
	void overThenSaysSoAndTheNextTroubleIsTold() {
		failed(0);
		failed(1);
		this.log.over(new TroubleLog.Summary(failure(), 2, 5));
		assertThat(this.lines.at(Level.INFO)).containsExactly(
				"The issuer of client 'inventory' answers again, after 2 failed attempts in 5 ms; 0 calls have"
						+ " failed");
		failed(2);
		assertThat(warnings()).hasSize(2).last().asString().endsWith("at the earliest");
	}

	@Test
	void outageThenIsToldWhenItBeginsAndWhenItEnds() {
		this.issuer.thenFail(new IOException("reset")).thenFail(new IOException("reset"));
		caller(ALICE);
		advance(Duration.ofMillis(200));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(warnings()).singleElement().asString().contains("Next attempt in 38 ms");
		assertThat(this.lines.at(Level.INFO)).singleElement()
			.asString()
			.endsWith("after 2 failed attempts in 113 ms; 0 calls have failed");
	}

	@Test
	@Tag("LC-8")
	void outageWhenItIsTheStoresThenIsToldToo() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		store.loading = (step) -> Mono.error(new TokenStoreException(ALICE, "loaded from", null));
		this.issuer.thenRefuse();
		caller(ALICE);
		assertThat(warnings()).singleElement().asString().contains("the token store cannot be read");
	}

	private void failed(long mono) {
		this.log.failed(failure(), 7, new Moment(mono, 0));
	}

	private static TransientTokenException failure() {
		return new TransientTokenException(TokenKey.of("inventory"), "down", null);
	}

	private List<String> warnings() {
		return this.lines.at(Level.WARN);
	}

}
