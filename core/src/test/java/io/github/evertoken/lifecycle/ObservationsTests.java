package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what a {@link TokenObserver} sees.
 */
class ObservationsTests extends LifecycleFixture {

	private static final Place GOOD = new Place("https://api.example", "/orders");

	private final List<String> seen = new ArrayList<>();

	@BeforeEach
	void observe() {
		observedBy(new Recorder());
	}

	@Test
	void tokenWhenColdThenTellsOfOneFlightAndOfEachWait() {
		var answer = answerLater();
		List<TestSubscriber<AccessToken>> callers = callers(2, SERVICE);
		assertThat(this.manager.client("inventory").observations().waiting()).isEqualTo(2);
		advance(Duration.ofMillis(250));
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(valueOf(callers.get(1))).isEqualTo("t1");
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory USE", "SUCCESS", "waited 250 ms SUCCESS",
				"waited 250 ms SUCCESS");
		assertThat(this.manager.client("inventory").observations().waiting()).isZero();
	}

	@Test
	void tokenWhenUsableThenTellsNothing() {
		token(SERVICE);
		this.seen.clear();
		token(SERVICE);
		assertThat(this.seen).isEmpty();
	}

	@Test
	void tokenWhenRenewedInTheBackgroundThenTellsHowLongBeforeTheEnd() {
		token(SERVICE);
		this.seen.clear();
		advance(Duration.ofSeconds(90));
		assertThat(this.seen).hasSize(3).element(0).isEqualTo("flight inventory RENEWAL_TIME");
		assertThat(this.seen.get(1)).matches("replaced 2[0-5] s before the end");
		assertThat(this.seen.get(2)).isEqualTo("SUCCESS");
	}

	@Test
	void tokenWhenCallerGoesThenItsWaitIsCancelledAndTheFlightIsNot() {
		var answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		caller.cancel();
		answer.tryEmitValue(this.issuer.nextToken().build());
		advance(Duration.ZERO);
		assertThat(this.seen).containsExactly("flight inventory USE", "waited 0 ms CANCELLED", "SUCCESS");
	}

	@Test
	@Tag("LC-2")
	void tokenWhenTheOnlyCallerHasGoneThenNothingMoreIsAskedForIt() {
		var answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(SERVICE);
		caller.cancel();
		answer.tryEmitError(new TransientTokenException(SERVICE, "down", null));
		for (int i = 0; i < 20; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "down", null));
		}
		advance(Duration.ofSeconds(9));
		assertThat(this.issuer.calls()).isOne();
		assertThat(this.manager.client("inventory").observations().waiting()).isZero();
	}

	@Test
	void tokenWhenIssuerFailsThenTellsOfOneFlightWithAllItsAttempts() {
		for (int i = 0; i < 100; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		}
		TestSubscriber<AccessToken> caller = caller(SERVICE);
		advance(Duration.ofSeconds(4));
		assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class);
		assertThat(this.issuer.calls()).isGreaterThan(3);
		assertThat(this.seen.get(0)).isEqualTo("flight inventory USE");
		assertThat(this.seen).filteredOn("TRANSIENT"::equals).hasSize(1);
		assertThat(this.seen).filteredOn((line) -> line.startsWith("waited")).hasSize(1);
	}

	@Test
	void tokenWhenSomebodyMustLogInThenTells() {
		put(ALICE, refreshable("r1"));
		this.issuer.thenRefuse().thenRefuse();
		this.seen.clear();
		caller(ALICE);
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory USE", "REAUTHENTICATION",
				"waited 0 ms REAUTHENTICATION");
	}

	@Test
	void putDuringFlightThenTheWaitGoesOnAsOne() {
		answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		advance(Duration.ofMillis(100));
		answerLater();
		put(ALICE, refreshable("r1"));
		advance(Duration.ofMillis(100));
		assertThat(caller.isTerminated()).isFalse();
		assertThat(this.manager.client("inventory").observations().waiting()).isOne();
		caller.cancel();
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory USE", "CANCELLED", "flight inventory USE",
				"waited 200 ms CANCELLED");
		assertThat(this.manager.client("inventory").observations().waiting()).isZero();
	}

	@Test
	void closeDuringFlightThenIsCancelled() {
		answerLater();
		caller(SERVICE);
		this.manager.close();
		advance(Duration.ZERO);
		assertThat(this.seen).contains("CANCELLED").doesNotContain("TRANSIENT");
	}

	@Test
	void startThenIsNoWaitOfACaller() {
		complete(this.manager.start(SERVICE));
		assertThat(this.seen).containsExactly("flight inventory START", "SUCCESS");
	}

	@Test
	void rejectThenTellsWhatIsMadeOfIt() {
		token(SERVICE);
		HeldToken first = held();
		first.accepted();
		this.seen.clear();
		lifecycle(SERVICE).reject(first, refused(Context.of("caller", "me")));
		advance(Duration.ZERO);
		assertThat(lifecycle(SERVICE).reject(first)).isTrue();
		lifecycle(SERVICE).reject(held());
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory REJECTION of me", "rejected RENEWED",
				"replaced 100 s before the end", "SUCCESS", "rejected LATE", "rejected BARRED");
	}

	@Test
	void rejectWhenSuspectServesThenTells() {
		token(SERVICE);
		held().accepted();
		for (int i = 0; i < 100; i++) {
			this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		}
		lifecycle(SERVICE).reject(held());
		advance(Duration.ofSeconds(4));
		assertThat(lifecycle(SERVICE).reject(held())).isFalse();
		assertThat(this.seen).endsWith("rejected SUSPECT");
	}

	@Test
	@Tag("OB-6")
	void flightWhenItFailsWhileASuspectServesThenHasFailedAndItsCallersHaveNot() {
		suspectServesAfter(new TransientTokenException(SERVICE, "busy", null));
		assertThat(this.seen).contains("TRANSIENT").doesNotContain("CANCELLED");
	}

	@Test
	@Tag("OB-6")
	void flightWhenItIsRefusedWhileASuspectServesThenIsRefused() {
		suspectServesAfter(new TokenRefusedException(SERVICE, "wrong", "invalid_client", null, null));
		assertThat(this.seen).contains("REFUSED").doesNotContain("TRANSIENT", "CANCELLED");
	}

	@Test
	@Tag("OB-6")
	void renewalWhenItFailsAndNobodyWaitsThenHasFailed() {
		token(SERVICE);
		this.seen.clear();
		this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null));
		advance(Duration.ofSeconds(81));
		assertThat(this.seen).startsWith("flight inventory RENEWAL_TIME", "TRANSIENT");
	}

	@Test
	@Tag("OB-6")
	void flightWhenATokenIsPutMeanwhileThenIsCancelledAndItsCallersGetThatToken() {
		answerLater();
		TestSubscriber<AccessToken> caller = caller(SERVICE);
		put(SERVICE, this.issuer.nextToken().build());
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory USE", "CANCELLED", "waited 0 ms SUCCESS");
	}

	@Test
	@Tag("OB-6")
	void flightWhenItsKeyIsRemovedMeanwhileThenIsCancelledAndItsCallersAreTold() {
		answerLater();
		caller(ALICE);
		complete(this.manager.remove(ALICE));
		assertThat(this.seen).containsExactlyInAnyOrder("flight inventory USE", "CANCELLED", "waited 0 ms TRANSIENT");
	}

	@Test
	void storeStepsThenAreTimed() {
		observedBy(new Recorder(), new VersionedMapStore());
		put(ALICE, refreshable("r1"));
		token(ALICE);
		complete(this.manager.remove(ALICE));
		assertThat(this.seen).contains("inventory LOAD false", "inventory SAVE false", "inventory REMOVE false");
	}

	@Test
	void contextOfFlightThenHasWhatTheObserverAdds() {
		List<Object> found = new ArrayList<>();
		this.issuer.then((request) -> Mono.deferContextual((context) -> {
			found.add(context.get("observation"));
			found.add(context.hasKey("caller"));
			return Mono.just(this.issuer.nextToken().build());
		}));
		this.manager.token(SERVICE).contextWrite(Context.of("caller", "me")).subscribe();
		advance(Duration.ZERO);
		assertThat(found).containsExactly("of inventory", false);
		assertThat(this.seen).contains("flight inventory USE of me");
	}

	@Test
	void observerThatThrowsThenHarmsNobody() {
		observedBy(new TokenObserver() {
			@Override
			public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
				return new FlightObserver() {
					@Override
					public Context context(Context context) {
						throw new IllegalStateException("context");
					}

					@Override
					public void ended(Outcome outcome, @Nullable TokenException failure) {
						throw new IllegalStateException("ended");
					}
				};
			}

			@Override
			public void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
				throw new StackOverflowError();
			}

			@Override
			public void rejected(TokenKey key, RejectionDecision decision) {
				throw new IllegalStateException("rejected");
			}
		});
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(lifecycle(SERVICE).reject(held())).isTrue();
		advance(Duration.ZERO);
		assertThat(token(SERVICE)).isEqualTo("t2");
	}

	/**
	 * The issuer fails, while a caller waits for the token that follows a rejected one.
	 */
	private void suspectServesAfter(TokenException failure) {
		token(SERVICE);
		HeldToken suspect = held();
		suspect.accepted();
		Sinks.One<TokenSet> answer = answerLater();
		IntStream.range(0, 100).forEach((i) -> this.issuer.thenFail(failure));
		this.seen.clear();
		lifecycle(SERVICE).reject(suspect);
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		lifecycle(SERVICE).tokenAfter(suspect).subscribe(caller);
		answer.tryEmitError(failure);
		advance(Duration.ofSeconds(3));
		assertThat(caller.getReceivedOnNext()).extracting(HeldToken::value).containsExactly("t1");
		assertThat(this.seen).contains("flight inventory REJECTION", "rejected RENEWED")
			.anyMatch((line) -> line.matches("waited \\d+ ms SUCCESS"))
			.doesNotContain("SUCCESS");
	}

	private HeldToken held() {
		HeldToken held = lifecycle(SERVICE).usable();
		assertThat(held).isNotNull();
		return held;
	}

	private static Refusal refused(ContextView caller) {
		return new Refusal(GOOD, new Refusal.Complaint("invalid_token", null, null), null, caller);
	}

	private void observedBy(TokenObserver observer) {
		observedBy(observer, TokenStore.inMemory());
	}

	private void observedBy(TokenObserver observer, TokenStore store) {
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.store(store)
			.client(ClientSettings.of("inventory", this.issuer).build())
			.observer(observer)
			.build();
	}

	private final class Recorder implements TokenObserver {

		@Override
		public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
			see("flight " + key.client() + " " + trigger
					+ (starter.hasKey("caller") ? " of " + starter.get("caller") : ""));
			return new FlightObserver() {

				@Override
				public Context context(Context context) {
					return context.put("observation", "of " + key.client());
				}

				@Override
				public void ended(Outcome outcome, @Nullable TokenException failure) {
					boolean failed = outcome != Outcome.SUCCESS && outcome != Outcome.CANCELLED;
					see(outcome.name() + ((failed == (failure != null)) ? "" : " with " + failure));
				}

				@Override
				public void replaced(Duration lead) {
					see("replaced " + lead.toSeconds() + " s before the end");
				}
			};
		}

		@Override
		public void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
			see("waited " + waited.toMillis() + " ms " + outcome);
		}

		@Override
		public void rejected(TokenKey key, RejectionDecision decision) {
			see("rejected " + decision);
		}

		@Override
		public void storeStepEnded(String client, StoreOperation operation, Duration took, boolean failed) {
			see(client + " " + operation + " " + failed);
		}

		private void see(String line) {
			ObservationsTests.this.seen.add(line);
		}

	}

}
