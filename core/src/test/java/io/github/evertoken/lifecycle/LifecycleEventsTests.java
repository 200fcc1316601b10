package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LifecycleEvents}: what is told, and what it says.
 */
class LifecycleEventsTests extends LifecycleFixture {

	private CompletableFuture<List<TokenEvent>> told = new CompletableFuture<>();

	@Test
	@Tag("LC-5")
	void rejectionWhenThereIsNoReplacementThenTheSuspectsServiceIsTold() {
		listen(Duration.ZERO);
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(Duration.ofSeconds(100)).build());
		HeldToken held = lifecycle(ALICE).usable();
		assertThat(held).isNotNull();
		held.accepted();
		this.issuer.thenFail(new IOException("reset"));
		lifecycle(ALICE).reject(held);
		advance(Duration.ZERO);
		assertThat(told()).extracting(LifecycleEventsTests::line)
			.containsExactly("Issued 1 APPLICATION 100000", "Rejected 1 REJECTION 100000",
					"RenewalFailed 1 REJECTION null", "SuspectServed 1 REJECTION 100000");
	}

	@Test
	@Tag("FP-6")
	void refusalThenItsReasonAndTheNextAttemptAreTold() {
		listen(Duration.ZERO);
		TokenRefusedException refused = new TokenRefusedException(ALICE, "no", "invalid_scope", null, null);
		this.issuer.thenFail(refused);
		caller(ALICE);
		assertThat(told()).singleElement().isInstanceOfSatisfying(TokenEvent.IssueFailed.class, (event) -> {
			assertThat(event.failure()).isSameAs(refused);
			assertThat(event.retryAt()).isEqualTo(Instant.ofEpochMilli(250));
			assertThat(event.trigger()).isEqualTo(Trigger.USE);
			assertThat(event.expiresAt()).isNull();
		});
	}

	@Test
	void failureWhenATokenIsHeldThenItsExpiryAndTheNextAttemptAreTold() {
		listen(Duration.ZERO);
		put(SERVICE, TokenSet.withAccessToken("login").expiresIn(Duration.ofSeconds(100)).build());
		assertThat(token(SERVICE)).isEqualTo("login");
		this.issuer.thenFail(new IOException("reset"));
		advance(Duration.ofMillis(77_500));
		assertThat(told()).element(1).isInstanceOfSatisfying(TokenEvent.RenewalFailed.class, (event) -> {
			assertThat(event.occurredAt()).isEqualTo(Instant.ofEpochMilli(77_500));
			assertThat(event.retryAt()).isEqualTo(Instant.ofEpochMilli(77_750));
			assertThat(event.expiresAt()).isEqualTo(Instant.ofEpochMilli(100_000));
			assertThat(event.generation()).isEqualTo(1);
			assertThat(event.trigger()).isEqualTo(Trigger.RENEWAL_TIME);
		});
	}

	@Test
	@Tag("OB-21")
	void tokensThenAFirstOneARenewalAndOneAfterAnExpiryOrARejectionAreToldApart() {
		listen(Duration.ZERO);
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(Duration.ofSeconds(90));
		token(ALICE);
		assertThat(token(ALICE)).isEqualTo("t2");
		advance(Duration.ofSeconds(101));
		assertThat(token(ALICE)).isEqualTo("t3");
		lifecycle(ALICE).reject(lifecycle(ALICE).usable());
		advance(Duration.ZERO);
		complete(this.manager.remove(ALICE));
		assertThat(token(ALICE)).isEqualTo("t5");
		assertThat(told()).extracting((event) -> event.getClass().getSimpleName() + " " + event.trigger())
			.containsExactly("Issued USE", "Renewed RENEWAL_TIME", "Reissued USE", "Rejected REJECTION",
					"Reissued REJECTION", "Removed APPLICATION", "Issued USE");
	}

	@Test
	@Tag("OB-21")
	void failuresThenThoseWithATokenInUseAndThoseWithoutAreToldApart() {
		listen(Duration.ZERO);
		this.issuer.thenFail(new IOException("reset"));
		caller(ALICE);
		advance(Duration.ofSeconds(10));
		token(ALICE);
		advance(Duration.ofSeconds(90));
		this.issuer.thenFail(new IOException("reset"));
		token(ALICE);
		advance(Duration.ofSeconds(60));
		this.issuer.thenFail(new IOException("reset"));
		caller(ALICE);
		assertThat(told()).extracting((event) -> event.getClass().getSimpleName() + " " + event.generation())
			.containsExactly("IssueFailed 0", "Issued 1", "RenewalFailed 1", "IssueFailed 1");
	}

	@Test
	@Tag("LC-3")
	void refreshWhenNobodyKnowsWhatBecameOfItThenThatIsTold() {
		listen(Duration.ofSeconds(3));
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r1").expiresIn(Duration.ofSeconds(10)).build());
		advance(Duration.ofSeconds(10));
		this.issuer.thenFail(new TransientTokenException(ALICE, "reset", null, null, null, true, null));
		caller(ALICE);
		advance(Duration.ofSeconds(1));
		assertThat(told()).element(1).isInstanceOfSatisfying(TokenEvent.RefreshAmbiguous.class, (event) -> {
			assertThat(event.generation()).isEqualTo(1);
			assertThat(event.expiresAt()).isEqualTo(Instant.ofEpochMilli(10_000));
			assertThat(event.failure()).hasMessageContaining("reset");
		});
	}

	@Test
	@Tag("LC-3")
	void refreshWhenItIsOverdueThenThatIsToldEachTime() {
		listen(Duration.ofSeconds(3));
		put(ALICE, refreshable("r1"));
		this.issuer.then(Mono.never()).then(Mono.never());
		caller(ALICE);
		advance(Duration.ofSeconds(62));
		assertThat(told()).extracting(LifecycleEventsTests::line)
			.startsWith("RefreshAmbiguous 1 USE null", "RefreshAmbiguous 1 USE null", "IssueFailed 1 USE null");
	}

	@Test
	@Tag("FP-4")
	void signOutThenIsToldWithTheReason() {
		listen(Duration.ZERO);
		put(ALICE, refreshable("r1"));
		this.issuer.thenRefuse().thenRefuse();
		caller(ALICE);
		assertThat(told()).singleElement()
			.isInstanceOfSatisfying(TokenEvent.ReauthenticationRequired.class, (event) -> {
				assertThat(event.generation()).isEqualTo(1);
				assertThat(event.trigger()).isEqualTo(Trigger.USE);
				assertThat(event.failure()).hasMessageContaining("invalid_grant");
			});
	}

	@Test
	void landingThenHowLongItTookIsTold() {
		listen(Duration.ZERO);
		Sinks.One<TokenSet> first = answerLater();
		caller(SERVICE);
		advance(Duration.ofMillis(1200));
		first.tryEmitValue(this.issuer.nextToken().build());
		Sinks.One<TokenSet> second = answerLater();
		advance(Duration.ofMillis(77_500));
		advance(Duration.ofMillis(300));
		second.tryEmitValue(this.issuer.nextToken().build());
		List<TokenEvent> events = told();
		assertThat(events).hasSize(2);
		assertThat(events.get(0)).isInstanceOfSatisfying(TokenEvent.Issued.class,
				(event) -> assertThat(event.took()).isEqualTo(Duration.ofMillis(1200)));
		assertThat(events.get(1)).isInstanceOfSatisfying(TokenEvent.Renewed.class,
				(event) -> assertThat(event.took()).isBetween(Duration.ofMillis(300), Duration.ofMillis(1800)));
	}

	private void listen(Duration patience) {
		use((settings) -> settings.patience(patience));
		this.told = this.manager.events().collectList().toFuture();
	}

	private List<TokenEvent> told() {
		this.manager.close();
		return this.told.orTimeout(1, TimeUnit.MINUTES).join();
	}

	private static String line(TokenEvent event) {
		Instant expiresAt = event.expiresAt();
		return event.getClass().getSimpleName() + " " + event.generation() + " " + event.trigger() + " "
				+ ((expiresAt != null) ? expiresAt.toEpochMilli() : null);
	}

}
