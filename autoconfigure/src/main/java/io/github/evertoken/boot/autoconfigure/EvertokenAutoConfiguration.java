package io.github.evertoken.boot.autoconfigure;

import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.TokenManager;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.web.RejectionPolicy;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.reactive.client.ReactiveRequest;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Auto-configuration of Evertoken: the token manager, the filter, and what connects both
 * with the application.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
		SslAutoConfiguration.class })
@ConditionalOnBooleanProperty(name = "evertoken.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EvertokenProperties.class)
public final class EvertokenAutoConfiguration {

	@Bean
	TokenEndpointClients evertokenTokenEndpointClients(ObjectProvider<ClientHttpConnectorBuilder<?>> connectorBuilder,
			ObjectProvider<HttpClientSettings> httpClientSettings, ObjectProvider<SslBundles> sslBundles) {
		return new TokenEndpointClients(connectorBuilder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				httpClientSettings.getIfAvailable(HttpClientSettings::defaults), sslBundles.getIfAvailable());
	}

	@Bean
	ConfiguredClients evertokenClients(EvertokenProperties properties, ListableBeanFactory beanFactory,
			TokenEndpointClients tokenEndpointClients, ResourceLoader resourceLoader,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<Registrations> registrations) {
		CredentialFiles files = new CredentialFiles(resourceLoader);
		SigningKeys keys = new SigningKeys(files, sslBundles::getIfAvailable);
		Registrations ofOthers = registrations.getIfAvailable(NoRegistrations::new);
		TokenIssuers issuers = new TokenIssuers(beanFactory, tokenEndpointClients,
				new ClientAuthentications(files, keys), new Grants(keys), ofOthers);
		return new ConfiguredClientsFactory(issuers, new DpopKeys(files), ofOthers).create(properties);
	}

	@Bean
	@ConditionalOnMissingBean(TokenManager.class)
	DefaultTokenManager evertokenTokenManager(ConfiguredClients clients, ObjectProvider<TokenStore> store) {
		return DefaultTokenManager.builder()
			.clients(clients.settings())
			.store(store.getIfAvailable(TokenStore::inMemory))
			.build();
	}

	@Bean
	@ConditionalOnMissingBean
	TokenExchangeFilterFunction evertokenExchangeFilterFunction(DefaultTokenManager manager, ConfiguredClients clients,
			ObjectProvider<RejectionPolicy> rejectionPolicy, ObjectProvider<SubjectResolver> subjectResolver,
			ObjectProvider<SubjectTokenResolver> subjectTokenResolver) {
		TokenExchangeFilterFunction.Builder filter = TokenExchangeFilterFunction.builder(manager, clients.selector())
			.rejectionPolicy(rejectionPolicy.getIfAvailable(RejectionPolicy::standard));
		SubjectResolver resolver = subjectResolver.getIfAvailable();
		clients.resolving()
			.forEach((client) -> filter.subjectResolver(client,
					(resolver != null) ? resolver : defaultResolver(client, clients)));
		SubjectTokenResolver tokenResolver = subjectTokenResolver.getIfAvailable(InboundTokens::resolver);
		clients.onBehalf().forEach((client) -> filter.subjectTokenResolver(client, tokenResolver));
		return filter.build();
	}

	private static SubjectResolver defaultResolver(String client, ConfiguredClients clients) {
		return clients.loggingIn().contains(client) ? SubjectResolver.securityContext() : SubjectResolver.service();
	}

	/**
	 * What only an application with Spring Security's OAuth 2 client can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientRegistration.class)
	@Conditional(OnConfiguredClientCondition.class)
	static class SpringSecurityConfiguration {

		@Bean
		SpringSecurityRegistrations evertokenRegistrations(ListableBeanFactory beanFactory, Environment environment) {
			return new SpringSecurityRegistrations(beanFactory, environment);
		}

		@Bean
		static AuthorizedClientServicePostProcessor evertokenAuthorizedClientServicePostProcessor(
				ObjectProvider<EvertokenProperties> properties, ObjectProvider<DefaultTokenManager> manager) {
			return new AuthorizedClientServicePostProcessor(properties, manager);
		}

	}

	/**
	 * What an application with Jetty's HTTP client needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpClient.class, ReactiveRequest.class })
	@Conditional(OnConfiguredClientCondition.class)
	static class JettyConfiguration {

		@Bean
		ClientHttpConnectorBuilderCustomizer<JettyClientHttpConnectorBuilder> evertokenJettyCustomizer() {
			return (builder) -> builder.withHttpClientCustomizer(ChallengedProtocolHandler::install);
		}

	}

	/**
	 * What an application with the JDK's HTTP client needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnConfiguredClientCondition.class)
	static class JdkConfiguration {

		@Bean
		static JdkRedirectsPostProcessor evertokenJdkRedirectsPostProcessor(ObjectProvider<HttpClientSettings> settings,
				Environment environment) {
			return new JdkRedirectsPostProcessor(settings, environment);
		}

	}

	/**
	 * What a reactive web application may tell its users.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(WebExceptionHandler.class)
	@ConditionalOnProperty("evertoken.web.reauthentication-response")
	static class ReauthenticationResponseConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenReauthenticationExceptionHandler")
		WebExceptionHandler evertokenReauthenticationExceptionHandler(EvertokenProperties properties) {
			return new ReauthenticationExceptionHandler(properties.getWeb());
		}

	}

	/**
	 * What an application without any client does not pay for.
	 */
	@Configuration(proxyBeanMethods = false)
	@Conditional(OnConfiguredClientCondition.class)
	static class ConfiguredClientConfiguration {

		/**
		 * The last customizer adds the innermost filter: what other filters do to a
		 * request, a retry above all, they do before a token is chosen for it.
		 */
		@Bean
		@ConditionalOnMissingBean(name = "evertokenWebClientCustomizer")
		@ConditionalOnBooleanProperty(name = "evertoken.apply-to-web-clients", matchIfMissing = true)
		@Order(Ordered.LOWEST_PRECEDENCE)
		TokenWebClientCustomizer evertokenWebClientCustomizer(ObjectProvider<TokenExchangeFilterFunction> filter) {
			return new TokenWebClientCustomizer(filter);
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenTokenEventPublisher")
		TokenEventPublisher evertokenTokenEventPublisher(DefaultTokenManager manager,
				ApplicationEventPublisher publisher) {
			return new TokenEventPublisher(manager, publisher);
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenTokenManagerShutdown")
		TokenManagerShutdown evertokenTokenManagerShutdown(DefaultTokenManager manager, ApplicationContext context,
				EvertokenProperties properties) {
			Set<String> revoked = new TreeSet<>();
			properties.getClients().forEach((name, client) -> {
				if (client.isRevokeOnShutdown()) {
					revoked.add(name);
				}
			});
			return new TokenManagerShutdown(manager, context, revoked);
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenEagerClientStarter")
		EagerClientStarter evertokenEagerClientStarter(DefaultTokenManager manager, EvertokenProperties properties) {
			return new EagerClientStarter(manager, properties.getClients());
		}

	}

}
