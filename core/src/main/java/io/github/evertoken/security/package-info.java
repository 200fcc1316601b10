/**
 * The room of what connects with Spring Security's OAuth 2 client: its authorized client
 * manager as an issuer, and the authorized clients of its logins as the token sets of
 * subjects. Nothing of it is loaded unless it is asked for; it needs
 * {@code spring-security-oauth2-client}. The door is
 * {@link io.github.evertoken.security.AuthorizedClientManagerTokenIssuer}.
 */
@NullMarked
package io.github.evertoken.security;

import org.jspecify.annotations.NullMarked;
