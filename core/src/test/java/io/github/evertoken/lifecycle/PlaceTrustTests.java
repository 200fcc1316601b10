
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.lifecycle.PlaceTrust.Verdict;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what is made of the places that refuse tokens: one that refuses them all is
 * to blame itself, and a token that was revoked is to be replaced.
 */
class PlaceTrustTests extends LifecycleFixture {

	private static final Place GOOD = new Place("https://api.example", "/orders");

	private static final Place BAD = new Place("https://api.example", "/odd");

	@Test
	@Tag("LC-6")
	void rejectWhenOnePlaceRefusesWhatOthersAcceptThenCostsNobodyElseAnything() {
		accept(ALICE, GOOD);
		for (int i = 0; i < 1000; i++) {
			HeldToken held = held(ALICE);
			lifecycle(ALICE).reject(held, Refusal.at(BAD));
			assertThat(lifecycle(ALICE).usable()).isNotNull();
			advance(Duration.ofMillis(50));
			accept(ALICE, GOOD);
		}
		assertThat(this.issuer.calls()).isLessThanOrEqualTo(3);
	}

	@Test
	@Tag("LC-6")
	void rejectWhenOnePlaceRefusesTheTokensOfAllSubjectsThenCostsFewOfThemARenewal() {
		for (int i = 0; i < 100; i++) {
			accept(subject(i), GOOD);
		}
		int before = this.issuer.calls();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 100; i++) {
				lifecycle(subject(i)).reject(held(subject(i)), Refusal.at(BAD));
				advance(Duration.ofMillis(1));
				lifecycle(subject(i)).reject(held(subject(i)), Refusal.at(BAD));
				accept(subject(i), GOOD);
			}
		}
		assertThat(this.issuer.calls() - before).isLessThanOrEqualTo(2);
	}

	@Test
	@Tag("LC-6")
	@Tag("RJ-2")
	void rejectWhenAllTokensWereRevokedThenEachIsReplaced() {
		for (int i = 0; i < 10; i++) {
			accept(subject(i), GOOD);
		}
		// The first replacement meets a resource server that does not know its key yet.
		assertThat(lifecycle(subject(0)).reject(held(subject(0)), Refusal.at(GOOD))).isTrue();
		advance(Duration.ZERO);
		lifecycle(subject(0)).reject(held(subject(0)), Refusal.at(GOOD));
		for (int i = 1; i < 10; i++) {
			HeldToken revoked = held(subject(i));
			assertThat(lifecycle(subject(i)).reject(revoked, Refusal.at(GOOD))).as("subject %s", i).isTrue();
			advance(Duration.ZERO);
			assertThat(held(subject(i))).isNotEqualTo(revoked);
			accept(subject(i), GOOD);
		}
	}

	@Test
	@Tag("LC-6")
	@Tag("RJ-2")
	void rejectWhenThePlaceHasRefusedAnotherTokenLongAgoThenTheTokenIsReplaced() {
		accept(ALICE, GOOD);
		accept(ALICE, BAD);
		assertThat(lifecycle(ALICE).reject(held(ALICE), Refusal.at(BAD))).isTrue();
		advance(Duration.ofHours(3));
		accept(ALICE, GOOD);
		HeldToken revoked = held(ALICE);
		assertThat(lifecycle(ALICE).reject(revoked, Refusal.at(BAD))).isTrue();
		advance(Duration.ZERO);
		assertThat(held(ALICE)).isNotEqualTo(revoked);
	}

	@Test
	@Tag("LC-6")
	void refusedWhenAPlaceHasRefusedTwoGenerationsThatOthersAcceptedThenIsToBlameForAWindow() {
		PlaceTrust places = new PlaceTrust();
		places.accepted(GOOD);
		assertThat(places.areInDoubt()).isFalse();
		assertThat(places.refused(BAD, ALICE, token(1, true), at(0), 1000)).isEqualTo(Verdict.DOUBTFUL);
		assertThat(places.areInDoubt()).isTrue();
		assertThat(places.refused(BAD, ALICE, token(1, true), at(1), 1000)).isEqualTo(Verdict.DOUBTFUL);
		assertThat(places.refused(BAD, ALICE, token(2, true), at(1000), 1000)).isEqualTo(Verdict.PLACE);
		assertThat(places.refused(BAD, BOB, token(1, true), at(1999), 1000)).isEqualTo(Verdict.PLACE);
		assertThat(places.refused(BAD, BOB, token(1, true), at(2000), 1000)).isEqualTo(Verdict.DOUBTFUL);
	}

	@Test
	@Tag("LC-6")
	void refusedWhenTheLastRefusalIsAWindowAgoThenCountsAnew() {
		PlaceTrust places = new PlaceTrust();
		assertThat(places.refused(BAD, ALICE, token(1, true), at(0), 1000)).isEqualTo(Verdict.DOUBTFUL);
		assertThat(places.refused(BAD, ALICE, token(2, true), at(1000), 1000)).isEqualTo(Verdict.DOUBTFUL);
		assertThat(places.refused(BAD, BOB, token(3, true), at(1001), 1000)).isEqualTo(Verdict.DOUBTFUL);
		assertThat(places.refused(BAD, ALICE, token(3, true), at(1999), 1000)).isEqualTo(Verdict.PLACE);
	}

	@Test
	@Tag("LC-6")
	void refusedWhenThePlaceHasAcceptedTokensThenIsBelieved() {
		PlaceTrust places = new PlaceTrust();
		places.accepted(BAD);
		assertThat(places.refused(BAD, ALICE, token(1, true), at(0), 1000)).isEqualTo(Verdict.TOKEN);
		assertThat(places.refused(BAD, ALICE, token(2, false), at(1), 1000)).isEqualTo(Verdict.TOKEN);
		assertThat(places.refused(BAD, ALICE, token(2, true), at(2), 1000)).isEqualTo(Verdict.PLACE);
	}

	@Test
	@Tag("LC-6")
	void refusedWhenNobodyHasAcceptedTheTokenThenItIsTheToken() {
		PlaceTrust places = new PlaceTrust();
		assertThat(places.refused(BAD, ALICE, token(1, false), at(0), 1000)).isEqualTo(Verdict.TOKEN);
		assertThat(places.areInDoubt()).isFalse();
		places.refused(BAD, ALICE, token(1, true), at(0), 1000);
		assertThat(places.refused(BAD, ALICE, token(2, false), at(1), 1000)).isEqualTo(Verdict.PLACE);
	}

	@Test
	@Tag("LC-6")
	void acceptedThenThePlaceIsInDoubtNoMore() {
		PlaceTrust places = new PlaceTrust();
		places.refused(BAD, ALICE, token(1, true), at(0), 1000);
		places.refused(GOOD, ALICE, token(1, true), at(0), 1000);
		places.accepted(BAD);
		assertThat(places.areInDoubt()).isTrue();
		places.accepted(GOOD);
		assertThat(places.areInDoubt()).isFalse();
	}

	@Test
	@Tag("LC-6")
	void placesWhenTheyAreManyThenTheLeastRecentIsForgotten() {
		PlaceTrust places = new PlaceTrust();
		places.refused(BAD, ALICE, token(1, true), at(0), 1000);
		IntStream.range(1, PlaceTrust.MOST)
			.forEach((i) -> places.refused(new Place("https://api.example", "/" + i), ALICE, token(1, true), at(0),
					1000));
		assertThat(places.refused(BAD, ALICE, token(2, true), at(1), 1000)).isEqualTo(Verdict.PLACE);
		IntStream.range(0, PlaceTrust.MOST)
			.forEach((i) -> places.refused(new Place("https://other.example", "/" + i), ALICE, token(1, true), at(2),
					1000));
		assertThat(places.refused(BAD, ALICE, token(3, true), at(3), 1000)).isEqualTo(Verdict.DOUBTFUL);
	}

	private static HeldToken token(long generation, boolean accepted) {
		HeldToken token = new HeldToken("Bearer", "t" + generation, Instant.EPOCH, Instant.ofEpochMilli(1000),
				generation, 0, 0);
		if (accepted) {
			token.accepted();
		}
		return token;
	}

	private static Moment at(long mono) {
		return new Moment(mono, 0);
	}

	private void accept(TokenKey key, Place place) {
		lifecycle(key).accept(held(key), place);
	}

	private HeldToken held(TokenKey key) {
		token(key);
		HeldToken held = lifecycle(key).usable();
		assertThat(held).isNotNull();
		return held;
	}

	private static TokenKey subject(int i) {
		return TokenKey.of("inventory", "subject" + i);
	}

}
