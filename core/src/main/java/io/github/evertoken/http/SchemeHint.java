package io.github.evertoken.http;

import java.net.ConnectException;
import java.net.URI;
import java.util.regex.Pattern;

/**
 * Tells from what became of a request that it went to a port with {@code http} that
 * speaks {@code https}, or the reverse. Each HTTP client and each server has words of its
 * own for that, and none of them says so.
 */
final class SchemeHint {

	private static final int MAX_CAUSES = 8;

	private static final Pattern PLAIN_INSTEAD_OF_TLS = Pattern
		.compile("(?i)not an SSL/TLS record|NotSslRecordException"
				+ "|unrecognized SSL message|plaintext connection|ProtocolNegotiationException");

	private static final Pattern NO_HANDSHAKE = Pattern.compile("(?i)terminated the handshake|abruptly closed"
			+ "|ClosedChannelException|prematurely closed|EOFException|ConnectionClosedException");

	private static final Pattern NO_HTTP = Pattern.compile("(?i)Invalid status line|InvalidLineSeparatorException"
			+ "|invalid version|HttpResponseException|BadMessageException|ParseException|illegal character"
			+ "|prematurely closed|received no bytes|EOF|ClosedChannelException|ConnectionClosedException"
			+ "|NoHttpResponseException|AsynchronousCloseException|UnsupportedHttpVersion");

	private static final Pattern TLS_WANTED = Pattern
		.compile("(?i)plain HTTP request was sent to HTTPS port|speaking plain HTTP to an SSL-enabled server port"
				+ "|requires TLS|HTTP request to an HTTPS server");

	private SchemeHint() {
	}

	/**
	 * Tell from a failure.
	 * @param uri where the request went
	 * @param failure why there was no answer
	 * @return what to say before the failure's message, or nothing
	 */
	static String of(URI uri, Throwable failure) {
		String all = all(failure);
		if (all.contains(ConnectException.class.getName())) {
			return "";
		}
		if (!EndpointUri.isSecure(uri)) {
			return NO_HTTP.matcher(all).find() ? "does it speak https at this port, so that the URL begins with https:?"
					: "";
		}
		if (PLAIN_INSTEAD_OF_TLS.matcher(all).find()) {
			return "it speaks plain http at this port, so that the URL begins with http:, or another port is meant";
		}
		return NO_HANDSHAKE.matcher(all).find()
				? "does it speak plain http at this port, so that the URL begins with http:?" : "";
	}

	private static String all(Throwable failure) {
		StringBuilder all = new StringBuilder();
		Throwable cause = failure;
		for (int i = 0; cause != null && i < MAX_CAUSES; i++) {
			all.append(cause.getClass().getName()).append(' ').append(cause.getMessage()).append('\n');
			cause = cause.getCause();
		}
		return all.toString();
	}

	/**
	 * Tell whether a server says in a 400 that it wants {@code https}.
	 */
	static boolean isTlsWanted(int status, String body) {
		return status == 400 && TLS_WANTED.matcher(body).find();
	}

}
