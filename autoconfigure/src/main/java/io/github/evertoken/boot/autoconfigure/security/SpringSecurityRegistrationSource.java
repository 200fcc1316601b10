package io.github.evertoken.boot.autoconfigure.security;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.autoconfigure.client.RegistrationSource;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.boot.autoconfigure.properties.ObtainedBy;
import io.github.evertoken.boot.autoconfigure.properties.SubjectSource;
import io.github.evertoken.security.AuthorizedClientManagerTokenIssuer;
import io.github.evertoken.security.AuthorizedClientTokenStore;
import io.github.evertoken.security.NotifyingAuthorizedClientService;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;
import org.springframework.security.oauth2.client.web.DefaultReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.server.WebSessionServerOAuth2AuthorizedClientRepository;

/**
 * Finds what a client takes from Spring Security: its registration, and the beans that
 * obtain and keep authorized clients.
 */
final class SpringSecurityRegistrationSource implements RegistrationSource {

	/**
	 * What the manager has from the registration, or from how it was made.
	 */
	private static final List<String> OF_THE_TOKEN_ENDPOINT = List.of("token-uri", "issuer-uri", "revocation-uri",
			"revoke-on-shutdown", "grant-type", "client-id", "client-secret", "client-secret-location",
			"client-authentication-method", "client-assertion", "assertion", "scope", "audience", "resource",
			"authorization-details", "parameters", "headers", "subject-token", "actor-token", "connect-timeout",
			"token-request", "token-response", "token-type");

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	private final @Nullable BootRegistrationReader bootRegistrations;

