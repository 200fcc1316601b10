package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenEvent.SuspectServed;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.faults.Application.Call;
import io.github.evertoken.faults.Application.Outcome;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.web.TokenAttributes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers notice of tokens that are refused, and of keys that have just become
 * others, told over real HTTP.
 */
class RejectionPromiseTests {

	private static final String ALICE = "alice";

	private static final String BROKEN = "/broken";

	private static final int UNAUTHORIZED = 401;

	private final PromiseWorld world = new PromiseWorld(Duration.ofMinutes(10), Duration.ZERO);

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	@Tag("LC-5")
	void callWhenItsTokenWasRefusedOnceAndTheIssuerIsDownThenIsAnsweredUntilTheTokenExpires() {
		Application application = startWithOwnGrant();
		String token = application.call().token();
		this.world.fault(Fault.UNAVAILABLE);
		AtomicInteger refusals = new AtomicInteger(2);
		this.world.refuse((call) -> refusals.getAndDecrement() > 0);
		assertThat(application.call().status()).as("its 401 passes on").isEqualTo(UNAUTHORIZED);
		assertThat(application.begin(50, null)).extracting((call) -> call.outcome().token()).containsOnly(token);
		assertThat(application.events(SuspectServed.class, 1)).isNotEmpty();
		this.world.pass(Duration.ofMinutes(9));
		assertThat(application.call().token()).isEqualTo(token);
		this.world.pass(Duration.ofMinutes(1));
		assertThat(application.call().failure()).isInstanceOf(TransientTokenException.class);
		assertThat(this.world.expiredTokensSent()).isZero();
	}

	@Test
	@Tag("LC-5")
	void callWhileARefusedTokenIsBeingReplacedThenIsSentWithTheNextOne() {
		Application application = startWithOwnGrant();
		String token = application.call().token();
		this.world.refuse((call) -> call.token().equals(token));
		this.world.fault(Fault.SLOW_BY_1_S);
		Call refused = application.begin(null, Application.ITEMS);
		this.world.pass(Duration.ofMillis(500));
		Outcome meanwhile = application.call();
		assertThat(meanwhile.isAnswered()).isTrue();
		assertThat(meanwhile.token()).isNotEqualTo(token).isEqualTo(refused.outcome().token());
		assertThat(this.world.sent()).filteredOn((call) -> call.token().equals(token)).hasSize(2);
	}

	@Test
	@Tag("LC-5")
	void callWhenARefusedTokenWasNeverAcceptedThenItDoesNotServe() {
		Application application = startWithOwnGrant();
		this.world.refuse((call) -> true);
		this.world.fault(Fault.SLOW_BY_1_S);
		Call first = application.begin(null, PromiseWorld.SLOW);
		this.world.pass(Duration.ofMillis(1500));
		this.world.fault(Fault.UNAVAILABLE);
		assertThat(first.outcome().isAnswered()).isFalse();
		this.world.refuse((call) -> false);
		int sent = this.world.sent().size();
		assertThat(application.call().failure()).isInstanceOf(TransientTokenException.class);
		assertThat(this.world.sent()).hasSize(sent);
	}

	@Test
	@Tag("LC-6")
	void placeWhenItRefusesWhatOthersAcceptThenCostsAtMostTwoRenewalsInAWindowAndNobodyElseWaits() {
		Application application = startWithOwnGrant();
		this.world.refuse((call) -> call.path().equals(BROKEN));
		assertThat(application.call().isAnswered()).isTrue();
		this.world.fault(Fault.SLOW_BY_1_S);
		List<Call> good = new ArrayList<>();
		List<Call> bad = new ArrayList<>();
		for (int second = 0; second < 65; second++) {
			bad.add(application.begin(null, BROKEN));
			good.add(application.begin(null, Application.ITEMS));
			this.world.pass(Duration.ofMillis(500));
			good.add(application.begin(null, Application.ITEMS));
			this.world.pass(Duration.ofMillis(500));
		}
		assertThat(good).extracting(Call::outcome).allSatisfy((outcome) -> {
			assertThat(outcome.isAnswered()).isTrue();
			assertThat(outcome.took()).isZero();
		});
		assertThat(bad).extracting((call) -> call.outcome().status()).containsOnly(UNAUTHORIZED);
		List<Instant> renewals = this.world.requests().subList(1, this.world.requests().size());
		assertThat(renewals).hasSizeGreaterThan(1)
			.allSatisfy((renewal) -> assertThat(renewals)
				.filteredOn((other) -> !other.isBefore(renewal) && other.isBefore(renewal.plusSeconds(30)))
				.hasSizeLessThanOrEqualTo(2));
	}

