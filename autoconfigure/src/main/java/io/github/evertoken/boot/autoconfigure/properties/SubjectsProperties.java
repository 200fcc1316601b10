package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * On whose behalf tokens are held, besides the service itself.
 *
 * @param resolve Whether the SubjectResolver bean, if there is one, is asked about
 * requests that name no subject. Otherwise they are made on behalf of the service itself.
 * By default it is asked with a refresh_token grant and with a TokenIssuer bean. It is
 * not with client_credentials, which grants what is the service's own, nor with
 * jwt_bearer and token_exchange, where the shown token says it: true is for such a client
 * if all its subjects' token sets are put in, or if it signs an assertion on behalf of
 * each.
 * @param source Where a subject's first token set comes from: what is put into the
 * TokenManager and the TokenStore bean, or Spring Security's logins.
 * @param maximumSize How many subjects' tokens are kept: more than are active at a time.
 * Beyond that, those that were not used for the longest time are forgotten, and without a
 * TokenStore of your own those subjects must log in again.
 * @param expireAfterIdle How long a subject's tokens are kept though nobody asks for
 * them, before they are forgotten likewise: as long as a session of the application.
 * @since 0.1.0
 */
public record SubjectsProperties(@Nullable Boolean resolve, @DefaultValue("token-store") SubjectSource source,
		@DefaultValue("10000") long maximumSize, @DefaultValue("30m") Duration expireAfterIdle) {

}
