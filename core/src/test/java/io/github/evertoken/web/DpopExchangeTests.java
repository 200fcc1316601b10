package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.dpop.DpopProofs;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DpopExchange}: which answers ask for a nonce.
 */
class DpopExchangeTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final List<ClientRequest> sent = new ArrayList<>();

	@ParameterizedTest
	@CsvSource({ "401,DPoP error=use_dpop_nonce,n1,2", "401,dpop error=\"use_dpop_nonce\",n1,2",
			"401,'Bearer, DPoP error=use_dpop_nonce',n1,2", "401,DPoP error=use_dpop_nonce,,1",
			"401,DPoP error=use_dpop_nonce,a b,1", "401,Bearer error=use_dpop_nonce,n1,1",
			"401,DPoP error=invalid_token,n1,1", "401,DPoP,n1,1", "403,DPoP error=use_dpop_nonce,n1,1",
			"400,DPoP error=use_dpop_nonce,n1,1", "200,DPoP error=use_dpop_nonce,n1,1" })
	void exchangeWhenAnswerAsksForANonceThenSendsOnceMore(int status, String challenge, @Nullable String nonce,
			int attempts) {
		ClientResponse answer = exchange("DPoP a1", status, challenge, nonce);
		assertThat(answer.statusCode().value()).isEqualTo(status);
		assertThat(this.sent).hasSize(attempts)
			.allSatisfy((request) -> assertThat(request.headers().get("DPoP")).hasSize(1));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer a1", "DPoP", "Basic YTpi" })
	void exchangeWhenThereIsNoBoundTokenThenPassesUntouched(String authorization) {
		exchange(authorization, 401, "DPoP error=use_dpop_nonce", "n1");
		assertThat(this.sent).singleElement().isNotInstanceOf(ProvenRequest.class);
	}

	@Test
	void headersThenHaveANewProofEachTime() {
		exchange("DPoP a1", 200, "DPoP", null);
		ClientRequest request = this.sent.get(0);
		assertThat(request.headers().getFirst("DPoP")).isNotEqualTo(request.headers().getFirst("DPoP"));
		assertThat(request.toString()).doesNotContain("a1");
	}

	private ClientResponse exchange(String authorization, int status, String challenge, @Nullable String nonce) {
		ClientResponse.Builder answer = ClientResponse.create(HttpStatus.valueOf(status))
			.header(HttpHeaders.WWW_AUTHENTICATE, challenge);
		if (nonce != null) {
			answer.header("DPoP-Nonce", nonce);
		}
		ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("https://inventory.internal/items"))
			.header(HttpHeaders.AUTHORIZATION, authorization)
			.build();
		return new DpopExchange(DpopProofs.withGeneratedKey("ES256"), (proven) -> Mono.fromSupplier(() -> {
			this.sent.add(proven);
			return answer.build();
		}), LIMIT).exchange(request).block(LIMIT);
	}

}
