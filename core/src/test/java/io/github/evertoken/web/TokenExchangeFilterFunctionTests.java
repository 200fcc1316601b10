package io.github.evertoken.web;

import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenExchangeFilterFunction} beside the scenarios.
 */
class TokenExchangeFilterFunctionTests {

	@Test
	void newWhenTheSelectorHasAClientThatTheManagerDoesNotKnowThenIsRefused() {
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", (request) -> Mono.empty()).build())
			.build()) {
			ClientSelector selector = ClientSelector.builder()
				.add(BaseUrl.of("https://inventory.internal"), "inventory")
				.add(BaseUrl.of("https://shop.internal"), "shop")
				.build();
			assertThatIllegalArgumentException().isThrownBy(() -> new TokenExchangeFilterFunction(manager, selector))
				.withMessageContaining("no client 'shop'");
		}
	}

}
