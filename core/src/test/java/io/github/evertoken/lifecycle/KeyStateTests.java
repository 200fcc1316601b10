package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.Set;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KeyState} and its {@link Conditions}, and for how flights know one
 * another.
 */
class KeyStateTests extends LifecycleFixture {

	// Due at 800, expired at 1000.
	private final HeldToken token = new HeldToken("Bearer", "t", Instant.EPOCH, Instant.ofEpochMilli(1000), 3, 200, 0);

	private final KeyState holding = new KeyState(this.token, "r", 3, Conditions.NONE);

	@Test
	void phaseThenChangesAtTheVeryMillisecond() {
		assertThat(this.holding.phase(at(799))).isEqualTo(KeyPhase.FRESH);
		assertThat(this.holding.phase(at(800))).isEqualTo(KeyPhase.DUE);
		assertThat(this.holding.phase(at(999))).isEqualTo(KeyPhase.DUE);
		assertThat(this.holding.phase(at(1000))).isEqualTo(KeyPhase.EXPIRED);
		assertThat(KeyState.EMPTY.phase(at(0))).isEqualTo(KeyPhase.EMPTY);
		assertThat(KeyState.CLOSED.phase(at(0))).isEqualTo(KeyPhase.CLOSED);
		KeyState suspect = this.holding.outOfUse(Conditions.NONE.withSuspect(this.token));
		assertThat(suspect.phase(at(999))).isEqualTo(KeyPhase.SUSPECT);
		assertThat(suspect.phase(at(1000))).isEqualTo(KeyPhase.EXPIRED);
		assertThat(this.holding.with(Conditions.NONE.signedOut(reason())).phase(at(0))).isEqualTo(KeyPhase.SIGNED_OUT);
	}

	@Test
	void tokensThenAreWhatIsThereToBeRevoked() {
		assertThat(KeyState.EMPTY.tokens()).isNull();
		assertThat(KeyState.EMPTY.holdsAny()).isFalse();
		assertThat(this.holding.tokens()).isNotNull().satisfies((tokens) -> assertIs(tokens, "t", "r"));
		assertThat(this.holding.holdsAny()).isTrue();
		KeyState suspect = new KeyState(null, null, 3, Conditions.NONE.withSuspect(this.token));
		assertThat(suspect.tokens()).isNotNull().satisfies((tokens) -> assertIs(tokens, "t", null));
		assertThat(suspect.holdsAny()).isTrue();
		KeyState refreshable = KeyState.empty("r");
		assertThat(refreshable.tokens()).isNotNull().satisfies((tokens) -> assertIs(tokens, null, "r"));
		assertThat(refreshable.holdsAny()).isTrue();
	}

	private static void assertIs(TokenSet tokens, @Nullable String accessToken, @Nullable String refreshToken) {
		assertThat(tokens.accessToken()).isEqualTo(accessToken);
		assertThat(tokens.refreshToken()).isEqualTo(refreshToken);
	}

	@Test
	@Tag("LC-9")
	void versionWhenTheStoreIsStillToBeToldThenIsWhatItIsKnownToHave() {
		assertThat(this.holding.version()).isEqualTo(3);
		Unsaved unsaved = new Unsaved(refreshable("r"), 2, null, null);
		assertThat(this.holding.with(Conditions.NONE.withUnsaved(unsaved)).version()).isEqualTo(2);
	}

	@Test
	@Tag("LC-1")
	void flightWhenItIsOverdueThenCountsAsNone() {
		Flight flight = flight();
		KeyState aloft = KeyState.EMPTY.with(Conditions.NONE.withFlight(flight));
		flight.pauses(0);
		assertThat(aloft.flight(at(5999))).isSameAs(flight);
		assertThat(aloft.flight(at(6000))).isNull();
		assertThat(aloft.flight()).isSameAs(flight);
		assertThat(KeyState.EMPTY.flight(at(0))).isNull();
	}

	@Test
	void holdsUsableThenUntilItExpires() {
		assertThat(this.holding.holdsUsable(at(999))).isTrue();
		assertThat(this.holding.holdsUsable(at(1000))).isFalse();
		assertThat(KeyState.EMPTY.holdsUsable(at(0))).isFalse();
	}

	@Test
	@Tag("LC-9")
	void disowningThenIsForgottenFlightByFlight() {
		Flight first = flight();
		Flight second = flight();
		assertThat(Conditions.NONE.disowning()).isSameAs(Conditions.NONE);
		Conditions one = Conditions.NONE.withFlight(first).disowning().begunAnew();
		assertThat(one.disowned()).containsExactly(first);
		assertThat(one.flight()).isNull();
		Conditions both = one.withFlight(second).disowning().begunAnew();
		assertThat(both.disowned()).isEqualTo(Set.of(first, second));
		assertThat(both.without(first).disowned()).containsExactly(second);
		assertThat(both.without(first).without(second)).isSameAs(Conditions.NONE);
	}

	@Test
	@Tag("LC-9")
	void removedThenCountsUnlessTheKeyKnowsSomethingNewer() {
		assertThat(new CommandEvents.Removed(2, false).on(this.holding, at(0)).changes()).isFalse();
		assertThat(new CommandEvents.Removed(3, false).on(this.holding, at(0)).next().holdsAny()).isFalse();
		assertThat(new CommandEvents.Removed(0, false).on(this.holding, at(0)).next().generation()).isEqualTo(3);
	}

	@Test
	@Tag("SF-7")
	void awaitsWhenTheOtherLeadsBackThenCannotEnd() {
		Flight alice = flight();
		Flight bob = flight();
		Flight carol = flight();
		assertThat(alice.awaits(bob)).isTrue();
		assertThat(bob.awaits(carol)).isTrue();
		assertThat(carol.awaits(alice)).isFalse();
		assertThat(alice.awaits(carol)).isTrue();
		assertThat(alice.awaits(alice)).isFalse();
	}

	@Test
	@Tag("SF-7")
	void awaitsWhenTheOtherIsOverThenItLeadsNowhere() {
		Flight alice = flight();
		Flight bob = flight();
		assertThat(alice.awaits(bob)).isTrue();
		alice.room().wakeWith(this.token, Ending.LANDED);
		assertThat(bob.awaits(alice)).isTrue();
	}

	@Test
	@Tag("SF-7")
	@Tag("LC-4")
	void isWithinThenIsTrueOfTheCallAndOfThoseThatWaitForIt() {
		Flight outer = flight();
		TokenLifecycle bob = lifecycle(BOB);
		Flight inner = new Flight(bob, Trigger.USE, bob.state(), outer, at(0));
		assertThat(inner.isWithin(bob)).isTrue();
		assertThat(inner.isWithin(lifecycle(ALICE))).isTrue();
		assertThat(outer.isWithin(bob)).isFalse();
		assertThat(inner.isNested()).isTrue();
		assertThat(outer.isNested()).isFalse();
		outer.hasten();
		assertThat(outer.isNested()).isTrue();
		assertThat(NestedCall.in(inner.context())).isSameAs(inner);
		assertThat(NestedCall.in(Context.empty())).isNull();
	}

	private Flight flight() {
		TokenLifecycle key = lifecycle(ALICE);
		return new Flight(key, Trigger.USE, key.state(), null, at(0));
	}

	private static ReauthenticationRequiredException reason() {
		return new ReauthenticationRequiredException(ALICE, "refused", "invalid_grant", null, null);
	}

	private static Moment at(long time) {
		return new Moment(time, time);
	}

}
