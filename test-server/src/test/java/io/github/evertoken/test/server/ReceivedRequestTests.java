package io.github.evertoken.test.server;

import java.io.IOException;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link ReceivedRequest}.
 */
class ReceivedRequestTests {

	@RegisterExtension
	final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	private final Http http = new Http(this.server);

	@Test
	void parametersThenAreAllOfTheForm() throws IOException {
		this.http.token("client_credentials", "resource", "a b", "resource", "c");
		assertThat(this.server.requests(Endpoint.TOKEN)).singleElement()
			.extracting(ReceivedRequest::parameters, InstanceOfAssertFactories.map(String.class, String.class))
			.containsOnly(entry("grant_type", "client_credentials"), entry("resource", "a b c"));
	}

	@Test
	void headersThenAreAllOfThatName() throws IOException {
		this.http.resource("X-Tenant", "7", "x-tenant", "8");
		ReceivedRequest request = this.server.requests(Endpoint.RESOURCE).get(0);
		assertThat(request.headers("X-TENANT")).containsExactly("7", "8");
		assertThat(request.header("X-TENANT")).isEqualTo("7");
		assertThat(request.headers("X-Other")).isEmpty();
	}

}
