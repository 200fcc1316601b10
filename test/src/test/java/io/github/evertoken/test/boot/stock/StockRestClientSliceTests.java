package io.github.evertoken.test.boot.stock;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.restclient.test.autoconfigure.RestClientTest;
import org.springframework.http.MediaType;
import org.springframework.test.web.client.MockRestServiceServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.springframework.test.web.client.match.MockRestRequestMatchers.header;
import static org.springframework.test.web.client.response.MockRestResponseCreators.withSuccess;

/**
 * The slice of {@link RestClientTest}, with tokens of a server, and a mock of the
 * resource.
 */
@Tag("TE-6")
@RestClientTest(BlockingStock.class)
class StockRestClientSliceTests {

	@RegisterExtension
	static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	@Test
	void stockThenIsAskedForWithATokenOfTheServer(@Autowired BlockingStock stock,
			@Autowired MockRestServiceServer inventory) {
		inventory.expect(header("Authorization", startsWith("Bearer ")))
			.andRespond(withSuccess("7", MediaType.TEXT_PLAIN));
		assertThat(stock.of("pen")).isEqualTo("7");
		inventory.verify();
		assertThat(server).receivedTokenRequests(1).receivedResourceRequests(0);
	}

}
