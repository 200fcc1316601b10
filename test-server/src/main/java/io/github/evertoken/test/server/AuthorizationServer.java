package io.github.evertoken.test.server;

import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

import org.assertj.core.api.AssertProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real authorization server for tests, on a free port of the loopback interface, with a
 * resource that its access tokens are for. It speaks HTTP and nothing is mocked: what it
 * has not issued, it refuses.
 * <p>
 * It knows the grants {@code client_credentials}, {@code refresh_token}, token exchange
 * (RFC 8693) and JWT bearer (RFC 7523), DPoP with nonces (RFC 9449), revocation (RFC
 * 7009), and the metadata of RFC 8414 and OpenID Connect. Refresh tokens rotate; one that
 * is redeemed a second time ends its session (RFC 9700, section 4.14.2). It can be slow,
 * fail, and tear its answers: see {@link Fault}.
 * <p>
 * As a JUnit extension it begins each test with the settings that it had when the first
 * test of the class began, and with nothing received. The tokens and sessions that it
 * knows stay. It answers until the last test of the run has ended, so that an application
 * that several test classes share finds it where it was:
 *
 * <pre class="code">
 * &#064;RegisterExtension
 * static final AuthorizationServer server = AuthorizationServer.forClients("inventory");
 * </pre>
 *
 * It starts when its address is first asked for. Without JUnit, {@link #close()} ends it.
 * In a test of Spring Boot, a static field is enough for the application to know it: the
 * properties of each of its clients below {@code evertoken.clients} lead to it.
 * <p>
 * It is thread-safe, and may be told something new at any time. What it says of itself
 * has no secret in it. AssertJ's own {@code assertThat(server)} leads to an
 * {@link AuthorizationServerAssert}.
 *
 * @since 0.1.0
 */
public final class AuthorizationServer implements AssertProvider<AuthorizationServerAssert>, BeforeAllCallback,
		BeforeEachCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {

	private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace
		.create(AuthorizationServer.class);

	private final Object lock = new Object();

	private final ServerState state = new ServerState(this::issuer);

	private final ServerDesk desk = new ServerDesk(this.lock, this.state);

	private @Nullable HttpServer server;

	// Those of the test class and of those that it is nested in, the innermost first.
	private final Deque<Beginning> beginnings = new ArrayDeque<>();

	private AuthorizationServer() {
	}

	/**
	 * Create a server at which clients are registered, each with a secret of its own.
	 * @param clients the identifiers of the clients; in a test of Spring Boot they are
	 * the names of clients below {@code evertoken.clients} too
	 * @return a server, which starts when its address is first asked for
	 */
	public static AuthorizationServer forClients(String... clients) {
		AuthorizationServer server = new AuthorizationServer();
		for (String client : clients) {
			server.register(client, server.state.tokens.newValue());
		}
		return server;
	}

	/**
	 * Register a client with a secret, or give it another one.
	 * @param client its identifier
	 * @param secret its secret, which it shows with Basic or in the form, or signs its
	 * assertions with
	 * @return this server
	 */
	public AuthorizationServer register(String client, String secret) {
		return change((state) -> state.clients.register(new RegisteredClient(client, secret, null)));
	}

	/**
	 * Register a client that signs its assertions with a key of its own (RFC 7523), or
	 * for which a trust domain of SPIFFE signs JWT-SVIDs.
	 * @param client its identifier, which of the latter is a SPIFFE ID
	 * @param key the public key
	 * @return this server
	 */
	public AuthorizationServer register(String client, PublicKey key) {
		return change((state) -> state.clients.register(new RegisteredClient(client, null, key)));
	}

	/**
	 * Register a client that has nothing to prove who it is with (RFC 6749, section 2.1).
	 * @param client its identifier
	 * @return this server
	 */
	public AuthorizationServer registerPublic(String client) {
		return change((state) -> state.clients.register(new RegisteredClient(client, null, null)));
	}

	/**
	 * Return who is registered.
	 * @return the identifiers of the clients
	 */
	public Set<String> clients() {
		synchronized (this.lock) {
			return new TreeSet<>(this.state.clients.ids());
		}
	}

	/**
	 * Return the secret of a client.
	 * @param client its identifier
	 * @return its secret
	 * @throws IllegalArgumentException if there is no such client, or it has none
	 */
	public String clientSecret(String client) {
		synchronized (this.lock) {
			RegisteredClient registered = this.state.clients.find(client);
			if (registered == null || registered.secret() == null) {
				throw new IllegalArgumentException("There is no client '" + client + "' with a secret");
			}
			return registered.secret();
		}
	}

	/**
	 * Return the issuer identifier (RFC 8414, section 2), at which the metadata is found.
	 * @return the URI, without a slash at its end
	 */
	public String issuer() {
		synchronized (this.lock) {
			HttpServer server = this.server;
			if (server == null) {
				server = new HttpServer(this.desk);
				this.server = server;
			}
			return "http://127.0.0.1:" + server.port();
		}
	}

	/**
	 * Return the token endpoint.
	 * @return the URI
	 */
	public String tokenUri() {
		return issuer() + ServerPaths.TOKEN;
	}

	/**
	 * Return the revocation endpoint.
	 * @return the URI
	 */
	public String revocationUri() {
		return issuer() + ServerPaths.REVOCATION;
	}

	/**
	 * Return where the key is found with which the server signs.
	 * @return the URI
	 */
	public String jwksUri() {
		return issuer() + ServerPaths.JWKS;
	}

	/**
	 * Return the resource. It and all below it answer to requests with an access token of
	 * this server, whatever the method, and with 401 and a challenge (RFC 6750, section
	 * 3) to others.
	 * @return the URI, without a slash at its end
	 */
	public String resourceUri() {
		return issuer() + ServerPaths.RESOURCE;
	}

	/**
	 * Let the server have the time of the test: its tokens expire by it, and what is slow
	 * is so by it if it is a {@link ServerTime}.
	 * @param time the time, such as a {@link java.time.Clock}
	 * @return this server
	 */
	public AuthorizationServer with(InstantSource time) {
		return change((state) -> state.clock = time);
	}

	/**
	 * Return the time of the server.
	 * @return the time, the system's by default
	 */
	public InstantSource time() {
		synchronized (this.lock) {
			return this.state.clock;
		}
	}

	/**
	 * Set how long the access tokens live that are issued from now on, one hour by
	 * default.
	 * @param lifetime the lifetime; {@code expires_in} names its whole seconds
	 * @return this server
	 */
	public AuthorizationServer accessTokenLifetime(Duration lifetime) {
		return change((state) -> state.settings.lifetime = lifetime);
	}

	/**
	 * Leave {@code expires_in} out of what is answered from now on.
	 * @return this server
	 */
	public AuthorizationServer withoutExpiresIn() {
		return change((state) -> state.settings.lifetimeNamed = false);
	}

	/**
	 * Issue JWTs from now on, with the claims of RFC 9068 and signed with RS256. By
	 * default access tokens are opaque.
	 * @return this server
	 */
	public AuthorizationServer withJwts() {
		return change((state) -> state.settings.jwts = true);
	}

	/**
	 * Issue a refresh token with each access token from now on, whatever the grant. By
	 * default only a refresh token is answered with another one.
	 * @return this server
	 */
	public AuthorizationServer withRefreshTokens() {
		return change((state) -> state.settings.refreshTokens = true);
	}

	/**
	 * Leave refresh tokens as they are from now on: each can be redeemed again and again.
	 * @return this server
	 */
	public AuthorizationServer withoutRotation() {
		return change((state) -> state.settings.rotation = false);
	}

	/**
	 * Set for how long a refresh token can be redeemed again, not at all by default.
	 * After that, it ends its session.
	 * @param grace the time since it was first redeemed
	 * @return this server
	 */
	public AuthorizationServer rotationGrace(Duration grace) {
		return change((state) -> state.settings.grace = grace);
	}

	/**
	 * Require a proof of possession in each token request from now on (RFC 9449). Whoever
	 * shows one gets a bound token in any case.
	 * @return this server
	 */
	public AuthorizationServer requireDpop() {
		return change((state) -> state.settings.dpopRequired = true);
	}

	/**
	 * Require a nonce in each proof of possession from now on, which the answers tell
	 * (RFC 9449, sections 8 and 9).
	 * @return this server
	 */
	public AuthorizationServer requireDpopNonce() {
		return change((state) -> state.settings.nonceRequired = true);
	}

	/**
	 * Accept no nonce any more that was told before.
	 */
	public void changeDpopNonce() {
		change(ServerState::nextNonce);
	}

	/**
	 * Require a nonce in each proof of possession from now on, and another one after each
	 * answer of success, which tells it (RFC 9449, section 8.2).
	 * @return this server
	 */
	public AuthorizationServer rotateDpopNonce() {
		return change((state) -> {
			state.settings.nonceRequired = true;
			state.settings.nonceRotated = true;
		});
	}

	/**
	 * Require from now on that the assertions of clients are for one audience (RFC 7523,
	 * section 3). By default they may be for the issuer or for the token endpoint.
	 * @param audience the {@code aud}, such as the URI of the endpoint that is asked
	 * @return this server
	 */
	public AuthorizationServer requireAssertionAudience(String audience) {
		return change((state) -> state.settings.audience = audience);
	}

	/**
	 * Let the resource accept the access tokens of another server as well, as one that
	 * stands at an origin of its own does. How they are numbered, when they expire and
	 * whether they are revoked is the other server's affair.
	 * @param other the server that issues them
	 * @return this server
	 */
	public AuthorizationServer acceptTokensOf(AuthorizationServer other) {
		return change((state) -> state.settings.others.add(other));
	}

	/**
	 * Return an access token that was issued here, or {@code null}.
	 */
	@Nullable ShownToken find(String accessToken) {
		synchronized (this.lock) {
			return this.state.tokens.show(accessToken, this.state.now());
		}
	}

	/**
	 * Let the resource answer to everybody from now on, without an access token or with
	 * any: as one that is public does, or for an application whose tokens are issued by
	 * something else. Which access token has come is written down all the same.
	 * @return this server
	 */
	public AuthorizationServer withPublicResource() {
		return change((state) -> state.settings.resourcePublic = true);
	}

	/**
	 * Require a scope at the resource from now on: a token without it is answered with
	 * 403 (RFC 6750, section 3.1).
	 * @param scope the scope
	 * @return this server
	 */
	public AuthorizationServer requireScope(String scope) {
		return change((state) -> state.settings.requiredScope = scope);
	}

	/**
	 * Set what the resource answers with, to requests whose token it accepts.
	 * @param path the path below the resource, such as {@code /items/7}
	 * @param contentType the value of {@code Content-Type}
	 * @param body the body
	 * @return this server
	 */
	public AuthorizationServer serve(String path, String contentType, String body) {
		return change((state) -> state.settings.resources.put(ServerPaths.RESOURCE + path,
				HttpAnswer.of(200, contentType, body)));
	}

	/**
	 * Log somebody in, as a browser would with an authorization code.
	 * @param client the client that it is for
	 * @param subject who logs in
	 * @return the refresh token that the session begins with
	 * @throws IllegalArgumentException if there is no such client
	 */
	public String newSession(String client, String subject) {
		return newSession(client, subject, "");
	}

	/**
	 * Log somebody in who consents to a scope. A refresh that asks for more is refused
	 * with {@code invalid_scope} (RFC 6749, section 6).
	 * @param client the client that it is for
	 * @param subject who logs in
	 * @param scope the scope, separated by spaces; empty for a session without one, in
	 * which any may be asked for
	 * @return the refresh token that the session begins with
	 * @throws IllegalArgumentException if there is no such client
	 */
	public String newSession(String client, String subject, String scope) {
		synchronized (this.lock) {
			if (this.state.clients.find(client) == null) {
				throw new IllegalArgumentException(
						"There is no client '" + client + "', only " + this.state.clients.ids());
			}
			return this.state.tokens.newRefreshToken(new UserSession(client, subject, scope));
		}
	}

	/**
	 * Issue a token of a user, as an application is called with it, to be exchanged or to
	 * be accepted by the application: a JWT.
	 * @param subject the user
	 * @return the token
	 */
	public String userToken(String subject) {
		synchronized (this.lock) {
			return new TokenEndpoint(this.state).userToken(subject);
		}
	}

	/**
	 * End a session: neither its refresh tokens nor its access tokens are accepted any
	 * more.
	 * @param refreshToken any refresh token of the session
	 * @throws IllegalArgumentException if it was not issued here
	 */
	public void endSession(String refreshToken) {
		synchronized (this.lock) {
			UserSession session = this.state.tokens.sessionOf(refreshToken);
			if (session == null) {
				throw new IllegalArgumentException("The refresh token was not issued here");
			}
			this.state.tokens.end(session);
		}
	}

	/**
	 * End all sessions.
	 */
	public void endSessions() {
		change((state) -> state.tokens.endAll());
	}

	/**
	 * Revoke all access tokens that were issued until now. The sessions go on.
	 */
	public void revokeAccessTokens() {
		change((state) -> state.tokens.revokeAll());
	}

	/**
	 * Revoke one access token.
	 * @param accessToken its value
	 */
	public void revokeAccessToken(String accessToken) {
		change((state) -> state.tokens.revoke(accessToken));
	}

	/**
	 * Do something wrong from now on. Of several faults of an endpoint the last one
	 * counts, until it has happened as often as it is to.
	 * @param fault what to do
	 * @return this server
	 */
	public AuthorizationServer disturb(Fault fault) {
		return change((state) -> state.settings.faults.add(fault));
	}

	/**
	 * Do nothing wrong any more. Requests that wait for an answer that never comes go on
	 * waiting.
	 */
	public void recover() {
		change((state) -> state.settings.faults.clear());
	}

	/**
	 * Return the requests that have come, to all endpoints.
	 * @return the requests in the order in which they were answered
	 */
	public List<ReceivedRequest> requests() {
		synchronized (this.lock) {
			return this.desk.received();
		}
	}

	/**
	 * Return the requests that have come to one endpoint.
	 * @param endpoint the endpoint
	 * @return the requests in the order in which they were answered
	 */
	public List<ReceivedRequest> requests(Endpoint endpoint) {
		return requests().stream().filter((request) -> request.endpoint() == endpoint).toList();
	}

	/**
	 * Return how many access tokens were issued.
	 * @return the number, which is that of the last one
	 */
	public int issuedAccessTokens() {
		synchronized (this.lock) {
			return this.state.tokens.issued();
		}
	}

	/**
	 * Return which access token a value is, for a test whose resource is a server of its
	 * own.
	 * @param accessToken the value
	 * @return its number, from 1 on for the first one that was issued in a test; 0 if it
	 * was not issued for a request to this server
	 */
	public int accessTokenNumber(String accessToken) {
		synchronized (this.lock) {
			IssuedToken token = this.state.tokens.find(accessToken);
			return (token != null) ? token.number() : 0;
		}
	}

	/**
	 * Return how often a refresh token was redeemed again, later than the grace allows.
	 * @return the number
	 */
	public int reusedRefreshTokens() {
		synchronized (this.lock) {
			return this.state.tokens.reuses();
		}
	}

	/**
	 * Return how many sessions have ended.
	 * @return the number
	 */
	public int endedSessions() {
		synchronized (this.lock) {
			return this.state.tokens.endedSessions();
		}
	}

	/**
	 * Forget which requests have come, and count the access tokens from 1 again. The
	 * tokens stay what they are.
	 */
	public void forgetRequests() {
		change((state) -> {
			state.tokens.forgetCounts();
			this.desk.forget();
		});
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		context.getStore(ExtensionContext.StoreScope.LAUNCHER_SESSION, NAMESPACE)
			.put(this, (AutoCloseable) this::close);
		change((state) -> this.beginnings.push(new Beginning(state.settings.copy())));
	}

	/**
	 * Begin a test. What was set after the test class began, such as by a method with
	 * {@code @BeforeAll}, is there in each of its tests. A server that is in no static
	 * field is one of a single test.
	 */
	@Override
	public void beforeEach(ExtensionContext context) {
		change((state) -> {
			Beginning beginning = this.beginnings.peek();
			if (beginning == null) {
				context.getStore(NAMESPACE).put(this, (AutoCloseable) this::close);
			}
			else {
				state.settings = beginning.ofTest(state.settings);
			}
		});
		forgetRequests();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		change((state) -> {
			Beginning beginning = this.beginnings.peek();
			if (beginning != null) {
				state.settings = beginning.ofTest(state.settings);
			}
		});
	}

	@Override
	public void afterAll(ExtensionContext context) {
		change((state) -> state.settings = this.beginnings.pop().ofClass());
	}

	private AuthorizationServer change(Consumer<ServerState> change) {
		synchronized (this.lock) {
			change.accept(this.state);
		}
		return this;
	}

	@Override
	public AuthorizationServerAssert assertThat() {
		return new AuthorizationServerAssert(this);
	}

	/**
	 * Stop answering. A server that is asked for its address afterwards starts anew, at
	 * another one.
	 */
	@Override
	public void close() {
		HttpServer server;
		synchronized (this.lock) {
			server = this.server;
			this.server = null;
		}
		if (server != null) {
			server.close();
		}
	}

	/**
	 * Who is registered, and how many requests have come.
	 */
	@Override
	public String toString() {
		synchronized (this.lock) {
			return "AuthorizationServer[clients=" + this.state.clients.ids() + ", requests="
					+ this.desk.received().size() + "]";
		}
	}

	/**
	 * How the server was set when a test class began, and when its first test did.
	 */
	private static final class Beginning {

		private final ServerSettings ofClass;

		private @Nullable ServerSettings ofTest;

		Beginning(ServerSettings ofClass) {
			this.ofClass = ofClass;
		}

		ServerSettings ofClass() {
			return this.ofClass;
		}

		/**
		 * Return how a test begins.
		 * @param current how the server is set, which counts for the first test
		 */
		ServerSettings ofTest(ServerSettings current) {
			ServerSettings ofTest = this.ofTest;
			if (ofTest == null) {
				ofTest = current.copy();
				this.ofTest = ofTest;
			}
			return ofTest.copy();
		}

	}

}
