package io.github.evertoken.faults;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.endpoint.OAuth2TokenIssuer;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionPoolMetrics;
import reactor.netty.resources.ConnectionProvider;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * One key, its issuer over real connections, its store and its callers, in a time that
 * moves when nothing else does: whoever waits for a connection is waited for, and only
 * when all that is left to happen is a matter of time, the time goes on to what is next.
 * So a second costs nothing, and no machine is too busy for what is seen here.
 */
final class FaultWorld implements AutoCloseable {

	static final Duration LIFETIME = Duration.ofMinutes(5);

	private static final String CLIENT = "inventory";

	private static final String BASE_URL = "http://inventory.test";

	private static final String ALICE = "alice";

	private static final String STRAY = "x-stray";

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

	private final MovingTime moving = new MovingTime(this::isHeld, this::situation);

	private final SteppedScheduler time = this.moving.scheduler();

	private final Set<String> underway = ConcurrentHashMap.newKeySet();

	private final Set<String> begun = ConcurrentHashMap.newKeySet();

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger attempts = new AtomicInteger();

	private final AtomicInteger expiredTokensSent = new AtomicInteger();

	private final AtomicInteger strays = new AtomicInteger();

	private final FaultyStore store = new FaultyStore();

	private final Fault fault;

	private final boolean once;

	private final FaultyStore.Condition condition;

	private final RotatingIssuer issuer;

	private final FaultyServer server;

	private final List<ConnectionPoolMetrics> pools = new CopyOnWriteArrayList<>();

	private final ConnectionProvider connections = ConnectionProvider.builder("faults")
		.maxConnections(16)
		.metrics(true, () -> (name, id, address, metrics) -> this.pools.add(metrics))
		.build();

	private final TokenIssuer plain;

	private final TokenIssuer secure;

	private final boolean rotating;

	private final AtomicInteger faultsLeft = new AtomicInteger();

	private int requestsBeforeFault;

	private volatile String lastToken = "";

	private DefaultTokenManager manager;

	private WebClient webClient;

	/**
	 * Create a world in which all is well.
	 * @param fault what will go wrong with the issuer
	 * @param once whether it will go wrong once
	 * @param condition what will become of the store
	 * @param grant how the client gets its tokens
	 */
	FaultWorld(Fault fault, boolean once, FaultyStore.Condition condition, Grant grant) {
		this(fault, once, condition, grant, LIFETIME);
	}

	FaultWorld(Fault fault, boolean once, FaultyStore.Condition condition, Grant grant, Duration lifetime) {
		this.fault = fault;
		this.once = once;
		this.condition = condition;
		this.rotating = grant != Grant.OWN;
		this.issuer = new RotatingIssuer(this.time::instant, lifetime,
				(grant == Grant.ROTATING_WITH_GRACE) ? Duration.ofMinutes(1) : Duration.ZERO);
		this.server = new FaultyServer(this.issuer, isHttp2(), this.time, this.moving::changed);
		this.server.faults(this::nextFault);
		this.plain = issuer("http");
		this.secure = issuer("https");
		this.manager = newManager();
		this.webClient = newWebClient();
	}

	private boolean isHttp2() {
		return this.fault.kind() == Fault.Kind.HTTP2 || this.fault.kind() == Fault.Kind.HTTP2_LOSS;
	}

	private Fault nextFault(Fault.Stage stage) {
		return (this.fault.kind().stage() == stage && this.faultsLeft.getAndUpdate((left) -> Math.max(left - 1, 0)) > 0)
				? this.fault : Fault.NONE;
	}

	/**
	 * A fault of the connection is met by those who make a new one.
	 */
	private TokenIssuer issuer(String scheme) {
		boolean kept = this.fault.kind().stage() == Fault.Stage.REQUEST;
		HttpClient httpClient = HttpClient.create(kept ? this.connections : ConnectionProvider.newConnection())
			.disableRetry(true)
			.resolver(this.server.resolver())
			.doOnResponse((response, connection) -> connection.channel()
				.eventLoop()
				.execute(() -> begun(response.requestHeaders().get(FaultyServer.ATTEMPT))));
		if (isHttp2()) {
			httpClient = httpClient.protocol(HttpProtocol.H2C);
		}
		WebClient webClient = WebClient.builder()
			.clientConnector(new ReactorClientHttpConnector(httpClient))
			.filter(this::sendAttempt)
			.build();
		return OAuth2TokenIssuer.builder(webClient)
			.tokenUri(URI.create(scheme + "://issuer.test/token"))
			.clientAuthentication(
					ClientAuthentication.clientSecretBasic(RotatingIssuer.CLIENT_ID, RotatingIssuer.CLIENT_SECRET))
			.grant(this.rotating ? AuthorizationGrant.refreshTokenOnly() : AuthorizationGrant.clientCredentials())
			.build();
	}

