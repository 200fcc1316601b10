package io.github.evertoken.faults;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Forgotten;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.test.support.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Users who are forgotten because there are too many, or because they have gone, told
 * over real HTTP.
 */
@Tag("LC-12")
class ForgettingPromiseTests {

	private static final int MOST = 20;

	private static final String PROPERTY = "evertoken.clients.inventory.subjects.maximum-size";

	private final PromiseWorld world = new PromiseWorld(Duration.ofHours(2), Duration.ZERO);

	private final LogLines log = new LogLines("io.github.evertoken.lifecycle");

	@AfterEach
	void close() {
		this.world.close();
		this.log.close();
	}

	@Test
	void callWhenThereAreTooManyUsersThenOnlyThoseWhoHaveNotCalledForTheLongestTimeMustLogIn() {
		Application application = start();
		logIn(application, "user", MOST);
		List<String> lately = IntStream.range(0, MOST / 2).mapToObj((i) -> "user-" + i).toList();
		lately.forEach((user) -> call(application, user));
		logIn(application, "new", MOST / 2);
		Stream.concat(lately.stream(), IntStream.range(0, MOST / 2).mapToObj((i) -> "new-" + i))
			.forEach((user) -> assertThat(application.call(user).isAnswered()).as(user).isTrue());
		List<String> gone = IntStream.range(MOST / 2, MOST).mapToObj((i) -> "user-" + i).toList();
		assertThat(application.events(Forgotten.class, MOST / 2)).allMatch(Forgotten::tooMany)
			.extracting(Forgotten::subject)
			.containsExactlyInAnyOrderElementsOf(gone);
		assertThat(gone).allSatisfy((user) -> assertThat(application.call(user).failure())
			.isInstanceOf(ReauthenticationRequiredException.class));
	}

	@Test
	void loginWhenTheCacheIsFullOfUsersWhoHaveCalledALotThenEveryNewOneIsKept() {
		Application application = start();
		logIn(application, "busy", MOST);
		IntStream.range(0, 3)
			.forEach((round) -> IntStream.range(0, MOST).forEach((i) -> call(application, "busy-" + i)));
		for (int i = 0; i < 2 * MOST; i++) {
			application.logIn("new-" + i, this.world.issuer().login());
			this.world.pass(Duration.ofMillis(1100));
			assertThat(application.call("new-" + i).isAnswered()).as("login %d", i).isTrue();
		}
	}

	@Test
	void loginWhenThereAreTooManyThenOneLineAMinuteSaysHowManyAndWhatToRaise() {
		Application application = start();
		for (int second = 0; second < 90; second++) {
			application.logIn("user-" + second, this.world.issuer().login());
			this.world.pass(Duration.ofSeconds(1));
		}
		assertThat(this.log.with(PROPERTY)).hasSize(2)
			.first()
			.asString()
			.startsWith("WARN")
			.contains(": 1 refresh tokens of those");
		assertThat(this.log.with(PROPERTY)).last().asString().contains(": 60 refresh tokens of those");
	}

	@Test
	void userWhenIdleThenIsForgottenWithoutAnybodysHelpWithinAMinute() {
		Application application = start();
		logIn(application, "alice", 1);
		logIn(application, "bob", 1);
		this.world.pass(Duration.ofMinutes(29));
		assertThat(application.call("bob-0").isAnswered()).isTrue();
		this.world.pass(Duration.ofMinutes(2));
		assertThat(application.events(Forgotten.class, 1)).singleElement().satisfies((event) -> {
			assertThat(event.subject()).isEqualTo("alice-0");
			assertThat(event.tooMany()).isFalse();
		});
		assertThat(application.call("bob-0").isAnswered()).isTrue();
		assertThat(application.call("alice-0").failure()).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.log.with(PROPERTY)).isEmpty();
	}

	@Test
	void callWhenItsUserWasForgottenThenTheSessionComesBackFromTheStore() {
		Application application = this.world.start(Grant.ROTATING,
				(settings) -> settings.maximumSubjects(MOST).store(this.world.store()));
		logIn(application, "user", 2 * MOST);
		assertThat(application.events(Forgotten.class, MOST)).hasSize(MOST);
		IntStream.range(0, 2 * MOST)
			.forEach((i) -> assertThat(application.call("user-" + i).isAnswered()).as("user %d", i).isTrue());
		assertThat(this.world.issuer().alive()).isEqualTo(2 * MOST);
		assertThat(this.world.issuer().reuses()).isZero();
	}

	private Application start() {
		return this.world.start(Grant.ROTATING,
				(settings) -> settings.maximumSubjects(MOST).subjectExpireAfterIdle(Duration.ofMinutes(30)));
	}

	private void logIn(Application application, String name, int users) {
		IntStream.range(0, users).forEach((i) -> {
			application.logIn(name + "-" + i, this.world.issuer().login());
			call(application, name + "-" + i);
		});
	}

	/**
	 * Uses are compared by the second.
	 */
	private void call(Application application, String user) {
		assertThat(application.call(user).isAnswered()).as(user).isTrue();
		this.world.pass(Duration.ofMillis(1100));
	}

}
