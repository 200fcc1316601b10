package io.github.evertoken.grpc;

import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import io.grpc.Metadata;
import io.grpc.Status;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeStrategies;

/**
 * What the status of a call is in HTTP, and that of a failure in gRPC.
 */
final class CallStatus {

	private static final ExchangeStrategies STRATEGIES = ExchangeStrategies.withDefaults();

	private static final String[] READ = { HttpHeaders.WWW_AUTHENTICATE, ProofOfPossession.NONCE, HttpHeaders.DATE };

	private CallStatus() {
	}

	/**
	 * Return the status of a call for which no token can be had. None of them is one that
	 * only a server may give.
	 */
	static Status of(Throwable ex) {
		Status status = (ex instanceof TransientTokenException) ? Status.UNAVAILABLE
				: (ex instanceof TokenException) ? Status.UNAUTHENTICATED : Status.INTERNAL;
		return status.withDescription(ex.getMessage()).withCause(ex);
	}

	/**
	 * Return the answer that the end of a call is for its token.
	 */
	static ClientResponse answer(Status status, Metadata trailers) {
		return ClientResponse.create(http(status), STRATEGIES).headers((headers) -> {
			for (String name : READ) {
				Iterable<String> values = trailers.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
				if (values != null) {
					values.forEach((value) -> headers.add(name, value));
				}
			}
		}).build();
	}

	/**
	 * What only an application says who has accepted the token; and what anybody on the
	 * way may say, which tells nothing about it.
	 */
	private static HttpStatus http(Status status) {
		return switch (status.getCode()) {
			case OK -> HttpStatus.OK;
			case UNAUTHENTICATED -> HttpStatus.UNAUTHORIZED;
			case PERMISSION_DENIED -> HttpStatus.FORBIDDEN;
			case INVALID_ARGUMENT, NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, ABORTED, OUT_OF_RANGE ->
				HttpStatus.BAD_REQUEST;
			default -> HttpStatus.SERVICE_UNAVAILABLE;
		};
	}

}
