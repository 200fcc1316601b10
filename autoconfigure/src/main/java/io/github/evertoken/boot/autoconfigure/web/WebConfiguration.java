package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.web.RequestExplainer;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.reactive.client.ReactiveRequest;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.autoconfigure.reactive.ClientHttpConnectorBuilderCustomizer;
import org.springframework.boot.http.client.reactive.JettyClientHttpConnectorBuilder;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.WebExceptionHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * The filter, and the beans that make calls and answers of the application take part.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class WebConfiguration {

	private static final String REST_CLIENT_CUSTOMIZER = "org.springframework.boot.restclient.RestClientCustomizer";

	@Bean
	@ConditionalOnMissingBean
	TokenExchangeFilterFunction evertokenExchangeFilterFunction(TokenManager manager, ConfiguredClients clients,
			ObjectProvider<InboundTokens> inboundTokens) {
		return new FilterFactory(clients, inboundTokens.getIfAvailable(InboundTokens::none)).create(manager);
	}

	@Bean
	@ConditionalOnMissingBean
	RequestExplainer evertokenRequestExplainer(TokenExchangeFilterFunction filter) {
		return filter.explainer();
	}

	/**
	 * The last customizer adds the innermost filter: what other filters do to a request,
	 * a retry above all, they do before a token is chosen for it.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "evertokenWebClientCustomizer")
	@ConditionalOnBooleanProperty(name = "evertoken.apply-to-web-clients", matchIfMissing = true)
	@Order(Ordered.LOWEST_PRECEDENCE)
	TokenWebClientCustomizer evertokenWebClientCustomizer(ObjectProvider<TokenExchangeFilterFunction> filter) {
		return new TokenWebClientCustomizer(filter);
	}

	/**
	 * It looks up the filter at the first request, so that a
	 * {@link io.github.evertoken.TokenIssuer} bean may take a builder with it: the filter
	 * needs that issuer.
	 */
	@Bean
	@ConditionalOnMissingBean
	TokenExchangeInterceptor evertokenExchangeInterceptor(ObjectProvider<TokenExchangeFilterFunction> filter) {
		return new TokenExchangeInterceptor(TokenExchangeFilterFunction.deferred(filter::getObject));
	}

	private static boolean hasClients(ObjectProvider<EvertokenProperties> properties, ListableBeanFactory beanFactory) {
		return !properties.getObject().clients().isEmpty()
				|| beanFactory.getBeanNamesForType(OutboundClient.class, true, false).length > 0;
	}

	/**
	 * What makes blocking callers take part.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(RestClientCustomizer.class)
	@ConditionalOnBooleanProperty(name = "evertoken.apply-to-rest-clients", matchIfMissing = true)
	static class RestClientConfiguration {

		/**
		 * The last customizer adds the innermost interceptor.
		 */
		@Bean
		@ConditionalOnMissingBean(name = "evertokenRestClientCustomizer")
		@Order(Ordered.LOWEST_PRECEDENCE)
		TokenRestClientCustomizer evertokenRestClientCustomizer(TokenExchangeInterceptor interceptor) {
			return new TokenRestClientCustomizer(interceptor);
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenRestTemplateCustomizer")
		@Order(Ordered.LOWEST_PRECEDENCE)
		TokenRestTemplateCustomizer evertokenRestTemplateCustomizer(TokenExchangeInterceptor interceptor) {
			return new TokenRestTemplateCustomizer(interceptor);
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
			return new JdkRedirectsPostProcessor(settings, environment, () -> hasClients(properties, beanFactory),
					ClassUtils.isPresent(REST_CLIENT_CUSTOMIZER, WebConfiguration.class.getClassLoader()));
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
			return new ErrorAnsweringHandler(new ReauthenticationAnswers(properties.web()));
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenUnavailableExceptionHandler")
		WebExceptionHandler evertokenUnavailableExceptionHandler(EvertokenProperties properties) {
			return new ErrorAnsweringHandler(new UnavailableAnswers(properties));
		}

	}

	/**
	 * What a web application on servlets may tell its users, by the same names.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = Type.SERVLET)
	@ConditionalOnClass(HandlerExceptionResolver.class)
	static class ServletErrorResponseConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenReauthenticationExceptionHandler")
		HandlerExceptionResolver evertokenReauthenticationExceptionHandler(EvertokenProperties properties) {
			return new ErrorAnsweringResolver(new ReauthenticationAnswers(properties.web()));
		}

		@Bean
		@ConditionalOnMissingBean(name = "evertokenUnavailableExceptionHandler")
		HandlerExceptionResolver evertokenUnavailableExceptionHandler(EvertokenProperties properties) {
			return new ErrorAnsweringResolver(new UnavailableAnswers(properties));
		}

	}

}
