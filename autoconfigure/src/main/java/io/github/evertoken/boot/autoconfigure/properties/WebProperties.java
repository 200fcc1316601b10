package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the application tells its own users.
 *
 * @param reauthenticationResponse How the web application answers a request that fails
 * because somebody must log in again.
 * @param unavailableResponse How the web application answers a request that fails because
 * no token can be had for the moment.
 * @param loginPath Where a redirect leads, such as /login or https://login.internal.
 * @since 0.1.0
 */
public record WebProperties(@DefaultValue("none") ReauthenticationResponse reauthenticationResponse,
		@DefaultValue("none") UnavailableResponse unavailableResponse, @Nullable String loginPath) {

}
