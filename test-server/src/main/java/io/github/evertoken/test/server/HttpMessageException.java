package io.github.evertoken.test.server;

import java.io.IOException;

/**
 * What has come is no HTTP/1.1.
 */
final class HttpMessageException extends IOException {

	private static final long serialVersionUID = 1L;

	HttpMessageException(String message) {
		super(message);
	}

}
