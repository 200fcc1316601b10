package io.github.evertoken.boot.autoconfigure.web;

import java.util.function.BooleanSupplier;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.WWWAuthenticationProtocolHandler;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * Jetty's own authentication, for answers with a challenge. To Jetty a 401 without one is
 * a violation of the protocol (RFC 9110, section 11.6.1, demands it), and whoever reads
 * its body gets an exception. Many a resource server and token endpoint leaves it out,
 * and what it says in the body matters.
 */
final class ChallengedProtocolHandler extends WWWAuthenticationProtocolHandler {

	private ChallengedProtocolHandler(HttpClient httpClient) {
		super(httpClient);
	}

	/**
	 * Let a client use this handler in place of its own, which it gets as it starts.
	 * @param httpClient the client
	 * @param wanted whether it is to, asked when the client starts
	 */
	static void install(HttpClient httpClient, BooleanSupplier wanted) {
		httpClient.addEventListener(new LifeCycle.Listener() {

			@Override
			public void lifeCycleStarted(LifeCycle event) {
				if (wanted.getAsBoolean()) {
					httpClient.getProtocolHandlers().put(new ChallengedProtocolHandler(httpClient));
				}
			}

		});
	}

	@Override
	public boolean accept(Request request, Response response) {
		return super.accept(request, response) && response.getHeaders().contains(HttpHeader.WWW_AUTHENTICATE);
	}

}
