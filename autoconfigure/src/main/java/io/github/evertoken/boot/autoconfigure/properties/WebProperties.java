package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the application tells its own users.
 *
 * @param reauthenticationResponse How the web application answers a request that fails
 * because somebody must log in again: like any failure; with 401 and a problem detail
 * (RFC 9457) that names the client; or with a redirect to the login path if the request
 * accepts HTML, and a problem detail otherwise. If it is the service itself that has to
 * be signed in again, no user can help, and the request fails like any other.
 * @param unavailableResponse How the web application answers a request that fails because
 * no token can be had for the moment: like any failure; or with 503, a problem detail
 * that names the client, and Retry-After, which is what the issuer asks for, up to 5
 * minutes, or else the client's retry.initial-backoff.
 * @param loginPath Where that redirect leads, such as /login, below the application's
 * base path, or https://login.internal.
 * @since 0.1.0
 */
public record WebProperties(@DefaultValue("none") ReauthenticationResponse reauthenticationResponse,
		@DefaultValue("none") UnavailableResponse unavailableResponse, @Nullable String loginPath) {

}
