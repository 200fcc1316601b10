package io.github.evertoken.test.boot;

import java.util.HashMap;
import java.util.Map;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerProperties}.
 */
class ServerPropertiesTests {

	private static final String PREFIX = "evertoken.clients.inventory.";

	private final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	private final MockEnvironment environment = new MockEnvironment();

	@AfterEach
	void close() {
		this.server.close();
	}

	private ServerProperties properties() {
		return new ServerProperties(this.server, "inventory");
	}

	@Test
	void clientWhenItHasNothingThenIsComplete() {
		assertThat(properties().in(this.environment))
			.containsOnlyKeys(PREFIX + "base-url", PREFIX + "token-uri", PREFIX + "client-id", PREFIX + "client-secret",
					PREFIX + "client-secret-location")
			.containsEntry(PREFIX + "base-url", this.server.resourceUri())
			.containsEntry(PREFIX + "token-uri", this.server.tokenUri())
			.containsEntry(PREFIX + "client-id", "inventory")
			.containsEntry(PREFIX + "client-secret", this.server.clientSecret("inventory"));
	}

	@Test
	void clientWhenItHasAnIssuerThenGoesThatWay() {
		this.environment.withProperty(PREFIX + "issuer-uri", "https://idp.internal");
		assertThat(properties().in(this.environment)).containsEntry(PREFIX + "issuer-uri", this.server.issuer())
			.doesNotContainKey(PREFIX + "token-uri");
		this.environment.withProperty(PREFIX + "token-uri", "https://idp.internal/token");
		assertThat(properties().in(this.environment)).containsEntry(PREFIX + "token-uri", this.server.tokenUri());
	}

	@ParameterizedTest
	@CsvSource({ "http-service-groups,'stock,prices'", "http-service-groups[0],stock", "httpServiceGroups,stock" })
	void clientWhenItHasGroupsOfHttpServicesThenTheyComeToTheServerToo(String property, String groups) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("yaml", Map.of(PREFIX + property, groups)));
		Map<String, Object> expected = new HashMap<>();
		for (String group : groups.split(",")) {
			expected.put("spring.http.serviceclient." + group + ".base-url", this.server.resourceUri());
		}
		assertThat(properties().in(environment)).containsAllEntriesOf(expected)
			.containsEntry(PREFIX + "base-url", this.server.resourceUri());
	}

	@Test
	void clientWhenItRevokesOrStartsWithARefreshTokenThenHasOnesOfTheServer() {
		this.environment.withProperty(PREFIX + "revocation-uri", "https://idp.internal/revoke")
			.withProperty(PREFIX + "refresh-token", "set-in-production");
		assertThat(properties().in(this.environment))
			.containsEntry(PREFIX + "revocation-uri", this.server.revocationUri())
			.hasEntrySatisfying(PREFIX + "refresh-token",
					(refreshToken) -> this.server.endSession(String.valueOf(refreshToken)));
		assertThat(this.server).endedSessions(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "private-key-jwt", "none", "tls_client_auth" })
	void clientWhenItHasNoSecretThenGetsNone(String method) {
		this.environment.withProperty(PREFIX + "client-authentication-method", method);
		assertThat(properties().in(this.environment)).doesNotContainKey(PREFIX + "client-secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "client-secret-post", "CLIENT_SECRET_JWT" })
	void clientWhenItShowsItsSecretOtherwiseThenGetsOne(String method) {
		this.environment.withProperty(PREFIX + "client-authentication-method", method);
		assertThat(properties().in(this.environment)).containsKey(PREFIX + "client-secret");
	}

}
