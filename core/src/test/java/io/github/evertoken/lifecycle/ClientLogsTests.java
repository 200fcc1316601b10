package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;

import ch.qos.logback.classic.Level;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientLogs}, {@link FlightLog} and {@link TroubleLog}: what is written
 * of flights and of their failures, and how often.
 */
@Tag("OB-24")
class ClientLogsTests extends LifecycleFixture {

	private final LogLines lines = new LogLines(TokenLifecycle.class.getName(), Level.DEBUG);

	@AfterEach
	void leave() {
		this.lines.close();
	}

	@Test
	void refusalsWhenManyKeysAreRefusedThenAreOneLineAMinute() {
		for (int i = 0; i < 50; i++) {
			refused(subject(i));
		}
		assertThat(this.lines.at(Level.WARN)).singleElement().asString().contains("invalid_scope", "Next attempt in");
		advance(Duration.ofSeconds(60));
		refused(subject(50));
		assertThat(this.lines.at(Level.WARN)).hasSize(2)
			.last()
			.asString()
			.endsWith("; 49 more since the last line of this kind");
	}

	@Test
	void recoveryThenSaysHowLongItTookAndHowManyCallsHaveFailed() {
		refused(ALICE);
		advance(Duration.ofMillis(100));
		caller(ALICE);
		caller(ALICE);
		advance(Duration.ofSeconds(10));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.lines.at(Level.INFO))
			.containsExactly("The issuer grants tokens to client 'inventory' again, after 1"
					+ " refused flights in 10100 ms; 3 calls have failed");
		assertThat(token(BOB)).isEqualTo("t2");
		assertThat(this.lines.at(Level.INFO)).hasSize(1);
		refused(TokenKey.of("inventory", "carol"));
		assertThat(this.lines.at(Level.WARN)).hasSize(2);
	}

	@Test
	void recoveryOfTheIssuerThenSaysHowManyCallsHaveFailed() {
		use((settings) -> settings.patience(Duration.ZERO));
		this.issuer.thenFail(new IOException("reset"));
		callers(1, ALICE);
		callers(4, BOB);
		advance(Duration.ofSeconds(10));
		assertThat(token(ALICE)).isEqualTo("t1");
		assertThat(this.lines.at(Level.INFO)).singleElement()
			.asString()
			.contains("answers again, after 1 failed attempts in 10000 ms; 5 calls have failed");
	}

	@Test
	void signOutsOfSubjectsThenAreOneLineAMinuteAndThatOfTheServiceIsWrittenToo() {
		for (int i = 0; i < 20; i++) {
			put(subject(i), refreshable("r" + i));
			this.issuer.thenRefuse().thenRefuse();
			caller(subject(i));
		}
		put(SERVICE, refreshable("r"));
		this.issuer.thenRefuse().thenRefuse();
		caller(SERVICE);
		assertThat(this.lines.at(Level.WARN)).hasSize(2)
			.allSatisfy((line) -> assertThat(line).startsWith("Somebody must log"));
	}

	@Test
	void flightThenIsAStory() {
		this.issuer.thenFail(new IOException("reset"));
		var second = answerLater();
		callers(3, SERVICE);
		advance(Duration.ofMillis(200));
		second.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(this.lines.at(Level.DEBUG)).filteredOn((line) -> line.startsWith("Flight"))
			.satisfiesExactly(
					(line) -> assertThat(line)
						.isEqualTo("Flight for client 'inventory' takes off: trigger USE, without a refresh token"),
					(line) -> assertThat(line).startsWith("Flight for client 'inventory': attempt 1 has failed after")
						.contains(" wait: No access token"),
					(line) -> assertThat(line).isEqualTo("Flight for client 'inventory' ends: SUCCESS after 200 ms,"
							+ " trigger USE, attempts 2, 3 waited"));
	}

	@Test
	void flightWhenItFailsThenItsEndSaysWhy() {
		refused(SERVICE);
		assertThat(this.lines.at(Level.DEBUG)).filteredOn((line) -> line.startsWith("Flight"))
			.last()
			.asString()
			.contains("ends: REFUSED after 0 ms, trigger USE, attempts 1")
			.endsWith("waited: no");
	}

	private static TokenKey subject(int number) {
		return TokenKey.of("inventory", "subject-" + number);
	}

	private void refused(TokenKey key) {
		this.issuer.thenFail(new TokenRefusedException(key, "no", "invalid_scope", null, null));
		assertThat(errorOf(caller(key))).isInstanceOf(TokenRefusedException.class);
	}

}
