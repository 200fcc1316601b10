package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Set;
import java.util.TreeSet;

import io.github.evertoken.Troubleshooting;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * The endpoint was asked for a client that there is not, or for a subject of which
 * nothing is held.
 */
final class UnknownTokenException extends InvalidEndpointRequestException {

	private static final long serialVersionUID = 1L;

	private final transient UnknownReport report;

	private UnknownTokenException(String message, Set<String> clients) {
		super(message + ". The clients are " + new TreeSet<>(clients) + Troubleshooting.UNKNOWN_CLIENT.reference(),
				"unknown");
		this.report = new UnknownReport(message + Troubleshooting.UNKNOWN_CLIENT.reference(), new TreeSet<>(clients));
	}

	static UnknownTokenException client(String client, Set<String> clients) {
		return new UnknownTokenException("There is no client '" + client + "'", clients);
	}

	static UnknownTokenException subject(String client, String subject, Set<String> clients) {
		return new UnknownTokenException("Client '" + client + "' holds nothing here of subject '" + subject + "'",
				clients);
	}

	UnknownReport report() {
		return this.report;
	}

}
