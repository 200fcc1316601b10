package io.github.evertoken.service;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.support.TestWebClients;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.reactive.function.client.support.WebClientAdapter;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;
import org.springframework.web.service.invoker.HttpExchangeAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link HttpServiceTokens}, over real HTTP: the resource server answers with
 * the token that it has got, and a token tells whose it is.
 */
class HttpServiceTokensTests {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	private final MockWebServer server = new MockWebServer();

	private final Map<TokenKey, AtomicInteger> issued = new ConcurrentHashMap<>();

	private final Set<String> revoked = ConcurrentHashMap.newKeySet();

	private final ConcurrentLinkedQueue<String> paths = new ConcurrentLinkedQueue<>();

	private DefaultTokenManager manager;

	private ClientSelector selector;

	private TokenExchangeFilterFunction filter;

	@BeforeEach
	void start() throws IOException {
		this.server.setDispatcher(new Dispatcher() {
			@Override
			public MockResponse dispatch(RecordedRequest request) {
				String token = String.valueOf(request.getHeaders().get("Authorization")).replace("Bearer ", "");
				HttpServiceTokensTests.this.paths.add(request.getUrl().encodedPath());
				return HttpServiceTokensTests.this.revoked.contains(token)
						? new MockResponse.Builder().code(401)
							.addHeader("WWW-Authenticate", "Bearer error=\"invalid_token\"")
							.build()
						: new MockResponse.Builder().addHeader("Content-Type", "text/plain").body(token).build();
			}
		});
		this.server.start();
		this.manager = DefaultTokenManager.builder().client(client("inventory")).client(client("orders")).build();
		this.selector = ClientSelector.builder()
			.add(BaseUrl.of(url("/inventory")), "inventory")
			.add(BaseUrl.of(url("/orders")), "orders")
			.build();
		this.filter = new TokenExchangeFilterFunction(this.manager, this.selector);
	}

	@AfterEach
	void close() {
		this.manager.close();
		this.server.close();
	}

	private ClientSettings client(String name) {
		TokenIssuer issuer = (request) -> Mono.fromSupplier(() -> issue(request));
		return ClientSettings.of(name, issuer)
			.responseTimeout(Duration.ofSeconds(30))
			.maxWait(Duration.ofSeconds(60))
			.build();
	}

	private TokenSet issue(TokenRequest request) {
		int number = this.issued.computeIfAbsent(request.key(), (key) -> new AtomicInteger()).incrementAndGet();
		StringBuilder token = new StringBuilder(request.key().client());
		if (request.key().subject() != null) {
			token.append("-of-").append(request.key().subject());
		}
		request.key().parameters().form().forEach((name, values) -> token.append("-").append(values.get(0)));
		return TokenSet.withAccessToken(token.append("-").append(number).toString().replace(' ', '_'))
			.expiresIn(Duration.ofDays(1))
			.build();
	}

	private String url(String path) {
		return this.server.url(path).toString();
	}

	private <T> T proxy(Caller caller, Class<T> service, HttpServiceTokens tokens) {
		HttpServiceProxyFactory.Builder factory = HttpServiceProxyFactory.builderFor(caller.adapter(this));
		tokens.addTo(factory);
		return factory.build().createClient(service);
	}

