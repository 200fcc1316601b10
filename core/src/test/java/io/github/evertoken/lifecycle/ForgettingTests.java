package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Forgotten;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.support.LogLines;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for which keys are forgotten, and who is told, in virtual time.
 */
@Tag("LC-12")
class ForgettingTests {

	private static final int MOST = 50;

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final LogLines log = new LogLines(TokenLifecycle.class.getName());

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.client(ClientSettings.of("inventory", new ScriptedIssuer())
			.maximumSubjects(MOST)
			.subjectExpireAfterIdle(Duration.ofMinutes(30))
			.build())
		.build();

	@BeforeEach
	void listen() {
		this.manager.events().subscribe(this.events::add);
	}

	@AfterEach
	void close() {
		this.log.close();
		this.manager.close();
		this.time.dispose();
	}

	@Test
	void putWhenThereAreTooManyThenThoseThatWereNotUsedForTheLongestTimeAreForgotten() {
		IntStream.range(0, MOST).forEach((i) -> logIn("old" + i));
		IntStream.range(0, MOST / 2).forEach((i) -> use("old" + i));
		IntStream.range(0, MOST / 2).forEach((i) -> logIn("new" + i));
		assertThat(IntStream.range(0, MOST / 2).filter((i) -> holds("old" + i)).count()).isEqualTo(MOST / 2);
		assertThat(IntStream.range(0, MOST / 2).filter((i) -> holds("new" + i)).count()).isEqualTo(MOST / 2);
		List<Forgotten> forgotten = forgotten(MOST / 2);
		assertThat(forgotten).hasSize(MOST / 2).allSatisfy((event) -> {
			assertThat(event.tooMany()).isTrue();
			assertThat(event.trigger()).isEqualTo(Trigger.EVICTION);
			assertThat(event.subject()).startsWith("old");
			assertThat(event.generation()).isEqualTo(1);
		});
	}

	@Test
	void putWhenTheCacheIsFullOfIdleKeysThenEveryNewLoginStays() {
		IntStream.range(0, MOST).forEach((i) -> logIn("idle" + i));
		IntStream.range(0, 10).forEach((round) -> IntStream.range(0, MOST).forEach((i) -> use("idle" + i)));
		for (int i = 0; i < 10 * MOST; i++) {
			logIn("new" + i);
			assertThat(holds("new" + i)).as("login %d", i).isTrue();
		}
	}

	@Test
	void putWhenTooManyAreForgottenThenOneWarningAMinuteSaysHowManyAndWhatToRaise() {
		IntStream.range(0, 3 * MOST).forEach((i) -> put("user" + i));
		assertThat(warnings()).hasSize(1)
			.first()
			.asString()
			.contains("evertoken.clients.inventory.subjects.maximum-size");
		this.time.advanceTimeBy(Duration.ofMinutes(1));
		logIn("one more");
		assertThat(warnings()).hasSize(2).last().asString().contains(": " + 2 * MOST + " refresh tokens");
	}

	@Test
	void idleWhenNobodyCallsThenIsForgottenWithinAMinute() {
		logIn("alice");
		TokenLifecycle alice = this.manager.lifecycle(TokenKey.of("inventory", "alice"));
		this.time.advanceTimeBy(Duration.ofMinutes(29));
		assertThat(alice.state().refreshToken()).isEqualTo("refresh-alice");
		this.time.advanceTimeBy(Duration.ofMinutes(2));
		assertThat(alice.state().closed()).isTrue();
		assertThat(forgotten(1)).singleElement().satisfies((event) -> assertThat(event.tooMany()).isFalse());
		assertThat(warnings()).isEmpty();
	}

	private void logIn(String subject) {
		put(subject);
		this.time.advanceTimeBy(Duration.ofMillis(1100));
	}

	private void put(String subject) {
		this.manager
			.put(TokenKey.of("inventory", subject),
					TokenSet.withAccessToken("token-" + subject.replace(' ', '-'))
						.refreshToken("refresh-" + subject)
						.expiresIn(Duration.ofHours(1))
						.build())
			.block(Duration.ofMinutes(1));
	}

	private void use(String subject) {
		assertThat(this.manager.lifecycle(TokenKey.of("inventory", subject)).usable()).isNotNull();
		this.time.advanceTimeBy(Duration.ofMillis(1100));
	}

	private boolean holds(String subject) {
		TokenLifecycle known = this.manager.lifecycle(TokenKey.of("inventory"))
			.client()
			.keys()
			.known(TokenKey.of("inventory", subject));
		return known != null && known.state().refreshToken() != null;
	}

	private List<Forgotten> forgotten(int number) {
		Awaitility.await().until(() -> this.events.stream().filter(Forgotten.class::isInstance).count() >= number);
		return this.events.stream().filter(Forgotten.class::isInstance).map(Forgotten.class::cast).toList();
	}

	private List<String> warnings() {
		return this.log.with("forgotten. Raise");
	}

}
