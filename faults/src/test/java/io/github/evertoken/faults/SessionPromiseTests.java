package io.github.evertoken.faults;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.RefreshAmbiguous;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.faults.Application.Call;
import io.github.evertoken.faults.Application.Outcome;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultyStore.Condition;
import io.github.evertoken.lifecycle.ClientSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sessions of users that live through slow answers, broken connections, restarts and
 * stores that fail, told over real HTTP with an issuer that ends the session of a refresh
 * token that is redeemed twice.
 */
class SessionPromiseTests {

	private static final String ALICE = "alice";

	private static final int SESSION = 1;

	private PromiseWorld world = new PromiseWorld();

	@AfterEach
	void close() {
		this.world.close();
	}

	@Test
	@Tag("LC-3")
	void callWhenTheAnswerTakesLongerThanTheResponseTimeoutThenItIsAdopted() {
		Application application = startLoggedIn();
		this.world.faultOnce(Fault.SLOW_BY_6_S);
		Outcome first = application.call(ALICE);
		assertThat(first.failure()).isInstanceOf(TransientTokenException.class)
			.hasMessageContaining("response-timeout");
		assertThat(first.took()).isEqualTo(Duration.ofSeconds(5));
		Outcome next = application.call(ALICE);
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.took()).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.world.requests()).hasSize(1);
		assertLives();
	}

	@Test
	@Tag("LC-3")
	void callWhenTheIssuerHangsThenNoSecondRequestIsSentBeforeTheRefreshDeadline() {
		Application application = startLoggedIn();
		this.world.faultOnce(Fault.HANGS);
		for (int i = 0; i < 29; i++) {
			application.begin(ALICE, Application.ITEMS);
			this.world.pass(Duration.ofSeconds(1));
		}
		assertThat(this.world.requests()).hasSize(1);
		this.world.pass(Duration.ofSeconds(2));
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.requests()).hasSize(2);
		assertLives();
	}

	@ParameterizedTest
	@EnumSource(names = { "RESET_AFTER_REDEEMING", "CLOSED_AFTER_REDEEMING", "CUT_IN_BODY" })
	@Tag("LC-3")
	void callWhenTheConnectionBreaksAfterRedeemingThenIsTriedOnceMoreAndAnEventSaysSo(Fault fault) {
		this.world.close();
		this.world = new PromiseWorld(FaultWorld.LIFETIME, Duration.ofMinutes(1));
		Application application = startLoggedIn();
		this.world.faultOnce(fault);
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.requests()).hasSize(2);
		assertThat(application.events(RefreshAmbiguous.class, 1)).singleElement()
			.satisfies((event) -> assertThat(event.subject()).isEqualTo(ALICE));
		assertLives();
	}

	@Test
	@Tag("LC-3")
	void shutdownWhenARefreshTokenIsOnItsWayThenWaitsForItAndTheNextStartGoesOn() {
		Application application = startLoggedIn();
		this.world.faultOnce(Fault.SLOW_BY_6_S);
		application.begin(ALICE, Application.ITEMS);
		this.world.pass(Duration.ofSeconds(1));
		AtomicBoolean drained = new AtomicBoolean();
		application.manager().drain().subscribe(null, null, () -> drained.set(true));
		this.world.pass(Duration.ofMillis(4900));
		assertThat(drained).isFalse();
		this.world.pass(Duration.ofMillis(200));
		assertThat(drained).isTrue();
		application.close();
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.requests()).hasSize(1);
		assertLives();
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILING", "HANGING" })
	@Tag("LC-8")
	void callWhenTheStoreCannotBeReadThenNobodyIsSignedOut(Condition condition) {
		startLoggedIn().close();
		Application application = this.world.start(Grant.ROTATING);
		this.world.store().becomes(condition);
		Outcome outcome = application.call(ALICE);
		assertThat(outcome.failure()).isInstanceOf(TransientTokenException.class);
		assertThat(outcome.took()).isLessThan(Duration.ofSeconds(5));
		assertThat(this.world.issuer().requests()).isZero();
		this.world.store().becomes(Condition.FINE);
		this.world.pass(Duration.ofSeconds(5));
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		assertLives();
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILING", "HANGING" })
	@Tag("LC-8")
	void callWhenTheStoreIsAwayAndTheClientHasAGrantOfItsOwnThenHardlyNoticesIt(Condition condition) {
		this.world.store().becomes(condition);
		Application application = this.world.start(Grant.OWN);
		Outcome first = application.call();
		assertThat(first.isAnswered()).isTrue();
		assertThat(first.took()).isLessThanOrEqualTo(Duration.ofMillis(200));
		this.world.pass(FaultWorld.LIFETIME);
		Outcome next = application.call();
		assertThat(next.isAnswered()).isTrue();
		assertThat(next.took()).isLessThanOrEqualTo(Duration.ofMillis(200));
	}

	@Test
	@Tag("LC-9")
	void removeWhenAFlightIsUnderwayThenTheUserIsSignedOutAfterARestartToo() {
		Application application = startLoggedIn();
		Call call = beginSlowRefresh(application);
		application.assertCompletes(application.manager().remove(Application.key(ALICE)));
		this.world.pass(Duration.ofSeconds(2));
		assertThat(call.outcome().isAnswered()).isFalse();
		assertSignedOut(application);
		application.close();
		assertSignedOut(this.world.start(Grant.ROTATING));
	}

	@Test
	@Tag("LC-9")
	void putWhenAFlightIsUnderwayThenHasTheLastWordAfterARestartToo() {
		Application application = startLoggedIn();
		Call call = beginSlowRefresh(application);
		String login = this.world.issuer().login();
		application.logIn(ALICE, login);
		assertThat(call.outcome().isAnswered()).isTrue();
		this.world.pass(Duration.ofSeconds(2));
		application.close();
		int second = RotatingIssuer.sessionOf(login);
		assertThat(this.world.issuer().redeemed(second)).isEqualTo(1);
		this.world.pass(FaultWorld.LIFETIME);
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.issuer().redeemed(second)).isEqualTo(2);
		assertThat(this.world.issuer().reuses()).isZero();
	}

	@Test
	@Tag("LC-9")
	void removeWhenTheFlightIsThatOfAnotherInstanceThenHasTheLastWordToo() {
		Application first = startLoggedIn();
		Application second = this.world.start(Grant.ROTATING);
		Call call = beginSlowRefresh(first);
		second.assertCompletes(second.manager().remove(Application.key(ALICE)));
		assertThat(call.outcome().isAnswered()).isFalse();
		assertSignedOut(first);
		assertSignedOut(this.world.start(Grant.ROTATING));
	}

	@Test
	@Tag("LC-9")
	void putWhenTheFlightIsThatOfAnotherInstanceThenHasTheLastWordToo() {
		Application first = startLoggedIn();
		Application second = this.world.start(Grant.ROTATING);
		Call call = beginSlowRefresh(first);
		String login = this.world.issuer().login();
		second.logIn(ALICE, login);
		assertThat(call.outcome().isAnswered()).isTrue();
		assertThat(this.world.issuer().redeemed(RotatingIssuer.sessionOf(login))).isEqualTo(1);
		this.world.pass(FaultWorld.LIFETIME);
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).isAnswered()).isTrue();
		assertThat(this.world.issuer().redeemed(RotatingIssuer.sessionOf(login))).isEqualTo(2);
		assertThat(this.world.issuer().reuses()).isZero();
	}

	@Test
	@Tag("LC-9")
	void revokeWhenAFlightIsUnderwayThenWhatItBringsIsRevokedToo() {
		Application application = startLoggedIn();
		beginSlowRefresh(application);
		application.assertCompletes(application.manager().revoke(Application.key(ALICE)));
		assertThat(this.world.revoked()).singleElement()
			.satisfies((request) -> assertThat(request).contains("token=refresh.1.1."));
		this.world.pass(Duration.ofSeconds(2));
		assertThat(this.world.revoked()).hasSizeGreaterThan(1)
			.anySatisfy((request) -> assertThat(request).contains("token=refresh.1.2."));
		assertSignedOut(application);
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILING", "HANGING" })
	@Tag("LC-9")
	void commandsWhenTheStoreIsAwayThenFailAndMemoryAndStoreAgree(Condition condition) {
		Application application = startLoggedIn();
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		this.world.store().becomes(condition);
		assertThat(application.failureOf(application.manager().remove(Application.key(ALICE)))).isNotNull();
		assertThat(application.failureOf(application.manager().revoke(Application.key(ALICE)))).isNotNull();
		assertThat(application
			.failureOf(application.manager().put(Application.key(ALICE), TokenSet.withRefreshToken("other").build())))
			.isNotNull();
		assertThat(application.call(ALICE).isAnswered()).isTrue();
		this.world.store().becomes(Condition.FINE);
		application.close();
		assertThat(this.world.revoked()).isEmpty();
		this.world.pass(FaultWorld.LIFETIME);
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).isAnswered()).isTrue();
		assertLives();
	}

	@ParameterizedTest
	@EnumSource(names = { "FAILING", "HANGING" })
	@Tag("LC-9")
	void saveWhenTheStoreIsAwayThenIsTriedAgainUntilItSucceeds(Condition condition) {
		Application application = startLoggedIn();
		Call call = beginSlowRefresh(application);
		this.world.store().becomes(condition);
		assertThat(call.outcome().isAnswered()).isTrue();
		assertThat(call.outcome().took()).isLessThanOrEqualTo(Duration.ofMillis(1500));
		this.world.pass(Duration.ofSeconds(20));
		this.world.store().becomes(Condition.FINE);
		application.assertCompletes(application.manager().drain());
		application.close();
		this.world.pass(FaultWorld.LIFETIME);
		assertThat(this.world.start(Grant.ROTATING).call(ALICE).isAnswered()).isTrue();
		assertLives();
	}

	@Test
	@Tag("LC-10")
	void deploymentWhenOldAndNewInstancesServeInTurnThenTheSessionLives() {
		Application old = startLoggedIn();
		for (int version = 0; version < 3; version++) {
			Application next = this.world.start(Grant.ROTATING);
			for (int lifetime = 0; lifetime < 3; lifetime++) {
				assertThat(old.call(ALICE).isAnswered()).isTrue();
				assertThat(next.call(ALICE).isAnswered()).isTrue();
				this.world.pass(FaultWorld.LIFETIME);
				assertThat(next.call(ALICE).isAnswered()).isTrue();
				assertThat(old.call(ALICE).isAnswered()).isTrue();
				this.world.pass(FaultWorld.LIFETIME);
			}
			old.close();
			old = next;
		}
		assertThat(this.world.requests()).hasSize(18);
		assertLives();
	}

	@Test
	@Tag("LC-10")
	void restartWhenTheTokenHasExpiredMeanwhileThenTheSessionLives() {
		for (int restart = 0; restart < 3; restart++) {
			Application application = (restart == 0) ? startLoggedIn() : this.world.start(Grant.ROTATING);
			assertThat(application.call(ALICE).isAnswered()).isTrue();
			this.world.pass(FaultWorld.LIFETIME);
			assertThat(application.call(ALICE).isAnswered()).isTrue();
			application.close();
			this.world.pass(FaultWorld.LIFETIME);
		}
		assertThat(this.world.requests()).hasSize(6);
		assertLives();
	}

	@Test
	@Tag("LC-10")
	void callWhenTheRefreshTokenIsRefusedAndAnotherInstanceHasANewerSetThenThatIsTaken() {
		Application first = startLoggedIn("made-up");
		Application second = this.world.start(Grant.ROTATING);
		Call call = beginSlowRefresh(first);
		second.logIn(ALICE, this.world.issuer().login());
		assertThat(call.outcome().isAnswered()).isTrue();
		assertThat(this.world.requests()).hasSize(2);
		assertLives();
	}

	@Test
	@Tag("LC-10")
	void restartWhenTheOperatorHasReplacedARefreshTokenThatIsRefusedThenTheNewOneIsTried() {
		Application old = this.world.start(Grant.ROTATING, configured("of-last-year"));
		old.assertCompletes(
				old.manager().put(Application.key(null), TokenSet.withRefreshToken("of-last-year").build()));
		assertThat(old.call().failure()).isInstanceOf(ReauthenticationRequiredException.class);
		old.close();
		old = this.world.start(Grant.ROTATING);
		old.assertCompletes(
				old.manager().put(Application.key(null), TokenSet.withRefreshToken("of-last-month").build()));
		old.close();
		String replaced = this.world.issuer().login();
		for (int restart = 0; restart < 3; restart++) {
			Application application = this.world.start(Grant.ROTATING, configured(replaced));
			assertThat(application.call().isAnswered()).isTrue();
			application.close();
			this.world.pass(FaultWorld.LIFETIME);
		}
		assertThat(this.world.issuer().redeemed(SESSION)).isEqualTo(3);
		assertLives();
	}

	private Consumer<ClientSettings.Builder> configured(String refreshToken) {
		return (settings) -> settings.store(this.world.store()).refreshToken(refreshToken);
	}

	private Application startLoggedIn() {
		return startLoggedIn(this.world.issuer().login());
	}

	private Application startLoggedIn(String refreshToken) {
		Application application = this.world.start(Grant.ROTATING);
		application.logIn(ALICE, refreshToken);
		return application;
	}

	/**
	 * Begin a call whose refresh token is on its way to the issuer for another half a
	 * second.
	 */
	private Call beginSlowRefresh(Application application) {
		this.world.faultOnce(Fault.SLOW_BY_1_S);
		Call call = application.begin(ALICE, Application.ITEMS);
		this.world.pass(Duration.ofMillis(500));
		return call;
	}

	private static void assertSignedOut(Application application) {
		assertThat(application.call(ALICE).failure()).isInstanceOf(ReauthenticationRequiredException.class);
	}

	private void assertLives() {
		assertThat(this.world.issuer().isAlive(SESSION)).isTrue();
		assertThat(this.world.issuer().reuses()).isZero();
	}

}