	private <T> T proxy(Caller caller, Class<T> service) {
		return proxy(caller, service, HttpServiceTokens.of(List.of(service)));
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-1")
	void callWhenTheInterfaceNamesAClientThenCarriesItsTokenAndThatOfTheMethodGoesFirst(Caller caller) {
		Named named = proxy(caller, Named.class);
		assertThat(named.item("7")).isEqualTo("orders-1");
		assertThat(named.stock()).isEqualTo("inventory-1");
		assertThat(this.paths).containsExactly("/inventory/items/7", "/inventory/stock");
		assertThat(proxy(caller, Composed.class).stock()).isEqualTo("orders-1");
		assertThat(proxy(caller, Extending.class).item("7")).isEqualTo("inventory-1");
		assertThat(proxy(caller, Inheriting.class).item("7")).isEqualTo("orders-1");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-1")
	void callWhenItsTokenIsRejectedThenIsSentOnceMore(Caller caller) {
		this.revoked.add("orders-1");
		assertThat(proxy(caller, Named.class).item("7")).isEqualTo("orders-2");
		assertThat(this.paths).containsExactly("/inventory/items/7", "/inventory/items/7");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-2")
	void callWhenAParameterIsTheSubjectThenCarriesThatOnesTokenAfterARejectionToo(Caller caller) {
		Subjects subjects = proxy(caller, Subjects.class);
		assertThat(subjects.orders("alice")).isEqualTo("inventory-of-alice-1");
		assertThat(subjects.ordersOf("bob")).isEqualTo("inventory-of-bob-1");
		assertThat(subjects.ordersOfCustomer("carol")).isEqualTo("inventory-of-carol-1");
		this.revoked.add("inventory-of-alice-1");
		assertThat(subjects.orders("alice")).isEqualTo("inventory-of-alice-2");
		assertThat(this.paths).contains("/inventory/orders", "/inventory/orders/bob");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-2")
	void callWhenTheMethodIsDeclaredAnewThenItsParameterIsTheSubjectStill(Caller caller) {
		assertThat(proxy(caller, SubjectsAnew.class).ordersOf("bob")).isEqualTo("inventory-of-bob-1");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-2")
	void callWhenTheSubjectIsNullOrEmptyThenFailsAndIsNotSent(Caller caller) {
		Subjects subjects = proxy(caller, Subjects.class);
		assertThatIllegalArgumentException().isThrownBy(() -> subjects.orders(null))
			.withMessage("Argument 1 of " + Subjects.class.getName()
					+ ".orders(String), which is its @TokenSubject, makes no sense: it is null");
		assertThatIllegalArgumentException().isThrownBy(() -> subjects.orders(""))
			.withMessageStartingWith("Argument 1 of " + Subjects.class.getName() + ".orders(String)");
		assertThat(this.paths).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-3")
	void callWhenItSaysItsScopeThenCarriesATokenWithThat(Caller caller) {
		Scopes scopes = proxy(caller, Scopes.class);
		assertThat(scopes.ofInterface()).isEqualTo("inventory-read-1");
		assertThat(scopes.ofMethod()).isEqualTo("inventory-read_write-1");
		assertThat(scopes.ofArgument("admin")).isEqualTo("inventory-admin-1");
		assertThat(scopes.ofArguments(new String[] { "admin", "write" })).isEqualTo("inventory-admin_write-1");
		assertThat(scopes.ofCollection(List.of("read"), "alice")).isEqualTo("inventory-of-alice-read-1");
		assertThatIllegalArgumentException().isThrownBy(() -> scopes.ofArgument("read write"))
			.withMessageContaining("Scopes.ofArgument(String), which is its @TokenScope");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-4")
	void callWhenItSaysHowLongItTakesThenCarriesATokenThatLasts(Caller caller) {
		Uploads uploads = proxy(caller, Uploads.class);
		hold(TokenKey.of("inventory"));
		assertThat(uploads.upload("photo", Duration.ofMinutes(5))).isEqualTo("held");
		assertThat(uploads.upload("photo", Duration.ofMinutes(9))).isEqualTo("inventory-1");
		assertThatIllegalArgumentException().isThrownBy(() -> uploads.upload("photo", Duration.ZERO))
			.withMessageContaining("Argument 2 of");
		hold(TokenKey.of("inventory", "alice"));
		assertThat(uploads.uploadOf("alice")).isEqualTo("held");
		assertThat(uploads.bigUploadOf("alice")).isEqualTo("inventory-of-alice-1");
	}

	/**
	 * Hold a token that has seven of its ten minutes left.
	 */
	private void hold(TokenKey key) {
		this.manager
			.put(key,
					TokenSet.withAccessToken("held")
						.obtainedAt(Instant.now().minus(Duration.ofMinutes(3)))
						.expiresIn(Duration.ofMinutes(10))
						.build())
			.block(LIMIT);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("HI-5")
	void callWhenTheGroupHasAClientThenCarriesItsTokenUnlessAnotherIsNamed(Caller caller) {
		HttpServiceTokens ofGroup = HttpServiceTokens.of(List.of(Plain.class, Named.class), "inventory");
		assertThat(proxy(caller, Plain.class, ofGroup).elsewhere()).isEqualTo("inventory-1");
		assertThat(proxy(caller, Named.class, ofGroup).item("7")).isEqualTo("orders-1");
		assertThat(proxy(caller, Plain.class).elsewhere()).isEqualTo("null");
	}

	@Test
	@Tag("HI-1")
	void callWhenItIsReactiveThenCarriesTheToken() {
		assertThat(proxy(Caller.WEB_CLIENT, Reactive.class).item("7", "alice").block(LIMIT))
			.isEqualTo("orders-of-alice-1");
	}

	@Test
	@Tag("HI-6")
	void interfacesWhenTheirAnnotationsAreWrongThenEachIsNamedWithItsMethod() {
		String name = Wrong.class.getName();
		HttpServiceTokens tokens = HttpServiceTokens.of(List.of(Wrong.class));
		assertThat(tokens.problems()).containsExactlyInAnyOrder(
				name + ".subject(Integer): parameter 1 has @TokenSubject and must be a String, but is"
						+ " java.lang.Integer",
				name + ".reactive(Mono): parameter 1 has @TokenSubject and must be a String, but is"
						+ " reactor.core.publisher.Mono<java.lang.String>",
				name + ".scope(List): parameter 1 has @TokenScope and must be a String, a String[] or a"
						+ " Collection<String>, but is java.util.List<java.lang.Integer>",
				name + ".duration(long): parameter 1 has @ExpectedDuration and must be a java.time.Duration, but is"
						+ " long",
				name + ".twice(String, String): must have one parameter with @TokenSubject at the most",
				name + ".both(String): parameter 1 must not have both @TokenSubject and @TokenScope",
				name + ".value(String): parameter 1 has @TokenScope with a value, and must have it without: the"
						+ " argument is what counts",
				name + ".methodAndParameter(String): must have @TokenScope itself or on a parameter, and not both",
				name + ".noScope(): @TokenScope must have a value, unless it is on a parameter",
				name + ".wrongScope(): @TokenScope makes no sense: Each scope must be one word of RFC 6749, section"
						+ " 3.3: 'read write' is none",
				name + ".noDuration(): @ExpectedDuration must have a positive value, unless it is on a parameter",
				name + ".years(): @ExpectedDuration must have a unit of a day at the most, but has Years",
				name + ".noName(): @TokenClient must name a client",
				name + ".noRequest(String): must not have @TokenSubject, for it sends no request; only a method with"
						+ " @HttpExchange does");
		assertThatIllegalStateException().isThrownBy(() -> tokens.addTo(HttpServiceProxyFactory.builder()))
			.withMessageContaining(name + ".noName(): @TokenClient must name a client");
	}

	@Test
	@Tag("HI-6")
	void interfacesWhenTheyInheritOneMethodAndSayDifferentThingsOfItThenThatIsAProblem() {
		assertThat(HttpServiceTokens.of(List.of(Extending.class, Inheriting.class)).problems())
			.containsExactly(Inheriting.class.getName() + ".item(String): must say the same of its token as "
					+ Extending.class.getName() + ".item(String), for both are one inherited method; declare it in each"
					+ " interface, or let them be of different groups");
		assertThat(HttpServiceTokens.of(List.of(Extending.class, ExtendingToo.class)).problems()).isEmpty();
	}

	@Test
	@Tag("HI-6")
	void interfacesWhenTheirClientsDoNotFitThenEachIsNamedWithItsMethod() {
		assertThat(HttpServiceTokens.of(List.of(Named.class)).problems(this.selector, null)).isEmpty();
		assertThat(HttpServiceTokens.of(List.of(Named.class)).problems(this.selector, URI.create(url("/other"))))
			.isEmpty();
		assertThat(HttpServiceTokens.of(List.of(Unknown.class)).problems(this.selector, null))
			.containsExactly(Unknown.class.getName() + ".item(): must carry the token of a client that there is, but"
					+ " @TokenClient names 'inventroy', and there are only [inventory, orders]");
		URI elsewhere = URI.create("https://user:secret@elsewhere.internal/secret");
		assertThat(HttpServiceTokens.of(List.of(Named.class)).problems(this.selector, elsewhere)).containsOnly(
				Named.class.getName() + ".item(String): must go where the tokens of client 'orders' may go, but goes to"
						+ " https://elsewhere.internal:443; add that to evertoken.clients.orders.origins if they may",
				Named.class.getName() + ".stock(): must go where the tokens of client 'inventory' may go, but goes to"
						+ " https://elsewhere.internal:443; add that to evertoken.clients.inventory.origins if they may");
		assertThat(HttpServiceTokens.of(List.of(Subjects.class)).problems(this.selector, elsewhere)).contains(
				Subjects.class.getName() + ".orders(String): must name the client with @TokenClient: something is said"
						+ " of its token, and no client's tokens go to https://elsewhere.internal:443");
		assertThat(HttpServiceTokens.of(List.of(Plain.class, Anywhere.class)).problems(this.selector, elsewhere))
			.isEmpty();
	}

	private enum Caller {

		WEB_CLIENT {

			@Override
			HttpExchangeAdapter adapter(HttpServiceTokensTests test) {
				return WebClientAdapter
					.create(TestWebClients.builder().baseUrl(test.url("/inventory")).filter(test.filter).build());
			}

		},

		REST_CLIENT {

			@Override
			HttpExchangeAdapter adapter(HttpServiceTokensTests test) {
				return RestClientAdapter.create(RestClient.builder()
					.requestFactory(new JdkClientHttpRequestFactory())
					.baseUrl(test.url("/inventory"))
					.requestInterceptor(new TokenExchangeInterceptor(test.filter))
					.build());
			}

		};

		abstract HttpExchangeAdapter adapter(HttpServiceTokensTests test);

	}

	interface Items {

		@GetExchange("/items/{id}")
		String item(@PathVariable String id);

	}

	@TokenClient("orders")
	interface Named extends Items {

		@GetExchange("/stock")
		@TokenClient("inventory")
		String stock();

	}

	@TokenClient("orders")
	@Retention(RetentionPolicy.RUNTIME)
	@interface OfOrders {

	}

	@OfOrders
	interface Composed {

		@GetExchange("/stock")
		String stock();

	}

	@TokenClient("inventory")
	interface Extending extends Items {

	}

	@TokenClient("inventory")
	interface ExtendingToo extends Items {

	}

	interface Inheriting extends Items, OrdersBase {

	}

	@TokenClient("orders")
	interface OrdersBase {

	}

	interface Reactive {

		@GetExchange("/items/{id}")
		@TokenClient("orders")
		Mono<String> item(@PathVariable String id, @TokenSubject String user);

	}

	@TokenSubject
	@Retention(RetentionPolicy.RUNTIME)
	@interface Customer {

	}

	interface Subjects {

		@GetExchange("/orders")
		String orders(@TokenSubject String user);

		@GetExchange("/orders/{user}")
		String ordersOf(@PathVariable @TokenSubject String user);

		@GetExchange("/orders")
		String ordersOfCustomer(@Customer String customer);

	}

	interface SubjectsAnew extends Subjects {

		@Override
		@GetExchange("/orders/{user}?anew")
		String ordersOf(@PathVariable String user);

	}

	@TokenScope("read")
	interface Scopes {

		@GetExchange
		String ofInterface();

		@GetExchange
		@TokenScope({ "read", "write" })
		String ofMethod();

		@GetExchange
		String ofArgument(@TokenScope String scope);

		@GetExchange
		String ofArguments(@TokenScope String[] scope);

		@GetExchange
		String ofCollection(@TokenScope List<String> scope, @TokenSubject String user);

	}

	interface Uploads {

		@PutExchange
		String upload(@RequestBody String photo, @ExpectedDuration Duration duration);

		@PutExchange
		String uploadOf(@TokenSubject String user);

		@PutExchange
		@ExpectedDuration(value = 9, unit = ChronoUnit.MINUTES)
		String bigUploadOf(@TokenSubject String user);

	}

	interface Plain {

		@GetExchange("/../elsewhere")
		String elsewhere();

	}

	interface Anywhere {

		@GetExchange
		String get(URI uri, @TokenSubject String user);

		@GetExchange("https://anywhere.internal")
		@TokenClient("orders")
		String anywhere();

	}

	@TokenClient("inventroy")
	interface Unknown {

		@GetExchange
		String item();

	}

	interface Wrong {

		@GetExchange
		String subject(@TokenSubject Integer user);

		@GetExchange
		String reactive(@TokenSubject Mono<String> user);

		@GetExchange
		String scope(@TokenScope List<Integer> scope);

		@GetExchange
		String duration(@ExpectedDuration long seconds);

		@GetExchange
		String twice(@TokenSubject String user, @TokenSubject String other);

		@GetExchange
		String both(@TokenSubject @TokenScope String user);

		@GetExchange
		String value(@TokenScope("read") String scope);

		@GetExchange
		@TokenScope("read")
		String methodAndParameter(@TokenScope String scope);

		@GetExchange
		@TokenScope
		String noScope();

		@GetExchange
		@TokenScope("read write")
		String wrongScope();

		@HttpExchange(method = "GET")
		@ExpectedDuration
		String noDuration();

		@GetExchange
		@ExpectedDuration(value = 1, unit = ChronoUnit.YEARS)
		String years();

		@GetExchange
		@TokenClient(" ")
		String noName();

		default String noRequest(@TokenSubject String user) {
			return user;
		}

	}

}
