package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.UnversionedTokenStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what meets a key that has just become another one, in virtual time.
 */
@Tag("LC-14")
class SuccessionTests {

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private final Map<TokenKey, TokenSet> resting = new ConcurrentHashMap<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.store(new Resting().versioned())
		.client(ClientSettings.of("inventory", this.issuer).maximumSubjects(1).build())
		.build();

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	void rejectWhenTheKeyWasEvictedThenItsSuccessorDoesNotBringTheTokenBack() {
		put(TokenSet.withAccessToken("bad").refreshToken("r1").expiresIn(Duration.ofHours(1)).build());
		TokenLifecycle evicted = this.manager.lifecycle(ALICE);
		HeldToken sent = evicted.usable();
		assertThat(sent).isNotNull();
		evictAll();
		assertThat(evicted.state().closed()).isTrue();
		assertThat(evicted.reject(sent)).isTrue();
		assertThat(valueOf(caller())).isEqualTo("t1");
		assertThat(this.issuer.requests()).singleElement()
			.satisfies((request) -> assertThat(request.refreshToken()).isEqualTo("r1"));
	}

	@Test
	void putWhenTheFlightIsBeingRefusedThenWins() {
		Sinks.One<TokenSet> answer = Sinks.one();
		put(TokenSet.withRefreshToken("r1").build());
		this.issuer.then(answer.asMono());
		TestSubscriber<AccessToken> caller = caller();
		put(TokenSet.withAccessToken("login").refreshToken("r2").expiresIn(Duration.ofHours(1)).build());
		answer.tryEmitError(new ReauthenticationRequiredException(ALICE, "refused", "invalid_grant", null, null));
		assertThat(valueOf(caller)).isEqualTo("login");
		assertThat(valueOf(caller())).isEqualTo("login");
	}

	@Test
	void tokenWhenIssuersWaitForEachOthersRunningFlightsThenFailsAtOnce() {
		Sinks.Empty<Void> start = Sinks.empty();
		DefaultTokenManager[] mutual = new DefaultTokenManager[1];
		mutual[0] = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(ClientSettings.of("a", (request) -> start.asMono().then(other(mutual, "b"))).build())
			.client(ClientSettings.of("b", (request) -> start.asMono().then(other(mutual, "a"))).build())
			.build();
		TestSubscriber<AccessToken> ofA = TestSubscriber.create();
		TestSubscriber<AccessToken> ofB = TestSubscriber.create();
		mutual[0].token(TokenKey.of("a")).subscribe(ofA);
		mutual[0].token(TokenKey.of("b")).subscribe(ofB);
		start.tryEmitEmpty();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		assertThat(ofA.expectTerminalError()).rootCause().isInstanceOf(IllegalStateException.class);
		assertThat(ofB.expectTerminalError()).rootCause().isInstanceOf(IllegalStateException.class);
		mutual[0].close();
	}

	private static Mono<TokenSet> other(DefaultTokenManager[] manager, String client) {
		return Mono.defer(() -> manager[0].token(TokenKey.of(client)))
			.map((token) -> TokenSet.withAccessToken("never").build());
	}

	@Test
	void putWhenTheManagerIsClosedThenFails() {
		this.manager.close();
		TestSubscriber<Void> done = TestSubscriber.create();
		this.manager.put(ALICE, TokenSet.withAccessToken("late").build()).subscribe(done);
		assertThat(done.expectTerminalError()).isInstanceOf(TransientTokenException.class)
			.hasMessageContaining("closed");
		assertThat(this.resting).isEmpty();
	}

	private void put(TokenSet tokens) {
		TestSubscriber<Void> done = TestSubscriber.create();
		this.manager.put(ALICE, tokens).subscribe(done);
		assertThat(done.isTerminatedComplete()).isTrue();
	}

	private void evictAll() {
		IntStream.range(0, 10).forEach((i) -> this.manager.lifecycle(TokenKey.of("inventory", "other" + i)));
		this.manager.lifecycle(TokenKey.of("inventory")).client().size();
	}

	private TestSubscriber<AccessToken> caller() {
		TestSubscriber<AccessToken> caller = TestSubscriber.create();
		this.manager.token(ALICE).subscribe(caller);
		this.time.advanceTimeBy(Duration.ofMillis(1));
		return caller;
	}

	private static String valueOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.getReceivedOnNext()).hasSize(1);
		return caller.getReceivedOnNext().get(0).value();
	}

	private final class Resting implements UnversionedTokenStore {

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.fromSupplier(() -> SuccessionTests.this.resting.get(key));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.fromRunnable(() -> SuccessionTests.this.resting.put(key, tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.fromRunnable(() -> SuccessionTests.this.resting.remove(key));
		}

	}

}
