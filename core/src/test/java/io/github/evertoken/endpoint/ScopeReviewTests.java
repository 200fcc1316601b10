package io.github.evertoken.endpoint;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.test.support.LogLines;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.junit5.StartStop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ScopeReview} and {@link GrantedScope}, against a server.
 */
@Tag("OB-22")
class ScopeReviewTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private final LogLines log = new LogLines(OAuth2TokenIssuer.class.getName());

	@AfterEach
	void close() {
		this.log.close();
	}

	@Test
	void issueWhenLessIsGrantedThanAskedForThenSaysOnceWhatIsMissing() {
		OAuth2TokenIssuer issuer = issuer("a", "b", "c");
		for (int i = 0; i < 3; i++) {
			assertThat(issue(issuer, "\"b other\"").scope()).containsExactly("b", "other");
		}
		assertThat(this.log.with("scope")).singleElement()
			.asString()
			.startsWith("WARN Client 'inventory' has asked for the scope 'a b c' and was granted 'b other': 'a c' is"
					+ " missing");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			"a b"       | a b
			["b", "a"]  | b a
			"b  a a x"  | b a x
			""")
	void issueWhenAllIsGrantedThenNothingIsSaid(String granted, String scope) {
		assertThat(issue(issuer("a", "b"), granted).scope()).containsExactly(scope.split(" "));
		assertThat(this.log.with("")).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
			null
			""
			7
			{}
			[1, null]
			""")
	void issueWhenTheAnswerDoesNotSayThenThatIsNotKnownAndNothingIsSaid(String granted) {
		assertThat(issue(issuer("a"), granted).scope()).isNull();
		assertThat(this.log.with("")).isEmpty();
	}

	@Test
	@Tag("SE-2")
	void issueWhenTheServerPutsTokensIntoTheScopeThenTheyAreLeftOut() {
		Set<String> scope = issue(issuer("a", "b"),
				"[\"a\", \"t1\", \"planted-secret\", \"AbCdEfGhIjKlMnOpQrStUvWx123456\", \"x\\ny\"]")
			.scope();
		assertThat(scope).containsExactly("a");
		assertThat(this.log.with("'b' is missing")).hasSize(1);
		assertThat(this.log.with("")).allSatisfy((line) -> assertThat(line).doesNotContain("t1", "planted", "AbCd"));
	}

	private OAuth2TokenIssuer issuer(String... scope) {
		return OAuth2TokenIssuer.builder(TestWebClients.builder().build())
			.tokenUri(this.server.url("/token").uri())
			.clientAuthentication(ClientAuthentication.clientSecretPost("orders", "planted-secret"))
			.scope(List.of(scope))
			.build();
	}

	private TokenSet issue(OAuth2TokenIssuer issuer, String scope) {
		this.server.enqueue(new MockResponse.Builder().addHeader("Content-Type", "application/json")
			.body("{\"access_token\":\"t1\",\"scope\":" + scope + "}")
			.build());
		TokenSet tokens = issuer.issue(new TokenRequest(KEY, Trigger.USE, null)).block(Duration.ofMinutes(1));
		assertThat(tokens).isNotNull();
		return tokens;
	}

}
