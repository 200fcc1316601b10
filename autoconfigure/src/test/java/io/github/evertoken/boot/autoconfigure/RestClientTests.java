package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.RestTemplateAutoConfiguration;
import org.springframework.boot.restclient.autoconfigure.service.HttpServiceClientAutoConfiguration;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.Mockito.mock;

/**
 * Tests for the blocking callers of a servlet application.
 */
class RestClientTests {

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	@AfterEach
	void stopServer() {
		SecurityContextHolder.clearContext();
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sent(ApplicationContext context, String path) {
		get(context, path);
		return TestClients.authorization(this.server);
	}

	private String get(ApplicationContext context, String path) {
		return get(context.getBean(RestClient.Builder.class).build(), path);
	}

	private String getReactively(ApplicationContext context, String path) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.issuer() + path)
			.retrieve()
			.bodyToMono(String.class)
			.block(Duration.ofMinutes(1));
	}

	private String get(RestClient restClient, String path) {
		return restClient.get().uri(this.server.issuer() + path).retrieve().body(String.class);
	}

	@Test
	@DisplayName("BC-7: the RestClients of a servlet application need the clients' properties and nothing else")
	void restClientOfBootWhenClientIsConfiguredThenSendsToken() {
		this.server.withPublicResource();
		this.contextRunner
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "base-url=" + this.server.resourceUri() + "/items"))
			.run((context) -> {
				assertThat(get(context, "/api/items/7")).isEqualTo("get with access token 1");
				assertThat(get(context, "/api/items/8")).isEqualTo("get with access token 1");
				assertThat(get(context, "/api/other")).isEqualTo("get without an access token");
				assertThat(getReactively(context, "/api/items/9")).isEqualTo("get with access token 1");
				assertThat(this.server).receivedTokenRequests(1);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components", "simple" })
	@DisplayName("BC-1: a rejected token is replaced, with each HTTP client of Spring Boot")
	void restClientWhenItsTokenIsRejectedThenIsSentOnceMore(String factory) {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory)
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				this.server.revokeAccessTokens();
				assertThat(get(context, "/api")).isEqualTo("get with access token 2");
				this.server.disturb(TestClients.rejection());
				assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class)
					.isThrownBy(() -> get(context, "/api"));
				assertThat(this.server).receivedTokenRequests(3);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components", "simple" })
	@DisplayName("BC-1: a 401 without a challenge is a rejection, with each HTTP client of Spring Boot")
	void restClientWhenThe401HasNoChallengeThenIsSentOnceMore(String factory) {
		this.server.disturb(TestClients.unchallengedRejection().times(1));
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory)
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("get with access token 2"));
	}

	@Test
	@DisplayName("BC-7: a RestTemplate of Spring Boot's builder sends tokens, and a RestClient that is made of one")
	void restTemplateOfBootThenSendsToken() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			assertThat(restTemplate.getForObject(this.server.resourceUri(), String.class))
				.isEqualTo("get with access token 1");
			this.server.revokeAccessTokens();
			assertThat(restTemplate.getForObject(this.server.resourceUri(), String.class))
				.isEqualTo("get with access token 2");
			RestClient.Builder ofTemplate = RestClient.builder(restTemplate);
			context.getBeanProvider(RestClientCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(ofTemplate));
			List<Object> interceptors = new CopyOnWriteArrayList<>();
			ofTemplate.requestInterceptors(interceptors::addAll);
			assertThat(interceptors).filteredOn(TokenExchangeInterceptor.class::isInstance).hasSize(1);
			assertThat(get(ofTemplate.build(), "/api")).isEqualTo("get with access token 2");
		});
	}

	@Test
	@DisplayName("BC-7: an HTTP service whose client is a RestClient sends tokens, and once more after a 401")
	void httpServiceWhenItsClientIsARestClientThenSendsToken() {
		runWithHttpService((service) -> {
			assertThat(service.items()).isEqualTo("get with access token 1");
			this.server.revokeAccessTokens();
			assertThat(service.items()).isEqualTo("get with access token 2");
			assertThat(this.server).receivedTokenRequests(2);
		});
	}

	private void runWithHttpService(Consumer<InventoryService> scenario) {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(HttpServiceClientPropertiesAutoConfiguration.class,
					HttpServiceClientAutoConfiguration.class))
			.withUserConfiguration(HttpServiceConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("spring.http.serviceclient.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> scenario.accept(context.getBean(InventoryService.class)));
	}

	@Test
	@DisplayName("BC-7: the token is added behind all other interceptors of Spring Boot's builders")
	void restClientOfBootWhenThereAreOtherCustomizersThenTheInterceptorIsTheInnermost() {
		this.contextRunner.withUserConfiguration(OtherCustomizerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(context.getBean(OtherCustomizerConfiguration.class).authorizations).containsExactly("null");
			});
	}

	@Test
	@DisplayName("BC-7: RestClients can be left alone, and the interceptor added by hand")
	void restClientOfBootWhenItIsLeftAloneThenSendsNoneUnlessTheInterceptorIsAdded() {
		this.server.withPublicResource();
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("evertoken.apply-to-rest-clients=false")
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get without an access token");
				assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
				RestClient own = RestClient.builder()
					.requestInterceptor(context.getBean(TokenExchangeInterceptor.class))
					.build();
				assertThat(get(own, "/api")).isEqualTo("get with access token 1");
			});
	}

	@Test
	@DisplayName("BC-7: an interceptor or a filter of the user's own takes the place of Evertoken's")
	void interceptorWhenItOrTheFilterIsTheUsersOwnThenThatIsUsed() {
		this.server.withPublicResource();
		TokenExchangeFilterFunction own = new TokenExchangeFilterFunction(mock(TokenManager.class),
				ClientSelector.builder().build());
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withBean(TokenExchangeInterceptor.class, () -> new TokenExchangeInterceptor(own))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get without an access token");
				assertThat(TestClients.resource(this.server, context)).isEqualTo("get with access token 1");
			});
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withBean(TokenExchangeFilterFunction.class, () -> own)
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("get without an access token"));
	}

	@Test
	@DisplayName("SF-7: a TokenIssuer bean may take a RestClient.Builder, and its own call passes untouched")
	void tokenIssuerBeanWhenItTakesRestClientBuilderThenThereIsNoCircularReference() {
		this.server.withPublicResource().serve("/login", "text/plain", "login");
		this.contextRunner.withUserConfiguration(BlockingIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
					"evertoken.clients.inventory.max-wait=30s",
					"test.token-uri=" + this.server.resourceUri() + "/login")
			.run((context) -> assertThat(sent(context, "/api")).isEqualTo("Bearer from-login"));
		assertThat(this.server.requests(Endpoint.RESOURCE).get(0).header("Authorization")).isNull();
	}

	@Test
	@DisplayName("BC-6: a request is made on behalf of whom the client's SubjectResolver bean finds on the thread")
	void restClientWhenThereIsASubjectResolverThenCarriesTheSubjectsToken() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(SubjectsConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> {
				SecurityContextHolder.getContext()
					.setAuthentication(new TestingAuthenticationToken("alice", "secret", "ROLE_USER"));
				assertThat(sent(context, "/api")).isEqualTo("Bearer of-alice");
				SecurityContextHolder.clearContext();
				assertThat(sent(context, "/api")).isEqualTo("Bearer of-null");
			});
	}

	interface InventoryService {

		@GetExchange("/items")
		String items();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.REST_CLIENT)
	static class HttpServiceConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherCustomizerConfiguration {

		final List<String> authorizations = new CopyOnWriteArrayList<>();

		@Bean
		@Order(0)
		RestClientCustomizer otherCustomizer() {
			return (builder) -> builder.requestInterceptor((request, body, execution) -> {
				this.authorizations.add(String.valueOf(request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION)));
				return execution.execute(request, body);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BlockingIssuerConfiguration {

		@Bean
		TokenIssuer inventory(RestClient.Builder builder, @Value("${test.token-uri}") String tokenUri) {
			RestClient restClient = builder.build();
			return (request) -> Mono
				.fromCallable(() -> restClient.get()
					.uri(tokenUri)
					.attributes(TokenAttributes.noToken())
					.retrieve()
					.body(String.class))
				.subscribeOn(Schedulers.boundedElastic())
				.map((answer) -> TokenSet.withAccessToken("from-" + answer).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SubjectsConfiguration {

		@Bean
		TokenIssuer inventory() {
			return (request) -> Mono.just(TokenSet.withAccessToken("of-" + request.key().subject()).build());
		}

		@Bean
		SubjectResolver subjectResolver() {
			return SubjectResolver.securityContext();
		}

	}

}