	/**
	 * Count a request, and tell the server which attempt it belongs to.
	 */
	private Mono<ClientResponse> sendAttempt(ClientRequest request, ExchangeFunction next) {
		return Mono.deferContextual((context) -> {
			this.requests.incrementAndGet();
			String attempt = context.get(FaultyServer.ATTEMPT);
			return next.exchange(ClientRequest.from(request).header(FaultyServer.ATTEMPT, attempt).build());
		});
	}

	/**
	 * The beginning of an answer has been read, and the rest is being waited for.
	 */
	private void begun(String attempt) {
		this.begun.add(attempt);
		this.moving.changed();
	}

	private DefaultTokenManager newManager() {
		TokenIssuer tracked = (request) -> Mono.defer(() -> {
			String attempt = String.valueOf(this.attempts.incrementAndGet());
			this.underway.add(attempt);
			boolean tls = this.fault.kind() == Fault.Kind.TLS && this.faultsLeft.get() > 0;
			return (tls ? this.secure : this.plain).issue(request)
				.contextWrite((context) -> context.put(FaultyServer.ATTEMPT, attempt))
				.doFinally((signal) -> {
					this.underway.remove(attempt);
					FaultWorld.this.moving.changed();
				});
		});
		TokenStore store = (this.condition != FaultyStore.Condition.NONE) ? this.store : TokenStore.inMemory();
		return DefaultTokenManager.builder()
			.client(ClientSettings.of(CLIENT, tracked).subjectExpireAfterIdle(Duration.ofDays(1)).build())
			.virtualTime(this.time)
			.random(() -> 0.5)
			.store(store)
			.build();
	}

