package io.github.evertoken.boot.autoconfigure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.DelegatingTokenManager;
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
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
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
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Fallback;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.context.annotation.Role;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.OAuth2Token;
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
@ImportRuntimeHints(EvertokenRuntimeHints.class)
public final class EvertokenAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static BindingReport evertokenBindingReport(Environment environment) {
		return new BindingReport(environment);
	}

	@Bean
	TokenEndpointClients evertokenTokenEndpointClients(ObjectProvider<ClientHttpConnectorBuilder<?>> connectorBuilder,
			ObjectProvider<HttpClientSettings> httpClientSettings, ObjectProvider<SslBundles> sslBundles) {
		return new TokenEndpointClients(connectorBuilder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				httpClientSettings.getIfAvailable(HttpClientSettings::defaults), sslBundles.getIfAvailable());
	}

	@Bean
	ConfiguredClients evertokenClients(EvertokenProperties properties, ListableBeanFactory beanFactory,
			TokenEndpointClients tokenEndpointClients, ResourceLoader resourceLoader,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<Registrations> registrations,
			ObjectProvider<OutboundClient> outboundClients,
			ObjectProvider<ClientSettingsCustomizer> settingsCustomizers,
			ObjectProvider<TokenEndpointWebClientCustomizer> webClientCustomizers, BindingReport bindingReport) {
		List<OutboundClient> clients = outboundClients.orderedStream().toList();
		Set<String> names = new HashSet<>(properties.clients().keySet());
		clients.forEach((client) -> names.add(client.name()));
		ClientBeans beans = new ClientBeans(beanFactory, names);
		CredentialFiles files = new CredentialFiles(resourceLoader);
		SigningKeys keys = new SigningKeys(files, sslBundles::getIfAvailable);
		Registrations ofOthers = registrations.getIfAvailable(NoRegistrations::new);
		TokenIssuers issuers = new TokenIssuers(beans, webClientCustomizers.orderedStream().toList(),
				tokenEndpointClients, new ClientAuthentications(files, keys), new Grants(beans, files, keys), ofOthers);
		return new ConfiguredClientsFactory(issuers, new DpopKeys(files), ofOthers, bindingReport, beans,
				settingsCustomizers.orderedStream().toList())
			.create(properties, clients);
	}

	/**
	 * A decorator is no replacement: it finds the manager here that it stands around, and
	 * goes before it.
	 */
	@Bean
	@Fallback
	@ConditionalOnMissingBean(value = TokenManager.class, ignored = DelegatingTokenManager.class)
	DefaultTokenManager evertokenTokenManager(ConfiguredClients clients) {
		TokenStore store = clients.contracts().forAll(TokenStore.class);
		return DefaultTokenManager.builder()
			.clients(clients.settings())
			.store((store != null) ? store : TokenStore.inMemory())
			.build();
	}

	@Bean
	@ConditionalOnMissingBean
	TokenExchangeFilterFunction evertokenExchangeFilterFunction(TokenManager manager, ConfiguredClients clients,
			ObjectProvider<InboundTokens> inboundTokens) {
		return new FilterFactory(clients, inboundTokens.getIfAvailable(InboundTokens::none)).create(manager);
	}

	private static boolean hasClients(ObjectProvider<EvertokenProperties> properties, ListableBeanFactory beanFactory) {
		return !properties.getObject().clients().isEmpty()
				|| beanFactory.getBeanNamesForType(OutboundClient.class, true, false).length > 0;
	}

	/**
	 * What only an application with Spring Security's OAuth 2 client can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ClientRegistration.class)
	static class SpringSecurityConfiguration {

		@Bean
		SpringSecurityRegistrations evertokenRegistrations(ListableBeanFactory beanFactory, Environment environment,
				ObjectProvider<BootRegistrations> bootRegistrations) {
			return new SpringSecurityRegistrations(beanFactory, environment, bootRegistrations.getIfAvailable());
		}

		@Bean
		static AuthorizedClientServicePostProcessor evertokenAuthorizedClientServicePostProcessor(
				ObjectProvider<EvertokenProperties> properties, ObjectProvider<ConfiguredClients> clients,
				ObjectProvider<TokenManager> manager) {
			return new AuthorizedClientServicePostProcessor(properties, clients, manager);
		}

	}

	/**
	 * What only an application with Spring Boot's support for that client can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ClientRegistration.class, OAuth2ClientProperties.class })
	static class BootRegistrationsConfiguration {

		@Bean
		BootRegistrations evertokenBootRegistrations(Environment environment) {
			return new BootRegistrations(environment);
		}

	}

	/**
	 * What only an application that Spring Security protects can use.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ ReactiveSecurityContextHolder.class, OAuth2Token.class })
	static class InboundTokensConfiguration {

		@Bean
		InboundTokens evertokenInboundTokens() {
			return new InboundTokens(SubjectTokenResolver.securityContext());
		}

	}

	/**
	 * What an application with Jetty's HTTP client needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpClient.class, ReactiveRequest.class })
	static class JettyConfiguration {

		@Bean
		ClientHttpConnectorBuilderCustomizer<JettyClientHttpConnectorBuilder> evertokenJettyCustomizer(
				ObjectProvider<EvertokenProperties> properties, ListableBeanFactory beanFactory) {
			return (builder) -> builder.withHttpClientCustomizer((httpClient) -> ChallengedProtocolHandler
				.install(httpClient, () -> hasClients(properties, beanFactory)));
		}

	}

	/**
	 * What an application with the JDK's HTTP client needs.
	 */
	@Configuration(proxyBeanMethods = false)
	static class JdkConfiguration {

		@Bean
		static JdkRedirectsPostProcessor evertokenJdkRedirectsPostProcessor(ObjectProvider<HttpClientSettings> settings,
				Environment environment, ObjectProvider<EvertokenProperties> properties,
				ListableBeanFactory beanFactory) {
			return new JdkRedirectsPostProcessor(settings, environment, () -> hasClients(properties, beanFactory));
		}

	}

	/**
	 * What a reactive web application may tell its users.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.REACTIVE)
	@ConditionalOnClass(WebExceptionHandler.class)
	static class ErrorResponseConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenReauthenticationExceptionHandler")
		WebExceptionHandler evertokenReauthenticationExceptionHandler(EvertokenProperties properties) {
			return new ReauthenticationExceptionHandler(properties.web());
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenUnavailableExceptionHandler")
		WebExceptionHandler evertokenUnavailableExceptionHandler(EvertokenProperties properties) {
			return new UnavailableExceptionHandler(properties);
		}

	}

	/**
	 * What an application with actuator endpoints needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenSanitizingFunction")
		SanitizingFunction evertokenSanitizingFunction() {
			return new EvertokenSanitizingFunction();
		}

	}

	/**
	 * What connects the tokens with the application. No condition here, and in no other
	 * place, looks at the clients: it would be decided in an ahead-of-time build, or
	 * before all sources of properties have spoken, and the token would not be sent. So
	 * each of these beans does nothing where there is no client.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ConnectingConfiguration {

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
		TokenEventPublisher evertokenTokenEventPublisher(TokenManager manager, ApplicationEventPublisher publisher) {
			return new TokenEventPublisher(manager, publisher);
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenTokenManagerShutdown")
		TokenManagerShutdown evertokenTokenManagerShutdown(TokenManager manager, ApplicationContext context,
				ConfiguredClients clients) {
			return new TokenManagerShutdown(manager, context, clients.revokedOnShutdown());
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenEagerClientStarter")
		EagerClientStarter evertokenEagerClientStarter(TokenManager manager, ConfiguredClients clients) {
			return new EagerClientStarter(manager, clients.eager());
		}

	}

}
