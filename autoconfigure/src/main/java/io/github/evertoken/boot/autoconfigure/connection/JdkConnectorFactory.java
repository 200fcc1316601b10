package io.github.evertoken.boot.autoconfigure.connection;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.ReflectionUtils;

/**
 * Connectors of the JDK's HTTP client. Each has connections of its own, and HTTP/2, by
 * itself.
 */
final class JdkConnectorFactory implements ConnectorFactory {

	private static final @Nullable Method WITH_PROXY_SELECTOR = ReflectionUtils
		.findMethod(JdkClientHttpConnectorBuilder.class, "withProxySelector", ProxySelector.class);

	private final JdkClientHttpConnectorBuilder builder;

	JdkConnectorFactory(JdkClientHttpConnectorBuilder builder) {
		this.builder = builder;
	}

	@Override
	public OpenConnector create(HttpClientSettings settings, Connection connection) {
		JdkClientHttpConnectorBuilder builder = this.builder
			.withHttpClientCustomizer((httpClient) -> httpClient.cookieHandler(NoCookies.INSTANCE));
		SslBundle sslBundle = settings.sslBundle();
		if (sslBundle != null) {
			builder = builder.withHttpClientCustomizer((httpClient) -> httpClient.sslParameters(parameters(sslBundle)));
		}
		Connection.Proxy proxy = connection.proxy();
		return new OpenConnector(((proxy != null) ? through(proxy, builder) : builder).build(settings));
	}

	/**
	 * Boot's have no protocols, for which the JDK does without HTTP/2.
	 */
	private static SSLParameters parameters(SslBundle sslBundle) {
		SSLParameters parameters = sslBundle.createSslContext().getDefaultSSLParameters();
		SslOptions options = sslBundle.getOptions();
		if (options.getCiphers() != null) {
			parameters.setCipherSuites(options.getCiphers());
		}
		if (options.getEnabledProtocols() != null) {
			parameters.setProtocols(options.getEnabledProtocols());
		}
		return parameters;
	}

	private static JdkClientHttpConnectorBuilder through(Connection.Proxy proxy, JdkClientHttpConnectorBuilder direct) {
		JdkClientHttpConnectorBuilder builder = withProxySelector(direct, new OneProxySelector(proxy));
		String username = proxy.username();
		String password = proxy.password();
		return (username == null || password == null) ? builder : builder.withHttpClientCustomizer(
				(httpClient) -> httpClient.authenticator(new ProxyAuthenticator(username, password)));
	}

	/**
	 * Boot 4.1 has a method for it, and puts its {@code InetAddressFilter} around what it
	 * is given. Boot 4.0 has neither.
	 */
	private static JdkClientHttpConnectorBuilder withProxySelector(JdkClientHttpConnectorBuilder builder,
			ProxySelector proxySelector) {
		return (WITH_PROXY_SELECTOR != null)
				? (JdkClientHttpConnectorBuilder) Objects
					.requireNonNull(ReflectionUtils.invokeMethod(WITH_PROXY_SELECTOR, builder, proxySelector))
				: builder.withHttpClientCustomizer((httpClient) -> httpClient.proxy(proxySelector));
	}

	/**
	 * The JDK's client has no way to take back a handler that was set.
	 */
	private static final class NoCookies extends CookieHandler {

		static final CookieHandler INSTANCE = new NoCookies();

		@Override
		public Map<String, List<String>> get(@Nullable URI uri, @Nullable Map<String, List<String>> requestHeaders) {
			return Map.of();
		}

		@Override
		public void put(@Nullable URI uri, @Nullable Map<String, List<String>> responseHeaders) {
		}

	}

	/**
	 * The host of the proxy is looked up with each connection.
	 */
	private static final class OneProxySelector extends ProxySelector {

		private final Connection.Proxy proxy;

		OneProxySelector(Connection.Proxy proxy) {
			this.proxy = proxy;
		}

		@Override
		public List<java.net.Proxy> select(@Nullable URI uri) {
			return List.of(new java.net.Proxy(java.net.Proxy.Type.HTTP,
					InetSocketAddress.createUnresolved(this.proxy.host(), this.proxy.port())));
		}

		@Override
		public void connectFailed(@Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException ex) {
		}

	}

	/**
	 * The password is the proxy's, and no other server gets it.
	 */
	private static final class ProxyAuthenticator extends Authenticator {

		private final String username;

		private final String password;

		ProxyAuthenticator(String username, String password) {
			this.username = username;
			this.password = password;
		}

		@Override
		protected @Nullable PasswordAuthentication getPasswordAuthentication() {
			return (getRequestorType() == RequestorType.PROXY)
					? new PasswordAuthentication(this.username, this.password.toCharArray()) : null;
		}

	}

}
