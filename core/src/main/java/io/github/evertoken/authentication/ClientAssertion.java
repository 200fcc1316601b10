package io.github.evertoken.authentication;

import java.util.regex.Pattern;

import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Authenticates a client with an assertion (RFC 7521, section 4.2) that somebody else
 * writes into a file, and replaces there before it expires. So it is read for each
 * request.
 */
final class ClientAssertion implements ClientAuthentication {

	/**
	 * The type of a JWT of which the client is the subject (RFC 7523, section 2.2).
	 */
	static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	/**
	 * RFC 7515, section 7.1. Whether it is valid is for the server to say.
	 */
	private static final Pattern JWT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

	private final String clientId;

	private final String type;

	private final CredentialFile file;

	ClientAssertion(String clientId, String type, CredentialFile file) {
		this.clientId = clientId;
		this.type = type;
		this.file = file;
		read();
	}

	@Override
	public Mono<Void> authenticate(TokenEndpointRequest request) {
		return Mono.<Void>fromRunnable(() -> add(request, this.clientId, this.type, read()))
			.subscribeOn(Schedulers.boundedElastic());
	}

	private String read() {
		String assertion = this.file.get();
		if (!JWT.matcher(assertion).matches()) {
			throw this.file.problem("is not a signed JWT");
		}
		return assertion;
	}

	/**
	 * The identifier is not required beside an assertion (RFC 7521, section 4.2), but
	 * many servers, Spring Authorization Server among them, do.
	 */
	static void add(TokenEndpointRequest request, String clientId, String type, String assertion) {
		request.form().set("client_id", clientId);
		request.form().set("client_assertion_type", type);
		request.form().set("client_assertion", assertion);
	}

	@Override
	public String toString() {
		return "ClientAssertion[" + this.file + "]";
	}

}
