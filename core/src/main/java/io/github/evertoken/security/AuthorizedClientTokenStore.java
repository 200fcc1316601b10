package io.github.evertoken.security;

import java.util.Objects;
import java.util.Set;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.UnversionedTokenStore;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ReactiveClientRegistrationRepository;

/**
 * A store over the authorized clients of Spring Security's logins: the token set of a
 * subject is that of the authorized client of the principal with the subject's name, and
 * a renewed one is saved back there, its refresh token above all.
 * <p>
 * It is for one registration, and for subjects alone: the service itself does not log in.
 * A token for which a request asks by parameters of its own does not rest here either,
 * since a principal has one authorized client of a registration.
 * <p>
 * Instances are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class AuthorizedClientTokenStore implements UnversionedTokenStore {

	private final ReactiveOAuth2AuthorizedClientService authorizedClients;

	private final ReactiveClientRegistrationRepository registrations;

	private final String registrationId;

	/**
	 * Create a store.
	 * @param authorizedClients where the logins leave their authorized clients
	 * @param registrations the registrations
	 * @param registrationId the registration with which the subjects log in
	 */
	public AuthorizedClientTokenStore(ReactiveOAuth2AuthorizedClientService authorizedClients,
			ReactiveClientRegistrationRepository registrations, String registrationId) {
		this.authorizedClients = Objects.requireNonNull(authorizedClients, "authorizedClients");
		this.registrations = Objects.requireNonNull(registrations, "registrations");
		this.registrationId = Objects.requireNonNull(registrationId, "registrationId");
	}

	@Override
	public Mono<TokenSet> load(TokenKey key) {
		String name = principalName(key);
		return (name != null) ? find(name).map(AuthorizedClients::tokenSet) : Mono.empty();
	}

	private static @Nullable String principalName(TokenKey key) {
		return (key.parameters().isEmpty() && key.subjectToken() == null) ? key.subject() : null;
	}

	private Mono<OAuth2AuthorizedClient> find(String principalName) {
		return this.authorizedClients.loadAuthorizedClient(this.registrationId, principalName);
	}

	/**
	 * A token set without an access token cannot be an authorized client: it is refused,
	 * and rests in the manager's memory until its refresh token has brought one.
	 */
	@Override
	public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
		String name = principalName(key);
		return (name == null) ? Mono.empty()
				: find(name).filter((known) -> rests(tokenSet, known))
					.hasElement()
					.flatMap((rests) -> rests ? Mono.empty() : overwrite(key, name, tokenSet));
	}

	private static boolean rests(TokenSet tokens, OAuth2AuthorizedClient known) {
		return known.getAccessToken().getTokenValue().equals(tokens.accessToken())
				&& Objects.equals(refreshToken(known), tokens.refreshToken());
	}

	private static @Nullable String refreshToken(OAuth2AuthorizedClient client) {
		return (client.getRefreshToken() != null) ? client.getRefreshToken().getTokenValue() : null;
	}

	/**
	 * No token response has to repeat a scope that is the same (RFC 6749, section 5.1),
	 * so the scope of the login is kept.
	 */
	private Mono<Void> overwrite(TokenKey key, String name, TokenSet tokens) {
		return this.registrations.findByRegistrationId(this.registrationId)
			.flatMap((registration) -> find(name).map((known) -> known.getAccessToken().getScopes())
				.defaultIfEmpty(scopes(registration))
				.map((scopes) -> AuthorizedClients.of(tokens, registration, name, scopes)))
			.flatMap((client) -> this.authorizedClients.saveAuthorizedClient(client, AuthorizedClients.principal(key)));
	}

	private static Set<String> scopes(ClientRegistration registration) {
		return (registration.getScopes() != null) ? registration.getScopes() : Set.of();
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		String name = principalName(key);
		return (name == null) ? Mono.empty() : this.authorizedClients.removeAuthorizedClient(this.registrationId, name);
	}

	@Override
	public String toString() {
		return "AuthorizedClientTokenStore[" + this.registrationId + "]";
	}

}
