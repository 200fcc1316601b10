package io.github.evertoken.web;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link Challenge} and the {@link ChallengeReader} behind it.
 */
@Tag("RJ-4")
class ChallengeTests {

	private static final Challenge INVALID_TOKEN = Challenge.of("Bearer",
			Map.of("realm", "shop", "error", "invalid_token"));

	private static final Challenge BASIC = Challenge.of("Basic", Map.of("realm", "old"));

	private static List<Challenge> read(String... lines) {
		return Challenge.read(List.of(lines));
	}

	@Test
	void readWhenNoLineThenNoChallenge() {
		assertThat(read()).isEmpty();
		assertThat(read("")).isEmpty();
		assertThat(read(" \t ,, , ")).isEmpty();
	}

	@Test
	void readWhenSchemeAloneThenNeitherParametersNorToken68() {
		assertThat(read("Bearer")).containsExactly(Challenge.of("Bearer", Map.of()));
		assertThat(read("Bearer ")).containsExactly(Challenge.of("Bearer", Map.of()));
		assertThat(read("Bearer").get(0).token68()).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer realm=\"shop\", error=\"invalid_token\"",
			"Bearer realm=\"shop\",error=\"invalid_token\"", "Bearer realm=shop,error=invalid_token",
			"Bearer    realm  =  \"shop\"  ,\t error\t=\t\"invalid_token\"   ",
			"Bearer ,, realm=\"shop\",, ,error=\"invalid_token\",", ", Bearer realm=\"shop\", error=invalid_token" })
	void readWhenParametersAreWrittenInSeveralWaysThenMeanTheSame(String line) {
		assertThat(read(line)).containsExactly(INVALID_TOKEN);
	}

	@Test
	void readWhenCaseDiffersThenDoesNotMatter() {
		Challenge challenge = read("bEARER Error=invalid_token, REALM=shop").get(0);
		assertThat(challenge.hasScheme("Bearer")).isTrue();
		assertThat(challenge.error()).isEqualTo("invalid_token");
		assertThat(challenge.parameter("realm")).isEqualTo(challenge.parameter("Realm")).isEqualTo("shop");
	}

	@Test
	void readWhenQuotedStringHoldsEscapesAndCommasThenKeepsThem() {
		Challenge challenge = read(
				"Bearer error_description=\"he said \\\"no, never\\\", \\\\ Basic realm=x\", error=\"invalid_token\"")
			.get(0);
		assertThat(challenge.parameter("error_description")).isEqualTo("he said \"no, never\", \\ Basic realm=x");
		assertThat(challenge.error()).isEqualTo("invalid_token");
	}

	@Test
	void readWhenSeveralChallengesInALineThenAll() {
		assertThat(read("Basic realm=\"old\", Bearer realm=\"shop\", error=\"invalid_token\", Negotiate"))
			.containsExactly(BASIC, INVALID_TOKEN, Challenge.of("Negotiate", Map.of()));
	}

	@Test
	void readWhenSeveralLinesThenAll() {
		assertThat(read("Basic realm=\"old\"", "", "Bearer realm=\"shop\", error=\"invalid_token\"", "Negotiate"))
			.containsExactly(BASIC, INVALID_TOKEN, Challenge.of("Negotiate", Map.of()));
	}

	@Test
	void readWhenAProxyHasCutTheListIntoLinesThenIsTheSameList() {
		assertThat(read("Bearer realm=\"shop\"", "error=\"invalid_token\"")).containsExactly(INVALID_TOKEN);
	}

	@Test
	void readWhenToken68ThenIsKept() {
		assertThat(read("Negotiate YII/a+b._~-9==, NTLM TlRM=, Bearer realm=\"shop\", error=invalid_token"))
			.containsExactly(Challenge.ofToken68("Negotiate", "YII/a+b._~-9=="), Challenge.ofToken68("NTLM", "TlRM="),
					INVALID_TOKEN);
	}

	@Test
	void readWhenSpacesFollowAToken68ThenItIsKept() {
		assertThat(read("Negotiate YII= \t, NTLM TlRM= ")).containsExactly(Challenge.ofToken68("Negotiate", "YII="),
				Challenge.ofToken68("NTLM", "TlRM="));
	}

	@Test
	void readWhenAWordHasOtherCharactersThanAToken68ThenItIsNone() {
		for (char c : "!#$%&'*^`|:@?".toCharArray()) {
			assertThat(read("Negotiate ab" + c + "cd")).containsExactly(Challenge.of("Negotiate", Map.of()));
		}
	}

	/**
	 * RFC 9110, section 5.6.2.
	 */
	@Test
	void readWhenNamesHaveAnyCharactersOfATokenThenAreKept() {
		String name = "!#$%&'*+-.^_`|~09az";
		assertThat(read("AZ" + name + " " + name + "=" + name))
			.containsExactly(Challenge.of("AZ" + name, Map.of(name, name)));
	}

	@Test
	void readWhenParametersFollowAToken68ThenTheyCount() {
		assertThat(read("Bearer realm=, error=\"invalid_token\""))
			.containsExactly(Challenge.of("Bearer", Map.of("error", "invalid_token")));
	}

	@Test
	void readWhenAParameterIsRepeatedThenTheFirstCounts() {
		assertThat(read("Bearer error=\"invalid_token\", realm=shop, Error=\"invalid_request\", realm=other"))
			.containsExactly(INVALID_TOKEN);
	}

	@Test
	void readWhenCommasAreMissingThenParametersCount() {
		assertThat(read("Bearer realm=\"shop\" error=\"invalid_token\"")).containsExactly(INVALID_TOKEN);
		assertThat(read("Bearer realm=\"shop\"error=\"invalid_token\"")).containsExactly(INVALID_TOKEN);
	}

	@Test
	void readWhenUnquotedValuesHoldMoreThanATokenThenAreRead() {
		Challenge challenge = read(
				"Bearer error_uri=https://idp/errors?a=b, error_description=The token has expired, error=invalid_token")
			.get(0);
		assertThat(challenge.parameter("error_uri")).isEqualTo("https://idp/errors?a=b");
		assertThat(challenge.parameter("error_description")).isEqualTo("The");
		assertThat(challenge.error()).isEqualTo("invalid_token");
	}

	@Test
	void readWhenAQuotedStringNeverEndsThenEndsWithItsLine() {
		assertThat(read("Bearer realm=\"shop\", error=\"invalid_token", "Basic realm=\"old\""))
			.containsExactly(INVALID_TOKEN, BASIC);
		assertThat(read("Bearer realm=\"a\\").get(0).parameter("realm")).isEqualTo("a\\");
	}

	@ParameterizedTest
	@ValueSource(strings = { "=x, Bearer realm=shop, error=invalid_token",
			"lost=1, Bearer realm=shop, error=invalid_token", "\"lost, Basic\", Bearer realm=shop, error=invalid_token",
			"Bearer, =x realm=shop, ==, \"x\"=y, error=, error=invalid_token",
			"Bearer (); realm=shop, \u00e9\u0000{, error=invalid_token",
			"Bearer no parameter here realm=shop, error=invalid_token" })
	void readWhenSomethingIsBrokenThenTheRestCounts(String line) {
		assertThat(read(line)).containsExactly(INVALID_TOKEN);
	}

	@Test
	void readWhenAValueIsEmptyThenIsNoErrorCode() {
		assertThat(read("Bearer realm=x, error=\"\"").get(0).error()).isNull();
		assertThat(read("Bearer realm=x, error=").get(0).error()).isNull();
		assertThat(read("Bearer realm=\"\", scope=").get(0).parameters()).containsOnly(entry("realm", ""));
	}

	@Test
	void readWhenThereIsMoreThanTheLimitsThenTheRestIsLeftOut() {
		assertThat(read("Basic,".repeat(100))).hasSize(ChallengeReader.MAX_CHALLENGES);
		StringBuilder parameters = new StringBuilder("Bearer error=invalid_token");
		for (int i = 0; i < 100; i++) {
			parameters.append(", p").append(i).append("=x");
		}
		assertThat(read(parameters + ", Basic realm=old")).hasSize(2)
			.contains(BASIC)
			.first()
			.satisfies((challenge) -> assertThat(challenge.parameters()).hasSize(ChallengeReader.MAX_PARAMETERS)
				.containsEntry("error", "invalid_token"));
		String rubbish = "Basic realm=\"" + "x".repeat(ChallengeReader.MAX_LENGTH);
		assertThat(read(rubbish, "Bearer")).singleElement()
			.satisfies(
					(challenge) -> assertThat(challenge.parameter("realm")).hasSize(ChallengeReader.MAX_LENGTH - 13));
	}

	@Test
	@Tag("SE-2")
	void toStringThenRepeatsNothingThatAServerWrote() {
		assertThat(read("planted planted=planted, planted planted")).hasSize(2)
			.allSatisfy((challenge) -> assertThat(challenge.toString()).doesNotContain("planted"));
	}

	@Test
	void equalsThenComparesWhatWasRead() {
		assertThat(read("Basic realm=\"old\"")).isEqualTo(read("Basic REALM=old"))
			.hasSameHashCodeAs(read("Basic REALM=old"));
		assertThat(read("Basic realm=old")).isNotEqualTo(read("Basic realm=new"))
			.isNotEqualTo(read("Bearer realm=old"))
			.isNotEqualTo(read("Basic old"));
	}

}
