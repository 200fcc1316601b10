package io.github.evertoken.test;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A resource server that accepts the tokens of a {@link DpopAuthorizationServer} with
 * proofs of the key that they are bound to (RFC 9449, section 7): 200 with the name of
 * the token and the body of the request, or 401 with the error code.
 */
public final class DpopResourceServer implements AutoCloseable {

	private static final String SCHEME = "DPoP ";

	private final MockWebServer server = TestServers.start(new Resource());

	private final DpopVerifier verifier = new DpopVerifier();

	private final List<String> answers = new ArrayList<>();

	private final DpopAuthorizationServer authorizationServer;

	private @Nullable String redirect;

	private boolean insatiable;

	private boolean rotating;

	/**
	 * Start a server on a free port of the loopback interface.
	 * @param authorizationServer whose tokens it accepts
	 */
	public DpopResourceServer(DpopAuthorizationServer authorizationServer) {
		this.authorizationServer = authorizationServer;
	}

	/**
	 * Return the root of the server.
	 * @return the absolute URI
	 */
	public URI uri() {
		return this.server.url("/").uri();
	}

	/**
	 * Return what verifies the proofs.
	 * @return the verifier
	 */
	public DpopVerifier verifier() {
		return this.verifier;
	}

	/**
	 * Want another nonce for each request from now on.
	 */
	public synchronized void wantAnotherNonceEachTime() {
		this.insatiable = true;
	}

	/**
	 * Give another nonce with each success from now on, and require it.
	 */
	public synchronized void rotateNonceWithEachSuccess() {
		this.rotating = true;
	}

	/**
	 * Redirect the path {@code /moved} from now on.
	 * @param location where to
	 */
	public synchronized void redirect(String location) {
		this.redirect = location;
	}

	/**
	 * Return what was answered: the name of the token, or the error code.
	 * @return the answers in their order
	 */
	public synchronized List<String> answers() {
		return List.copyOf(this.answers);
	}

	@Override
	public void close() {
		this.server.close();
	}

	private synchronized MockResponse answer(RecordedRequest request) {
		try {
			String authorization = String.valueOf(request.getHeaders().get("Authorization"));
			if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
				return unauthorized("invalid_request", "no DPoP token");
			}
			if (this.insatiable) {
				this.verifier.require("nonce-" + this.answers.size());
			}
			String accessToken = authorization.substring(SCHEME.length());
			String thumbprint = this.verifier.verify(request, accessToken);
			String name = this.authorizationServer.nameOf(accessToken, thumbprint);
			return (name != null) ? accepted(request, name) : unauthorized("invalid_token", "the token is not valid");
		}
		catch (DpopVerifier.Refusal ex) {
			return unauthorized(ex.error(), ex.getMessage());
		}
	}

	private MockResponse accepted(RecordedRequest request, String name) {
		this.answers.add(name);
		if (this.rotating) {
			this.verifier.require("rotated-" + this.answers.size());
		}
		if (this.redirect != null && request.getUrl().encodedPath().equals("/moved")) {
			return withNonce(new MockResponse.Builder().code(302).addHeader("Location", this.redirect));
		}
		String body = (request.getBody() != null) ? request.getBody().utf8() : "";
		return withNonce(new MockResponse.Builder().addHeader("Content-Type", "text/plain; charset=UTF-8")
			.body(body.isEmpty() ? name : name + ": " + body));
	}

	private MockResponse unauthorized(String error, @Nullable String what) {
		this.answers.add(error);
		return withNonce(new MockResponse.Builder().code(401)
			.addHeader("WWW-Authenticate", "DPoP error=\"" + error + "\", algs=\"ES256\"")
			.body("refused: " + what));
	}

	private MockResponse withNonce(MockResponse.Builder response) {
		String nonce = this.verifier.nonce();
		return ((nonce != null) ? response.addHeader("DPoP-Nonce", nonce) : response).build();
	}

	private final class Resource extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return answer(request);
		}

	}

}
