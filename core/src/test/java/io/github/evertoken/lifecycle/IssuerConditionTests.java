
package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.test.Rule;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.subscriber.TestSubscriber;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for trouble of an issuer, which is one trouble for all keys and all clients.
 */
class IssuerConditionTests extends LifecycleFixture {

	private boolean down = true;

	private int requests;

	@Test
	@Rule({ "LC-2", "LC-7" })
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
	@Rule({ "LC-2", "LC-7" })
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
	@Rule("LC-7")
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

	private void share() {
		this.manager.close();
		TokenIssuer shared = new TokenIssuer() {

			@Override
			public Mono<TokenSet> issue(TokenRequest request) {
				return Mono.defer(() -> {
					IssuerConditionTests.this.requests++;
					return IssuerConditionTests.this.down ? Mono.error(new IOException("reset"))
							: Mono.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofHours(1)).build());
				});
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
