package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link KeyStatus} and {@link ClientStatus}.
 */
class InspectionTests extends LifecycleFixture {

	@Test
	void statusWhenNothingHasHappenedThenIsEmptyAndStaysSo() {
		ClientStatus status = this.manager.status("inventory");
		assertThat(status.service().phase()).isEqualTo(KeyPhase.EMPTY);
		assertThat(status.service().isServing()).isFalse();
		assertThat(status.service().remaining()).isZero();
		assertThat(status.service().lifetime()).isZero();
		assertThat(status.service().lately()).isEmpty();
		assertThat(status.subjects()).isEmpty();
		assertThat(this.manager.status(ALICE)).isNull();
		assertThat(this.issuer.calls()).isZero();
		assertThat(this.manager.status("inventory").subjects()).isEmpty();
	}

	@Test
	void statusWhenClientIsNotKnownThenFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.manager.status("else"))
			.withMessageContaining("[inventory]");
		assertThatIllegalArgumentException().isThrownBy(() -> this.manager.status(TokenKey.of("else")));
	}

	@Test
	void statusWhenFlightRunsThenTellsOfItAndOfWhoWaits() {
		var answer = answerLater();
		callers(3, SERVICE);
		advance(Duration.ofMillis(300));
		KeyStatus flying = this.manager.status("inventory").service();
		assertThat(flying.waiting()).isEqualTo(3);
		assertThat(this.manager.status("inventory").waiting()).isEqualTo(3);
		assertThat(flying.flight()).isNotNull();
		assertThat(flying.flight().trigger()).isEqualTo(Trigger.USE);
		assertThat(flying.flight().attempts()).isOne();
		assertThat(flying.flight().since()).isEqualTo(flying.at().minusMillis(300));
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(10));
		KeyStatus landed = this.manager.status("inventory").service();
		assertThat(landed.phase()).isEqualTo(KeyPhase.FRESH);
		assertThat(landed.generation()).isOne();
		assertThat(landed.flight()).isNull();
		assertThat(landed.waiting()).isZero();
		assertThat(landed.isServing()).isTrue();
		assertThat(landed.lifetime()).isEqualTo(ScriptedIssuer.LIFETIME);
		assertThat(landed.remaining()).isLessThanOrEqualTo(Duration.ofSeconds(90)).isPositive();
		assertThat(landed.renewsAt()).isBefore(landed.token().expiresAt()).isAfter(landed.at());
		assertThat(landed.lately()).extracting(KeyStatus.Transited::event).containsExactly("Use", "Landed");
		assertThat(landed.lately().get(1).from()).isEqualTo(KeyPhase.EMPTY);
		assertThat(landed.lately().get(1).to()).isEqualTo(KeyPhase.FRESH);
		assertThat(landed.lately().get(1).generation()).isOne();
		assertThat(landed.toString()).doesNotContain("t1");
	}

	@Test
	void statusWhenIssuerFailsThenTellsSinceWhen() {
		for (int i = 0; i < 100; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		}
		caller(SERVICE);
		advance(Duration.ofSeconds(4));
		KeyStatus failing = this.manager.status("inventory").service();
		assertThat(failing.failing()).isNotNull();
		assertThat(failing.failing().count()).isOne();
		assertThat(failing.failing().last().reason()).isEqualTo("busy");
		advance(Duration.ofMinutes(2));
		caller(SERVICE);
		advance(Duration.ofSeconds(4));
		KeyStatus still = this.manager.status("inventory").service();
		assertThat(still.failing().count()).isGreaterThan(1);
		assertThat(still.failing().since()).isEqualTo(failing.failing().since());
	}

	@Test
	void statusWhenIssuerRecoversThenNothingFails() {
		this.issuer.thenFail(new TokenRefusedException(SERVICE, "wrong", null, null, null));
		caller(SERVICE);
		KeyStatus refused = this.manager.status("inventory").service();
		assertThat(refused.failing()).isNotNull();
		assertThat(refused.restsUntil()).isAfter(refused.at());
		advance(Duration.ofMinutes(2));
		token(SERVICE);
		assertThat(this.manager.status("inventory").service().failing()).isNull();
		assertThat(this.manager.status("inventory").service().restsUntil()).isNull();
	}

	@Test
	void statusThenCountsSubjectsByPhaseAndKnowsThemWithoutTouchingThem() {
		put(ALICE, refreshable("r1"));
		token(ALICE);
		put(BOB, refreshable("r2"));
		this.issuer.thenRefuse().thenRefuse();
		caller(BOB);
		ClientStatus status = this.manager.status("inventory");
		assertThat(status.subjects()).containsEntry(KeyPhase.FRESH, 1L).containsEntry(KeyPhase.SIGNED_OUT, 1L);
		KeyStatus bob = this.manager.status(BOB);
		assertThat(bob.signedOut()).isNotNull();
		assertThat(bob.hasRefreshToken()).isFalse();
		assertThat(bob.lately()).isEmpty();
		assertThat(this.manager.status(ALICE).hasRefreshToken()).isTrue();
		assertThat(status.forgotten()).isZero();
	}

	@Test
	void statusWhenIdleKeyIsForgottenThenCountsIt() {
		use((settings) -> settings.subjectExpireAfterIdle(Duration.ofMinutes(5)));
		put(ALICE, refreshable("r1"));
		token(ALICE);
		advance(Duration.ofMinutes(7));
		assertThat(this.manager.status("inventory").forgotten()).isOne();
		assertThat(this.manager.status(ALICE)).isNull();
	}

	@Test
	void statusOfSubjectThenHasItsOwnKeyFirstAndThoseThatParametersVary() {
		put(ALICE, refreshable("r1"));
		token(ALICE);
		TokenKey narrowed = ALICE.withParameters(TokenParameters.builder().scope(List.of("read")).build());
		token(narrowed);
		assertThat(this.manager.status("inventory", "alice")).extracting(KeyStatus::key)
			.containsExactly(ALICE, narrowed);
		assertThat(this.manager.status("inventory", "bob")).isEmpty();
		assertThat(this.manager.status(BOB)).isNull();
	}

	@Test
	void statusThenSaysWhatACallerWouldBeToldAtOnce() {
		use((settings) -> settings.initialBackoff(Duration.ofSeconds(40)).maxBackoff(Duration.ofSeconds(40)));
		assertThat(service().barred()).isNull();
		for (int i = 0; i < 100; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		}
		caller(SERVICE);
		advance(Duration.ofMillis(500));
		assertThat(service().barred()).as("patience lasts").isNull();
		advance(Duration.ofMillis(2600));
		assertThat(service().failing()).as("patience is over, and the next caller looks again").isNotNull();
		assertThat(service().barred()).isNull();
		caller(SERVICE);
		advance(Duration.ofSeconds(1));
		assertThat(service().barred()).as("it is not yet time to look again").isNotNull();
		assertThat(service().barred().getMessage()).isEqualTo(errorOf(caller(SERVICE)).getMessage());
		advance(Duration.ofMinutes(2));
		assertThat(service().barred()).as("it is time to look again").isNull();
	}

	@Test
	void statusWhenRefusedThenACallerIsToldThatAtOnce() {
		this.issuer.thenFail(new TokenRefusedException(SERVICE, "wrong", null, null, null));
		caller(SERVICE);
		assertThat(service().barred()).isInstanceOf(TokenRefusedException.class);
		assertThat(errorOf(caller(SERVICE))).hasMessage(service().barred().getMessage());
	}

	@Test
	void statusWhenSomebodyElseHasRenewedTheTokenSetThenNothingFailsAndNobodyKnowsWhyItWasObtained() {
		VersionedMapStore store = new VersionedMapStore();
		use(store);
		token(SERVICE);
		assertThat(service().trigger()).isEqualTo(Trigger.USE);
		this.issuer.thenFail(new TokenRefusedException(SERVICE, "wrong", null, null, null));
		this.manager.renew(SERVICE);
		advance(Duration.ZERO);
		assertThat(service().failing()).isNotNull();
		assertThat(service().trigger()).isEqualTo(Trigger.USE);
		try (DefaultTokenManager other = manager(store, (settings) -> {
		})) {
			complete(other.put(SERVICE, this.issuer.nextToken().build()));
		}
		lifecycle(SERVICE).changedElsewhere(store.load(SERVICE).block());
		assertThat(service().failing()).isNull();
		assertThat(service().trigger()).isNull();
		put(SERVICE, this.issuer.nextToken().build());
		assertThat(service().trigger()).isEqualTo(Trigger.APPLICATION);
	}

	private KeyStatus service() {
		return this.manager.status("inventory").service();
	}

	@Test
	void transitionsThenAreTheLastTwenty() {
		token(SERVICE);
		for (int i = 0; i < 30; i++) {
			complete(this.manager.remove(SERVICE));
		}
		List<KeyStatus.Transited> lately = this.manager.status("inventory").service().lately();
		assertThat(lately).hasSize(20);
		assertThat(lately.get(19).event()).isEqualTo("Removed");
	}

}
