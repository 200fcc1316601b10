
package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.TokenStore;
import org.junit.jupiter.api.AfterEach;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A manager whose issuer follows a script, in virtual time.
 */
abstract class LifecycleFixture {

	static final TokenKey SERVICE = TokenKey.of("inventory");

	static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	static final TokenKey BOB = TokenKey.of("inventory", "bob");

	final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	final ScriptedIssuer issuer = new ScriptedIssuer();

	DefaultTokenManager manager = manager(TokenStore.inMemory(), (settings) -> {
	});

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	final DefaultTokenManager manager(TokenStore store, Consumer<ClientSettings.Builder> customizer) {
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer);
		customizer.accept(settings);
		return DefaultTokenManager.builder()
			.virtualTime(this.time)
			.store(store)
			.random(() -> 0.5)
			.client(settings.build())
			.build();
	}

	/**
	 * Use a manager whose scheduler is observed.
	 */
	final ObservedScheduler useObserved(Consumer<ClientSettings.Builder> customizer) {
		ObservedScheduler observed = new ObservedScheduler(this.time);
		ClientSettings.Builder settings = ClientSettings.of("inventory", this.issuer);
		customizer.accept(settings);
		this.manager.close();
		this.manager = DefaultTokenManager.builder().virtualTime(observed).client(settings.build()).build();
		return observed;
	}

	final ObservedScheduler useObserved() {
		return useObserved((settings) -> {
		});
	}

	final void use(TokenStore store, Consumer<ClientSettings.Builder> customizer) {
		this.manager.close();
		this.manager = manager(store, customizer);
	}

	final void use(TokenStore store) {
		use(store, (settings) -> {
		});
	}

	final void use(Consumer<ClientSettings.Builder> customizer) {
		use(TokenStore.inMemory(), customizer);
	}

	final TokenLifecycle lifecycle(TokenKey key) {
		return this.manager.lifecycle(key);
	}

	final Sinks.One<TokenSet> answerLater() {
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer.then(answer.asMono());
		return answer;
	}

	final void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	final TestSubscriber<AccessToken> caller(TokenKey key) {
		TestSubscriber<AccessToken> caller = TestSubscriber.create();
		this.manager.token(key).subscribe(caller);
		advance(Duration.ZERO);
		return caller;
	}

	final List<TestSubscriber<AccessToken>> callers(int number, TokenKey key) {
		return IntStream.range(0, number).mapToObj((i) -> caller(key)).toList();
	}

	final String token(TokenKey key) {
		return valueOf(caller(key));
	}

	final void put(TokenKey key, TokenSet tokens) {
		complete(this.manager.put(key, tokens));
	}

	final void complete(Mono<Void> command) {
		TestSubscriber<Void> done = TestSubscriber.create();
		command.subscribe(done);
		advance(Duration.ZERO);
		assertThat(done.isTerminatedComplete()).as("completed").isTrue();
	}

	/**
	 * Return a token set that is as good as expired: nobody gets its access token, and
	 * its refresh token counts.
	 */
	static TokenSet refreshable(String refreshToken) {
		return TokenSet.withRefreshToken(refreshToken).build();
	}

	static String valueOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminated()).as("terminated").isTrue();
		assertThat(caller.expectTerminalSignal().getThrowable()).isNull();
		return caller.getReceivedOnNext().get(0).value();
	}

	static Throwable errorOf(TestSubscriber<AccessToken> caller) {
		assertThat(caller.isTerminatedError()).as("failed").isTrue();
		return caller.expectTerminalError();
	}

}
