package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.service.HttpServiceClientPropertiesAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.WebClientCustomizer;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.boot.webclient.autoconfigure.service.ReactiveHttpServiceClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.reactive.ClientHttpConnector;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EvertokenAutoConfiguration}.
 */
class EvertokenAutoConfigurationTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, CodecsAutoConfiguration.class,
				WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	@Test
	void webClientOfBootWhenClientIsConfiguredThenSendsToken() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			assertThat(get(context, "/api/items/7")).isEqualTo("get with access token 1");
			assertThat(get(context, "/api/items/8")).isEqualTo("get with access token 1");
			assertThat(this.server).receivedTokenRequests(1);
		});
	}

	@Test
	void webClientOfBootWhenRequestGoesElsewhereThenSendsNone() {
		this.server.withPublicResource();
		this.contextRunner
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "base-url=" + this.server.resourceUri() + "/items"))
			.run((context) -> assertThat(get(context, "/api/other")).isEqualTo("get without an access token"));
	}

	@Test
	@DisplayName("CF-2: without any client the application starts, its requests stay as they are, the manager is there")
	void contextWhenNoClientIsConfiguredThenChangesNoRequest() {
		this.server.withPublicResource();
		this.contextRunner.run((context) -> {
			assertThat(context).hasSingleBean(TokenManager.class).hasSingleBean(TokenExchangeFilterFunction.class);
			List<ClientRequest> requests = new CopyOnWriteArrayList<>();
			ExchangeFilterFunction noting = (request, next) -> {
				requests.add(request);
				return next.exchange(request);
			};
			WebClient webClient = context.getBean(WebClient.Builder.class)
				.filters((filters) -> filters.add(0, noting))
				.filter(noting)
				.build();
			assertThat(get(webClient, "/api")).isEqualTo("get without an access token");
			assertThat(requests).hasSize(2);
			assertThat(requests.get(1)).isSameAs(requests.get(0));
		});
	}

	@Test
	@DisplayName("CF-2: evertoken.enabled=false turns all off but a token manager that says so")
	void contextWhenDisabledThenHasATokenManagerThatSaysSoAndNothingElse() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(EvertokenDisabledAutoConfiguration.class))
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("evertoken.enabled=false")
			.run((context) -> {
				assertThat(context).hasNotFailed().hasSingleBean(TokenManager.class);
				assertThat(context).doesNotHaveBean(EvertokenProperties.class);
				assertThat(filters(context)).isEmpty();
				TokenManager manager = context.getBean(TokenManager.class);
				TokenKey key = TokenKey.of("inventory");
				for (Publisher<?> asked : List.of(manager.token(key),
						manager.lease(key, TIMEOUT, LeasePolicy.WARN, Mono.just("work")),
						manager.lease(key, TIMEOUT, LeasePolicy.WARN, Flux.just("work")))) {
					assertThatExceptionOfType(TokenRefusedException.class)
						.isThrownBy(() -> Flux.from(asked).blockLast(TIMEOUT))
						.withMessageContaining("'inventory'")
						.withMessageContaining("evertoken.enabled is 'false'");
				}
				manager.put(key, TokenSet.withAccessToken("login").build()).block(TIMEOUT);
				manager.remove(key).then(manager.revoke(key)).block(TIMEOUT);
				assertThat(this.server).receivedNoTokenRequest();
			});
	}

	@Test
	void contextWhenDisabledAndUserHasATokenManagerThenBacksOff() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(EvertokenDisabledAutoConfiguration.class))
			.withUserConfiguration(TokenManagerConfiguration.class)
			.withPropertyValues("evertoken.enabled=false")
			.run((context) -> assertThat(context).getBean(TokenManager.class)
				.isSameAs(context.getBean("customTokenManager")));
	}

	@Test
	void contextWhenDisabledAndUserHasADecoratorThenItStandsAroundTheOneThatSaysSo() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(EvertokenDisabledAutoConfiguration.class))
			.withBean("decorator", DelegatingTokenManager.class,
					() -> new DelegatingTokenManager(new DisabledTokenManager()) {
					})
			.withPropertyValues("evertoken.enabled=false")
			.run((context) -> {
				assertThat(context).hasSingleBean(DisabledTokenManager.class);
				assertThat(context.getBeanProvider(TokenManager.class).getObject())
					.isSameAs(context.getBean("decorator"));
			});
	}

	@Test
	void contextWhenEnabledThenHasNoDisabledTokenManager() {
		this.contextRunner.withConfiguration(AutoConfigurations.of(EvertokenDisabledAutoConfiguration.class))
			.run((context) -> assertThat(context).hasSingleBean(TokenManager.class)
				.doesNotHaveBean(DisabledTokenManager.class));
	}

	@Test
	void webClientOfBootWhenTheFilterIsTakenOffThenSendsNone() {
		this.server.withPublicResource();
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			WebClient webClient = context.getBean(WebClient.Builder.class)
				.filters((filters) -> filters.removeIf(TokenExchangeFilterFunction.class::isInstance))
				.build();
			assertThat(get(webClient, "/api")).isEqualTo("get without an access token");
			assertThat(this.server).receivedNoTokenRequest();
		});
	}

	@Test
	void webClientOfBootWhenTheRequestIsLeftOutThenSendsNone() {
		this.server.withPublicResource();
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> assertThat(context.getBean(WebClient.Builder.class)
				.build()
				.get()
				.uri(this.server.resourceUri())
				.attributes(TokenAttributes.noToken())
				.retrieve()
				.bodyToMono(String.class)
				.block(TIMEOUT)).isEqualTo("get without an access token"));
	}

	@Test
	@DisplayName("SE-1: following the advice for a foreign origin lets the token go there")
	void webClientOfBootWhenTheAdviceAboutOriginsIsFollowedThenSendsToken() {
		try (AuthorizationServer other = AuthorizationServer.forClients().withPublicResource()) {
			AtomicReference<String> advice = new AtomicReference<>();
			this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
				.run((context) -> assertThatIllegalArgumentException()
					.isThrownBy(() -> get(context, other, TokenAttributes.client("inventory")))
					.satisfies((ex) -> advice.set(ex.getMessage())));
			Matcher matcher = Pattern.compile("must not go to (\\S+); add it to (evertoken\\S+)").matcher(advice.get());
			assertThat(matcher.find()).isTrue();
			this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
				.withPropertyValues(matcher.group(2) + "=" + matcher.group(1))
				.run((context) -> {
					get(context, other, TokenAttributes.client("inventory"));
					get(context, other, (attributes) -> {
					});
					assertThat(other.requests(Endpoint.RESOURCE)).hasSize(2)
						.extracting((request) -> request.header("Authorization"))
						.containsOnly("Bearer " + token(context).value());
				});
		}
	}

	private static String get(ApplicationContext context, AuthorizationServer server,
			Consumer<Map<String, Object>> attributes) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(server.resourceUri())
			.attributes(attributes)
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT);
	}

	@Test
	void contextWhenNotAppliedToWebClientsThenFilterIsThereForExplicitUse() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("evertoken.apply-to-web-clients=false")
			.run((context) -> {
				assertThat(filters(context)).isEmpty();
				WebClient webClient = WebClient.builder()
					.filter(context.getBean(TokenExchangeFilterFunction.class))
					.build();
				assertThat(get(webClient, "/api")).isEqualTo("get with access token 1");
			});
	}

	@Test
	void filterWhenThereAreOtherCustomizersThenIsInnermost() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withUserConfiguration(OtherCustomizerConfiguration.class)
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(context.getBean(OtherCustomizerConfiguration.class).authorizations)
					.containsExactly("[no header]");
			});
	}

	@Test
	void httpServiceWhenItsClientIsAWebClientThenSendsToken() {
		runWithHttpService((service) -> {
			assertThat(service.items().block(TIMEOUT)).isEqualTo("get with access token 1");
			assertThat(service.items().block(TIMEOUT)).isEqualTo("get with access token 1");
			assertThat(this.server).receivedTokenRequests(1);
		});
	}

	@Test
	@DisplayName("RJ-1: a call of an HTTP service whose token is rejected is sent once more")
	void httpServiceWhenItsTokenIsRejectedThenIsSentOnceMore() {
		runWithHttpService((service) -> {
			service.items().block(TIMEOUT);
			this.server.revokeAccessTokens();
			assertThat(service.items().block(TIMEOUT)).isEqualTo("get with access token 2");
			this.server.disturb(TestClients.rejection());
			assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
				.isThrownBy(() -> service.items().block(TIMEOUT));
			assertThat(this.server).receivedTokenRequests(3);
		});
	}

	private void runWithHttpService(Consumer<InventoryService> scenario) {
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(HttpServiceClientPropertiesAutoConfiguration.class,
					ReactiveHttpServiceClientAutoConfiguration.class))
			.withUserConfiguration(HttpServiceConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("spring.http.serviceclient.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> scenario.accept(context.getBean(InventoryService.class)));
	}

	@Test
	void tokenIssuerBeanWhenNamedLikeClientThenWinsOverProperties() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(NamedIssuerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "token-uri=not a URL"))
			.run((context) -> assertThat(sent(context, "/api")).isEqualTo("Bearer named"));
	}

	@Test
	void tokenIssuerBeanWhenThereIsOneThenNeedsNoTokenEndpoint() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(NamedIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> assertThat(sent(context, "/api")).isEqualTo("Bearer named"));
	}

	@Test
	void tokenIssuerBeanWhenQualifiedWithClientThenIsItsIssuer() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(QualifiedIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> assertThat(sent(context, "/api")).isEqualTo("Bearer qualified"));
	}

	@Test
	void tokenIssuerBeanWhenOfAnotherClientThenIsNotUsed() {
		this.contextRunner.withUserConfiguration(NamedIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.billing.base-url=" + this.server.resourceUri())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.billing.token-uri: must be set")
				.hasMessageContaining("TokenIssuer bean named 'billing'"));
	}

	@Test
	@DisplayName("CF-1: two TokenIssuer beans for one client stop the start")
	void contextWhenTwoIssuersAreForOneClientThenFails() {
		this.contextRunner.withUserConfiguration(NamedIssuerConfiguration.class, QualifiedIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory: the TokenIssuer beans")
				.hasMessageContaining("loginIssuer"));
	}

	@Test
	@DisplayName("SF-7: a TokenIssuer bean may take WebClient.Builder, which has the filter")
	void tokenIssuerBeanWhenItTakesWebClientBuilderThenThereIsNoCircularReference() {
		this.server.withPublicResource().disturb(Fault.status(200));
		this.contextRunner.withUserConfiguration(WebClientIssuerConfiguration.class)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
					"login.url=" + this.server.tokenUri())
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(sent(context, "/api")).isEqualTo("Bearer login-1");
				assertThat(this.server).receivedTokenRequests(1);
			});
	}

	@Test
	@DisplayName("SF-7: the call to the token endpoint passes through no filter of the application")
	void tokenCallWhenTokenEndpointIsBelowBaseUrlThenPassesThroughNoFilter() {
		this.contextRunner.withUserConfiguration(OtherCustomizerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "base-url=" + this.server.issuer()))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(context.getBean(OtherCustomizerConfiguration.class).authorizations).hasSize(1);
				assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization")).startsWith("Basic ");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk" })
	void tokenCallWhenBootHasAConnectorThenUsesIt(String connector) {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory"))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector)
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				String userAgent = this.server.requests(Endpoint.TOKEN).get(0).header("User-Agent");
				assertThat(userAgent).startsWith(connector.equals("jdk") ? "Java-http-client" : "ReactorNetty");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "reactor", "jdk" })
	void tokenCallWhenRedirectedThenDoesNotFollow(String connector) {
		this.server.disturb(Fault.status(302).withHeader("Location", this.server.resourceUri()));
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "retry.patience=0s"))
			.withPropertyValues("spring.http.clients.reactive.connector=" + connector)
			.run((context) -> {
				Mono<AccessToken> token = context.getBean(TokenManager.class).token(TokenKey.of("inventory"));
				assertThat(token.materialize().block(TIMEOUT).getThrowable())
					.isInstanceOf(TransientTokenException.class)
					.hasMessageContaining("status 302");
				assertThat(this.server).receivedTokenRequests(1).receivedResourceRequests(0);
			});
	}

	@Test
	void tokenEndpointClientWhenBootHasSettingsThenKeepsAllButTimeoutsAndRedirects() {
		this.contextRunner.withUserConfiguration(CapturingConnectorConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "connect-timeout=1234ms",
					"response-timeout=2345ms", "refresh-deadline=6789ms"))
			.withPropertyValues("spring.http.clients.cookie-handling=disable", "spring.http.clients.redirects=follow",
					"spring.http.clients.read-timeout=9s")
			.run((context) -> {
				context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
				HttpClientSettings ofBoot = context.getBean(HttpClientSettings.class);
				assertThat(ofBoot.redirects()).isEqualTo(HttpRedirects.FOLLOW);
				assertThat(context.getBean(CapturingConnectorConfiguration.class).settings)
					.contains(ofBoot.withTimeouts(Duration.ofMillis(1234), Duration.ofMillis(11_789))
						.withRedirects(HttpRedirects.DONT_FOLLOW));
			});
	}

	@ParameterizedTest
	@CsvSource({ "1s,35", "5s,35", "31s,61", "2m,150" })
	void tokenEndpointClientWhenRefreshDeadlineIsNotSetThenFollowsTheResponseTimeout(String responseTimeout,
			long readTimeout) {
		this.contextRunner.withUserConfiguration(CapturingConnectorConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "response-timeout=" + responseTimeout))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
				assertThat(context.getBean(CapturingConnectorConfiguration.class).settings)
					.extracting(HttpClientSettings::readTimeout)
					.contains(Duration.ofSeconds(readTimeout));
			});
	}

	@Test
	void contextWhenThereIsATokenStoreThenUsesIt() {
		this.contextRunner.withUserConfiguration(TokenStoreConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(context.getBean(TokenStoreConfiguration.class).saved).containsExactly("inventory");
			});
	}

	@Test
	void contextWhenUserHasATokenManagerThenBacksOff() {
		this.contextRunner.withUserConfiguration(TokenManagerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> assertThat(context).getBean(TokenManager.class)
				.isSameAs(context.getBean("customTokenManager")));
	}

	@Test
	void contextWhenUserHasAFilterThenBacksOff() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(FilterConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				assertThat(context).getBean(TokenExchangeFilterFunction.class)
					.isSameAs(context.getBean("customFilter"));
				assertThat(get(context, "/api")).isEqualTo("get without an access token");
			});
	}

	@Test
	void contextWhenUserHasACustomizerOfThatNameThenBacksOff() {
		this.server.withPublicResource();
		this.contextRunner.withBean("evertokenWebClientCustomizer", WebClientCustomizer.class, () -> (builder) -> {
		})
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("get without an access token"));
	}

	@Test
	void contextWhenUserHasOtherFiltersThenStillHasItsOwn() {
		this.contextRunner
			.withBean("logging", ExchangeFilterFunction.class, () -> (request, next) -> next.exchange(request))
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> assertThat(get(context, "/api")).isEqualTo("get with access token 1"));
	}

	@Test
	void contextWhenLazyInitializationThenStillRefusesWrongProperties() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues(TestClients.client(this.server, "inventory", "renewal.at=1.2"))
			.run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void subjectResolverBeanWhenThereIsOneThenIsAskedByEveryClientThatDoesNotSayOtherwise() {
		this.server.withPublicResource();
		this.contextRunner.withBean(SubjectResolver.class, () -> SubjectResolver.contextKey("user"))
			.withBean("inventory", TokenIssuer.class, () -> EvertokenAutoConfigurationTests::issueForSubject)
			.withBean("billing", TokenIssuer.class, () -> EvertokenAutoConfigurationTests::issueForSubject)
			.withPropertyValues("evertoken.clients.inventory.base-url=" + this.server.resourceUri(),
					"evertoken.clients.billing.base-url=" + this.server.resourceUri() + "/billing",
					"evertoken.clients.billing.subjects.resolve=false")
			.run((context) -> {
				WebClient webClient = context.getBean(WebClient.Builder.class).build();
				assertThat(sentAs("alice", webClient, "/api")).isEqualTo("Bearer of-alice");
				assertThat(sentAs("bob", webClient, "/api")).isEqualTo("Bearer of-bob");
				assertThat(sentAs("alice", webClient, "/api/billing")).isEqualTo("Bearer of-null");
			});
	}

	@Test
	void subjectResolverBeanWhenTheGrantIsTheServicesOwnThenIsAskedOnlyIfSoSaid() {
		this.contextRunner.withBean(SubjectResolver.class, () -> SubjectResolver.contextKey("user"))
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				WebClient webClient = context.getBean(WebClient.Builder.class).build();
				assertThat(getAs("alice", webClient, "/api")).isEqualTo("get with access token 1");
				assertThat(getAs("bob", webClient, "/api")).isEqualTo("get with access token 1");
			});
		this.contextRunner.withBean(SubjectResolver.class, () -> SubjectResolver.contextKey("user"))
			.withPropertyValues(TestClients.client(this.server, "inventory", "subjects.resolve=true"))
			.run((context) -> assertThatExceptionOfType(ReauthenticationRequiredException.class)
				.isThrownBy(() -> getAs("alice", context.getBean(WebClient.Builder.class).build(), "/api"))
				.satisfies((ex) -> assertThat(ex.subject()).isEqualTo("alice")));
	}

	@Test
	void subjectResolverBeanWhenTheGrantIsForSubjectsThenIsAskedUnlessItIsSaidNotTo() {
		this.contextRunner.withBean(SubjectResolver.class, () -> SubjectResolver.contextKey("user"))
			.withPropertyValues(
					TestClients.client(this.server, "inventory", "grant-type=refresh_token", "refresh-token=planted"))
			.run((context) -> assertThatExceptionOfType(ReauthenticationRequiredException.class)
				.isThrownBy(() -> getAs("alice", context.getBean(WebClient.Builder.class).build(), "/api"))
				.satisfies((ex) -> assertThat(ex.subject()).isEqualTo("alice")));
		this.contextRunner.withBean(SubjectResolver.class, () -> SubjectResolver.contextKey("user"))
			.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=refresh_token",
					"refresh-token=" + this.server.newSession("orders", "service"), "subjects.resolve=false"))
			.run((context) -> assertThat(getAs("alice", context.getBean(WebClient.Builder.class).build(), "/api"))
				.isEqualTo("get with access token 1"));
	}

	private static Mono<TokenSet> issueForSubject(TokenRequest request) {
		return Mono.just(TokenSet.withAccessToken("of-" + request.key().subject()).build());
	}

	private String getAs(String user, WebClient webClient, String path) {
		return webClient.get()
			.uri(this.server.issuer() + path)
			.retrieve()
			.bodyToMono(String.class)
			.contextWrite(Context.of("user", user))
			.block(TIMEOUT);
	}

	@Test
	void contextWhenClosedThenClosesManager() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory")).run((context) -> {
			TokenManager manager = context.getBean(TokenManager.class);
			context.close();
			assertThat(manager.token(TokenKey.of("inventory")).materialize().block(TIMEOUT).getThrowable())
				.hasMessageContaining("closed");
		});
	}

	@Test
	void autoConfigurationWhenItNamesOthersThenTheyExist() {
		AutoConfiguration annotation = EvertokenAutoConfiguration.class.getAnnotation(AutoConfiguration.class);
		assertThat(annotation.after()).isNotEmpty().allMatch(EvertokenAutoConfigurationTests::isAutoConfiguration);
		assertThat(annotation.afterName()).allMatch((name) -> ClassUtils.isPresent(name, null));
		assertThat(annotation.beforeName()).allMatch((name) -> ClassUtils.isPresent(name, null));
	}

	private static boolean isAutoConfiguration(Class<?> type) {
		return type.isAnnotationPresent(AutoConfiguration.class);
	}

	private String get(ApplicationContext context, String path) {
		return get(context.getBean(WebClient.Builder.class).build(), path);
	}

	private static AccessToken token(ApplicationContext context) {
		return context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sent(ApplicationContext context, String path) {
		get(context, path);
		return TestClients.authorization(this.server);
	}

	private String sentAs(String user, WebClient webClient, String path) {
		getAs(user, webClient, path);
		return TestClients.authorization(this.server);
	}

	private String get(WebClient webClient, String path) {
		return webClient.get().uri(this.server.issuer() + path).retrieve().bodyToMono(String.class).block(TIMEOUT);
	}

	private static List<?> filters(ApplicationContext context) {
		WebClient.Builder builder = context.getBean(WebClient.Builder.class);
		List<?> filters = (List<?>) ReflectionTestUtils.getField(builder, "filters");
		return (filters != null) ? filters : List.of();
	}

	interface InventoryService {

		@GetExchange("/items")
		Mono<String> items();

	}

	@Configuration(proxyBeanMethods = false)
	@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.WEB_CLIENT)
	static class HttpServiceConfiguration {

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherCustomizerConfiguration {

		final List<String> authorizations = new CopyOnWriteArrayList<>();

		@Bean
		WebClientCustomizer otherCustomizer() {
			return (builder) -> builder.filter((request, next) -> {
				this.authorizations
					.add(request.headers().getOrEmpty("Authorization").isEmpty() ? "[no header]" : "[header]");
				return next.exchange(request);
			});
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NamedIssuerConfiguration {

		@Bean
		TokenIssuer inventory() {
			return (request) -> Mono.just(TokenSet.withAccessToken("named").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class QualifiedIssuerConfiguration {

		@Bean
		@Qualifier("inventory")
		TokenIssuer loginIssuer() {
			return (request) -> Mono.just(TokenSet.withAccessToken("qualified").build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WebClientIssuerConfiguration {

		@Bean
		TokenIssuer inventory(WebClient.Builder builder, @Value("${login.url}") String url) {
			WebClient webClient = builder.build();
			AtomicInteger logins = new AtomicInteger();
			return (request) -> webClient.get()
				.uri(url)
				.retrieve()
				.toBodilessEntity()
				.map((response) -> TokenSet.withAccessToken("login-" + logins.incrementAndGet()).build());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CapturingConnectorConfiguration {

		final List<HttpClientSettings> settings = new CopyOnWriteArrayList<>();

		@Bean
		ClientHttpConnectorBuilder<ClientHttpConnector> capturing() {
			return (settings) -> {
				this.settings.add(settings);
				return ClientHttpConnectorBuilder.jdk().build();
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TokenStoreConfiguration {

		final List<String> saved = new CopyOnWriteArrayList<>();

		@Bean
		TokenStore tokenStore() {
			return new UnversionedTokenStore() {

				@Override
				public Mono<TokenSet> load(TokenKey key) {
					return Mono.empty();
				}

				@Override
				public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
					return Mono.fromRunnable(() -> TokenStoreConfiguration.this.saved.add(key.client()));
				}

				@Override
				public Mono<Void> remove(TokenKey key) {
					return Mono.empty();
				}

			}.versioned();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TokenManagerConfiguration {

		@Bean
		DefaultTokenManager customTokenManager() {
			return DefaultTokenManager.builder()
				.client(ClientSettings.of("inventory", (request) -> Mono.never()).build())
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FilterConfiguration {

		@Bean
		TokenExchangeFilterFunction customFilter(DefaultTokenManager manager) {
			return new TokenExchangeFilterFunction(manager, ClientSelector.builder().build());
		}

	}

}
