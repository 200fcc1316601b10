package io.github.evertoken.gateway;

import java.util.List;

import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;
import org.springframework.cloud.gateway.support.HasRouteId;

/**
 * Makes the filter {@code Evertoken=inventory} of a route: each of its requests is sent
 * with the token of the client {@code inventory}, and once more if the resource server
 * refuses the token, as {@link TokenExchangeFilterFunction} does it for
 * {@code WebClient}.
 * <p>
 * The token goes to the origins of the client and to no others. What the caller of the
 * gateway has sent as {@code Authorization} or {@code DPoP} stays behind, whatever comes
 * of the token. A request with a body is sent a second time only if the body is in
 * {@code ServerWebExchangeUtils.CACHED_REQUEST_BODY_ATTR}, as after the filter
 * {@code CacheRequestBody} or with {@code Retry}; any other body is streamed once, and
 * its 401 passes on. What {@link io.github.evertoken.web.TokenAttributes} can say of a
 * token may be said in the attributes of the exchange.
 * <p>
 * The filter acts after all others of the route and just before the request is sent,
 * wherever it stands among them; of several in one route the last one counts.
 *
 * @since 0.1.0
 */
public final class EvertokenGatewayFilterFactory
		extends AbstractGatewayFilterFactory<EvertokenGatewayFilterFactory.Config> {

	private final @Nullable TokenExchangeFilterFunction tokens;

	private final RouteClients clients;

	/**
	 * Create a factory.
	 * @param tokens sends requests with their tokens, or {@code null} to send them
	 * without
	 * @param clients those that a route may name
	 */
	EvertokenGatewayFilterFactory(@Nullable TokenExchangeFilterFunction tokens, RouteClients clients) {
		super(Config.class);
		this.tokens = tokens;
		this.clients = clients;
	}

	@Override
	public List<String> shortcutFieldOrder() {
		return List.of(Config.CLIENT);
	}

	/**
	 * Make the filter of a route.
	 * @param config names the client
	 * @return the filter
	 * @throws IllegalArgumentException if there is no such client
	 */
	@Override
	public GatewayFilter apply(Config config) {
		this.clients.check(config, name());
		return new TokenGatewayFilter(config.requireClient(), this.tokens, RouteSubject.configured());
	}

	/**
	 * What a route says of its tokens.
	 *
	 * @since 0.1.0
	 */
	public static final class Config implements HasRouteId {

		static final String CLIENT = "client";

		private @Nullable String client;

		private @Nullable String routeId;

		/**
		 * Return the name of the client.
		 * @return the name, as in {@code evertoken.clients.<name>}, or {@code null}
		 * before it is set
		 */
		public @Nullable String getClient() {
			return this.client;
		}

		/**
		 * Set the name of the client.
		 * @param client the name, as in {@code evertoken.clients.<name>}
		 */
		public void setClient(@Nullable String client) {
			this.client = client;
		}

		/**
		 * Return the identifier of the route.
		 * @return the identifier, or {@code null} before it is set
		 */
		@Override
		public @Nullable String getRouteId() {
			return this.routeId;
		}

		/**
		 * Set the identifier of the route, for messages.
		 * @param routeId the identifier
		 */
		@Override
		public void setRouteId(@Nullable String routeId) {
			this.routeId = routeId;
		}

		String requireClient() {
			if (this.client == null) {
				throw new IllegalArgumentException("There is no name of a client");
			}
			return this.client;
		}

	}

}
