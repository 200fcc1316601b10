package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import com.nimbusds.jose.util.Base64URL;
import io.github.evertoken.Diagnosis;
import io.github.evertoken.Diagnosis.Reason;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.Refusal.Complaint;
import io.github.evertoken.test.support.LogLines;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Diagnostician}: each reason, and which of two comes first. It is 1,000
 * seconds after the epoch.
 */
@Tag("OB-20")
class DiagnosticianTests extends LifecycleFixture {

	private static final Duration NOW = Duration.ofSeconds(1000);

	private static final Place HERE = new Place("https://inventory.example", "/items");

	private static final Place THERE = new Place("https://orders.example:8443", "/orders");

	private static final Complaint INVALID = new Complaint("invalid_token", null, null);

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1065 |      | 'by the server''s clock, which is 65 s ahead of ours'
			1065 | 1000 | 'by the server''s clock, which is 65 s ahead of ours and of the issuer''s'
			1065 | 1065 | 'by the server''s clock, which is 65 s ahead of ours, and so is the issuer''s'
			1065 | 990  | 'by the server''s clock, which is 65 s ahead of ours; the issuer''s is 10 s behind ours'
			""")
	void diagnosisWhenTheTokenHasExpiredByTheServersClockThenSaysHowTheClocksStand(long date, @Nullable Long issuerTime,
			String clocks) {
		start(tokens("\"exp\":1060.5", 100)
			.issuerTime((issuerTime != null) ? Instant.ofEpochSecond(issuerTime) : null));
		assertThat(diagnosis(INVALID, Instant.ofEpochSecond(date))).hasToString("EXPIRED: expired 5 s ago " + clocks);
	}

	@Test
	void diagnosisWhenTheTokenHasExpiredByAllClocksThenSaysThatTheyAgree() {
		start(tokens("\"exp\":997.5", 100));
		assertThat(diagnosis(INVALID, Instant.ofEpochSecond(1000)))
			.hasToString("EXPIRED: expired 3 s ago by the server's clock, which agrees with ours");
	}

	@Test
	void diagnosisWhenTheServerDoesNotTellTheTimeThenOursCounts() {
		start(tokens("\"exp\":940.5", 100));
		assertThat(diagnosis(INVALID, null))
			.hasToString("EXPIRED: expired 60 s ago by our clock, for the server does not tell its own");
	}

	@Test
	void diagnosisWhenAnOpaqueTokenHasExpiredThenItsLifetimeSaysSo() {
		start(TokenSet.withAccessToken("opaque").expiresIn(Duration.ofSeconds(10)));
		HeldToken held = held();
		this.issuer.then(Mono.never());
		advance(Duration.ofSeconds(13));
		assertThat(diagnosis(held, HERE, INVALID, null))
			.hasToString("EXPIRED: expired 3 s ago by our clock and the lifetime that is known of it");
	}

	@Test
	void diagnosisWhenTheTokenIsNotValidYetThenSaysWhenItIs() {
		start(tokens("\"nbf\":1000.5,\"exp\":2000", 100));
		assertThat(diagnosis(INVALID, Instant.ofEpochSecond(980))).hasToString("NOT_YET_VALID: not valid before"
				+ " 1970-01-01T00:16:40.500Z (nbf), which is 20 s from now by the server's clock, which is 20 s behind ours");
		this.manager.close();
		start(tokens("\"iat\":1000.5,\"exp\":2000", 100));
		assertThat(diagnosis(INVALID, Instant.ofEpochSecond(980))).asString()
			.startsWith("NOT_YET_VALID: issued at 1970-01-01T00:16:40.500Z (iat), which is 20 s from now");
	}

	@Test
	void diagnosisWhenTheSameServerHasAcceptedItThenWasRevoked() {
		start(tokens("\"exp\":2000,\"aud\":\"orders\"", 100));
		HeldToken held = held();
		lifecycle(SERVICE).accept(held, new Place(HERE.origin(), "/other"));
		advance(Duration.ofSeconds(40));
		assertThat(diagnosis(held, HERE, INVALID, null)).hasToString(
				"REVOKED: accepted 40 s ago by the same server:" + " revoked, or the server cannot verify it any more");
	}

	@Test
	void diagnosisWhenTheServerSaysWhyThenThatCountsMoreThanAGuess() {
		start(tokens("\"exp\":2000,\"aud\":\"orders\"", 100));
		assertThat(diagnosis(new Complaint("invalid_token", "The audience is wrong", null), null))
			.hasToString("STATED: the challenge says: invalid_token, The audience is wrong");
	}

	@Test
	void diagnosisWhenTheClocksKnowMoreThenWhatTheServerSaysComesBehind() {
		start(tokens("\"exp\":940.5", 100));
		assertThat(diagnosis(new Complaint("invalid_token", "Nope", null), null)).asString()
			.startsWith("EXPIRED: expired 60 s ago")
			.endsWith("; the challenge says: invalid_token, Nope");
	}

	@Test
	void diagnosisWhenTheTokenIsForOthersThenThatIsAPossibility() {
		start(tokens("\"exp\":2000,\"aud\":[\"orders\",\"stock\"]", 100));
		assertThat(diagnosis(INVALID, null)).hasToString("AUDIENCE: possibly its audience: the token is for aud"
				+ " 'orders stock', the request went to inventory.example");
	}

	@Test
	void diagnosisWhenTheAudienceNamesTheHostThenIsNotTheReason() {
		start(tokens("\"exp\":2000,\"aud\":\"https://inventory.example/api\"", 100));
		assertThat(diagnosis(INVALID, null)).extracting(Diagnosis::reason).isEqualTo(Reason.UNKNOWN);
	}

	@Test
	void diagnosisWhenAnotherServerHasAcceptedItThenSaysWhich() {
		start(TokenSet.withAccessToken("opaque").expiresIn(Duration.ofSeconds(100)));
		HeldToken held = held();
		lifecycle(SERVICE).accept(held, THERE);
		advance(Duration.ofSeconds(7));
		assertThat(diagnosis(held, HERE, INVALID, null)).hasToString("ACCEPTED_ELSEWHERE: accepted 7 s ago by"
				+ " https://orders.example:8443, and never by https://inventory.example as far as is known:"
				+ " possibly it is no token for that server");
	}

	@Test
	void diagnosisWhenTheScopeDoesNotDoThenSaysWhatWasGranted() {
		start(tokens("\"exp\":900,\"scope\":\"orders.read stock.read\"", 100));
		assertThat(diagnosis(new Complaint("insufficient_scope", null, "inventory.read"), null)).hasToString(
				"INSUFFICIENT_SCOPE: scope 'inventory.read' is asked for, granted is 'orders.read stock.read'");
		this.manager.close();
		start(TokenSet.withAccessToken("opaque").scope(Set.of("a")).expiresIn(Duration.ofSeconds(100)));
		assertThat(diagnosis(new Complaint("insufficient_scope", null, null), null))
			.hasToString("INSUFFICIENT_SCOPE: another scope is asked for, granted is 'a'");
		this.manager.close();
		start(TokenSet.withAccessToken("opaque").expiresIn(Duration.ofSeconds(100)));
		assertThat(diagnosis(new Complaint("insufficient_scope", null, null), null)).asString()
			.endsWith("what was granted is not known");
	}

	@ParameterizedTest
	@CsvSource({ "opaque", "a.b", "a.b.c", "eyJhbGciOiJub25lIn0.bm8ganNvbg.", "a.eyJhdWQiOjF9.b.c.d" })
	void diagnosisWhenTheTokenCannotBeReadThenSaysSo(String token) {
		start(TokenSet.withAccessToken(token).expiresIn(Duration.ofSeconds(100)));
		assertThat(diagnosis(INVALID, null)).hasToString("OPAQUE: opaque: nothing can be told from it");
	}

	@Test
	void diagnosisWhenClaimsAreOfOtherTypesThenTheRestCounts() {
		start(tokens("\"aud\":7,\"scope\":{},\"nbf\":\"soon\",\"iat\":-5,\"exp\":997.5", 100));
		assertThat(diagnosis(INVALID, null)).extracting(Diagnosis::reason).isEqualTo(Reason.EXPIRED);
	}

	@Test
	void diagnosisWhenNothingIsWrongThenSaysThatItIsValid() {
		start(tokens("\"exp\":2000", 100));
		assertThat(diagnosis(INVALID, null)).asString().startsWith("UNKNOWN: valid by all that can be read in it");
	}

	@Test
	@Tag("SE-2")
	void diagnosisWhenClaimsHaveControlCharactersOrTokensThenTheyAreNotRepeated() {
		String secret = "AbCdEfGhIjKlMnOpQrStUvWx123456";
		start(tokens("\"exp\":2000,\"aud\":\"x\\r\\nforged line " + secret + "\"", 100));
		assertThat(diagnosis(INVALID, null)).asString()
			.startsWith("AUDIENCE")
			.contains("x??forged line ***")
			.doesNotContain(secret)
			.doesNotContainPattern("\\p{Cntrl}");
	}

	@Test
	void rejectionThenTheDiagnosisIsInTheLogToo() {
		try (LogLines lines = new LogLines(TokenLifecycle.class.getName(), Level.DEBUG)) {
			start(TokenSet.withAccessToken("opaque").expiresIn(Duration.ofSeconds(100)));
			diagnosis(INVALID, null);
			assertThat(lines.with("was refused by https://inventory.example, and is replaced: opaque:")).hasSize(1);
		}
	}

	@Test
	void scopeInsufficientThenIsToldOnceAMinute() {
		start(TokenSet.withAccessToken("opaque").scope(List.of("a")).expiresIn(Duration.ofSeconds(1000)));
		HeldToken held = held();
		Refusal refusal = new Refusal(HERE, new Complaint("insufficient_scope", null, "b"), null, Context.empty());
		try (LogLines lines = new LogLines(TokenLifecycle.class.getName())) {
			for (int i = 0; i < 10; i++) {
				lifecycle(SERVICE).scopeInsufficient(held, refusal);
			}
			advance(Duration.ofSeconds(60));
			lifecycle(SERVICE).scopeInsufficient(held, refusal);
			assertThat(lines.with("scope 'b' is asked for, granted is 'a'")).hasSize(2);
		}
		assertThat(lifecycle(SERVICE).usable()).isSameAs(held);
	}

	private static TokenSet.Builder tokens(String claims, long lifetime) {
		String jwt = Base64URL.encode("{\"alg\":\"none\"}") + "." + Base64URL.encode("{" + claims + "}") + ".c2ln";
		return TokenSet.withAccessToken(jwt).expiresIn(Duration.ofSeconds(lifetime));
	}

	private void start(TokenSet.Builder tokens) {
		use((settings) -> settings.expiryMargin(Duration.ZERO));
		if (this.time.now(TimeUnit.MILLISECONDS) == 0) {
			advance(NOW.plusMillis(500));
		}
		this.issuer.then(Mono.just(tokens.build()));
		token(SERVICE);
	}

	private HeldToken held() {
		HeldToken held = lifecycle(SERVICE).usable();
		assertThat(held).isNotNull();
		return held;
	}

	private Diagnosis diagnosis(Complaint complaint, @Nullable Instant date) {
		return diagnosis(held(), HERE, complaint, date);
	}

	private Diagnosis diagnosis(HeldToken token, Place place, Complaint complaint, @Nullable Instant date) {
		CompletableFuture<List<TokenEvent>> events = this.manager.events()
			.collect(ArrayList<TokenEvent>::new, List::add)
			.<List<TokenEvent>>map((all) -> all)
			.toFuture();
		lifecycle(SERVICE).reject(token, new Refusal(place, complaint, date, Context.empty()));
		this.manager.close();
		return events.orTimeout(1, TimeUnit.MINUTES)
			.join()
			.stream()
			.filter(TokenEvent.Rejected.class::isInstance)
			.map((event) -> ((TokenEvent.Rejected) event).diagnosis())
			.findFirst()
			.orElseThrow();
	}

}