	private WebClient newWebClient() {
		return WebClient.builder()
			.baseUrl(BASE_URL)
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(BASE_URL), CLIENT).build()))
			.exchangeFunction((request) -> Mono.fromSupplier(() -> resource(request)))
			.build();
	}

	/**
	 * The resource server, which is healthy.
	 */
	private ClientResponse resource(ClientRequest request) {
		String header = String.valueOf(request.headers().getFirst(HttpHeaders.AUTHORIZATION));
		boolean stray = request.headers().containsHeader(STRAY) && this.strays.getAndIncrement() == 0;
		boolean active = header.startsWith("Bearer ") && this.issuer.isActive(header.substring("Bearer ".length()));
		if (active && !stray) {
			return ClientResponse.create(HttpStatus.OK).body(header).build();
		}
		if (!active && this.issuer.hasExpired(header.substring("Bearer ".length()))) {
			this.expiredTokensSent.incrementAndGet();
		}
		return ClientResponse.create(HttpStatus.UNAUTHORIZED)
			.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
			.build();
	}

	// Time

	/**
	 * Whoever is underway is held, and all connections but theirs are closed or back in
	 * their pool.
	 */
	private boolean isHeld() {
		return this.underway.stream().allMatch((attempt) -> this.server.holds(attempt, this.begun.contains(attempt)))
				&& (isHttp2() || this.pools.stream().allMatch(this::isQuiet));
	}

	private boolean isQuiet(ConnectionPoolMetrics pool) {
		int acquired = pool.acquiredSize();
		return acquired <= this.underway.size() && pool.allocatedSize() == acquired + pool.idleSize();
	}

	private String situation() {
		return ": underway " + this.underway + ", acquired "
				+ this.pools.stream().mapToInt(ConnectionPoolMetrics::acquiredSize).sum();
	}

	/**
	 * Let time pass.
	 */
	void pass(Duration duration) {
		this.moving.passUntil(() -> false, this.time.instant().plus(duration));
	}

	// What happens

	/**
	 * Log in: hand over a refresh token where the client lives on one.
	 */
	void logIn() {
		if (this.rotating) {
			logIn(ALICE);
		}
	}

	/**
	 * Log a user in.
	 */
	void logIn(String subject) {
		TokenSet session = TokenSet.withRefreshToken(this.issuer.login()).build();
		AtomicReference<Object> end = new AtomicReference<>();
		this.manager.put(TokenKey.of(CLIENT, subject), session).subscribe(null, end::set, () -> end.set("done"));
		this.moving.passUntil(() -> end.get() != null, this.time.instant().plus(LONGEST_WAIT));
		if (!"done".equals(end.get())) {
			throw new IllegalStateException("The login failed: " + end.get());
		}
	}

	/**
	 * Do something else than the one fault to the issuer from now on.
	 */
	void faults(Fault.Source faults) {
		this.server.faults(faults);
	}

	/**
	 * Restart the application.
	 */
	void restart() {
		this.manager.close();
		this.manager = newManager();
		this.webClient = newWebClient();
	}

	/**
	 * Begin with what goes wrong.
	 */
	void beginFault() {
		this.requestsBeforeFault = this.requests.get();
		this.faultsLeft.set(this.once ? 1 : Integer.MAX_VALUE);
		this.store.becomes(this.condition);
	}

	/**
	 * End what goes wrong.
	 */
	void endFault() {
		this.faultsLeft.set(0);
		this.store.becomes(FaultyStore.Condition.FINE);
	}

	boolean hasStore() {
		return this.condition != FaultyStore.Condition.NONE;
	}

	/**
	 * Return how many requests there were to the issuer, sent or only tried.
	 */
	int requests() {
		return this.requests.get();
	}

	int requestsBeforeFault() {
		return this.requestsBeforeFault;
	}

	/**
	 * Return the token that the last call was answered with, empty if there was none.
	 */
	String lastToken() {
		return this.lastToken;
	}

	/**
	 * Return how many calls were sent with an expired token.
	 */
	int expiredTokensSent() {
		return this.expiredTokensSent.get();
	}

	RotatingIssuer issuer() {
		return this.issuer;
	}

	/**
	 * Begin a call.
	 */
	Call begin() {
		return begin(ALICE);
	}

	Call begin(String subject) {
		return new Call(subject, (headers) -> {
		});
	}

	/**
	 * Begin a call that is answered with a 401, for no reason and once.
	 */
	Call beginStray() {
		return new Call(ALICE, (headers) -> headers.set(STRAY, "yes"));
	}

	/**
	 * Make a call, and see what becomes of it.
	 */
	Outcome call() {
		return begin().outcome();
	}

	@Override
	public void close() {
		this.manager.close();
		this.moving.settle();
		this.connections.dispose();
		this.server.close();
	}

	/**
	 * How the client gets its tokens.
	 */
	enum Grant {

		/**
		 * With its own credentials.
		 */
		OWN,

		/**
		 * With a refresh token that can be redeemed once.
		 */
		ROTATING,

		/**
		 * With a refresh token that can be redeemed again for a minute.
		 */
		ROTATING_WITH_GRACE

	}

	/**
	 * What became of a call.
	 *
	 * @param token the token that it was answered with, {@code null} if it failed
	 * @param failure a word for why it failed, {@code null} if it was answered
	 * @param took how long it took
	 */
	record Outcome(@Nullable String token, @Nullable String failure, Duration took) {
	}

	/**
	 * One call.
	 */
	final class Call {

		private final Instant start = FaultWorld.this.time.instant();

		private volatile @Nullable Outcome outcome;

		private Call(String subject, Consumer<HttpHeaders> headers) {
			Mono.defer(() -> FaultWorld.this.webClient.get().uri("/items").headers(headers).attributes((attributes) -> {
				if (FaultWorld.this.rotating) {
					TokenAttributes.subject(subject).accept(attributes);
				}
			})
				.exchangeToMono((response) -> (response.statusCode().value() == HttpStatus.OK.value())
						? response.bodyToMono(String.class).map((token) -> outcome(token, null))
						: response.releaseBody().thenReturn(outcome(null, "401"))))
				.onErrorResume((ex) -> Mono.just(outcome(null, word(ex))))
				.subscribe((outcome) -> {
					this.outcome = outcome;
					if (outcome.token() != null) {
						FaultWorld.this.lastToken = outcome.token();
					}
					FaultWorld.this.moving.changed();
				});
		}

		private Outcome outcome(@Nullable String token, @Nullable String failure) {
			return new Outcome(token, failure, Duration.between(this.start, FaultWorld.this.time.instant()));
		}

		Outcome outcome() {
			Instant limit = this.start.plus(LONGEST_WAIT);
			FaultWorld.this.moving.passUntil(() -> this.outcome != null, limit);
			Outcome outcome = this.outcome;
			return (outcome != null) ? outcome : outcome(null, "waits for ever");
		}

		private static String word(Throwable ex) {
			if (ex instanceof TransientTokenException) {
				return ex.getMessage().contains("max-wait") ? "max-wait" : "transient";
			}
			return (ex instanceof ReauthenticationRequiredException) ? "sign in"
					: (ex instanceof TokenRefusedException) ? "refused" : ex.getClass().getName();
		}

	}

}