	SpringSecurityRegistrationSource(ListableBeanFactory beanFactory, Environment environment,
			@Nullable BootRegistrationReader bootRegistrations) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.bootRegistrations = bootRegistrations;
	}

	@Override
	public @Nullable ClientProperties complete(String name, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		String id = client.registrationId();
		if (!RegistrationSource.isUsed(client, problems) || id == null) {
			return problems.isEmpty() ? client : null;
		}
		if (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER) {
			requireUnset(name, id, problems);
		}
		RegisteredClient registered = problems.check("registration-id", () -> find(id, client));
		if (registered == null) {
			return null;
		}
		ClientProperties complete = registered.complete(client, new SetProperties(this.environment, name), problems);
		requireLogin(id, complete, problems);
		requireNoDpop(complete, problems);
		return problems.isEmpty() ? complete : null;
	}

	private RegisteredClient find(String id, ClientProperties client) {
		if (id.isBlank()) {
			throw new IllegalArgumentException("must not be empty");
		}
		return new RegistrationLookup(this.beanFactory, this.bootRegistrations).find(id, client.responseTimeout())
			.requireResolved();
	}

	/**
	 * What would have no effect was meant to have one.
	 */
	private void requireUnset(String name, String id, ConfigurationProblems.OfClient problems) {
		SetProperties set = new SetProperties(this.environment, name);
		for (String property : OF_THE_TOKEN_ENDPOINT) {
			if (set.contain(property)) {
				problems.add(property,
						"must not be set, for " + problems.name("obtained-by")
								+ " is 'authorized-client-manager', which"
								+ " goes by spring.security.oauth2.client.registration." + id + " alone");
			}
		}
	}

	private static void requireLogin(String id, ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (client.subjects().source() == SubjectSource.AUTHORIZED_CLIENTS
				&& client.grantType() != GrantType.REFRESH_TOKEN) {
			problems.add("subjects.source",
					"must not be 'authorized-clients', for the grant of Spring Security's registration '" + id + "' is "
							+ client.grantType().name().toLowerCase(Locale.ROOT)
							+ ", with which no subject logs in: it has to be authorization_code");
		}
	}

	/**
	 * Whatever Spring Security obtains is not bound to a key that Evertoken has.
	 */
	private static void requireNoDpop(ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (client.dpop().enabled() && (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER
				|| RegistrationSource.isLoginSource(client))) {
			problems.add("dpop.enabled",
					"must be 'false', for Spring Security obtains tokens of the client and does not know the key");
		}
	}

	@Override
	public @Nullable TokenIssuer issuer(String name, ClientProperties client, ConfigurationProblems.OfClient problems) {
		ReactiveOAuth2AuthorizedClientManager manager = manager(problems);
		ReactiveOAuth2AuthorizedClientService service = service("obtained-by", problems);
		ReactiveClientRegistrationRepository repository = repository("obtained-by", problems);
		String id = client.registrationId();
		return (manager != null && service != null && repository != null && id != null)
				? new AuthorizedClientManagerTokenIssuer(manager, service, repository, id) : null;
	}

	/**
	 * The manager that Spring Security has by default is made for the requests of a web
	 * application, and fails outside of one.
	 */
	private @Nullable ReactiveOAuth2AuthorizedClientManager manager(ConfigurationProblems.OfClient problems) {
		List<ReactiveOAuth2AuthorizedClientManager> managers = unique(ReactiveOAuth2AuthorizedClientManager.class)
			.filter((manager) -> !(manager instanceof DefaultReactiveOAuth2AuthorizedClientManager))
			.toList();
		if (managers.size() == 1) {
			return managers.get(0);
		}
		problems.add("obtained-by",
				"is 'authorized-client-manager', and needs a ReactiveOAuth2AuthorizedClientManager bean that works"
						+ " outside of a web request, such as AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager,"
						+ " but there " + (managers.isEmpty() ? "is none" : "are several, and none is primary"));
		return null;
	}

	@Override
	public @Nullable TokenStore store(ClientProperties client, ConfigurationProblems.OfClient problems) {
		String property = (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER) ? "obtained-by"
				: "subjects.source";
		requireNoSession(property, problems);
		ReactiveOAuth2AuthorizedClientService service = service(property, problems);
		ReactiveClientRegistrationRepository repository = repository(property, problems);
		String id = client.registrationId();
		return (service != null && repository != null && id != null)
				? new AuthorizedClientTokenStore(service, repository, id).versioned() : null;
	}

	/**
	 * A flight belongs to no request, and a session can be read and written in one only:
	 * it would keep a refresh token that the first renewal has used up.
	 */
	private void requireNoSession(String property, ConfigurationProblems.OfClient problems) {
		if (this.beanFactory.getBeanNamesForType(WebSessionServerOAuth2AuthorizedClientRepository.class).length > 0) {
			problems.add(property,
					"needs authorized clients that are kept by the name of their principal, in the"
							+ " ReactiveOAuth2AuthorizedClientService bean, but the application keeps them in web"
							+ " sessions; use an AuthenticatedPrincipalServerOAuth2AuthorizedClientRepository in place"
							+ " of the WebSessionServerOAuth2AuthorizedClientRepository, or put each login's token set"
							+ " in with TokenManager.put");
		}
	}

	private @Nullable ReactiveOAuth2AuthorizedClientService service(String property,
			ConfigurationProblems.OfClient problems) {
		ReactiveOAuth2AuthorizedClientService service = required(ReactiveOAuth2AuthorizedClientService.class, property,
				problems);
		return (service instanceof NotifyingAuthorizedClientService notifying) ? notifying.delegate() : service;
	}

	private @Nullable ReactiveClientRegistrationRepository repository(String property,
			ConfigurationProblems.OfClient problems) {
		return required(ReactiveClientRegistrationRepository.class, property, problems);
	}

	private <T> @Nullable T required(Class<T> type, String property, ConfigurationProblems.OfClient problems) {
		List<T> beans = unique(type).toList();
		if (beans.size() == 1) {
			return beans.get(0);
		}
		problems.add(property,
				"needs one bean of type " + type.getSimpleName() + ", but there "
						+ (beans.isEmpty() ? "is none" : "are several, and none is primary")
						+ "; Spring Boot makes one in an application that is not a servlet one");
		return null;
	}

	private <T> Stream<T> unique(Class<T> type) {
		try {
			return Stream.ofNullable(this.beanFactory.getBeanProvider(type).getIfAvailable());
		}
		catch (NoUniqueBeanDefinitionException ex) {
			return this.beanFactory.getBeanProvider(type).orderedStream();
		}
	}

}
