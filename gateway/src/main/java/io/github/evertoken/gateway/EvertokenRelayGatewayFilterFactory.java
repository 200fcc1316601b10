package io.github.evertoken.gateway;

import java.util.List;

import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.factory.AbstractGatewayFilterFactory;

/**
 * Makes the filter {@code EvertokenRelay=inventory} of a route: each of its requests is
 * sent on behalf of whoever calls the gateway, with the token that the client
 * {@code inventory} is given for the caller's own (RFC 8693), or with the caller's as its
 * assertion (RFC 7523). All else is as {@link EvertokenGatewayFilterFactory} has it.
 * <p>
 * The caller's token is the one that Spring Security has authenticated the caller with,
 * or else the bearer token of the {@code Authorization} header (RFC 6750, section 2.1).
 * It goes to the token endpoint and nowhere else. A caller without one is answered 401,
 * and nobody is asked about it.
 * <p>
 * Without Spring Security nobody but the authorization server looks at the caller's
 * token, and each that somebody makes up costs a token request.
 *
 * @since 0.1.0
 */
public final class EvertokenRelayGatewayFilterFactory
		extends AbstractGatewayFilterFactory<EvertokenGatewayFilterFactory.Config> {

	private final @Nullable TokenExchangeFilterFunction tokens;

	private final RouteClients clients;

	private final SubjectTokenResolver authenticated;

	/**
	 * Create a factory.
	 * @param tokens sends requests with their tokens, or {@code null} to send them
	 * without
	 * @param clients those that a route may name
	 * @param authenticated finds the token that a caller was authenticated with
	 */
	EvertokenRelayGatewayFilterFactory(@Nullable TokenExchangeFilterFunction tokens, RouteClients clients,
			SubjectTokenResolver authenticated) {
		super(EvertokenGatewayFilterFactory.Config.class);
		this.tokens = tokens;
		this.clients = clients;
		this.authenticated = authenticated;
	}

	@Override
	public List<String> shortcutFieldOrder() {
		return List.of(EvertokenGatewayFilterFactory.Config.CLIENT);
	}

	/**
	 * Make the filter of a route.
	 * @param config names the client
	 * @return the filter
	 * @throws IllegalArgumentException if there is no such client, or if it does not
	 * obtain tokens on behalf of others
	 */
	@Override
	public GatewayFilter apply(EvertokenGatewayFilterFactory.Config config) {
		this.clients.check(config, name());
		return new TokenGatewayFilter(config.requireClient(), this.tokens, RouteSubject.caller(this.authenticated));
	}

}
