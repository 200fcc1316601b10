package io.github.evertoken.test.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * Tests for {@link AuthorizationServer} as an extension of JUnit.
 */
class ExtensionTests {

	private static final List<String> uris = new CopyOnWriteArrayList<>();

	@BeforeEach
	void begin() {
		uris.clear();
	}

	@Test
	void serverWhenItIsStaticThenStaysWhereItIsUntilTheRunEnds() {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(First.class), selectClass(Second.class))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.succeeded(4));
		assertThat(uris).hasSize(4).containsOnly(uris.get(0));
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> new Http(Base.server).get(uris.get(0) + "/jwks"));
	}

	@Test
	void serverWhenItIsOfEachTestThenHasAnAddressOfItsOwn() {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(OfEachTest.class))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.succeeded(2));
		assertThat(new ArrayList<>(uris)).hasSize(2).doesNotHaveDuplicates();
	}

	@Test
	void settingsWhenTestsAreNestedThenAreThoseOfTheClassAndNotOfTheTestBefore() {
		EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(Outer.class))
			.execute()
			.testEvents()
			.assertStatistics((statistics) -> statistics.succeeded(5));
		assertThat(lifetime(Outer.server)).isEqualTo(3600);
	}

	/**
	 * Return the lifetime that the server names, in seconds.
	 */
	private static long lifetime(AuthorizationServer server) {
		try {
			return (long) Http.members(new Http(server).token("client_credentials")).get("expires_in");
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/**
	 * Return the same, and have a trace of the test stay that must not.
	 */
	private static long changedLifetime(AuthorizationServer server) {
		long lifetime = lifetime(server);
		server.accessTokenLifetime(Duration.ofSeconds(lifetime + 1)).disturb(Fault.status(503));
		return lifetime;
	}

	static class Outer {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

		@BeforeAll
		static void set() {
			server.accessTokenLifetime(Duration.ofSeconds(100));
		}

		@RepeatedTest(2)
		void settingsThenAreThoseOfTheClass() {
			assertThat(changedLifetime(server)).isEqualTo(100);
		}

		@Nested
		class Inner {

			@BeforeAll
			static void set() {
				server.accessTokenLifetime(Duration.ofSeconds(200));
			}

			@RepeatedTest(2)
			void settingsThenAreThoseOfTheInnerClass() {
				assertThat(changedLifetime(server)).isEqualTo(200);
			}

		}

		@Nested
		class Other {

			@Test
			void settingsThenAreThoseOfTheOuterClass() {
				assertThat(changedLifetime(server)).isEqualTo(100);
			}

		}

	}

	/**
	 * What two test classes have in common.
	 */
	@TestMethodOrder(MethodOrderer.MethodName.class)
	abstract static class Base {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients("inventory").withRefreshTokens();

		private static String session = "";

		@Test
		void a() throws IOException {
			uris.add(server.issuer());
			Http http = new Http(server);
			session = Http.member(http.token("client_credentials"), "refresh_token");
			server.disturb(Fault.status(503)).withoutExpiresIn();
		}

		@Test
		void b() throws IOException {
			uris.add(server.issuer());
			assertThat(server).receivedTokenRequests(0).issuedAccessTokens(0);
			Http http = new Http(server);
			assertThat(Http.members(http.token("client_credentials"))).containsKeys("expires_in", "refresh_token");
			assertThat(http.refreshed(session, "access_token")).isNotEmpty();
			assertThat(server).receivedTokenRequests(2).issuedAccessTokens(2);
		}

	}

	static class First extends Base {

	}

	static class Second extends Base {

	}

	static class OfEachTest {

		@RegisterExtension
		final AuthorizationServer server = AuthorizationServer.forClients("inventory");

		@Test
		void a() throws IOException {
			use();
		}

		@Test
		void b() throws IOException {
			use();
		}

		private void use() throws IOException {
			uris.add(this.server.issuer());
			new Http(this.server).token("client_credentials");
			assertThat(this.server).receivedTokenRequests(1);
			this.server.disturb(Fault.status(503));
		}

	}

}
