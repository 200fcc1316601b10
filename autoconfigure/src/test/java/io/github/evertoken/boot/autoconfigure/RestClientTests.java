package io.github.evertoken.boot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

	private final TestServer server = new TestServer();

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ImperativeHttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				HttpMessageConvertersAutoConfiguration.class, RestClientAutoConfiguration.class,
				RestTemplateAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	@AfterEach
	void stopServer() {
		SecurityContextHolder.clearContext();
		this.server.close();
	}

	private String get(ApplicationContext context, String path) {
		return get(context.getBean(RestClient.Builder.class).build(), path);
	}

	private String get(RestClient restClient, String path) {
		return restClient.get().uri(this.server.url(path)).retrieve().body(String.class);
	}

	@Test
	@DisplayName("BC-7: the RestClients of a servlet application need the clients' properties and nothing else")
	void restClientOfBootWhenClientIsConfiguredThenSendsToken() {
		this.contextRunner.withPropertyValues(this.server.client("inventory")).run((context) -> {
			assertThat(get(context, "/api/items/7")).isEqualTo("Bearer token-1");
			assertThat(get(context, "/api/items/8")).isEqualTo("Bearer token-1");
			assertThat(get(context, "/other")).isEqualTo("none");
			assertThat(this.server.resource(context)).isEqualTo("Bearer token-1");
			assertThat(this.server.tokenRequests()).hasSize(1);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components", "simple" })
	@DisplayName("BC-1: a rejected token is replaced, with each HTTP client of Spring Boot")
	void restClientWhenItsTokenIsRejectedThenIsSentOnceMore(String factory) {
		this.contextRunner.withPropertyValues(this.server.client("inventory"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory)
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("Bearer token-1");
				this.server.reject("Bearer token-1");
				assertThat(get(context, "/api")).isEqualTo("Bearer token-2");
				this.server.reject("Bearer token-2");
				this.server.reject("Bearer token-3");
				assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class)
					.isThrownBy(() -> get(context, "/api"));
				assertThat(this.server.tokenRequests()).hasSize(3);
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk", "jetty", "http-components", "simple" })
	@DisplayName("BC-1: a 401 without a challenge is a rejection, with each HTTP client of Spring Boot")
	void restClientWhenThe401HasNoChallengeThenIsSentOnceMore(String factory) {
		this.server.refrainFromChallenges();
		this.server.reject("Bearer token-1");
		this.contextRunner.withPropertyValues(this.server.client("inventory"))
			.withPropertyValues("spring.http.clients.imperative.factory=" + factory)
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("Bearer token-2"));
	}

	@Test
	@DisplayName("BC-7: a RestTemplate of Spring Boot's builder sends tokens, and a RestClient that is made of one")
	void restTemplateOfBootThenSendsToken() {
		this.contextRunner.withPropertyValues(this.server.client("inventory")).run((context) -> {
			RestTemplate restTemplate = context.getBean(RestTemplateBuilder.class).build();
			assertThat(restTemplate.getForObject(this.server.url("/api"), String.class)).isEqualTo("Bearer token-1");
			this.server.reject("Bearer token-1");
			assertThat(restTemplate.getForObject(this.server.url("/api"), String.class)).isEqualTo("Bearer token-2");
			RestClient.Builder ofTemplate = RestClient.builder(restTemplate);
			context.getBeanProvider(RestClientCustomizer.class)
				.orderedStream()
				.forEach((customizer) -> customizer.customize(ofTemplate));
			List<Object> interceptors = new CopyOnWriteArrayList<>();
			ofTemplate.requestInterceptors(interceptors::addAll);
			assertThat(interceptors).filteredOn(TokenExchangeInterceptor.class::isInstance).hasSize(1);
			assertThat(get(ofTemplate.build(), "/api")).isEqualTo("Bearer token-2");
		});
	}

	@Test
	@DisplayName("BC-7: an HTTP service whose client is a RestClient sends tokens, and once more after a 401")
	void httpServiceWhenItsClientIsARestClientThenSendsToken() {
		runWithHttpService((service) -> {
			assertThat(service.items()).isEqualTo("Bearer token-1");
			this.server.reject("Bearer token-1");
			assertThat(service.items()).isEqualTo("Bearer token-2");
			assertThat(this.server.tokenRequests()).hasSize(2);
		});
	}

	private void runWithHttpService(Consumer<InventoryService> scenario) {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(HttpServiceClientPropertiesAutoConfiguration.class,
					HttpServiceClientAutoConfiguration.class))
			.withUserConfiguration(HttpServiceConfiguration.class)
			.withPropertyValues(this.server.client("inventory"))
			.withPropertyValues("spring.http.serviceclient.inventory.base-url=" + this.server.url("/api"))
			.run((context) -> scenario.accept(context.getBean(InventoryService.class)));
	}

	@Test
	@DisplayName("BC-7: the token is added behind all other interceptors of Spring Boot's builders")
	void restClientOfBootWhenThereAreOtherCustomizersThenTheInterceptorIsTheInnermost() {
		this.contextRunner.withUserConfiguration(OtherCustomizerConfiguration.class)
			.withPropertyValues(this.server.client("inventory"))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("Bearer token-1");
				assertThat(context.getBean(OtherCustomizerConfiguration.class).authorizations).containsExactly("null");
			});
	}

	@Test
	@DisplayName("BC-7: RestClients can be left alone, and the interceptor added by hand")
	void restClientOfBootWhenItIsLeftAloneThenSendsNoneUnlessTheInterceptorIsAdded() {
		this.contextRunner.withPropertyValues(this.server.client("inventory"))
			.withPropertyValues("evertoken.apply-to-rest-clients=false")
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("none");
				assertThat(this.server.resource(context)).isEqualTo("Bearer token-1");
				RestClient own = RestClient.builder()
					.requestInterceptor(context.getBean(TokenExchangeInterceptor.class))
					.build();
				assertThat(get(own, "/api")).isEqualTo("Bearer token-1");
			});
	}

	@Test
	@DisplayName("BC-7: an interceptor or a filter of the user's own takes the place of Evertoken's")
	void interceptorWhenItOrTheFilterIsTheUsersOwnThenThatIsUsed() {
		TokenExchangeFilterFunction own = new TokenExchangeFilterFunction(mock(TokenManager.class),
				ClientSelector.builder().build());
		this.contextRunner.withPropertyValues(this.server.client("inventory"))
			.withBean(TokenExchangeInterceptor.class, () -> new TokenExchangeInterceptor(own))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("none");
				assertThat(this.server.resource(context)).isEqualTo("Bearer token-1");
			});
		this.contextRunner.withPropertyValues(this.server.client("inventory"))
			.withBean(TokenExchangeFilterFunction.class, () -> own)
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("none"));
	}

	@Test
	@DisplayName("SF-7: a TokenIssuer bean may take a RestClient.Builder, and its own call passes untouched")
	void tokenIssuerBeanWhenItTakesRestClientBuilderThenThereIsNoCircularReference() {
		this.contextRunner.withUserConfiguration(BlockingIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.url("/api"),
					"evertoken.clients.inventory.max-wait=30s", "test.token-uri=" + this.server.url("/api/token"))
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("Bearer from-none"));
	}

	@Test
	@DisplayName("BC-6: a request is made on behalf of whom the client's SubjectResolver bean finds on the thread")
	void restClientWhenThereIsASubjectResolverThenCarriesTheSubjectsToken() {
		this.contextRunner.withUserConfiguration(SubjectsConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.url("/api"))
			.run((context) -> {
				SecurityContextHolder.getContext()
					.setAuthentication(new TestingAuthenticationToken("alice", "secret", "ROLE_USER"));
				assertThat(get(context, "/api")).isEqualTo("Bearer of-alice");
				SecurityContextHolder.clearContext();
				assertThat(get(context, "/api")).isEqualTo("Bearer of-null");
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