	@Test
	@Tag("LC-14")
	void callWhenItsKeyIsEvictedBeforeItsTokenIsRefusedThenTheTokenDoesNotComeBack() {
		Application application = this.world.start(Grant.ROTATING,
				(settings) -> settings.store(this.world.store()).maximumSubjects(1));
		application.logIn(ALICE, this.world.issuer().login());
		String token = application.call(ALICE).token();
		this.world.refuse((call) -> call.token().equals(token));
		Call slow = application.begin(ALICE, PromiseWorld.SLOW);
		for (int i = 0; i < 5; i++) {
			application.logIn("other-" + i, this.world.issuer().login());
		}
		assertThat(slow.outcome().isAnswered()).isTrue();
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.sent()).filteredOn((call) -> call.token().equals(token)).hasSize(2);
		assertThat(this.world.issuer().reuses()).isZero();
	}

	@Test
	@Tag("LC-14")
	void callWhenAPutComesDuringTheRefusalOfItsRefreshTokenThenIsAnswered() {
		Application application = this.world.start(Grant.ROTATING, (settings) -> {
		});
		application.logIn(ALICE, "made-up");
		this.world.faultOnce(Fault.SLOW_BY_1_S);
		Call call = application.begin(ALICE, Application.ITEMS);
		this.world.pass(Duration.ofMillis(500));
		application.logIn(ALICE, this.world.issuer().login());
		assertThat(call.outcome().isAnswered()).isTrue();
		this.world.pass(Duration.ofMinutes(11));
		assertThat(application.call(ALICE).isAnswered()).isTrue();
	}

	@Test
	@Tag("LC-14")
	void callWhenTwoIssuersWaitForEachOtherThenFailsAtOnce() {
		Application[] mutual = new Application[2];
		for (int i = 0; i < mutual.length; i++) {
			int other = 1 - i;
			mutual[i] = this.world.start((request) -> Mono.defer(() -> mutual[other].webClient()
				.get()
				.uri("/token")
				.attributes(TokenAttributes.client(PromiseWorld.CLIENT))
				.retrieve()
				.bodyToMono(String.class)
				.map((token) -> TokenSet.withAccessToken(token).build())), (settings) -> {
				});
		}
		assertThat(mutual).extracting(Application::call).allSatisfy((outcome) -> {
			assertThat(outcome.failure()).hasStackTraceContaining("waits for the token that it is to obtain");
			assertThat(outcome.took()).isZero();
		});
		assertThat(this.world.sent()).isEmpty();
	}

	@Test
	@Tag("LC-14")
	void putAndCallWhenTheManagerIsClosedThenFailAndNothingIsSent() {
		Application application = this.world.start(Grant.ROTATING);
		application.logIn(ALICE, this.world.issuer().login());
		String token = application.call(ALICE).token();
		application.close();
		int sent = this.world.sent().size();
		assertThat(application.failureOf(application.manager()
			.put(Application.key(ALICE), TokenSet.withRefreshToken(this.world.issuer().login()).build())))
			.isInstanceOf(TransientTokenException.class)
			.hasMessageContaining("closed");
		assertThat(application.call(ALICE).failure()).isInstanceOf(TransientTokenException.class)
			.hasMessageContaining("closed");
		assertThat(this.world.sent()).hasSize(sent);
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).token()).as("what rests in the store").isEqualTo(token);
	}

	private Application startWithOwnGrant() {
		return this.world.start(Grant.OWN, (settings) -> {
		});
	}

}
