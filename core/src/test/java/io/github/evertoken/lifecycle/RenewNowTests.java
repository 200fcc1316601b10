package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link DefaultTokenManager#renew}.
 */
@Tag("OB-4")
class RenewNowTests extends LifecycleFixture {

	@Test
	void renewThenTheHeldTokenServesUntilTheNextOneHasCome() {
		List<TokenEvent> events = new CopyOnWriteArrayList<>();
		this.manager.events().subscribe(events::add);
		assertThat(token(SERVICE)).isEqualTo("t1");
		var answer = answerLater();
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.STARTED);
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(this.manager.status("inventory").service().flight()).isNotNull()
			.extracting(KeyStatus.Flying::trigger)
			.isEqualTo(Trigger.ON_DEMAND);
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ofSeconds(1));
		assertThat(token(SERVICE)).isEqualTo("t2");
		assertThat(this.manager.status("inventory").service().trigger()).isEqualTo(Trigger.ON_DEMAND);
		await().untilAsserted(() -> assertThat(events).filteredOn(TokenEvent.Renewed.class::isInstance)
			.extracting(TokenEvent::trigger)
			.containsExactly(Trigger.ON_DEMAND));
	}

	@Test
	void renewWhenNothingIsHeldThenTheFirstTokenComes() {
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.STARTED);
		assertThat(this.issuer.calls()).isOne();
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(this.issuer.calls()).isOne();
	}

	@Test
	void renewWhenAFlightIsUnderwayThenNoOtherStarts() {
		answerLater();
		caller(SERVICE);
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.UNDERWAY);
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.UNDERWAY);
		assertThat(this.issuer.calls()).isOne();
	}

	@Test
	void renewWhenTheClientWasRefusedThenRestsUntilTheCooldownIsOver() {
		this.issuer.thenFail(new TokenRefusedException(SERVICE, "wrong", null, null, null));
		caller(SERVICE);
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.RESTING);
		assertThat(this.manager.status("inventory").service().restsUntil()).isNotNull();
		assertThat(this.issuer.calls()).isOne();
		advance(Duration.ofMinutes(1));
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.STARTED);
		assertThat(this.issuer.calls()).isEqualTo(2);
	}

	@Test
	void renewWhenTheIssuerIsInTroubleThenItIsLeftAloneAndTheHeldTokenServes() {
		token(SERVICE);
		for (int i = 0; i < 100; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		}
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.STARTED);
		int calls = this.issuer.calls();
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.RESTING);
		assertThat(this.issuer.calls()).isEqualTo(calls);
		assertThat(token(SERVICE)).isEqualTo("t1");
		KeyStatus status = this.manager.status("inventory").service();
		assertThat(status.failing()).isNotNull();
		assertThat(status.isServing()).isTrue();
	}

	@Test
	void renewWhenSignedOutThenSaysSo() {
		put(ALICE, refreshable("r1"));
		this.issuer.thenRefuse().thenRefuse();
		caller(ALICE);
		int calls = this.issuer.calls();
		assertThat(renew(ALICE)).isEqualTo(RenewalAnswer.SIGNED_OUT);
		assertThat(this.issuer.calls()).isEqualTo(calls);
	}

	@Test
	void renewWhenNothingIsHeldOfTheSubjectThenNoKeyBegins() {
		assertThat(renew(ALICE)).isNull();
		assertThat(this.manager.status(ALICE)).isNull();
		assertThat(this.issuer.calls()).isZero();
	}

	@Test
	void renewWhenTheManagerIsClosedThenSaysSo() {
		this.manager.close();
		assertThat(renew(SERVICE)).isEqualTo(RenewalAnswer.CLOSED);
	}

	@Test
	void renewWhenTheClientIsNotKnownThenFails() {
		assertThatIllegalArgumentException().isThrownBy(() -> renew(TokenKey.of("else")))
			.withMessageContaining("[inventory]");
	}

	private RenewalAnswer renew(TokenKey key) {
		RenewalAnswer answer = this.manager.renew(key);
		advance(Duration.ZERO);
		return answer;
	}

}
