package io.github.evertoken.web;

import java.io.IOException;
import java.util.Objects;
import java.util.Set;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Does for {@code RestClient} and {@code RestTemplate} what
 * {@link TokenExchangeFilterFunction} does for {@code WebClient}: sends each request with
 * the token of the client that it belongs to, and once more if the resource server
 * refuses the token. Both have the same tokens, and decide by the same clients, policies
 * and resolvers.
 * <p>
 * What a request says of its token is said with {@link TokenAttributes}, in the
 * attributes of a {@code RestClient} request or of the {@code ClientHttpRequest} that a
 * {@code RestTemplate} makes. A {@link SubjectResolver} or {@link SubjectTokenResolver}
 * finds in its Reactor Context what the caller's thread knows: Spring Security's context,
 * and whatever Micrometer's context propagation captures.
 * <p>
 * The calling thread waits for a token that is not at hand, for {@code max-wait} at the
 * most, and never on a thread on which Reactor forbids to block: there a request that is
 * to carry a token fails at once. An interruption ends the wait, leaves the thread
 * interrupted, and affects no other caller.
 * <p>
 * With any interceptor, Spring holds the body of a request in memory, which is why it can
 * be sent a second time whatever it was made from. The body of a response is streamed.
 * <p>
 * Interceptors that are to see each call once go before this one, and those that are to
 * see each attempt behind it.
 *
 * @since 0.1.0
 */
public final class TokenExchangeInterceptor implements ClientHttpRequestInterceptor {

	private final TokenExchangeFilterFunction filter;

	/**
	 * Create an interceptor.
	 * @param filter what it does the same as, and is asked for nothing before the first
	 * request, so that it may be a {@linkplain TokenExchangeFilterFunction#deferred
	 * deferred} one
	 */
	public TokenExchangeInterceptor(TokenExchangeFilterFunction filter) {
		this.filter = Objects.requireNonNull(filter, "filter");
	}

	/**
	 * Return the clients whose tokens this interceptor sends. A request that names any
	 * other fails.
	 * @return their names; immutable
	 */
	public Set<String> clients() {
		return this.filter.clients();
	}

	/**
	 * Send a request with its token.
	 * @param request the request
	 * @param body its body
	 * @param execution sends it
	 * @return the response, of the second attempt if there was one
	 * @throws IOException if the request fails, or an {@code InterruptedIOException} if
	 * the thread was interrupted while it waited for a token
	 * @throws io.github.evertoken.TokenException if no token can be had, in which case
	 * the request is not sent
	 * @throws IllegalArgumentException if the request names a client that there is not,
	 * or one whose tokens must not go where the request goes
	 * @throws IllegalStateException if the thread must not wait
	 */
	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		return this.filter.exchange().blocking().exchange(new BlockingRequest(request, body, execution));
	}

}
