package io.github.evertoken.boot.autoconfigure.connection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.boot.autoconfigure.connection.ConnectorFactory.OpenConnector;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SslBundleFailures;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Makes the {@code WebClient}s that speak to token endpoints. They share the HTTP client
 * and its settings with the rest of the application, and neither its connections nor any
 * of its filters (SF-7).
 */
public final class TokenEndpointClients implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(TokenEndpointClients.class);

	/**
	 * The key under which Reactor looks for a hook of one subscription.
	 */
	private static final String ON_ERROR_DROPPED = "reactor.onErrorDropped.local";

	private static final Consumer<Throwable> DROPPED = (ex) -> logger
		.debug("A cancelled call to a token endpoint failed with {}", ex.getClass().getName());

	private final ClientHttpConnectorBuilder<?> connectorBuilder;

	private final HttpClientSettings settings;

	private final @Nullable SslBundles sslBundles;

	private final @Nullable String ownSslBundle;

	private final Map<Connection, WebClient> webClients = new LinkedHashMap<>();

	private final List<RenewableConnector> connectors = new ArrayList<>();

	private @Nullable ConnectorFactory connectorFactory;

	public TokenEndpointClients(ClientHttpConnectorBuilder<?> connectorBuilder, HttpClientSettings settings,
			@Nullable SslBundles sslBundles) {
		this.connectorBuilder = connectorBuilder;
		this.settings = settings.withRedirects(HttpRedirects.DONT_FOLLOW);
		this.sslBundles = sslBundles;
		this.ownSslBundle = nameOf(settings.sslBundle(), sslBundles);
	}

	/**
	 * Return the client that reaches the token endpoint as a client's properties say, the
	 * same for equal ones. Where something is wrong with them, a default stands in, and
	 * the problem is reported.
	 */
	public WebClient of(ClientProperties client, ConfigurationProblems.OfClient problems) {
		return of(new ConnectionReader(this, client, problems).read());
	}

	/**
	 * Return the client for a connection, the same for equal ones.
	 * @throws IllegalArgumentException if its SSL bundle cannot be used
	 */
	synchronized WebClient of(Connection connection) {
		return this.webClients.computeIfAbsent(connection, this::create);
	}

	private WebClient create(Connection connection) {
		RenewableConnector connector = new RenewableConnector(() -> connect(connection));
		this.connectors.add(connector);
		String sslBundle = sslBundleOf(connection);
		if (sslBundle != null && this.sslBundles != null) {
			this.sslBundles.addBundleUpdateHandler(sslBundle, (updated) -> renew(connector, sslBundle));
		}
		return WebClient.builder().clientConnector(connector).filter(TokenEndpointClients::quietWhenCancelled).build();
	}

	private OpenConnector connect(Connection connection) {
		HttpClientSettings settings = this.settings.withTimeouts(connection.connectTimeout(),
				connection.answerTimeout());
		String sslBundle = sslBundleOf(connection);
		return connectorFactory().create((sslBundle != null) ? settings.withSslBundle(sslBundle(sslBundle)) : settings,
				connection);
	}

	/**
	 * Return the name of the bundle that a connection uses, if it has one: that of Spring
	 * Boot's own settings may be replaced as well, and they do not tell it.
	 */
	private @Nullable String sslBundleOf(Connection connection) {
		return (connection.sslBundle() != null) ? connection.sslBundle() : this.ownSslBundle;
	}

	private static @Nullable String nameOf(@Nullable SslBundle bundle, @Nullable SslBundles bundles) {
		return (bundle == null || bundles == null) ? null
				: bundles.getBundleNames()
					.stream()
					.filter((name) -> bundles.getBundle(name) == bundle)
					.findFirst()
					.orElse(null);
	}

	private synchronized ConnectorFactory connectorFactory() {
		ConnectorFactory factory = this.connectorFactory;
		if (factory == null) {
			factory = ConnectorFactory.of(this.connectorBuilder);
			this.connectorFactory = factory;
		}
		return factory;
	}

	/**
	 * Whatever was wrong with the files when they changed, the certificates that are in
	 * use may be good for a while.
	 */
	private static void renew(RenewableConnector connector, String sslBundle) {
		try {
			connector.renew();
			logger.info("The SSL bundle '{}' has changed: the next call to a token endpoint uses it", sslBundle);
		}
		catch (RuntimeException ex) {
			logger.warn("The SSL bundle '{}' has changed, but cannot be used: {}. The last one stays in use", sslBundle,
					SslBundleFailures.reason(ex));
		}
	}

	/**
	 * Tell whether a proxy can be used.
	 */
	boolean supportsProxy() {
		return connectorFactory().supportsProxy();
	}

	/**
	 * Require that there is an SSL bundle, and that its key and certificates can be used.
	 * @return its name
	 * @throws IllegalArgumentException if not
	 */
	String requireSslBundle(String name) {
		SslBundle bundle = sslBundle(name);
		try {
			bundle.createSslContext();
			return name;
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException(
					"names the SSL bundle '" + name + "', which cannot be used: " + SslBundleFailures.reason(ex));
		}
	}

	/**
	 * Tell whether a connection can show a certificate of the client. Of a bundle that
	 * cannot be used that is not known, and taken for granted.
	 * @param name the name of an SSL bundle, or {@code null} for that of Spring Boot's
	 * own settings
	 */
	boolean hasKey(@Nullable String name) {
		try {
			SslBundle bundle = (name != null) ? sslBundle(name) : this.settings.sslBundle();
			return bundle != null && bundle.getStores().getKeyStore() != null;
		}
		catch (RuntimeException ex) {
			return true;
		}
	}

	private SslBundle sslBundle(String name) {
		try {
			if (this.sslBundles != null) {
				return this.sslBundles.getBundle(name);
			}
		}
		catch (NoSuchSslBundleException ex) {
			// The same as without any.
		}
		throw new IllegalArgumentException("must be the name of an SSL bundle below spring.ssl.bundle, but is '" + name
				+ "': there are " + ((this.sslBundles != null) ? this.sslBundles.getBundleNames() : "none"));
	}

	/**
	 * Whoever cancels a flight, a time-out or the end of the application, is not
	 * interested in its errors. Those that come all the same are dropped by Reactor,
	 * which logs them as errors unless told otherwise: the JDK's HTTP client has one for
	 * each request that is cancelled.
	 */
	private static Mono<ClientResponse> quietWhenCancelled(ClientRequest request, ExchangeFunction next) {
		return next.exchange(request)
			.onErrorMap(FilteredHosts::isCauseOf, FilteredHosts::refusal)
			.contextWrite(Context.of(ON_ERROR_DROPPED, DROPPED));
	}

	/**
	 * A connector that connects holds its own lock when it takes this one's. So this one
	 * is not held while they are closed.
	 */
	@Override
	public void destroy() {
		connectors().forEach(RenewableConnector::close);
		closeFactory();
	}

	private synchronized List<RenewableConnector> connectors() {
		return List.copyOf(this.connectors);
	}

	private synchronized void closeFactory() {
		if (this.connectorFactory != null) {
			this.connectorFactory.close();
		}
	}

}
