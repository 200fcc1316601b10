package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.service.ExpectedDuration;
import io.github.evertoken.service.TokenClient;
import io.github.evertoken.service.TokenScope;
import io.github.evertoken.service.TokenSubject;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;

/**
 * Tests for the HTTP service interfaces of an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class HttpServiceTests {

	private static final Duration LIMIT = Duration.ofMinutes(2);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EvertokenAutoConfiguration.class, EvertokenDisabledAutoConfiguration.class,
						HttpClientAutoConfiguration.class, ImperativeHttpClientAutoConfiguration.class,
						ReactiveHttpClientAutoConfiguration.class, RestClientAutoConfiguration.class,
						WebClientAutoConfiguration.class, HttpServiceClientPropertiesAutoConfiguration.class,
						HttpServiceClientAutoConfiguration.class, ReactiveHttpServiceClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	/**
	 * The properties of a client that says nothing of where its tokens go.
	 */
	private String[] client(String name, String... more) {
		return Stream.of(TestClients.client(this.server, name, more))
			.filter((property) -> !property.endsWith("base-url=" + this.server.resourceUri()))
			.toArray(String[]::new);
	}

	private String baseUrl(String group, String path) {
		return "spring.http.serviceclient." + group + ".base-url=" + this.server.issuer() + path;
	}

	private ApplicationContextRunner runner(Class<?> services) {
		return this.contextRunner.withUserConfiguration(services);
	}

	private static List<String> problems(AssertableApplicationContext context) {
		Throwable failure = context.getStartupFailure();
		while (failure != null && !(failure instanceof InvalidConfigurationException)) {
			failure = failure.getCause();
		}
		return ((InvalidConfigurationException) Objects.requireNonNull(failure)).getProblems();
	}

	@ParameterizedTest
	@ValueSource(classes = { WebClientGroups.class, RestClientGroups.class })
	@DisplayName("HI-5: the calls of a client's groups carry its token, and go where Spring Boot's properties say")
	void groupWhenItsClientHasNoBaseUrlThenThatOfTheGroupIsTaken(Class<?> groups) {
		runner(groups).withPropertyValues(client("inventory", "http-service-groups=inventory,stock"))
			.withPropertyValues(baseUrl("inventory", "/api"), baseUrl("stock", "/api/stock"))
			.run((context) -> {
				assertThat(context.getBean(InventoryService.class).items()).isEqualTo("get with access token 1");
				assertThat(context.getBean(StockService.class).stock()).isEqualTo("get with access token 1");
				assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
				this.server.revokeAccessTokens();
				assertThat(context.getBean(InventoryService.class).items()).isEqualTo("get with access token 2");
				assertThat(this.server).receivedTokenRequests(2);
			});
	}

	@Test
	@DisplayName("HI-5: the start says where the tokens go, and where nothing encrypts them")
	void startWhenTheBaseUrlIsOfAGroupThenItIsNamedAsAnyOther(CapturedOutput output) {
		runner(WebClientGroups.class).withPropertyValues(client("inventory", "http-service-groups=inventory,stock"))
			.withPropertyValues("spring.http.serviceclient.inventory.base-url=http://inventory.internal/api",
					"spring.http.serviceclient.stock.base-url=https://stock.internal")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).contains(
						"Client 'inventory': tokens go to http://inventory.internal/api, https://stock.internal, and")
					.contains(
							"spring.http.serviceclient.inventory.base-url is 'http://inventory.internal/api': tokens go"
									+ " over the network unencrypted");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { WebClientGroups.class, RestClientGroups.class })
	@DisplayName("HI-5: a client with a base-url keeps that, and its groups may go anywhere at its origins")
	void groupWhenItsClientHasABaseUrlThenItsOriginCounts(Class<?> groups) {
		this.server.withPublicResource();
		runner(groups)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=stock",
					"base-url=" + this.server.resourceUri() + "/own"))
			.withPropertyValues(baseUrl("inventory", "/api/elsewhere"), baseUrl("stock", "/api/stock"))
			.run((context) -> {
				assertThat(context.getBean(StockService.class).stock()).isEqualTo("get with access token 1");
				assertThat(context.getBean(InventoryService.class).items()).isEqualTo("get without an access token");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { WebClientAnnotated.class, RestClientAnnotated.class })
	@DisplayName("HI-1 to HI-4: annotations say whose token a call carries, over either client")
	void annotatedThenCallsCarryTheTokenThatTheyAskFor(Class<?> services) {
		this.server.withPublicResource();
		runner(services).withUserConfiguration(TellingIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.orders.base-url=" + this.server.resourceUri() + "/orders",
					"evertoken.clients.inventory.base-url=" + this.server.resourceUri())
			.withPropertyValues(baseUrl("annotated", "/api"))
			.run((context) -> {
				AnnotatedService service = context.getBean(AnnotatedService.class);
				assertThat(sent(() -> service.ofOrders("7"))).isEqualTo("Bearer orders-1");
				assertThat(sent(() -> service.ofSubject("alice"))).isEqualTo("Bearer inventory-alice-1");
				this.server.disturb(TestClients.rejection().times(1));
				assertThat(sent(() -> service.ofSubject("alice"))).isEqualTo("Bearer inventory-alice-2");
				assertThat(sent(() -> service.ofScope("write"))).isEqualTo("Bearer inventory-write-1");
				hold(context.getBean(TokenManager.class));
				assertThat(sent(() -> service.lasting(Duration.ofMinutes(5)))).isEqualTo("Bearer held");
				assertThat(sent(() -> service.lasting(Duration.ofMinutes(9)))).isEqualTo("Bearer inventory-1");
				assertThatIllegalArgumentException().isThrownBy(() -> service.ofSubject(null))
					.withMessageContaining("AnnotatedService.ofSubject(String)");
			});
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sent(Supplier<String> call) {
		assertThat(call.get()).isEqualTo("get with an access token of another server");
		return TestClients.authorization(this.server);
	}

	private static void hold(TokenManager manager) {
		manager
			.put(TokenKey.of("inventory"),
					TokenSet.withAccessToken("held")
						.obtainedAt(Instant.now().minus(Duration.ofMinutes(3)))
						.expiresIn(Duration.ofMinutes(10))
						.build())
			.block(LIMIT);
	}

	@Test
	@DisplayName("HI-7: a client without any URL is told of the groups' base-url too")
	void startWhenNeitherClientNorGroupHasABaseUrlThenFails() {
		runner(WebClientGroups.class).withPropertyValues(client("inventory", "http-service-groups=inventory,a b"))
			.run((context) -> assertThat(problems(context)).containsExactly(
					"evertoken.clients.inventory.base-url: must be set, to the URL of the resource server such as"
							+ " https://host/path, or else evertoken.clients.inventory.origins, or else"
							+ " spring.http.serviceclient.inventory.base-url, or else"
							+ " spring.http.serviceclient[a b].base-url: tokens go nowhere else"));
	}

	@Test
	@DisplayName("HI-7: a base-url of a group that is none stops the start, without its secrets")
	void startWhenTheBaseUrlOfAGroupIsWrongThenFails() {
		runner(WebClientGroups.class).withPropertyValues(client("inventory", "http-service-groups=inventory"))
			.withPropertyValues(
					"spring.http.serviceclient.inventory.base-url=https://u:planted-secret@host/?key=secret")
			.run((context) -> assertThat(problems(context)).singleElement()
				.asString()
				.startsWith("spring.http.serviceclient.inventory.base-url: must not contain user information")
				.endsWith("but is 'https://***@host/?***'; set evertoken.clients.inventory.base-url if the tokens of"
						+ " client 'inventory' go elsewhere"));
	}

	@Test
	@DisplayName("HI-7: a group that goes elsewhere than its client's tokens stops the start")
	void startWhenAGroupGoesElsewhereThanItsClientsTokensThenFails() {
		runner(WebClientGroups.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=stock"))
			.withPropertyValues("spring.http.serviceclient.stock.base-url=https://stock.internal/api")
			.run((context) -> assertThat(problems(context)).containsExactly(
					"evertoken.clients.inventory.base-url: must have the origin of all requests of the client, but"
							+ " spring.http.serviceclient.stock.base-url is 'https://stock.internal/api', and every"
							+ " request of that group would fail; add 'https://stock.internal:443' to"
							+ " evertoken.clients.inventory.origins, or leave evertoken.clients.inventory.base-url out,"
							+ " and it is taken from there"));
		runner(WebClientGroups.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=stock",
					"origins=https://stock.internal"))
			.withPropertyValues("spring.http.serviceclient.stock.base-url=https://stock.internal/api")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	@DisplayName("HI-7: a group of two clients stops the start, and so does one without a name")
	void startWhenAGroupIsWrittenToTwoClientsThenFails() {
		runner(WebClientGroups.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups[0]=stock"))
			.withPropertyValues(TestClients.client(this.server, "orders", "http-service-groups[0]=stock",
					"http-service-groups[1]= ", "base-url=" + this.server.resourceUri() + "/orders"))
			.run((context) -> assertThat(problems(context)).containsExactly(
					"evertoken.clients.orders.http-service-groups[0]: is group 'stock', which is written to client"
							+ " 'inventory' too, so that no request says which of the two is meant; leave it to one, and"
							+ " name the other with @TokenClient where it is meant",
					"evertoken.clients.orders.http-service-groups[1]: must be the name of a group of HTTP services, but"
							+ " is empty"));
	}

	@Test
	@DisplayName("HI-7: two clients whose groups have one base URL stop the start, and one group of both says so once")
	void startWhenTheGroupsOfTwoClientsHaveOneBaseUrlThenFails() {
		String url = this.server.resourceUri();
		runner(WebClientGroups.class).withPropertyValues(client("inventory", "http-service-groups=inventory"))
			.withPropertyValues(client("orders", "http-service-groups=stock"))
			.withPropertyValues(baseUrl("inventory", "/api"), baseUrl("stock", "/api"))
			.run((context) -> assertThat(problems(context))
				.containsExactly("spring.http.serviceclient.stock.base-url: is " + url
						+ " for client 'orders' and for client"
						+ " 'inventory', so that no request says which of the two is meant; give one of them another"
						+ " path; set evertoken.clients.orders.base-url if the tokens of client 'orders' go"
						+ " elsewhere"));
		runner(WebClientGroups.class).withPropertyValues(client("inventory", "http-service-groups=stock"))
			.withPropertyValues(client("orders", "http-service-groups=stock"))
			.withPropertyValues(baseUrl("stock", "/api"))
			.run((context) -> assertThat(problems(context)).singleElement()
				.asString()
				.startsWith("evertoken.clients.orders.http-service-groups[0]: is group 'stock'"));
	}

	@Test
	@DisplayName("HI-7: a group that nobody declares stops the start")
	void startWhenNobodyDeclaresAGroupThenFails() {
		runner(WebClientGroups.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=inventory,stokc"))
			.run((context) -> assertThat(problems(context)).containsExactly(
					"evertoken.clients.inventory.http-service-groups[1]: must be a group of HTTP services, but is"
							+ " 'stokc', and there are only [inventory, stock]"));
	}

	@Test
	@DisplayName("HI-7: where there are no groups at all, as in a test that leaves them out, the start warns of them")
	void startWhenThereAreNoGroupsThenWarns(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=inventory"))
			.run((context) -> {
				assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
				assertThat(output)
					.contains("evertoken.clients.inventory.http-service-groups[0] is 'inventory', but there"
							+ " are no groups of HTTP services: @ImportHttpServices declares them");
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { WrongWebClientServices.class, WrongRestClientServices.class })
	@DisplayName("HI-6: a wrong annotation stops the start with class and method")
	void startWhenAParameterHasTheWrongTypeThenFailsWithClassAndMethod(Class<?> services) {
		runner(services).withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			String method = WrongService.class.getName() + ".items(Integer)";
			assertThat(problems(context)).containsExactly(
					method + ": parameter 1 has @TokenSubject and must be a String, but is java.lang.Integer");
			FailureAnalysis analysis = analysis(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains(method);
			assertThat(analysis.getAction()).contains("a method");
		});
	}

	private static FailureAnalysis analysis(Throwable failure) {
		return SpringFactoriesLoader.forDefaultResourceLocation().load(FailureAnalyzer.class, (type, loader, ex) -> {
		}).stream().map((analyzer) -> analyzer.analyze(failure)).filter(Objects::nonNull).findFirst().orElseThrow();
	}

	@Test
	@DisplayName("HI-6: a client that there is not stops the start, at an interface that nobody has used too")
	void startWhenAnInterfaceNamesAnUnknownClientThenFails() {
		String problem = UnknownService.class.getName()
				+ ".items(): must carry the token of a client that there is, but"
				+ " @TokenClient names 'inventroy', and there are only [inventory]";
		ApplicationContextRunner runner = runner(UnknownServices.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"));
		runner.run((context) -> assertThat(problems(context)).containsExactly(problem));
		runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(problems(context)).containsExactly(problem));
	}

	@ParameterizedTest
	@ValueSource(classes = { UnknownServices.class, UnknownRestClientServices.class })
	@DisplayName("HI-6: a filter of the application's own is asked which clients there are")
	void startWhenTheFilterIsTheApplicationsOwnThenItsClientsCount(Class<?> services) {
		ApplicationContextRunner runner = runner(services)
			.withPropertyValues(TestClients.client(this.server, "inventory"));
		runner.withBean(TokenExchangeFilterFunction.class, () -> filter("inventroy"))
			.run((context) -> assertThat(context).hasNotFailed());
		runner.withBean(TokenExchangeFilterFunction.class, () -> filter("orders"))
			.run((context) -> assertThat(problems(context)).containsExactly(UnknownService.class.getName()
					+ ".items(): must carry the token of a client that there is, but @TokenClient names 'inventroy',"
					+ " and there are only [orders], as the TokenExchangeFilterFunction of the application has it"));
		runner.withBean(TokenExchangeFilterFunction.class, () -> filter("orders"))
			.withPropertyValues("evertoken.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	@DisplayName("HI-6: an interceptor of the application's own is asked which clients there are")
	void startWhenTheInterceptorIsTheApplicationsOwnThenItsClientsCount() {
		ApplicationContextRunner runner = runner(UnknownRestClientServices.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"));
		runner.withBean(TokenExchangeInterceptor.class, () -> new TokenExchangeInterceptor(filter("inventroy")))
			.run((context) -> assertThat(context).hasNotFailed());
		runner.withBean(TokenExchangeInterceptor.class, () -> new TokenExchangeInterceptor(filter("orders")))
			.run((context) -> assertThat(problems(context)).containsExactly(UnknownService.class.getName()
					+ ".items(): must carry the token of a client that there is, but @TokenClient names 'inventroy',"
					+ " and there are only [orders], as the TokenExchangeInterceptor of the application has it"));
	}

	@Test
	@DisplayName("HI-6: a group whose client the application's own filter does not know stops the start")
	void startWhenTheFilterDoesNotKnowTheClientOfAGroupThenFails() {
		runner(WebClientGroups.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "http-service-groups=stock"))
			.withBean(TokenExchangeFilterFunction.class, () -> filter("orders"))
			.run((context) -> assertThat(problems(context)).containsExactly(StockService.class.getName()
					+ ".stock(): must carry the token of a client that there is, but its group is written to client"
					+ " 'inventory', and there are only [orders], as the TokenExchangeFilterFunction of the"
					+ " application has it"));
	}

	private static TokenExchangeFilterFunction filter(String client) {
		return new TokenExchangeFilterFunction(mock(TokenManager.class),
				ClientSelector.builder().add(BaseUrl.of("https://inventory.internal"), client).build());
	}

	@Test
	@DisplayName("HI-6: something that is said of the token of no client stops the start")
	void startWhenNoClientIsMeantThenFails() {
		ApplicationContextRunner runner = runner(SubjectServices.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"));
		runner.withPropertyValues("spring.http.serviceclient.subjects.base-url=https://stock.internal")
			.run((context) -> assertThat(problems(context)).containsExactly(SubjectService.class.getName()
					+ ".items(String): must name the client with @TokenClient:"
					+ " something is said of its token, and no client's tokens go to https://stock.internal:443"));
		runner.withPropertyValues("spring.http.serviceclient.subjects.base-url=lb://stock")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	@DisplayName("HI-8: with Evertoken switched off, interfaces with its annotations are called without a token")
	void callWhenEvertokenIsSwitchedOffThenCarriesNoToken() {
		this.server.withPublicResource();
		runner(SubjectServices.class).withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues(baseUrl("subjects", "/api"), "evertoken.enabled=false")
			.run((context) -> assertThat(context.getBean(SubjectService.class).items("alice"))
				.isEqualTo("get without an access token"));
	}

	@Test
	@DisplayName("HI-8: a TokenIssuer bean may call an HTTP service")
	void tokenIssuerBeanWhenItCallsAnHttpServiceThenThereIsNoCircularReference() {
		this.server.withPublicResource().serve("/stock/today", "text/plain", "stock");
		runner(WebClientGroups.class).withUserConfiguration(CallingIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.http-service-groups=inventory",
					"evertoken.clients.inventory.response-timeout=30s", "evertoken.clients.inventory.max-wait=30s")
			.withPropertyValues(baseUrl("inventory", "/api/own"), baseUrl("stock", "/api/stock"))
			.run((context) -> assertThat(sent(() -> context.getBean(InventoryService.class).items()))
				.isEqualTo("Bearer from-stock"));
		assertThat(this.server.requests(Endpoint.RESOURCE).get(0).header("Authorization")).isNull();
	}

	@HttpExchange
	interface InventoryService {

		@GetExchange("/items")
		String items();

	}

	@HttpExchange
	interface StockService {

		@GetExchange("/today")
		String stock();

	}

	@TokenClient("inventory")
	interface AnnotatedService {

		@GetExchange("/orders/{id}")
		@TokenClient("orders")
		String ofOrders(@PathVariable String id);

		@GetExchange("/items")
		String ofSubject(@TokenSubject String subject);

		@GetExchange("/items")
		String ofScope(@TokenScope String scope);

		@GetExchange("/items")
		String lasting(@ExpectedDuration Duration duration);

	}

	@TokenClient("inventroy")
	interface UnknownService {

		@GetExchange("/items")
		String items();

	}

	interface SubjectService {

		@GetExchange("/items")
		String items(@TokenSubject String subject);

	}

	interface WrongService {

		@GetExchange("/items")
		String items(@TokenSubject Integer subject);

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.WEB_CLIENT)
	@ImportHttpServices(group = "stock", types = StockService.class, clientType = ClientType.WEB_CLIENT)
	static class WebClientGroups {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.REST_CLIENT)
	@ImportHttpServices(group = "stock", types = StockService.class, clientType = ClientType.REST_CLIENT)
	static class RestClientGroups {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "annotated", types = AnnotatedService.class, clientType = ClientType.WEB_CLIENT)
	static class WebClientAnnotated {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "annotated", types = AnnotatedService.class, clientType = ClientType.REST_CLIENT)
	static class RestClientAnnotated {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "wrong", types = WrongService.class, clientType = ClientType.WEB_CLIENT)
	static class WrongWebClientServices {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "wrong", types = WrongService.class, clientType = ClientType.REST_CLIENT)
	static class WrongRestClientServices {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "unknown", types = UnknownService.class, clientType = ClientType.WEB_CLIENT)
	static class UnknownServices {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "unknown", types = UnknownService.class, clientType = ClientType.REST_CLIENT)
	static class UnknownRestClientServices {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "subjects", types = SubjectService.class, clientType = ClientType.REST_CLIENT)
	static class SubjectServices {

	}

	/**
	 * Its tokens tell whose they are.
	 */
	@Configuration(proxyBeanMethods = false)
	static class TellingIssuerConfiguration {

		@Bean
		TokenIssuer inventory() {
			return issuer();
		}

		@Bean
		TokenIssuer orders() {
			return issuer();
		}

		private static TokenIssuer issuer() {
			Map<TokenKey, AtomicInteger> issued = new ConcurrentHashMap<>();
			return (request) -> Mono.fromSupplier(() -> {
				TokenKey key = request.key();
				int number = issued.computeIfAbsent(key, (any) -> new AtomicInteger()).incrementAndGet();
				String scope = String.join("", key.parameters().form().getOrDefault("scope", List.of()));
				return TokenSet
					.withAccessToken(key.client() + ((key.subject() != null) ? "-" + key.subject() : "")
							+ (scope.isEmpty() ? "" : "-" + scope) + "-" + number)
					.expiresIn(Duration.ofDays(1))
					.build();
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CallingIssuerConfiguration {

		@Bean
		TokenIssuer inventory(StockService stock) {
			return (request) -> Mono.fromCallable(stock::stock)
				.subscribeOn(Schedulers.boundedElastic())
				.map((answer) -> TokenSet.withAccessToken("from-" + answer).build());
		}

	}

}
