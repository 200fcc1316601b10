package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.jose.SigningKey;
import io.github.evertoken.store.UnversionedTokenStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ForeignTokens}: what a client with DPoP does with token sets from a
 * store or a login.
 */
class ForeignTokensTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final DpopProofs GENERATED = DpopProofs.withGeneratedKey("ES256");

	private static final DpopProofs CONFIGURED = DpopProofs.withKey(SigningKey.parse(key()), null);

	// In virtual time no step of a store is slow, however busy the machine is.
	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final List<TokenSet> saved = new ArrayList<>();

	private final List<@Nullable String> refreshTokens = new ArrayList<>();

	private static String key() {
		try {
			return new ECKeyGenerator(Curve.P_256).generate().toJSONString();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void restoreWhenKeyIsGeneratedThenTheStoredTokenIsNotSentAndItsRefreshTokenIsUsed() {
		try (DefaultTokenManager manager = manager(GENERATED, stored("DPoP"))) {
			assertThat(headerOf(manager)).isEqualTo("DPoP issued-1");
			assertThat(this.refreshTokens).containsExactly("stored-refresh");
		}
	}

	@Test
	void restoreWhenKeyIsConfiguredThenTheStoredTokenIsSent() {
		try (DefaultTokenManager manager = manager(CONFIGURED, stored("DPoP"))) {
			assertThat(headerOf(manager)).isEqualTo("DPoP stored");
			assertThat(this.refreshTokens).isEmpty();
		}
	}

	@Test
	void restoreWhenTheStoredTokenIsABearerTokenThenItIsNotSent() {
		try (DefaultTokenManager manager = manager(CONFIGURED, stored("Bearer"))) {
			assertThat(headerOf(manager)).isEqualTo("DPoP issued-1");
		}
	}

	@Test
	void restoreWhenDpopHasBeenSwitchedOffThenTheStoredTokenIsNotSent() {
		try (DefaultTokenManager manager = manager(null, stored("DPoP"))) {
			assertThat(headerOf(manager)).isEqualTo("Bearer issued-1");
		}
		try (DefaultTokenManager manager = manager(null, stored("Bearer"))) {
			assertThat(headerOf(manager)).isEqualTo("Bearer stored");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer", "DPoP" })
	void putWhenTokenIsNotBoundToTheKeyThenItsRefreshTokenAloneIsKept(String type) {
		try (DefaultTokenManager manager = manager(GENERATED, null)) {
			manager.put(KEY, stored(type)).block(LIMIT);
			assertThat(this.saved).singleElement().satisfies((tokens) -> {
				assertThat(tokens.accessToken()).isNull();
				assertThat(tokens.refreshToken()).isEqualTo("stored-refresh");
				assertThat(tokens.idToken()).isEqualTo("stored-id");
			});
			assertThat(headerOf(manager)).isEqualTo("DPoP issued-1");
			assertThat(this.refreshTokens).containsExactly("stored-refresh");
		}
	}

	@Test
	void putWhenTokenFitsThenItIsSent() {
		try (DefaultTokenManager manager = manager(CONFIGURED, null)) {
			manager.put(KEY, stored("DPoP")).block(LIMIT);
			assertThat(headerOf(manager)).isEqualTo("DPoP stored");
		}
	}

	@Test
	void putWhenNothingCanBeUsedThenFailsAndKeepsWhatIsHeld() {
		try (DefaultTokenManager manager = manager(GENERATED, null)) {
			assertThat(headerOf(manager)).isEqualTo("DPoP issued-1");
			assertThatIllegalArgumentException()
				.isThrownBy(() -> manager.put(KEY, TokenSet.withAccessToken("planted").build()).block(LIMIT))
				.withMessageContaining("not bound to the DPoP key of the client (its type is Bearer)")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("planted"));
			assertThat(headerOf(manager)).isEqualTo("DPoP issued-1");
		}
	}

	@Test
	void issueWhenTokenIsNotBoundThenIsRefused() {
		ClientSettings settings = ClientSettings
			.of("inventory", (request) -> Mono.just(TokenSet.withAccessToken("planted").build()))
			.dpop(GENERATED)
			.build();
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(settings)
			.build()) {
			assertThatExceptionOfType(TokenRefusedException.class).isThrownBy(() -> headerOf(manager))
				.withMessageContaining("a token of the type Bearer, which is not bound")
				.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("planted"));
		}
	}

	private static String headerOf(DefaultTokenManager manager) {
		return manager.token(KEY).block(LIMIT).headerValue();
	}

	private static TokenSet stored(String type) {
		return TokenSet.withAccessToken("stored")
			.tokenType(type)
			.refreshToken("stored-refresh")
			.idToken("stored-id")
			.expiresIn(Duration.ofHours(1))
			.obtainedAt(Instant.now())
			.build();
	}

	private DefaultTokenManager manager(@Nullable DpopProofs proofs, @Nullable TokenSet stored) {
		ClientSettings settings = ClientSettings
			.of("inventory", (request) -> Mono.fromSupplier(() -> issue(request.refreshToken(), proofs != null)))
			.dpop(proofs)
			.build();
		return DefaultTokenManager.builder()
			.virtualTime(this.time)
			.client(settings)
			.store(new Store(stored).versioned())
			.build();
	}

	private TokenSet issue(@Nullable String refreshToken, boolean bound) {
		this.refreshTokens.add(refreshToken);
		return TokenSet.withAccessToken("issued-" + this.refreshTokens.size())
			.tokenType(bound ? "DPoP" : "Bearer")
			.build();
	}

	private final class Store implements UnversionedTokenStore {

		private final @Nullable TokenSet stored;

		Store(@Nullable TokenSet stored) {
			this.stored = stored;
		}

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			List<TokenSet> saved = ForeignTokensTests.this.saved;
			return Mono
				.justOrEmpty((this.stored != null || saved.isEmpty()) ? this.stored : saved.get(saved.size() - 1));
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.fromRunnable(() -> ForeignTokensTests.this.saved.add(tokenSet));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.empty();
		}

	}

}
