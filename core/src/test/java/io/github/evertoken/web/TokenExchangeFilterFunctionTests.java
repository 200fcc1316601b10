package io.github.evertoken.web;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenExchangeFilterFunction} beside the scenarios.
 */
class TokenExchangeFilterFunctionTests {

	private final List<String> sent = new CopyOnWriteArrayList<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(client("inventory"))
		.client(client("stock"))
		.client(client("idle"))
		.build();

	private final TokenExchangeFilterFunction filter = new TokenExchangeFilterFunction(this.manager,
			ClientSelector.builder()
				.add(BaseUrl.of("https://api.internal/inventory"), "inventory")
				.add(BaseUrl.of("https://api.internal/stock"), "stock")
				.build());

	@AfterEach
	void close() {
		this.manager.close();
	}

	private static ClientSettings client(String name) {
		return ClientSettings.of(name, (request) -> Mono.just(TokenSet.withAccessToken("of-" + name).build())).build();
	}

	private String send(String url, Consumer<ClientRequest.Builder> customizer) {
		ClientRequest.Builder request = ClientRequest.create(HttpMethod.GET, URI.create(url));
		customizer.accept(request);
		this.filter.filter(request.build(), (authorized) -> {
			this.sent.add(String.valueOf(authorized.headers().getFirst(HttpHeaders.AUTHORIZATION)));
			return Mono.just(ClientResponse.create(HttpStatus.OK).build());
		}).block();
		return this.sent.get(this.sent.size() - 1);
	}

	@Test
	@Tag("SE-1")
	void filterWhenTheRequestNamesAClientOfItsOriginThenThatGoesBeforeItsUrl() {
		assertThat(send("https://api.internal/stock/7", (request) -> {
		})).isEqualTo("Bearer of-stock");
		assertThat(send("https://api.internal/stock/7",
				(request) -> request.attributes(TokenAttributes.client("inventory"))))
			.isEqualTo("Bearer of-inventory");
		assertThat(send("https://api.internal/other", (request) -> {
		})).isEqualTo("null");
		assertThat(send("https://api.internal/other", (request) -> request.attributes(TokenAttributes.client("stock"))))
			.isEqualTo("Bearer of-stock");
	}

	@Test
	@Tag("SE-1")
	@Tag("SE-2")
	void filterWhenTheRequestNamesAClientOfAnotherOriginThenIsRefusedWithoutItsQuery() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> send("https://other.internal/a?code=planted",
					(request) -> request.attributes(TokenAttributes.client("inventory"))))
			.withMessageContaining("'inventory' must not go to https://other.internal:443;")
			.withMessageContaining("evertoken.clients.inventory.origins");
		assertThat(this.sent).isEmpty();
	}

	@Test
	@Tag("SE-1")
	void filterWhenTheRequestNamesAClientWithoutAnyOriginThenIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> send("https://api.internal/stock",
					(request) -> request.attributes(TokenAttributes.client("idle"))))
			.withMessageContaining("'idle' must not go to");
		assertThat(this.sent).isEmpty();
	}

	@Test
	@Tag("SE-1")
	void filterWhenTheRequestNamesAClientThatThereIsNotThenIsToldSo() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> send("https://api.internal/stock",
					(request) -> request.attributes(TokenAttributes.client("none"))))
			.withMessageContaining("no client 'none'");
		assertThat(this.sent).isEmpty();
	}

	@Test
	void filterWhenTheCallerHasSetAnAuthorizationThenPassesUntouchedEvenIfItNamesItsClient() {
		for (String name : new String[] { "Authorization", "authorization", "AUTHORIZATION" }) {
			assertThat(send("https://api.internal/stock", (request) -> request.header(name, "Basic mine")))
				.isEqualTo("Basic mine");
		}
		assertThat(send("https://api.internal/stock",
				(request) -> request.header("Authorization", "Basic mine").attributes(TokenAttributes.client("stock"))))
			.isEqualTo("Basic mine");
	}

	@Test
	void deferredThenIsLookedUpAtTheFirstRequestAndOnce() {
		AtomicInteger lookups = new AtomicInteger();
		TokenExchangeFilterFunction deferred = TokenExchangeFilterFunction.deferred(() -> {
			lookups.incrementAndGet();
			return this.filter;
		});
		assertThat(lookups).hasValue(0);
		ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("https://api.internal/stock")).build();
		for (int i = 0; i < 2; i++) {
			deferred.filter(request, (authorized) -> {
				this.sent.add(String.valueOf(authorized.headers().getFirst(HttpHeaders.AUTHORIZATION)));
				return Mono.just(ClientResponse.create(HttpStatus.OK).build());
			}).block();
		}
		assertThat(this.sent).containsExactly("Bearer of-stock", "Bearer of-stock");
		assertThat(lookups).hasValue(1);
	}

	@Test
	void newWhenTheSelectorHasAClientThatTheManagerDoesNotKnowThenIsRefused() {
		ClientSelector selector = ClientSelector.builder()
			.add(BaseUrl.of("https://inventory.internal"), "inventory")
			.add(BaseUrl.of("https://shop.internal"), "shop")
			.build();
		assertThatIllegalArgumentException().isThrownBy(() -> new TokenExchangeFilterFunction(this.manager, selector))
			.withMessageContaining("no client 'shop'");
	}

}
