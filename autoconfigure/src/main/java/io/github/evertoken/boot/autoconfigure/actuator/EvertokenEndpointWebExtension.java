package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers over HTTP with the status that fits: 400 for what makes no sense, 404 for what
 * is not known, and 503 for what could not be removed.
 */
@EndpointWebExtension(endpoint = EvertokenEndpoint.class)
final class EvertokenEndpointWebExtension {

	/**
	 * What stands in place of a client's name where a request is to be explained.
	 */
	private static final String EXPLAIN = "explain";

	private final EvertokenEndpoint endpoint;

	private final ExplainerReports explainer;

	EvertokenEndpointWebExtension(EvertokenEndpoint endpoint, ExplainerReports explainer) {
		this.endpoint = endpoint;
		this.explainer = explainer;
	}

	/**
	 * Show one client. In place of its name, {@value #EXPLAIN} with a {@code url} says
	 * what becomes of such a request; and without one, unless there is a client of that
	 * name, which requests have lately gone without a token.
	 */
	@ReadOperation
	WebEndpointResponse<Object> client(@Selector String client, @Nullable String subject, @Nullable String url,
			@Nullable String method) {
		if (client.equals(EXPLAIN) && url != null) {
			return explain(url, method, subject);
		}
		WebEndpointResponse<Object> answer = answer(
				() -> new WebEndpointResponse<>(this.endpoint.client(client, subject)));
		boolean known = answer.getStatus() != WebEndpointResponse.STATUS_NOT_FOUND;
		return (known || !client.equals(EXPLAIN)) ? answer : new WebEndpointResponse<>(this.explainer.last());
	}

	private WebEndpointResponse<Object> explain(String url, @Nullable String method, @Nullable String subject) {
		try {
			return new WebEndpointResponse<>(this.explainer.explain(url, method, subject));
		}
		catch (IllegalArgumentException ex) {
			return new WebEndpointResponse<>(Map.of("message", String.valueOf(ex.getMessage())),
					WebEndpointResponse.STATUS_BAD_REQUEST);
		}
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
