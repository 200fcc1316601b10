package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.boot.ClientSettingsCustomizer;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.Start;
import io.github.evertoken.boot.TokenEndpointWebClientCustomizer;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.SecurityTokenSource;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.web.RejectionPolicy;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.SubjectTokenResolver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The contracts of core as beans of an application: for one client, by name or qualifier,
 * and for all.
 */
class ClientBeansTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	private ApplicationContextRunner clients(String... more) {
		return this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", more))
			.withPropertyValues(
					TestClients.client(this.server, "billing", "base-url=" + this.server.resourceUri() + "/billing"));
	}

	private static <T> ApplicationContextRunner qualified(ApplicationContextRunner runner, String qualifier,
			Class<T> type, Supplier<T> bean) {
		return runner.withInitializer((context) -> {
			RootBeanDefinition definition = new RootBeanDefinition(type, bean);
			definition.addQualifier(new AutowireCandidateQualifier(
					"org.springframework.beans.factory.annotation.Qualifier", qualifier));
			((GenericApplicationContext) context).registerBeanDefinition("qualified" + type.getSimpleName(),
					definition);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "inventory", "evertoken" })
	void tokenIssuerThenIsThatOfTheClientOrOfAll(String name) {
		this.server.withPublicResource();
		clients().withBean(name, TokenIssuer.class, () -> issuing("of-bean"))
			.run((context) -> assertThat(sent(context, "/api")).isEqualTo("Bearer of-bean"));
		qualified(clients(), name, TokenIssuer.class, () -> issuing("of-bean")).run((context) -> {
			assertThat(sent(context, "/api")).isEqualTo("Bearer of-bean");
			assertThat(sent(context, "/api/billing").equals("Bearer of-bean")).isEqualTo(name.equals("evertoken"));
			assertThat(this.server).issuedAccessTokens(name.equals("evertoken") ? 0 : 1);
		});
	}

	@Test
	void tokenIssuerWhenOneIsOfTheClientAndAnotherOfAllThenTheFirstOne() {
		this.server.withPublicResource();
		clients().withBean("inventory", TokenIssuer.class, () -> issuing("own"))
			.withBean("evertoken", TokenIssuer.class, () -> issuing("for-all"))
			.run((context) -> {
				assertThat(sent(context, "/api")).isEqualTo("Bearer own");
				assertThat(sent(context, "/api/billing")).isEqualTo("Bearer for-all");
			});
	}

	@Test
	void clientAuthenticationWhenItIsOfAnotherNameThenShowsNothingToAnybody() {
		clients().withBean("inventroy", ClientAuthentication.class, () -> ClientAuthentication.none("planted"))
			.run((context) -> {
				get(context, "/api");
				assertThat(this.server.requests(Endpoint.TOKEN).get(0).header("Authorization")).startsWith("Basic ");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "inventory", "evertoken" })
	void clientAuthenticationThenGoesBeforeTheProperties(String name) {
		this.server.register("of-bean", "secret-of-bean");
		clients("client-id=", "client-secret=")
			.withBean(name, ClientAuthentication.class,
					() -> ClientAuthentication.clientSecretPost("of-bean", "secret-of-bean"))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(TestClients.form(this.server, 0)).containsEntry("client_id", "of-bean")
					.containsEntry("client_secret", "secret-of-bean");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "inventory", "evertoken" })
	void authorizationGrantThenGoesBeforeTheProperties(String name) {
		this.server.disturb(TestClients.granted());
		this.server.withPublicResource();
		clients("grant-type=refresh_token").withBean(name, AuthorizationGrant.class, () -> (request) -> {
			MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
			form.set("grant_type", "urn:example:grant");
			return Mono.just(form);
		}).run((context) -> {
			get(context, "/api");
			assertThat(TestClients.form(this.server, 0)).containsEntry("grant_type", "urn:example:grant");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "inventory", "evertoken" })
	void securityTokenSourceThenGivesTheTokenThatIsExchanged(String name) {
		String shown = this.server.userToken("alice");
		clients("grant-type=token_exchange", "start=required")
			.withBean(name, SecurityTokenSource.class, () -> (request) -> Mono.just(shown))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(TestClients.form(this.server, 0)).containsEntry("subject_token", shown);
			});
	}

	@Test
	void securityTokenSourceWhenItWouldHaveNoEffectThenStopsTheStart() {
		clients().withBean("inventory", SecurityTokenSource.class, () -> (request) -> Mono.just("shown"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory.grant-type: must be 'token_exchange'")
				.hasMessageContaining("the SecurityTokenSource bean 'inventory' has no effect"));
	}

	@Test
	void tokenStoreThenIsThatOfTheClientOrOfAll() {
		RecordingStore own = new RecordingStore();
		RecordingStore forAll = new RecordingStore();
		clients().withBean("inventory", TokenStore.class, own::versioned)
			.withBean("database", TokenStore.class, forAll::versioned)
			.run((context) -> {
				get(context, "/api");
				get(context, "/api/billing");
				assertThat(own.saved).containsExactly("inventory");
				assertThat(forAll.saved).containsExactly("billing");
			});
	}

	@Test
	void tokenStoreWhenSeveralAreForAllThenStopsTheStart() {
		clients().withBean("database", TokenStore.class, () -> new RecordingStore().versioned())
			.withBean("file", TokenStore.class, () -> new RecordingStore().versioned())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining("database,file"));
	}

	@Test
	void rejectionPolicyThenIsThatOfTheClientOrOfAll() {
		clients().withBean("inventory", RejectionPolicy.class, () -> (answer) -> RejectionPolicy.Decision.PASS_ON)
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				this.server.revokeAccessTokens();
				assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
					.isThrownBy(() -> get(context, "/api"));
				assertThat(get(context, "/api/billing")).isEqualTo("get with access token 2");
				this.server.revokeAccessTokens();
				assertThat(get(context, "/api/billing")).isEqualTo("get with access token 3");
			});
	}

	@Test
	void subjectResolverThenIsThatOfTheClientOrOfAll() {
		this.server.withPublicResource();
		clients().withBean("inventory", SubjectResolver.class, () -> (request) -> Mono.just("alice"))
			.withBean("others", SubjectResolver.class, () -> (request) -> Mono.just("bob"))
			.withBean("evertoken", TokenIssuer.class,
					() -> (request) -> Mono.just(TokenSet.withAccessToken("of-" + request.key().subject()).build()))
			.run((context) -> {
				assertThat(sent(context, "/api")).isEqualTo("Bearer of-alice");
				assertThat(sent(context, "/api/billing")).isEqualTo("Bearer of-bob");
			});
	}

	@Test
	void subjectTokenResolverThenIsThatOfTheClient() {
		String shown = this.server.userToken("alice");
		clients("grant-type=token_exchange")
			.withBean("inventory", SubjectTokenResolver.class, () -> (request) -> Mono.just(shown))
			.run((context) -> {
				assertThat(get(context, "/api")).isEqualTo("get with access token 1");
				assertThat(TestClients.form(this.server, 0)).containsEntry("subject_token", shown);
			});
	}

	@Test
	void clientSettingsCustomizerThenChangesWhatThePropertiesSay() {
		RecordingStore store = new RecordingStore();
		clients().withBean(ClientSettingsCustomizer.class, () -> (client, settings) -> {
			if (client.equals("inventory")) {
				settings.store(store.versioned());
			}
		}).run((context) -> {
			get(context, "/api");
			get(context, "/api/billing");
			assertThat(store.saved).containsExactly("inventory");
		});
	}

	@Test
	void clientSettingsCustomizerWhenItSetsWhatMakesNoSenseThenStopsTheStart() {
		clients()
			.withBean(ClientSettingsCustomizer.class,
					() -> (client, settings) -> settings.maxWait(Duration.ofSeconds(-1)))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory: a ClientSettingsCustomizer bean")
				.hasMessageContaining("must be positive"));
	}

	@Test
	void tokenEndpointWebClientCustomizerThenChangesTheCallsToTheTokenEndpoint() {
		clients()
			.withBean(TokenEndpointWebClientCustomizer.class,
					() -> (client, builder) -> builder.defaultHeader("x-client", client))
			.run((context) -> {
				get(context, "/api");
				get(context, "/api/billing");
				assertThat(this.server.requests(Endpoint.TOKEN)).extracting((request) -> request.header("x-client"))
					.containsExactly("inventory", "billing");
			});
	}

	@Test
	void outboundClientThenIsAClientWithoutProperties() {
		this.server.withPublicResource();
		this.contextRunner
			.withBean(OutboundClient.class,
					() -> OutboundClient.of(ClientSettings.of("inventory", issuing("of-bean")).build())
						.baseUrl(this.server.resourceUri() + "/items")
						.start(Start.REQUIRED)
						.build())
			.withBean("inventory", RejectionPolicy.class, () -> (answer) -> RejectionPolicy.Decision.PASS_ON)
			.run((context) -> {
				assertThat(sent(context, "/api/items")).isEqualTo("Bearer of-bean");
				assertThat(sent(context, "/api/other")).isEqualTo("none");
				this.server.disturb(TestClients.rejection());
				assertThatExceptionOfType(WebClientResponseException.Unauthorized.class)
					.isThrownBy(() -> get(context, "/api/items"));
				AccessToken token = context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block(TIMEOUT);
				assertThat(token.value()).isEqualTo("of-bean");
			});
	}

	@Test
	void outboundClientWhenItsNameIsTakenThenStopsTheStart() {
		clients()
			.withBean(OutboundClient.class,
					() -> OutboundClient.of(ClientSettings.of("inventory", issuing("of-bean")).build())
						.baseUrl(this.server.resourceUri() + "/other")
						.build())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("evertoken.clients.inventory: is the name of an OutboundClient bean, and of"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "ftp://inventory.internal", "not a URL" })
	void outboundClientWhenItsUrlIsWrongThenStopsTheStart(String url) {
		OutboundClient.Builder client = OutboundClient.of(ClientSettings.of("inventory", issuing("of-bean")).build());
		this.contextRunner.withBean(OutboundClient.class, () -> (url.isEmpty() ? client : client.baseUrl(url)).build())
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationException.class)
				.hasMessageContaining("evertoken.clients.inventory"));
	}

	private static TokenIssuer issuing(String token) {
		return (request) -> Mono.just(TokenSet.withAccessToken(token).build());
	}

	/**
	 * Call, and return the Authorization header that has come.
	 */
	private String sent(ApplicationContext context, String path) {
		get(context, path);
		return TestClients.authorization(this.server);
	}

	private String get(ApplicationContext context, String path) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.issuer() + path)
			.retrieve()
			.bodyToMono(String.class)
			.block(TIMEOUT);
	}

	private static final class RecordingStore implements UnversionedTokenStore {

		final List<String> saved = new CopyOnWriteArrayList<>();

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.fromRunnable(() -> this.saved.add(key.client()));
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.empty();
		}

	}

}
