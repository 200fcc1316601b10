package io.github.evertoken.boot.autoconfigure.connection;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SecretCheck;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.ProxyProperties;
import io.github.evertoken.lifecycle.ClientSettings;
import org.jspecify.annotations.Nullable;

/**
 * Reads from the properties of a client how it reaches its token endpoint.
 */
final class ConnectionReader {

	private static final int MAX_PORT = 65535;

	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]");

	private static final Duration LEEWAY = Duration.ofSeconds(5);

	private static final Duration LONGEST_DEADLINE = Duration.ofHours(1);

	private final TokenEndpointClients tokenEndpointClients;

	private final ClientProperties client;

	private final ConfigurationProblems.OfClient problems;

	ConnectionReader(TokenEndpointClients tokenEndpointClients, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		this.tokenEndpointClients = tokenEndpointClients;
		this.client = client;
		this.problems = problems;
	}

	/**
	 * Return the connection. Where something is wrong with it, a default stands in, and
	 * the problem is reported.
	 */
	Connection read() {
		if (this.client.clientAuthenticationMethod().isMutualTls() && isSecure()) {
			requireKey();
		}
		return new Connection(positive("connect-timeout", this.client.connectTimeout()), answerTimeout(), isSecure(),
				sslBundle(), proxy());
	}

	/**
	 * The flight has deadlines of its own, whose settings refuse wrong ones. A connector
	 * that had the same would end the request first, now and then.
	 */
	private Duration answerTimeout() {
		Duration own = this.client.refreshDeadline();
		Duration deadline = (own != null) ? own : ClientSettings.refreshDeadlineAfter(this.client.responseTimeout());
		return (deadline.compareTo(LONGEST_DEADLINE) < 0) ? deadline.plus(LEEWAY) : LONGEST_DEADLINE;
	}

	private Duration positive(String property, Duration duration) {
		if (duration.isZero() || duration.isNegative()) {
			this.problems.add(property, "must be positive, but is " + duration);
		}
		return duration;
	}

	private boolean isSecure() {
		return isSecure(this.client.tokenUri()) || isSecure(this.client.issuerUri());
	}

	private static boolean isSecure(@Nullable String url) {
		return url != null && url.regionMatches(true, 0, "https:", 0, "https:".length());
	}

	private @Nullable String sslBundle() {
		String bundle = this.client.ssl().bundle();
		return (bundle != null)
				? this.problems.check("ssl.bundle", () -> this.tokenEndpointClients.requireSslBundle(bundle)) : null;
	}

	/**
	 * RFC 8705: without a key there is nothing that authenticates. Without TLS here, it
	 * is the proxy beside the application that has both.
	 */
	private void requireKey() {
		String bundle = this.client.ssl().bundle();
		if (!this.tokenEndpointClients.hasKey(bundle)) {
			String which = "an SSL bundle with a key and a certificate in its key store, for "
					+ this.problems.name("client-authentication-method") + " is '"
					+ this.client.clientAuthenticationMethod().name().toLowerCase(Locale.ROOT) + "'";
			this.problems.add("ssl.bundle",
					(bundle != null) ? "must name " + which + ", but is '" + bundle + "'" : "must be set, to " + which);
		}
	}

	private Connection.@Nullable Proxy proxy() {
		ProxyProperties proxy = this.client.proxy();
		String host = proxy.host();
		Integer port = proxy.port();
		String username = proxy.username();
		if (host == null) {
			requireNothingWithoutHost(proxy);
			return null;
		}
		if (!HOST.matcher(host).matches()) {
			this.problems.add("proxy.host", "must be the host of an HTTP proxy such as proxy.internal, but is '"
					+ Urls.withoutSecrets(host) + "'");
		}
		if (port == null || port < 1 || port > MAX_PORT) {
			this.problems.add("proxy.port",
					"must be set, to a number from 1 to " + MAX_PORT + ((port != null) ? ", but is " + port : ""));
		}
		if ((username == null) != (proxy.password() == null)) {
			this.problems.add((username == null) ? "proxy.username" : "proxy.password", "must be set, for "
					+ this.problems.name((username == null) ? "proxy.password" : "proxy.username") + " is");
		}
		if (username != null && (username.isBlank() || username.indexOf(':') >= 0)) {
			this.problems.add("proxy.username", "must not be empty, and without a colon (RFC 7617)");
		}
		this.problems.check("proxy.password", () -> SecretCheck.require(proxy.password()));
		if (!this.tokenEndpointClients.supportsProxy()) {
			this.problems.add("proxy.host", "cannot be set, for the application has a ClientHttpConnectorBuilder of its"
					+ " own: let that one use the proxy");
		}
		return new Connection.Proxy(host, (port != null) ? port : 0, username, proxy.password());
	}

	private void requireNothingWithoutHost(ProxyProperties proxy) {
		if (proxy.port() != null || proxy.username() != null || proxy.password() != null) {
			this.problems.add("proxy.host", "must be set, for another property of the proxy is");
		}
	}

}
