package io.github.evertoken.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.test.support.TestWebClients;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Where promises are put to the proof: a rotating issuer and a resource server, both over
 * real HTTP, a store, and any number of applications that call the one with the tokens of
 * the other, in a time that moves when no connection does.
 */
final class PromiseWorld implements AutoCloseable {

	/**
	 * The name of the client in each application.
	 */
	static final String CLIENT = "inventory";

	/**
	 * The path to an answer that takes a second.
	 */
	static final String SLOW = "/slow";

	private static final URI TOKEN_URI = URI.create("http://issuer.test/token");

	private static final URI REVOCATION_URI = URI.create("http://issuer.test/revoke");

	private static final Duration SLOWNESS = Duration.ofSeconds(1);

	private final MovingTime time = new MovingTime(this::isStill);

	private final FaultyStore store = new FaultyStore();

	private final MockWebServer resource = new MockWebServer();

	private final List<Application> applications = new ArrayList<>();

	private final List<Sent> sent = new CopyOnWriteArrayList<>();

	private final List<Instant> requests = new CopyOnWriteArrayList<>();

	private final List<String> revoked = new CopyOnWriteArrayList<>();

	private final AtomicInteger attempts = new AtomicInteger();

	private final Set<String> underway = ConcurrentHashMap.newKeySet();

	private final AtomicInteger calls = new AtomicInteger();

	private final AtomicInteger expiredTokensSent = new AtomicInteger();

	private final RotatingIssuer issuer;

	private final FaultyServer server;

	private final WebClient tokenWebClient;

	private final WebClient webClient;

	private final String baseUrl;

	private int mostUnderway;

	private volatile Refusals refusals = (call) -> false;

	private volatile Duration suspended = Duration.ZERO;

	private volatile Duration clockOffset = Duration.ZERO;

	PromiseWorld() {
		this(FaultWorld.LIFETIME, Duration.ZERO);
	}

	/**
	 * Create a world in which all is well.
	 * @param lifetime how long access tokens live
	 * @param grace how long a refresh token that was redeemed can be redeemed again
	 */
	PromiseWorld(Duration lifetime, Duration grace) {
		this.issuer = new RotatingIssuer(this::trueTime, lifetime, grace);
		this.server = new FaultyServer(this::answer, false, this.time.scheduler(), this.time::changed);
		fault(Fault.NONE);
		this.resource.setDispatcher(new Resource());
		try {
			this.resource.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.baseUrl = this.resource.url("/").toString();
		HttpClient httpClient = HttpClient.create(ConnectionProvider.newConnection())
			.disableRetry(true)
			.resolver(this.server.resolver());
		this.tokenWebClient = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(httpClient))
			.filter((request,
					next) -> Mono.deferContextual((context) -> next.exchange(ClientRequest.from(request)
						.header(FaultyServer.ATTEMPT, context.<String>get(FaultyServer.ATTEMPT))
						.build())))
			.build();
		this.webClient = TestWebClients.builder().baseUrl(this.baseUrl).build();
	}

	// The issuer

	private HttpAnswer answer(FaultyServer.Request request) {
		if (request.path().equals(REVOCATION_URI.getPath())) {
			this.revoked.add(request.body());
			return HttpAnswer.of(200);
		}
		return this.issuer.answer(request);
	}

	/**
	 * Let each request to the issuer meet a fault from now on.
	 */
	void fault(Fault fault) {
		faults(Fault.Source.always(fault));
	}

	/**
	 * Let the next request to the issuer meet a fault, and the others none.
	 */
	void faultOnce(Fault fault) {
		AtomicInteger left = new AtomicInteger(1);
		faults((stage) -> (stage == fault.kind().stage() && left.getAndSet(0) == 1) ? fault : Fault.NONE);
	}

	private void faults(Fault.Source faults) {
		this.server.faults((stage) -> {
			Fault fault = faults.next(stage);
			if (stage == Fault.Stage.REQUEST || fault != Fault.NONE) {
				this.requests.add(this.time.instant());
			}
			return fault;
		});
	}

	/**
	 * Return when requests have come to the issuer, or could not be sent.
	 */
	List<Instant> requests() {
		return List.copyOf(this.requests);
	}

	/**
	 * Return what the issuer was asked to revoke.
	 */
	List<String> revoked() {
		return this.revoked;
	}

	/**
	 * Return how many requests to the issuer there were at a time, at most.
	 */
	int mostUnderway() {
		return this.mostUnderway;
	}

	/**
	 * Return how many requests to the issuer there are now.
	 */
	int underway() {
		return this.underway.size();
	}

	RotatingIssuer issuer() {
		return this.issuer;
	}

