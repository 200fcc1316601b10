package io.github.evertoken.test.boot.stock;

import io.github.evertoken.TokenKey;
import io.github.evertoken.test.StaticTokenManager;
import io.github.evertoken.test.boot.EvertokenTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.header;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.requestTo;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withStatus;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * A slice with static tokens, as {@code docs/reference/testing.adoc} has it.
 */
@Tag("TE-6")
// tag::slice[]
@RestClientTest(BlockingStock.class)
@EvertokenTest
class StockSliceTests {

	@Test
	void stockThenIsAskedForWithTheToken(@Autowired BlockingStock stock, @Autowired MockRestServiceServer inventory) {
		inventory.expect(requestTo("https://inventory.internal/api/items/pen"))
			.andExpect(header("Authorization", "Bearer inventory-token"))
			.andRespond(withSuccess("7", MediaType.TEXT_PLAIN));
		assertThat(stock.of("pen")).isEqualTo("7");
	}

	// end::slice[]
	@RepeatedTest(2)
	void stockWhenTheTokenIsRejectedThenIsAskedForWithTheNextOne(@Autowired BlockingStock stock,
			@Autowired MockRestServiceServer inventory, @Autowired StaticTokenManager tokens) {
		inventory.expect(header("Authorization", "Bearer inventory-token"))
			.andRespond(
					withStatus(HttpStatus.UNAUTHORIZED).header("WWW-Authenticate", "Bearer error=\"invalid_token\""));
		inventory.expect(header("Authorization", "Bearer inventory-token-2"))
			.andRespond(withSuccess("7", MediaType.TEXT_PLAIN));
		assertThat(stock.of("pen")).isEqualTo("7");
		assertThat(tokens.rejected()).containsExactly(TokenKey.of("inventory"));
	}

	// tag::slice[]

}
// end::slice[]
