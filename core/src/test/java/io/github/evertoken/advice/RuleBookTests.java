package io.github.evertoken.advice;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.advice.ClientFacts.ResourceClock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

/**
 * Tests for the {@link RuleBook}: each at its limit, and just below it.
 */
class RuleBookTests {

	@Test
	void rulesWhenSetupIsHealthyThenGiveNoAdvice() {
		assertThat(judge(new Facts())).isEmpty();
		assertThat(judge(new Facts().answer(Duration.ofHours(1), true, Duration.ofDays(14), Duration.ofSeconds(1))
			.resource(Duration.ofSeconds(-2))
			.count(Occurrence.ISSUED, 60)
			.count(Occurrence.ISSUED_AT_RENEWAL_TIME, 58)
			.count(Occurrence.ISSUED_AFTER_REJECTION, 2)
			.count(Occurrence.ISSUED_OUT_OF_TURN, 2)
			.count(Occurrence.RESEND_ACCEPTED, 2)
			.count(Occurrence.TROUBLE, 1))).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("limits")
	void ruleWhenLimitIsPassedThenGivesItsAdviceAndNoOther(String rule, Facts below, Facts beyond, String words) {
		assertThat(judge(below)).doesNotContainKey(rule);
		assertThat(judge(beyond)).containsOnlyKeys(rule);
		assertThat(judge(beyond).get(rule)).containsIgnoringCase("client 'inventory'").contains(words).endsWith(".");
	}

	static Stream<Object> limits() {
		Facts healthy = new Facts();
		return Stream.of(
				argumentSet("longer than an hour", "long-lived-token", lifetime(Duration.ofHours(1)),
						lifetime(Duration.ofMinutes(61)), "live 1 h 1 min"),
				argumentSet("shorter than 30 s", "short-lived-token", lifetime(Duration.ofSeconds(30)),
						lifetime(Duration.ofMillis(29_500)), "live 29 s 500 ms"),
				argumentSet("default used", "unknown-lifetime", lifetime(Duration.ofMinutes(5)),
						new Facts().answer(Duration.ofMinutes(5), false, null, null), "living 5 min"),
				argumentSet("default of a day used", "unknown-lifetime", lifetime(Duration.ofMinutes(5)),
						new Facts().answer(Duration.ofDays(1), false, null, null), "living 24 h"),
				argumentSet("refresh token of less than a week", "refresh-token-lifetime", refresh(Duration.ofDays(7)),
						refresh(Duration.ofDays(6)), "live 6 d"),
				argumentSet("refresh token of more than 30 days", "refresh-token-lifetime",
						refresh(Duration.ofDays(30).plusSeconds(5)), refresh(Duration.ofDays(90)), "live 90 d"),
				argumentSet("no refresh token", "no-refresh-token", healthy,
						new Facts().count(Occurrence.ENDED_WITHOUT_REFRESH_TOKEN, 1), "log in again 1 time in"),
				argumentSet("issuer ahead", "clock-skew", issuerAhead(Duration.ofSeconds(5)),
						issuerAhead(Duration.ofSeconds(65)), "issuer of client 'inventory' is 1 min 5 s ahead of"),
				argumentSet("issuer behind", "clock-skew", issuerAhead(Duration.ofSeconds(-5)),
						issuerAhead(Duration.ofMillis(-5_001)), "is 5 s 1 ms behind"),
				argumentSet("resource server behind", "clock-skew", new Facts().resource(Duration.ofSeconds(-5)),
						new Facts().resource(Duration.ofSeconds(-6)),
						"https://api.internal of client 'inventory' is 6 s behind"),
				argumentSet("fresh tokens refused", "fresh-token-refused",
						new Facts().count(Occurrence.RESEND_REJECTED, 1).count(Occurrence.REJECTION_BARRED, 1),
						new Facts().count(Occurrence.RESEND_REJECTED, 1).count(Occurrence.REJECTION_BARRED, 2),
						"3 requests"),
				argumentSet("fresh tokens refused more often than accepted", "fresh-token-refused",
						new Facts().count(Occurrence.RESEND_REJECTED, 3).count(Occurrence.RESEND_ACCEPTED, 3),
						new Facts().count(Occurrence.RESEND_REJECTED, 4).count(Occurrence.RESEND_ACCEPTED, 3),
						"4 requests"),
				argumentSet("one path", "path-refused", new Facts().count(Occurrence.REJECTION_PASSED, 2),
						new Facts().count(Occurrence.REJECTION_PASSED, 3),
						"a path at https://api.internal that refuses"),
				argumentSet("renewals by 401 alone", "renewal-by-rejection", renewalsByRejection(3, 1),
						renewalsByRejection(3, 0), "All 3 renewals"),
				argumentSet("few renewals by 401", "renewal-by-rejection", renewalsByRejection(2, 0),
						renewalsByRejection(4, 0), "All 4 renewals"),
				argumentSet("cooldowns", "frequent-cooldowns", new Facts().count(Occurrence.TROUBLE, 1),
						new Facts().count(Occurrence.TROUBLE, 2), "fail 2 times"),
				argumentSet("subjects forgotten", "subjects-forgotten", healthy,
						new Facts().count(Occurrence.FORGOTTEN, 1), "forgotten 1 subject in"),
				argumentSet("requests", "too-many-requests", requests(19, 9), requests(19, 10), "explain 9: 10 came"),
				argumentSet("requests that are few of all", "too-many-requests", requests(60, 30), requests(60, 31),
						"60 tokens"),
				argumentSet("http", "plain-http", healthy, new Facts("evertoken.clients.inventory.token-uri", null),
						"inventory.token-uri"),
				argumentSet("secret", "plain-secret", healthy,
						new Facts(null, "evertoken.clients.inventory.client-secret"), "inventory.client-secret"));
	}

	private static Facts lifetime(Duration lifetime) {
		return new Facts().answer(lifetime, true, null, null);
	}

	private static Facts refresh(Duration lifetime) {
		return new Facts().answer(Duration.ofMinutes(5), true, lifetime, null);
	}

	private static Facts issuerAhead(Duration ahead) {
		return new Facts().answer(Duration.ofMinutes(5), true, null, ahead);
	}

	private static Facts requests(int issued, int outOfTurn) {
		return new Facts().count(Occurrence.ISSUED, issued).count(Occurrence.ISSUED_OUT_OF_TURN, outOfTurn);
	}

	private static Facts renewalsByRejection(int renewals, int inTime) {
		return new Facts().count(Occurrence.ISSUED_AFTER_REJECTION, renewals)
			.count(Occurrence.RESEND_ACCEPTED, renewals)
			.count(Occurrence.ISSUED_AT_RENEWAL_TIME, inTime);
	}

	@Test
	void idsThenAreDistinctAndFitIntoALink() {
		assertThat(Advisor.rules()).hasSize(14)
			.doesNotHaveDuplicates()
			.allMatch((id) -> id.matches("[a-z]+(-[a-z]+)*"));
	}

	@Test
	void limitsThenHaveEachRule() {
		assertThat(limits().map((set) -> ((Arguments) set).get()[0]).distinct())
			.containsExactlyInAnyOrderElementsOf(Advisor.rules());
	}

	private static Map<String, String> judge(Facts facts) {
		Map<String, String> advice = new TreeMap<>();
		RuleBook.ALL.forEach((rule) -> {
			String text = rule.judgement().of(facts.facts());
			if (text != null) {
				advice.put(rule.id(), text);
			}
		});
		return advice;
	}

	/**
	 * Facts of a client, that are well where nothing else is said.
	 */
	static final class Facts {

		private final AdvisedClient client;

		private final Map<Occurrence, Integer> counts = new EnumMap<>(Occurrence.class);

		private @Nullable IssuerAnswer answer;

		private @Nullable ResourceClock resource;

		Facts() {
			this(null, null);
		}

		Facts(@Nullable String plainHttp, @Nullable String plainSecret) {
			this.client = new AdvisedClient("inventory", (plainHttp != null) ? List.of(plainHttp) : List.of(),
					(plainSecret != null) ? List.of(plainSecret) : List.of());
		}

		Facts answer(Duration lifetime, boolean told, @Nullable Duration refresh, @Nullable Duration ahead) {
			this.answer = new IssuerAnswer(lifetime, told, refresh, ahead);
			return this;
		}

		Facts resource(Duration ahead) {
			this.resource = new ResourceClock("https://api.internal", ahead);
			return this;
		}

		Facts count(Occurrence occurrence, int count) {
			this.counts.put(occurrence, count);
			return this;
		}

		ClientFacts facts() {
			return new ClientFacts(this.client, this.answer,
					(this.answer != null) ? this.answer.refreshTokenLifetime() : null, this.resource,
					"https://api.internal", this.counts);
		}

	}

}
