package io.github.evertoken.boot.autoconfigure.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.ClientAuthenticationMethod;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.security.NotifyingAuthorizedClientService;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.test.publisher.TestPublisher;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.reactive.ReactiveOAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.client.AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientProviderBuilder;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.InMemoryClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.server.AuthenticatedPrincipalServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.server.ServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.client.web.server.WebSessionServerOAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpringSecurityRegistrationSource}: clients that take what they need
 * from Spring Security.
 */
class SpringSecurityRegistrationSourceTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final String SECRET = "planted-3c9e";

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server().register("shop", SECRET);

	private final ApplicationContextRunner withoutSpringSecurity = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, HttpClientAutoConfiguration.class,
				ReactiveHttpClientAutoConfiguration.class, CodecsAutoConfiguration.class,
				WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms",
				"evertoken.clients.orders.base-url=" + this.server.resourceUri(),
				"evertoken.clients.orders.response-timeout=30s", "evertoken.clients.orders.max-wait=30s");

	private final ApplicationContextRunner contextRunner = this.withoutSpringSecurity
		.withConfiguration(AutoConfigurations.of(ReactiveOAuth2ClientAutoConfiguration.class))
		.withPropertyValues(registration("client-id=shop", "client-secret=" + SECRET,
				"authorization-grant-type=client_credentials", "scope=orders.read,orders.write", "provider=idp"))
		.withPropertyValues("spring.security.oauth2.client.provider.idp.token-uri=" + this.server.tokenUri());

	@Test
	void tokenWhenOnlyTheRegistrationIsNamedThenIsAskedForAsItSays() {
		this.contextRunner.withPropertyValues(client("registration-id=shop")).run((context) -> {
			assertThat(get(context)).isEqualTo("get with access token 1");
			assertThat(TestClients.form(this.server, 0)).containsEntry("grant_type", "client_credentials")
				.containsEntry("scope", "orders.read orders.write")
				.hasSize(2);
			assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization")).startsWith("Basic ");
		});
	}

	@Test
	void clientWhenItSaysSomethingItselfThenThatWins() {
		this.contextRunner
			.withPropertyValues(client("registration-id=shop", "client-id=other", "client-secret=other-secret",
					"scope[0]=less", "client-authentication-method=client_secret_post", "grant-type=refresh_token",
					"token-uri=https://idp.internal/token"))
			.run((context) -> {
				ClientProperties client = client(context);
				assertThat(client.clientId()).isEqualTo("other");
				assertThat(client.clientSecret()).isEqualTo("other-secret");
				assertThat(client.scope()).containsExactly("less");
				assertThat(client.clientAuthenticationMethod())
					.isEqualTo(ClientAuthenticationMethod.CLIENT_SECRET_POST);
				assertThat(client.grantType()).isEqualTo(GrantType.REFRESH_TOKEN);
				assertThat(client.tokenUri()).isEqualTo("https://idp.internal/token");
			});
	}

	@Test
	void propertiesWhenTheRegistrationCompletesTheClientThenStayAsWritten() {
		this.contextRunner.withPropertyValues(client("registration-id=shop")).run((context) -> {
			assertThat(client(context).clientSecret()).isEqualTo(SECRET);
			ClientProperties written = context.getBean(EvertokenProperties.class).clients().get("orders");
			assertThat(written)
				.extracting(ClientProperties::clientId, ClientProperties::clientSecret, ClientProperties::tokenUri)
				.containsOnlyNulls();
			assertThat(written.scope()).isEmpty();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "client-id", "client-secret", "scope" })
	@DisplayName("CF-1: a placeholder that nobody has resolved in a registration stops the start")
	void startWhenRegistrationHasAPlaceholderThenNamesTheVariable(String property) {
		this.contextRunner.withPropertyValues(registration(property + "=${NOT_THERE}"))
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.orders.registration-id: is 'shop', but the " + property
						+ " of Spring Security's registration 'shop' refers to ${NOT_THERE}, but there is no NOT_THERE"));
	}

	@Test
	void clientWhenItRepeatsTheRegistrationsIdentifierThenHasItsSecret() {
		this.contextRunner.withPropertyValues(client("registration-id=shop", "client-id=shop"))
			.run((context) -> assertThat(client(context).clientSecret()).isEqualTo(SECRET));
	}

	@ParameterizedTest
	@ValueSource(strings = { "my_Client", "a.b", "UPPER" })
	void clientWhenItsNameIsUnusualThenWhatItSaysWinsToo(String name) {
		this.contextRunner
			.withPropertyValues("evertoken.clients[" + name + "].origins=https://other.internal",
					"evertoken.clients[" + name + "].registration-id=shop",
					"evertoken.clients[" + name + "].grantType=refresh_token", client("registration-id=shop")[0])
			.run((context) -> assertThat(context.getBean(ConfiguredClients.class).clients().get(name).grantType())
				.isEqualTo(GrantType.REFRESH_TOKEN));
	}

	@ParameterizedTest
	@CsvSource({ "client_credentials,CLIENT_CREDENTIALS", "authorization_code,REFRESH_TOKEN",
			"refresh_token,REFRESH_TOKEN", "urn:ietf:params:oauth:grant-type:jwt-bearer,JWT_BEARER",
			"urn:ietf:params:oauth:grant-type:token-exchange,TOKEN_EXCHANGE" })
	void grantTypeThenIsThatOfTheRegistration(String written, GrantType expected) {
		this.contextRunner
			.withPropertyValues(registration("authorization-grant-type=" + written,
					"redirect-uri=https://orders.internal", "provider=idp"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.authorization-uri=https://idp.internal")
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> assertThat(client(context).grantType()).isEqualTo(expected));
	}

	@ParameterizedTest
	@CsvSource({ "client_secret_basic,CLIENT_SECRET_BASIC", "client_secret_post,CLIENT_SECRET_POST",
			"client_secret_jwt,CLIENT_SECRET_JWT" })
	void authenticationMethodThenIsThatOfTheRegistration(String written, ClientAuthenticationMethod expected) {
		this.contextRunner
			.withPropertyValues(
					registration("client-authentication-method=" + written, "client-secret=" + SECRET.repeat(4)))
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> assertThat(client(context).clientAuthenticationMethod()).isEqualTo(expected));
	}

	@Test
	void clientWhenTheRegistrationIsPublicThenIsPublic() {
		String session = this.server.registerPublic("shop").newSession("shop", "orders");
		this.contextRunner
			.withPropertyValues(registration("client-secret=", "authorization-grant-type=authorization_code",
					"redirect-uri=https://orders.internal"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.authorization-uri=https://idp.internal")
			.withPropertyValues(client("registration-id=shop", "refresh-token=" + session))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with access token 1");
				assertThat(TestClients.form(this.server, 0)).containsEntry("client_id", "shop")
					.containsEntry("refresh_token", session);
			});
	}

	@Test
	void clientWhenTheRepositoryIsTheApplicationsOwnThenIsFoundThere() {
		this.contextRunner.withUserConfiguration(SlowRepositoryConfiguration.class)
			.withPropertyValues(client("registration-id=coded"))
			.run((context) -> assertThat(client(context).clientId()).isEqualTo("coded-client"));
	}

	@Test
	void clientWhenTheApplicationIsAServletOneThenIsFoundInItsRepository() {
		this.withoutSpringSecurity
			.withBean(ClientRegistrationRepository.class, () -> new InMemoryClientRegistrationRepository(coded()))
			.withPropertyValues(client("registration-id=coded"))
			.run((context) -> assertThat(client(context).clientId()).isEqualTo("coded-client"));
	}

	@Test
	void clientWhenThereIsNoRepositoryThenIsFoundInThePropertiesThemselves() {
		this.withoutSpringSecurity
			.withPropertyValues(registration("client-id=shop", "client-secret=" + SECRET,
					"authorization-grant-type=client_credentials", "provider=idp"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.token-uri=" + this.server.tokenUri())
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> assertThat(get(context)).isEqualTo("get with access token 1"));
	}

	@Test
	@DisplayName("CF-3: where Spring Security has no repository, an issuer that is down does not stop the start")
	void startWhenTheProviderNamesAnIssuerThenDoesNotAskIt() {
		this.withoutSpringSecurity
			.withPropertyValues(registration("client-id=shop", "client-secret=" + SECRET,
					"authorization-grant-type=client_credentials", "provider=idp"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.issuer-uri=http://127.0.0.1:1/realm")
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(client(context).issuerUri()).isEqualTo("http://127.0.0.1:1/realm");
				assertThat(client(context).tokenUri()).isNull();
				assertThat(client(context).clientSecret()).isEqualTo(SECRET);
			});
	}

	@Test
	void clientWhenItNamesAnIssuerItselfThenTheRegistrationsEndpointsAreNotUsed() {
		this.contextRunner.withPropertyValues(client("registration-id=shop", "issuer-uri=https://idp.internal/realm"))
			.run((context) -> {
				assertThat(client(context).issuerUri()).isEqualTo("https://idp.internal/realm");
				assertThat(client(context).tokenUri()).isNull();
			});
	}

	@Test
	void clientWhenItHasASecretInAFileThenTheRegistrationsIsNotUsed(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("secret"), "from-the-file");
		this.contextRunner.withPropertyValues(client("registration-id=shop", "client-secret-location=" + file.toUri()))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(client(context).clientSecret()).isNull();
			});
	}

	@Test
	@DisplayName("CF-1: an unknown registration stops the start, with those that are known")
	void startWhenTheRegistrationIsUnknownThenNamesTheKnown() {
		failsWith("evertoken.clients.orders.registration-id: must be one of Spring Security's registrations [shop]"
				+ " (spring.security.oauth2.client.registration), but is 'shopp'", "registration-id=shopp");
	}

	@Test
	void startWhenTheRegistrationIsNotCompleteThenSaysWhatIsMissing() {
		this.withoutSpringSecurity.withPropertyValues(registration("client-id=shop", "client-secret=" + SECRET))
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"spring.security.oauth2.client.registration.shop is not complete: Provider ID must be specified"));
	}

	@Test
	@DisplayName("CF-1: a secret goes with no other client's identifier")
	void startWhenOnlyTheIdentifierDiffersThenFails() {
		failsWith("evertoken.clients.orders.client-id: is 'other', but that of Spring Security's registration 'shop'"
				+ " is 'shop', whose secret is not this client's", "registration-id=shop", "client-id=other");
	}

	@Test
	void startWhenTheRepositoryDoesNotAnswerThenSaysSoAndCancelsTheLookup() {
		TestPublisher<ClientRegistration> lookup = TestPublisher.create();
		this.contextRunner.withBean(ReactiveClientRegistrationRepository.class, () -> (id) -> lookup.mono())
			.withPropertyValues(client("registration-id=shop", "response-timeout=50ms"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"could not be looked up in the repository of Spring Security's registrations:"
							+ " java.util.concurrent.TimeoutException"));
		lookup.assertWasSubscribed();
		lookup.assertCancelled();
	}

	@Test
	void startWhenItIsInterruptedThenCancelsTheLookup() {
		TestPublisher<ClientRegistration> lookup = TestPublisher.create();
		Mono<ClientRegistration> interrupting = lookup.mono()
			.doOnSubscribe((subscription) -> Thread.currentThread().interrupt());
		this.contextRunner.withBean(ReactiveClientRegistrationRepository.class, () -> (id) -> interrupting)
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> {
				assertThat(Thread.interrupted()).isTrue();
				assertFailed(context.getStartupFailure(), "java.lang.InterruptedException");
			});
		lookup.assertCancelled();
	}

	@Test
	void startWhenTheTimeoutIsLongerThanATimerCanCountThenFindsTheRegistration() {
		this.contextRunner.withBean(ReactiveClientRegistrationRepository.class, () -> (id) -> Mono.just(coded()))
			.withPropertyValues(client("registration-id=coded", "response-timeout=200000d", "refresh-deadline=200000d"))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void startWhenEvertokenDoesNotKnowWhatTheRegistrationSaysThenSaysWhatToSet() {
		this.contextRunner
			.withPropertyValues(
					registration("authorization-grant-type=password", "client-authentication-method=kerberos"))
			.withPropertyValues(client("registration-id=shop"))
			.run((context) -> {
				assertFailed(context.getStartupFailure(),
						"evertoken.clients.orders.grant-type: must be set to one of client_credentials");
				assertFailed(context.getStartupFailure(),
						"evertoken.clients.orders.client-authentication-method: must be set to one of");
			});
	}

	@Test
	@DisplayName("Without Spring Security nothing of it is loaded")
	void startWhenSpringSecurityIsNotThereThenWorksWithoutIt() {
		this.withoutSpringSecurity.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withPropertyValues(TestClients.client(this.server, "orders"))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with access token 1");
				assertThat(context).doesNotHaveBean("evertokenRegistrations")
					.doesNotHaveBean("evertokenAuthorizedClientServicePostProcessor");
			});
	}

	@Test
	@DisplayName("CF-1: without Spring Security a registration stops the start, with the missing dependency")
	void startWhenSpringSecurityIsNotThereThenNamesTheDependency() {
		this.withoutSpringSecurity.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager",
					"subjects.source=authorized-clients"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"evertoken.clients.orders.registration-id: needs Spring Security's OAuth 2 client, which is not on"
							+ " the class path; add the dependency"
							+ " org.springframework.boot:spring-boot-starter-security-oauth2-client"));
	}

	@Test
	void issuerWhenItIsTheManagerThenItsBeanObtainsTheToken() {
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class)
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with access token 1");
				OAuth2AuthorizedClient saved = context.getBean(ReactiveOAuth2AuthorizedClientService.class)
					.loadAuthorizedClient("shop", "evertoken:orders")
					.block(TIMEOUT);
				assertThat(TestClients.authorization(this.server))
					.isEqualTo("Bearer " + Objects.requireNonNull(saved).getAccessToken().getTokenValue());
			});
	}

	@Test
	void issuerWhenThereIsAManagerBoundToRequestsTooThenIsTheOther() {
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class, BoundManagerConfiguration.class)
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> assertThat(get(context)).isEqualTo("get with access token 1"));
	}

	@Test
	void startWhenTheOnlyManagerIsBoundToRequestsThenSaysWhichToDeclare() {
		this.contextRunner.withUserConfiguration(BoundManagerConfiguration.class)
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"such as AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager, but there is none"));
	}

	@Test
	void startWhenTheManagersAreSeveralThenSaysSo() {
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class, SecondManagerConfiguration.class)
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> assertFailed(context.getStartupFailure(), "there are several, and none is primary"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "token-uri=https://a", "client-id=a", "client-secret=" + SECRET, "scope=a", "scope[0]=a",
			"grant-type=client_credentials", "client-authentication-method=client_secret_basic", "parameters.a=b",
			"connect-timeout=1s", "issuer-uri=https://a", "client-assertion.key-id=a", "assertion.issuer=a",
			"token-request.format=json" })
	@DisplayName("CF-1: what the manager would not look at stops the start")
	void startWhenThePropertyHasNoEffectOnTheManagerThenFails(String property) {
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class)
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager", property))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"evertoken.clients.orders." + property.split("[=.\\[]")[0] + ": must not be set, for"
							+ " evertoken.clients.orders.obtained-by is 'authorized-client-manager'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "obtained-by=authorized-client-manager", "subjects.source=authorized-clients" })
	void startWhenTokensOfSpringSecurityAreToBeBoundToAKeyThenFails(String property) {
		users("registration-id=shop", property, "dpop=true").withUserConfiguration(ManagerConfiguration.class)
			.run((context) -> assertFailed(context.getStartupFailure(),
					"evertoken.clients.orders.dpop.enabled: must be 'false', for Spring Security obtains tokens"));
	}

	@Test
	void startWhenTheClientHasAnIssuerBeanTooThenFails() {
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class)
			.withBean("orders", TokenIssuer.class, () -> (request) -> Mono.empty())
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"evertoken.clients.orders.obtained-by: must not be set beside the TokenIssuer bean orders"));
	}

	@Test
	void startWhenNobodyLogsInWithTheRegistrationThenItIsNoSource() {
		failsWith(
				"evertoken.clients.orders.subjects.source: must not be 'authorized-clients', for the grant of Spring"
						+ " Security's registration 'shop' is client_credentials",
				"registration-id=shop", "subjects.source=authorized-clients");
	}

	@Test
	void startWhenLoginsRestInSessionsThenTheyAreNoSource() {
		users().withUserConfiguration(SessionConfiguration.class)
			.run((context) -> assertFailed(context.getStartupFailure(),
					"evertoken.clients.orders.subjects.source: needs authorized clients that are kept by the name of"
							+ " their principal"));
	}

	@Test
	void startWhenTheApplicationIsAServletOneThenItsLoginsAreNoSource() {
		this.withoutSpringSecurity
			.withBean(ClientRegistrationRepository.class, () -> new InMemoryClientRegistrationRepository(coded()))
			.withPropertyValues(
					client("registration-id=coded", "grant-type=refresh_token", "subjects.source=authorized-clients"))
			.run((context) -> assertFailed(context.getStartupFailure(),
					"needs one bean of type ReactiveOAuth2AuthorizedClientService, but there is none"));
	}

	@Test
	void requestWhenTheCallerHasLoggedInThenHasTheTokenOfTheLogin() {
		this.server.withPublicResource();
		users().run((context) -> {
			login(context, "alice", "of-alice", "rt-1");
			assertThat(sentAs(context, "alice")).isEqualTo("Bearer of-alice");
			assertThat(this.server).receivedNoTokenRequest();
		});
	}

	@Test
	void requestWhenTheTokenOfTheLoginIsRejectedThenTheNextOneIsSavedBack() {
		String session = this.server.newSession("shop", "alice");
		users().run((context) -> {
			login(context, "alice", "of-alice", session);
			TokenManager manager = context.getBean(TokenManager.class);
			TokenKey key = TokenKey.of("orders", "alice");
			AccessToken first = Objects.requireNonNull(manager.token(key).block(TIMEOUT));
			assertThat(manager.reject(key, first)).isTrue();
			assertThat(getAs(context, "alice")).isEqualTo("get with access token 1");
			assertThat(TestClients.form(this.server, 0)).containsEntry("refresh_token", session);
			assertThat(TestClients.authorization(this.server))
				.isEqualTo("Bearer " + saved(context, "alice").getAccessToken().getTokenValue());
			assertThat(saved(context, "alice").getRefreshToken()).isNotNull();
		});
	}

	@Test
	void requestWhenTheCallerLogsInAgainThenHasTheNewToken() {
		this.server.withPublicResource();
		users().run((context) -> {
			login(context, "alice", "of-alice", null);
			assertThat(sentAs(context, "alice")).isEqualTo("Bearer of-alice");
			login(context, "alice", "of-alice-again", null);
			assertThat(sentAs(context, "alice")).isEqualTo("Bearer of-alice-again");
		});
	}

	@Test
	void putWhenItIsSavedBackThenIsNoLoginItself() {
		users().run((context) -> {
			DefaultTokenManager manager = context.getBean(DefaultTokenManager.class);
			TokenKey key = TokenKey.of("orders", "alice");
			manager.put(key, TokenSet.withAccessToken("of-alice").expiresIn(Duration.ofHours(1)).build())
				.block(TIMEOUT);
			assertThat(saved(context, "alice").getAccessToken().getTokenValue()).isEqualTo("of-alice");
			assertThat(Objects.requireNonNull(manager.lifecycle(key).usable()).generation()).isEqualTo(1);
		});
	}

	@Test
	void requestWhenTheManagerIsTheIssuerThenLoginsAreItsSourceToo() {
		this.server.withPublicResource();
		String session = this.server.newSession("shop", "alice");
		this.contextRunner.withUserConfiguration(ManagerConfiguration.class)
			.withPropertyValues(
					registration("authorization-grant-type=authorization_code", "redirect-uri=https://orders.internal"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.authorization-uri=https://idp.internal")
			.withPropertyValues(client("registration-id=shop", "obtained-by=authorized-client-manager"))
			.run((context) -> {
				login(context, "alice", "of-alice", session);
				assertThat(sentAs(context, "alice")).isEqualTo("Bearer of-alice");
				TokenKey key = TokenKey.of("orders", "alice");
				TokenManager manager = context.getBean(TokenManager.class);
				manager.reject(key, Objects.requireNonNull(manager.token(key).block(TIMEOUT)));
				assertThat(getAs(context, "alice")).isEqualTo("get with access token 1");
				assertThat(TestClients.authorization(this.server))
					.isEqualTo("Bearer " + saved(context, "alice").getAccessToken().getTokenValue());
			});
	}

	@Test
	void serviceWhenNoClientHasARegistrationThenIsLeftAlone() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "orders"))
			.run((context) -> assertThat(context.getBean(ReactiveOAuth2AuthorizedClientService.class))
				.isNotInstanceOf(NotifyingAuthorizedClientService.class));
	}

	@Test
	void storeWhenAnotherClientUsesTheTokenStoreThenBothAreAsked() {
		this.server.withPublicResource();
		RecordingStore store = new RecordingStore();
		users().withBean(TokenStore.class, store::versioned)
			.withPropertyValues("evertoken.clients.other.origins=https://other.internal",
					"evertoken.clients.other.registration-id=shop")
			.run((context) -> {
				login(context, "alice", "of-alice", null);
				assertThat(sentAs(context, "alice")).isEqualTo("Bearer of-alice");
				context.getBean(TokenManager.class)
					.token(TokenKey.of("other", "alice"))
					.onErrorComplete()
					.block(TIMEOUT);
				assertThat(store.loaded).containsExactly(TokenKey.of("other", "alice"));
			});
	}

	private ApplicationContextRunner users() {
		return users("registration-id=shop", "subjects.source=authorized-clients");
	}

	private ApplicationContextRunner users(String... client) {
		return this.contextRunner
			.withPropertyValues(
					registration("authorization-grant-type=authorization_code", "redirect-uri=https://orders.internal"))
			.withPropertyValues("spring.security.oauth2.client.provider.idp.authorization-uri=https://idp.internal")
			.withPropertyValues(client(client));
	}

	private void failsWith(String expected, String... client) {
		this.contextRunner.withPropertyValues(client(client))
			.run((context) -> assertFailed(context.getStartupFailure(), expected));
	}

	private static void assertFailed(@Nullable Throwable failure, String expected) {
		assertThat(failure).isNotNull().rootCause().hasMessageNotContaining(SECRET);
		assertThat(failure).hasStackTraceContaining(expected)
			.hasStackTraceContaining(InvalidConfigurationException.class.getName());
	}

	private static String[] registration(String... properties) {
		return prefixed("spring.security.oauth2.client.registration.shop.", properties);
	}

	private static String[] client(String... properties) {
		return prefixed("evertoken.clients.orders.", properties);
	}

	private static String[] prefixed(String prefix, String... properties) {
		return Arrays.stream(properties).map((property) -> prefix + property).toArray(String[]::new);
	}

	private static ClientProperties client(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(ConfiguredClients.class).clients().get("orders"));
	}

	private static Mono<String> getting(ApplicationContext context, AuthorizationServer server) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(server.resourceUri())
			.retrieve()
			.bodyToMono(String.class);
	}

	private @Nullable String get(ApplicationContext context) {
		return getting(context, this.server).block(TIMEOUT);
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sentAs(ApplicationContext context, String name) {
		getAs(context, name);
		return TestClients.authorization(this.server);
	}

	private @Nullable String getAs(ApplicationContext context, String name) {
		return getting(context, this.server)
			.contextWrite(ReactiveSecurityContextHolder.withAuthentication(authentication(name)))
			.block(TIMEOUT);
	}

	private static TestingAuthenticationToken authentication(String name) {
		return new TestingAuthenticationToken(name, null, "ROLE_USER");
	}

	/**
	 * What Spring Security does at the end of a login.
	 */
	private static void login(ApplicationContext context, String name, String accessToken,
			@Nullable String refreshToken) {
		ClientRegistration registration = Objects
			.requireNonNull(context.getBean(ReactiveClientRegistrationRepository.class)
				.findByRegistrationId("shop")
				.block(TIMEOUT));
		Instant now = Instant.now();
		OAuth2AuthorizedClient client = new OAuth2AuthorizedClient(registration, name,
				new OAuth2AccessToken(TokenType.BEARER, accessToken, now, now.plusSeconds(3600), Set.of()),
				(refreshToken != null) ? new OAuth2RefreshToken(refreshToken, now) : null);
		context.getBean(ReactiveOAuth2AuthorizedClientService.class)
			.saveAuthorizedClient(client, authentication(name))
			.block(TIMEOUT);
	}

	private static ClientRegistration coded() {
		return ClientRegistration.withRegistrationId("coded")
			.authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
			.clientId("coded-client")
			.clientSecret(SECRET)
			.tokenUri("https://idp.internal/token")
			.build();
	}

	private static OAuth2AuthorizedClient saved(ApplicationContext context, String name) {
		OAuth2AuthorizedClient saved = context.getBean(ReactiveOAuth2AuthorizedClientService.class)
			.loadAuthorizedClient("shop", name)
			.block(TIMEOUT);
		return Objects.requireNonNull(saved);
	}

	@Configuration(proxyBeanMethods = false)
	static class ManagerConfiguration {

		@Bean
		ReactiveOAuth2AuthorizedClientManager manager(ReactiveClientRegistrationRepository registrations,
				ReactiveOAuth2AuthorizedClientService authorizedClients) {
			AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager manager = new AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager(
					registrations, authorizedClients);
			manager.setAuthorizedClientProvider(
					ReactiveOAuth2AuthorizedClientProviderBuilder.builder().refreshToken().clientCredentials().build());
			return manager;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SecondManagerConfiguration {

		@Bean
		ReactiveOAuth2AuthorizedClientManager secondManager() {
			return (request) -> Mono.empty();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class BoundManagerConfiguration {

		@Bean
		ReactiveOAuth2AuthorizedClientManager boundManager(ReactiveClientRegistrationRepository registrations,
				ReactiveOAuth2AuthorizedClientService authorizedClients) {
			return new DefaultReactiveOAuth2AuthorizedClientManager(registrations,
					new AuthenticatedPrincipalServerOAuth2AuthorizedClientRepository(authorizedClients));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SessionConfiguration {

		@Bean
		ServerOAuth2AuthorizedClientRepository sessions() {
			return new WebSessionServerOAuth2AuthorizedClientRepository();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SlowRepositoryConfiguration {

		@Bean
		ReactiveClientRegistrationRepository repository() {
			return (id) -> Mono.just(coded())
				.filter((any) -> any.getRegistrationId().equals(id))
				.delayElement(Duration.ofMillis(20));
		}

	}

	static final class RecordingStore implements UnversionedTokenStore {

		final List<TokenKey> loaded = new ArrayList<>();

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			this.loaded.add(key);
			return Mono.empty();
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.empty();
		}

	}

}
