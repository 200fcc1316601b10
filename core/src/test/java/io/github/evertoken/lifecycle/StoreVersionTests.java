
package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.StoredTokenSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the versions by which memory and store agree: commands have the last word,
 * and whoever has redeemed a refresh token has the only good set.
 */
class StoreVersionTests extends LifecycleFixture {

	private final VersionedMapStore store = new VersionedMapStore();

	@Test
	@Tag("LC-9")
	void putWhenTwoTokenSetsAreUnsavedThenHasTheLastWord() {
		haveTwoUnsaved();
		put(ALICE, TokenSet.withAccessToken("login").refreshToken("r9").build());
		assertThat(token(ALICE)).isEqualTo("login");
		advance(Duration.ofSeconds(10));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r9");
	}

	@Test
	@Tag("LC-9")
	void removeWhenTwoTokenSetsAreUnsavedThenHasTheLastWord() {
		haveTwoUnsaved();
		complete(this.manager.remove(ALICE));
		assertThat(lifecycle(ALICE).state().holdsAny()).isFalse();
		advance(Duration.ofSeconds(10));
		assertThat(this.store.rests(ALICE)).isNull();
	}

	@Test
	@Tag("LC-9")
	void saveWhenTwoTokenSetsAreUnsavedThenTheLastOneComesToRest() {
		haveTwoUnsaved();
		advance(Duration.ofSeconds(10));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r3");
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNull();
	}

	private void haveTwoUnsaved() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()))
			.then(Mono.just(this.issuer.nextToken().refreshToken("r3").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		advance(ScriptedIssuer.LIFETIME);
		assertThat(token(ALICE)).isEqualTo("t2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::refreshToken).containsExactly("r1", "r2");
		this.store.saving = (step) -> step;
	}

	@Test
	@Tag("LC-9")
	void lateSaveWhenTheRecordHasTheRefreshTokenThatWasRedeemedThenReplacesIt() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		this.store.write(StoredTokenSet.of(ALICE, 7, refreshable("r1")));
		this.store.saving = (step) -> step;
		advance(Duration.ofSeconds(10));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(lifecycle(ALICE).state().conditions().unsaved()).isNull();
	}

	@Test
	@Tag("LC-9")
	void saveWhenTheRecordHasTheRefreshTokenThatWasRedeemedThenReplacesIt() {
		use(this.store);
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		TestSubscriber<AccessToken> caller = caller(ALICE);
		this.store.write(StoredTokenSet.of(ALICE, 7,
				TokenSet.withAccessToken("old").refreshToken("r1").obtainedAt(java.time.Instant.EPOCH).build()));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ZERO);
		assertThat(valueOf(caller)).isEqualTo("t1");
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		assertThat(lifecycle(ALICE).state().refreshToken()).isEqualTo("r2");
	}

	@Test
	@Tag("LC-9")
	void revokeWhenAFlightMeetsItsTombstoneThenWhatItBringsIsRevoked() {
		List<String> revoked = new ArrayList<>();
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.store(this.store)
			.client(ClientSettings.of("inventory", new Revoking(this.issuer, revoked)).build())
			.build();
		put(ALICE, refreshable("r1"));
		Sinks.One<TokenSet> answer = answerLater();
		this.issuer.thenRefuse();
		caller(ALICE);
		this.store.removing = (step) -> step.delayElement(Duration.ofMillis(200), this.time);
		this.manager.revoke(ALICE).subscribe();
		advance(Duration.ofMillis(100));
		answer.tryEmitValue(this.issuer.nextToken().refreshToken("r2").build());
		advance(Duration.ofSeconds(1));
		assertThat(revoked).contains("r2");
		assertThat(lifecycle(ALICE).state().holdsAny()).isFalse();
		assertThat(lifecycle(ALICE).state().conditions().disowned()).isEmpty();
	}

	@Test
	@Tag("LC-9")
	@Tag("LC-12")
	void revokeWhenAFlightPausesBetweenItsAttemptsThenNothingIsLeftOfIt() {
		put(ALICE, refreshable("r1"));
		this.issuer.thenFail(new IOException("down"));
		caller(ALICE);
		complete(this.manager.revoke(ALICE));
		advance(Duration.ofSeconds(1));
		assertThat(lifecycle(ALICE).state().conditions().disowned()).isEmpty();
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-9")
	@Tag("LC-12")
	void keyWhenItWasEvictedBeforeItsTokenSetWasSavedThenIsForgottenAfterwards() {
		use(this.store, (settings) -> settings.subjectExpireAfterIdle(Duration.ofSeconds(30)));
		put(ALICE, refreshable("r1"));
		this.store.saving = (step) -> Mono.error(new IOException("read only"));
		this.issuer.then(Mono.just(this.issuer.nextToken().refreshToken("r2").build()));
		assertThat(token(ALICE)).isEqualTo("t1");
		TokenLifecycle lifecycle = lifecycle(ALICE);
		advance(Duration.ofSeconds(40));
		assertThat(lifecycle.state().closed()).isFalse();
		this.store.saving = (step) -> step;
		advance(Duration.ofSeconds(10));
		assertThat(this.store.refreshToken(ALICE)).isEqualTo("r2");
		advance(Duration.ofSeconds(95));
		assertThat(lifecycle.state().closed()).isTrue();
	}

	private record Revoking(ScriptedIssuer issuer, List<String> revoked) implements TokenIssuer {

		@Override
		public Mono<TokenSet> issue(TokenRequest request) {
			return this.issuer.issue(request);
		}

		@Override
		public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
			return Mono.fromRunnable(() -> this.revoked.add(String.valueOf(tokens.refreshToken())));
		}

	}

}
