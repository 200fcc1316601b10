package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

/**
 * TLS to the token endpoint.
 *
 * @param bundle Name of the SSL bundle with the certificates to trust, and with the
 * client's own, for the connection to the token endpoint. It is used anew when it
 * changes. By default that of spring.http.clients.ssl.bundle.
 * @since 0.1.0
 */
public record SslProperties(@Nullable String bundle) {

}
