package io.github.evertoken.boot.autoconfigure.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * On whose behalf tokens are held, besides the service itself.
 *
 * @param resolve Whether the SubjectResolver bean, if there is one, is asked about
 * requests that name no subject. Otherwise they are made on behalf of the service itself.
 * By default it is asked where the grant can serve a subject: not for client_credentials.
 * @param source Where a subject's first token set comes from.
 * @param maximumSize How many subjects' tokens are kept. Beyond that, those that are used
 * least are forgotten, refresh tokens included: more than are active at a time.
 * @param expireAfterIdle How long a subject's tokens are kept though nobody asks for
 * them: as long as a session of the application.
 * @since 0.1.0
 */
public record SubjectsProperties(@Nullable Boolean resolve, @DefaultValue("token-store") SubjectSource source,
		@DefaultValue("10000") long maximumSize, @DefaultValue("30m") Duration expireAfterIdle) {

}
