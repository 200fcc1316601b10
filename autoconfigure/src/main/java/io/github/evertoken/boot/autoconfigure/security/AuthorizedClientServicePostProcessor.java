package io.github.evertoken.boot.autoconfigure.security;

import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.client.RegistrationSource;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.security.NotifyingAuthorizedClientService;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;

/**
 * Lets the token manager know of the logins, if there is a client with a registration. It
 * is asked which clients a login concerns when there is one, and not before: by then the
 * clients are complete.
 */
final class AuthorizedClientServicePostProcessor implements BeanPostProcessor {

	private final ObjectProvider<EvertokenProperties> properties;

	private final ObjectProvider<ConfiguredClients> clients;

	private final ObjectProvider<TokenManager> manager;

	AuthorizedClientServicePostProcessor(ObjectProvider<EvertokenProperties> properties,
			ObjectProvider<ConfiguredClients> clients, ObjectProvider<TokenManager> manager) {
		this.properties = properties;
		this.clients = clients;
		this.manager = manager;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!(bean instanceof ReactiveOAuth2AuthorizedClientService service) || this.properties.getObject()
			.clients()
			.values()
			.stream()
			.noneMatch((client) -> client.registrationId() != null)) {
			return bean;
		}
		return new NotifyingAuthorizedClientService(service, this::clientsOf, this.manager::getIfAvailable);
	}

	private List<String> clientsOf(String registrationId) {
		return this.clients.getObject()
			.clients()
			.entrySet()
			.stream()
			.filter((entry) -> registrationId.equals(entry.getValue().registrationId())
					&& RegistrationSource.isLoginSource(entry.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

}