	/**
	 * Return what asks the issuer over HTTP, with the application's own credentials or
	 * with a user's refresh token alone.
	 */
	TokenIssuer tokenIssuer(Grant grant) {
		return new ObservedIssuer(this, OAuth2TokenIssuer.builder(this.tokenWebClient)
			.tokenUri(TOKEN_URI)
			.revocationUri(REVOCATION_URI)
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic(RotatingIssuer.CLIENT_ID, RotatingIssuer.CLIENT_SECRET))
			.grant((grant == Grant.OWN) ? AuthorizationGrant.clientCredentials()
					: AuthorizationGrant.refreshTokenOnly())
			.build());
	}

	// The resource server

	String baseUrl() {
		return this.baseUrl;
	}

	WebClient.Builder webClient() {
		return this.webClient.mutate();
	}

	/**
	 * Say which calls the resource server refuses, though their tokens are good.
	 */
	void refuse(Refusals refusals) {
		this.refusals = refusals;
	}

	/**
	 * Return what has come to the resource server.
	 */
	List<Sent> sent() {
		return this.sent;
	}

	/**
	 * Return how often an expired token has come to the resource server.
	 */
	int expiredTokensSent() {
		return this.expiredTokensSent.get();
	}

	/**
	 * Send a call, and know that it is on its way.
	 */
	Mono<ClientResponse> overHttp(ClientRequest request, ExchangeFunction next) {
		Mono<ClientResponse> exchange = Mono.defer(() -> {
			this.calls.incrementAndGet();
			return next.exchange(request)
				.flatMap((response) -> response.bodyToMono(String.class)
					.defaultIfEmpty("")
					.map((body) -> ClientResponse.create(response.statusCode())
						.headers((headers) -> headers.addAll(response.headers().asHttpHeaders()))
						.body(body)
						.build()))
				.doFinally((signal) -> {
					this.calls.decrementAndGet();
					this.time.changed();
				});
		});
		return request.url().getPath().equals(SLOW) ? exchange.delayElement(SLOWNESS, this.time.scheduler()) : exchange;
	}

	// The applications

	/**
	 * Start an application whose tokens rest in the store of this world.
	 */
	Application start(Grant grant) {
		return start(tokenIssuer(grant), (settings) -> settings.store(this.store));
	}

	/**
	 * Start an application.
	 */
	Application start(Grant grant, Consumer<ClientSettings.Builder> customizer) {
		return start(tokenIssuer(grant), customizer);
	}

	Application start(TokenIssuer issuer, Consumer<ClientSettings.Builder> customizer) {
		return start(issuer, customizer, this.time.scheduler());
	}

	Application start(TokenIssuer issuer, Consumer<ClientSettings.Builder> customizer, Scheduler scheduler) {
		Application application = new Application(this, issuer, customizer, scheduler);
		this.applications.add(application);
		return application;
	}

	FaultyStore store() {
		return this.store;
	}

	// Time

	MovingTime time() {
		return this.time;
	}

	void pass(Duration duration) {
		this.time.pass(duration);
	}

	/**
	 * Return what time it is, whatever the clocks of the applications say.
	 */
	Instant trueTime() {
		return this.time.instant().plus(this.suspended);
	}

	/**
	 * Return what the wall clock of the applications says.
	 */
	Instant wallClock() {
		return trueTime().plus(this.clockOffset);
	}

	/**
	 * Set the wall clock of the applications.
	 * @param offset how much it is ahead of the right time from now on
	 */
	void setWallClock(Duration offset) {
		this.clockOffset = offset;
	}

	/**
	 * Suspend the machine of the applications: their monotonic clock stands meanwhile.
	 */
	void suspend(Duration duration) {
		this.suspended = this.suspended.plus(duration);
	}

	/**
	 * Whoever is underway to the issuer is held there, and no call is on its way to the
	 * resource server.
	 */
	private boolean isStill() {
		boolean still = this.calls.get() == 0
				&& this.underway.stream().allMatch((attempt) -> this.server.holds(attempt, true));
		if (still) {
			this.mostUnderway = Math.max(this.mostUnderway, this.underway.size());
		}
		return still;
	}

	@Override
	public void close() {
		this.applications.forEach(Application::close);
		this.time.settle();
		this.server.close();
		this.resource.close();
	}

	/**
	 * What the resource server refuses.
	 */
	@FunctionalInterface
	interface Refusals {

		/**
		 * Tell whether a call is refused.
		 * @param call the call
		 * @return whether it is answered with 401
		 */
		boolean refuses(Sent call);

	}

	/**
	 * What has come to the resource server.
	 *
	 * @param path where to
	 * @param token the token
	 */
	record Sent(String path, @Nullable String token) {
	}

	private final class Resource extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			String header = request.getHeaders().get("Authorization");
			String token = (header != null && header.startsWith("Bearer ")) ? header.substring("Bearer ".length())
					: null;
			Sent call = new Sent(request.getUrl().encodedPath(), token);
			PromiseWorld.this.sent.add(call);
			RotatingIssuer issuer = PromiseWorld.this.issuer;
			if (token != null && issuer.hasExpired(token)) {
				PromiseWorld.this.expiredTokensSent.incrementAndGet();
			}
			boolean accepted = token != null && issuer.isActive(token) && !PromiseWorld.this.refusals.refuses(call);
			return accepted ? new MockResponse.Builder().body(token).build()
					: new MockResponse.Builder().code(401)
						.addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
						.build();
		}

	}

	/**
	 * Knows which requests are underway, and tells the server which attempt they belong
	 * to.
	 */
	private record ObservedIssuer(PromiseWorld world, TokenIssuer issuer) implements TokenIssuer {

		@Override
		public Mono<TokenSet> issue(TokenRequest request) {
			return observed(this.issuer.issue(request));
		}

		@Override
		public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
			return observed(this.issuer.revoke(key, tokens));
		}

		@Override
		public @Nullable Object endpoint() {
			return this.issuer.endpoint();
		}

		private <T> Mono<T> observed(Mono<T> request) {
			return Mono.defer(() -> {
				String attempt = String.valueOf(this.world.attempts.incrementAndGet());
				Set<String> underway = this.world.underway;
				underway.add(attempt);
				return request.contextWrite((context) -> context.put(FaultyServer.ATTEMPT, attempt))
					.doFinally((signal) -> {
						underway.remove(attempt);
						this.world.time.changed();
					});
			});
		}

	}

}
