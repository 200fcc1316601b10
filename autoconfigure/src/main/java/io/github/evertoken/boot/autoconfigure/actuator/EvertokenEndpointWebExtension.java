package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers over HTTP with the status that fits: 404 for what is not known, and 503 for
 * what could not be removed.
 */
@EndpointWebExtension(endpoint = EvertokenEndpoint.class)
final class EvertokenEndpointWebExtension {

	private final EvertokenEndpoint endpoint;

	EvertokenEndpointWebExtension(EvertokenEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	@ReadOperation
	WebEndpointResponse<Object> client(@Selector String client, @Nullable String subject) {
		return answer(() -> new WebEndpointResponse<>(this.endpoint.client(client, subject)));
	}

	@WriteOperation
	WebEndpointResponse<Object> renew(@Selector String client, @Nullable String subject) {
		return answer(() -> new WebEndpointResponse<>(this.endpoint.renew(client, subject)));
	}

	@DeleteOperation
	WebEndpointResponse<Object> remove(@Selector String client, @Nullable String subject) {
		return answer(() -> {
			RemovalReport report = this.endpoint.remove(client, subject);
			return new WebEndpointResponse<>(report,
					report.removed() ? WebEndpointResponse.STATUS_OK : WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
		});
	}

	private static WebEndpointResponse<Object> answer(Supplier<WebEndpointResponse<Object>> operation) {
		try {
			return operation.get();
		}
		catch (UnknownTokenException ex) {
			return new WebEndpointResponse<>(ex.report(), WebEndpointResponse.STATUS_NOT_FOUND);
		}
	}

}
