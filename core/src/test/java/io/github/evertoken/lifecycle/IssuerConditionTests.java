
package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for trouble of an issuer, which is one trouble for all keys and all clients.
 */
class IssuerConditionTests extends LifecycleFixture {

	private static final TokenKey ORDERS = TokenKey.of("orders", "alice");

	private boolean down = true;

	private int requests;

	private final List<Sinks.One<TokenSet>> answers = new ArrayList<>();

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void outageWhenManyKeysWaitThenOneProbesAndAllHaveTheirTokensAfterwards() {
		share();
		List<TestSubscriber<AccessToken>> callers = IntStream.range(0, 500)
			.mapToObj((i) -> caller(TokenKey.of((i % 2 == 0) ? "inventory" : "orders", "subject" + i)))
			.toList();
		advance(Duration.ofSeconds(2));
		assertThat(this.requests).isLessThan(150);
		this.down = false;
		advance(Duration.ofMillis(999));
		assertThat(callers).allSatisfy((caller) -> assertThat(valueOf(caller)).isEqualTo("t"));
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void outageWhenPatienceIsOverThenCallersFailAtOnceAndOneProbes() {
		share();
		List<TestSubscriber<AccessToken>> callers = IntStream.range(0, 100)
			.mapToObj((i) -> caller(TokenKey.of("inventory", "subject" + i)))
			.toList();
		advance(Duration.ofMillis(3100));
		assertThat(callers)
			.allSatisfy((caller) -> assertThat(errorOf(caller)).isInstanceOf(TransientTokenException.class));
		int before = this.requests;
		for (int i = 0; i < 600; i++) {
			TestSubscriber<AccessToken> caller = caller(TokenKey.of("orders", "subject" + i % 100));
			assertThat(caller.isTerminatedError()).isTrue();
			advance(Duration.ofMillis(100));
		}
		assertThat(this.requests - before).isBetween(10, 40);
		this.down = false;
		advance(Duration.ofSeconds(5));
		assertThat(valueOf(caller(TokenKey.of("orders", "subject1")))).isEqualTo("t");
		assertThat(token(ALICE)).isEqualTo("t");
	}

	@Test
	@Tag("LC-7")
	void outageWhenItsProbeIsRemovedOrItsClientIsUsedNoMoreThenAnotherOneProbes() {
		share();
		TestSubscriber<AccessToken> first = caller(ALICE);
		this.down = false;
		complete(this.manager.remove(ALICE));
		advance(Duration.ofMillis(200));
		assertThat(errorOf(first)).isInstanceOf(TransientTokenException.class);
		assertThat(token(TokenKey.of("orders"))).isEqualTo("t");
		assertThat(token(ALICE)).isEqualTo("t");
	}

	@Test
	@Tag("LC-7")
	void probeWhenItIsGivenUpThenAnotherClientsProbesAtOnce() {
		List<TokenKey> asked = shareAndHang(2);
		caller(ALICE);
		advance(Duration.ofSeconds(1));
		caller(ORDERS);
		assertThat(asked).containsExactly(ALICE, ALICE);
		Flight probe = lifecycle(ALICE).state().flight();
		assertThat(probe).isNotNull();
		probe.cancel();
		assertThat(asked).containsExactly(ALICE, ALICE, ORDERS);
	}

	@Test
	@Tag("LC-4")
	@Tag("LC-7")
	void answerWhenTheIssuerRecoversThenTheFlightsOfOtherClientsFollowToo() {
		List<TokenKey> asked = shareAndHang(4);
		caller(ALICE);
		advance(Duration.ofSeconds(1));
		caller(ORDERS);
		caller(TokenKey.of("orders", "bob"));
		caller(TokenKey.of("orders", "carol"));
		this.answers.get(1).tryEmitValue(TokenSet.withAccessToken("t").build());
		advance(Duration.ZERO);
		assertThat(asked).hasSize(4);
		assertThat(token(BOB)).isEqualTo("t");
		advance(Duration.ZERO);
		assertThat(asked).hasSize(6).endsWith(TokenKey.of("orders", "carol"));
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void queueWhenTheIssuerAsksForMoreThanAnybodyWaitsThenIsToldAtOnce() {
		use((settings) -> settings.maxConcurrentRequests(1));
		Sinks.One<TokenSet> answer = answerLater();
		caller(ALICE);
		TestSubscriber<AccessToken> queued = caller(BOB);
		answer.tryEmitError(new TransientTokenException(ALICE, "busy", null, null, Duration.ofMinutes(1), null));
		advance(Duration.ZERO);
		assertThat(errorOf(queued)).hasMessageContaining("busy").hasMessageContaining("'bob'");
		assertThat(lifecycle(BOB).state().flight()).isNull();
		assertThat(this.issuer.calls()).isEqualTo(1);
	}

	@Test
	@Tag("LC-2")
	@Tag("LC-7")
	void queueWhenThePauseThatNobodyWaitedForIsOverThenGoesOn() {
		use((settings) -> settings.maxConcurrentRequests(1));
		put(ALICE, TokenSet.withAccessToken("due").refreshToken("r1").expiresIn(Duration.ofSeconds(100)).build());
		advance(Duration.ofSeconds(85));
		Sinks.One<TokenSet> answer = answerLater();
		assertThat(token(ALICE)).isEqualTo("due");
		TestSubscriber<AccessToken> queued = caller(BOB);
		answer.tryEmitError(new TransientTokenException(ALICE, "busy", null, null, Duration.ofSeconds(5), null));
		advance(Duration.ofMillis(4999));
		assertThat(queued.isTerminated()).isFalse();
		assertThat(this.issuer.calls()).isEqualTo(1);
		advance(Duration.ofMillis(1));
		assertThat(valueOf(queued)).isEqualTo("t1");
	}

	/**
	 * The first request fails, those that follow hang until they are answered.
	 */
	private List<TokenKey> shareAndHang(int hanging) {
		List<TokenKey> asked = new ArrayList<>();
		this.answers.add(Sinks.one());
		this.answers.get(0).tryEmitError(new IOException("reset"));
		IntStream.range(1, hanging).forEach((i) -> this.answers.add(Sinks.one()));
		share((request) -> {
			asked.add(request.key());
			return (asked.size() <= this.answers.size()) ? this.answers.get(asked.size() - 1).asMono()
					: Mono.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofHours(1)).build());
		});
		return asked;
	}

	private void share() {
		share((request) -> {
			this.requests++;
			return this.down ? Mono.error(new IOException("reset"))
					: Mono.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofHours(1)).build());
		});
	}

	private void share(TokenIssuer issuer) {
		this.manager.close();
		TokenIssuer shared = new TokenIssuer() {

			@Override
			public Mono<TokenSet> issue(TokenRequest request) {
				return Mono.defer(() -> issuer.issue(request));
			}

			@Override
			public @Nullable Object endpoint() {
				return "https://idp.example/token";
			}

		};
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.client(ClientSettings.of("inventory", shared).build())
			.client(ClientSettings.of("orders", shared).build())
			.build();
	}

}
