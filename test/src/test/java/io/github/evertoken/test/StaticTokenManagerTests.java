package io.github.evertoken.test;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StaticTokenManager}.
 */
class StaticTokenManagerTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private final StaticTokenManager manager = new StaticTokenManager();

	private AccessToken token(TokenKey key) {
		AccessToken token = this.manager.token(key).block();
		assertThat(token).isNotNull();
		return token;
	}

	private String value(TokenKey key) {
		return token(key).value();
	}

	@Test
	void tokenThenTellsWhoseItIs() {
		assertThat(value(SERVICE)).isEqualTo("inventory-token");
		assertThat(value(ALICE)).isEqualTo("inventory-token-of-alice");
		assertThat(value(TokenKey.of("inventory", "alice in\nwonderland")))
			.isEqualTo("inventory-token-of-alice_in_wonderland");
		assertThat(value(TokenKey.onBehalfOf("inventory", "secret"))).doesNotContain("secret");
		assertThat(token(SERVICE).headerValue()).isEqualTo("Bearer inventory-token");
	}

	@Test
	void rejectThenTheNextTokenIsAnotherOneOnce() {
		AccessToken first = token(SERVICE);
		assertThat(this.manager.reject(SERVICE, first)).isTrue();
		assertThat(this.manager.reject(SERVICE, first)).isTrue();
		assertThat(value(SERVICE)).isEqualTo("inventory-token-2");
		assertThat(value(ALICE)).isEqualTo("inventory-token-of-alice");
		assertThat(this.manager.reject(SERVICE, token(SERVICE))).isTrue();
		assertThat(value(SERVICE)).isEqualTo("inventory-token-3");
		assertThat(this.manager.rejected()).containsExactly(SERVICE, SERVICE, SERVICE);
	}

	@Test
	void rejectWhenTheTokenIsOnBehalfOfSomebodyThenKeepsNoSubjectToken() {
		TokenKey key = TokenKey.onBehalfOf("inventory", "secret");
		this.manager.reject(key, token(key));
		assertThat(value(key)).endsWith("-2");
		assertThat(this.manager.rejected()).singleElement()
			.satisfies((rejected) -> assertThat(rejected.subjectToken()).isNull());
	}

	@Test
	void useAndPutThenSetTheToken() {
		this.manager.use("inventory", "made-up");
		assertThat(value(SERVICE)).isEqualTo("made-up");
		assertThat(value(ALICE)).isEqualTo("made-up");
		this.manager.put(ALICE, TokenSet.withAccessToken("hers").build()).block();
		assertThat(value(ALICE)).isEqualTo("hers");
		this.manager.reject(ALICE, token(ALICE));
		assertThat(value(ALICE)).isEqualTo("hers-2");
		this.manager.remove(ALICE).block();
		assertThat(value(ALICE)).isEqualTo("made-up");
		this.manager.revoke(SERVICE).block();
		assertThat(value(SERVICE)).isEqualTo("inventory-token");
	}

	@Test
	void useThenTheTokenIsTheFirstOfAllSubjects() {
		TokenKey onBehalf = TokenKey.onBehalfOf("inventory", "secret");
		TokenKey other = TokenKey.of("billing", "alice");
		for (TokenKey key : List.of(SERVICE, ALICE, onBehalf, other)) {
			this.manager.reject(key, token(key));
		}
		this.manager.use("inventory", "made-up");
		assertThat(List.of(value(SERVICE), value(ALICE), value(onBehalf))).containsOnly("made-up");
		assertThat(value(other)).isEqualTo("billing-token-of-alice-2");
		this.manager.reject(ALICE, token(ALICE));
		assertThat(value(ALICE)).isEqualTo("made-up-2");
		assertThat(value(SERVICE)).isEqualTo("made-up");
	}

	@Test
	void useWhenASubjectHasATokenOfItsOwnThenThatIsGone() {
		this.manager.put(ALICE, TokenSet.withAccessToken("hers").build()).block();
		this.manager.use("inventory", "made-up");
		assertThat(value(ALICE)).isEqualTo("made-up");
	}

	@Test
	void putWhenTheKeyIsTheServicesThenItsSubjectsKeepTheirs() {
		this.manager.reject(ALICE, token(ALICE));
		this.manager.put(SERVICE, TokenSet.withAccessToken("its").build()).block();
		assertThat(value(SERVICE)).isEqualTo("its");
		assertThat(value(ALICE)).isEqualTo("inventory-token-of-alice-2");
	}

	@Test
	void putWhenTheKeyHasASubjectTokenThenItsTokenIsTheFirst() {
		TokenKey key = TokenKey.onBehalfOf("inventory", "secret");
		this.manager.reject(key, token(key));
		this.manager.put(key, TokenSet.withAccessToken("theirs").build()).block();
		assertThat(value(key)).isEqualTo("theirs");
		this.manager.remove(key).block();
		assertThat(value(key)).startsWith("inventory-token");
	}

	@Test
	void resetThenBeginsAnew() {
		this.manager.use("inventory", "made-up");
		this.manager.reject(SERVICE, token(SERVICE));
		this.manager.reset();
		assertThat(value(SERVICE)).isEqualTo("inventory-token");
		assertThat(this.manager.rejected()).isEmpty();
	}

	@Test
	void leaseThenTheWorkIsDone() {
		assertThat(this.manager.lease(SERVICE, Duration.ofDays(1), LeasePolicy.FAIL, Mono.just("done")).block())
			.isEqualTo("done");
		assertThat(this.manager.lease(SERVICE, Duration.ofDays(1), LeasePolicy.FAIL, Flux.just(1, 2))
			.collectList()
			.block()).containsExactly(1, 2);
	}

}
