package io.github.evertoken.boot.autoconfigure.service;

import java.net.URI;
import java.util.List;
import java.util.Set;

import io.github.evertoken.Origin;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.client.GroupBaseUrls;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.service.HttpServiceTokens;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * The clients whose tokens the calls of HTTP service interfaces can carry: those that are
 * configured, or those that a filter or an interceptor of the application's own knows.
 */
final class SendingClients {

	private static final String FILTER = "evertokenExchangeFilterFunction";

	private static final String INTERCEPTOR = "evertokenExchangeInterceptor";

	private final ObjectProvider<ConfiguredClients> clients;

	private final ObjectProvider<GroupBaseUrls> baseUrls;

	private final BeanFactory beanFactory;

	SendingClients(ObjectProvider<ConfiguredClients> clients, ObjectProvider<GroupBaseUrls> baseUrls,
			BeanFactory beanFactory) {
		this.clients = clients;
		this.baseUrls = baseUrls;
		this.beanFactory = beanFactory;
	}

	/**
	 * Return what is wrong with the clients that the interfaces of a group name: nothing,
	 * where Evertoken is switched off.
	 * @param name the name of the group
	 */
	List<String> problems(String name, HttpServices.Group group) {
		ConfiguredClients configured = this.clients.getIfAvailable();
		if (configured == null) {
			return List.of();
		}
		HttpServiceTokens tokens = group.tokens();
		if (isConfigured(INTERCEPTOR) || !group.blocking()) {
			return isConfigured(FILTER) ? tokens.problems(configured.selector(), baseUrl(name))
					: problems(tokens, TokenExchangeFilterFunction.class, filterClients());
		}
		return problems(tokens, TokenExchangeInterceptor.class, interceptorClients());
	}

	private boolean isConfigured(String bean) {
		return this.beanFactory.containsBean(bean);
	}

	/**
	 * Where one of the application's own sends the tokens, only its names are known, and
	 * of several nobody knows which one does.
	 */
	private static List<String> problems(HttpServiceTokens tokens, Class<?> sender, @Nullable Set<String> clients) {
		if (clients == null) {
			return List.of();
		}
		return tokens.problems(clients)
			.stream()
			.map((problem) -> problem + ", as the " + sender.getSimpleName() + " of the application has it")
			.toList();
	}

	private @Nullable Set<String> filterClients() {
		TokenExchangeFilterFunction filter = this.beanFactory.getBeanProvider(TokenExchangeFilterFunction.class)
			.getIfUnique();
		return (filter != null) ? filter.clients() : null;
	}

	private @Nullable Set<String> interceptorClients() {
		TokenExchangeInterceptor interceptor = this.beanFactory.getBeanProvider(TokenExchangeInterceptor.class)
			.getIfUnique();
		return (interceptor != null) ? interceptor.clients() : null;
	}

	/**
	 * What is no URL that could be called, as that of a load balancer, says nothing.
	 */
	private @Nullable URI baseUrl(String group) {
		GroupBaseUrls baseUrls = this.baseUrls.getIfAvailable();
		String baseUrl = (baseUrls != null) ? baseUrls.of(group) : null;
		if (baseUrl == null) {
			return null;
		}
		try {
			URI url = Urls.parse(baseUrl);
			Origin.of(url);
			return url;
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

}
