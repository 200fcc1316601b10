package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.ClientRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AuthorizedRequest}.
 */
class AuthorizedRequestTests {

	private final ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("http://localhost/items/7"))
		.header("X-Mine", "too")
		.build();

	@Test
	@Tag("FP-6")
	void headersThenHaveTheTokenBesideTheCallersOwn() {
		HttpHeaders headers = authorized().headers();
		assertThat(headers.get(HttpHeaders.AUTHORIZATION)).containsExactly("Bearer planted");
		assertThat(headers.getFirst("X-Mine")).isEqualTo("too");
		assertThat(this.request.headers().containsHeader(HttpHeaders.AUTHORIZATION)).isFalse();
	}

	@Test
	@Tag("SE-2")
	void toStringThenIsWithoutTheToken() {
		assertThat(authorized().toString()).contains("/items/7").doesNotContain("planted");
	}

	private ClientRequest authorized() {
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", (request) -> Mono.just(TokenSet.withAccessToken("planted").build()))
				.build())
			.build()) {
			return AuthorizedRequest.of(this.request,
					manager.lifecycle(TokenKey.of("inventory")).token().block(Duration.ofMinutes(1)),
					RejectionPolicy.standard());
		}
	}

}
