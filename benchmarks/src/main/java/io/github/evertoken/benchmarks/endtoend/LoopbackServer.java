package io.github.evertoken.benchmarks.endtoend;

import java.io.IOException;

import io.github.evertoken.benchmarks.contender.IssuedToken;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.reactivestreams.Publisher;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/**
 * The resource server, in a process of its own so that its work is not counted as the
 * client's. It lets everybody into {@code /open} and only bearers of a token into
 * {@code /api}, and ends with its standard input.
 */
public final class LoopbackServer {

	private static final int HEADER_LENGTH = "Bearer ".length() + IssuedToken.LENGTH;

	private LoopbackServer() {
	}

	/**
	 * Start the server and print its port.
	 * @param arguments none
	 * @throws IOException if the standard input cannot be read
	 */
	public static void main(String[] arguments) throws IOException {
		DisposableServer server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle(LoopbackServer::answer)
			.bindNow();
		System.out.println(server.port());
		while (System.in.read() >= 0) {
			// Whatever it says, it is still there.
		}
		server.disposeNow();
	}

	private static Publisher<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		return response.status(mayEnter(request) ? HttpResponseStatus.OK : HttpResponseStatus.UNAUTHORIZED)
			.header(HttpHeaderNames.CONTENT_LENGTH, "0")
			.send();
	}

	private static boolean mayEnter(HttpServerRequest request) {
		String authorization = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION);
		return request.uri().startsWith("/open/") || (authorization != null && authorization.startsWith("Bearer t1.")
				&& authorization.length() == HEADER_LENGTH);
	}

}
