package io.github.evertoken.boot.autoconfigure.properties;

import org.jspecify.annotations.Nullable;

/**
 * HTTP proxy on the way to the token endpoint.
 *
 * @param host Host of the HTTP proxy on the way to the token endpoint.
 * @param port Port of the proxy.
 * @param username User name at the proxy, for Basic authentication.
 * @param password Password at the proxy.
 * @since 0.1.0
 */
public record ProxyProperties(@Nullable String host, @Nullable Integer port, @Nullable String username,
		@Nullable String password) {

	/**
	 * Without user and password.
	 */
	@Override
	public String toString() {
		return "ProxyProperties[host=" + this.host + ", port=" + this.port + "]";
	}

}
