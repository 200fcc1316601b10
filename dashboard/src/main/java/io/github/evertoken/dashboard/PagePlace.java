package io.github.evertoken.dashboard;

import java.util.ArrayList;
import java.util.List;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;

/**
 * Where the endpoint is, and the page below it.
 *
 * @param endpoint the path of the endpoint, with the actuator's base path
 * @param writes what may be done there beyond looking
 */
record PagePlace(String endpoint, List<String> writes) {

	private static final EndpointId ID = EndpointId.of("evertoken");

	/**
	 * Before the actuator's own mappings, to which what lies below the endpoint's path is
	 * the name of a client.
	 */
	static final int ORDER = -200;

	static PagePlace of(PathMappedEndpoints paths, WebEndpointsSupplier endpoints) {
		String path = paths.getPath(ID);
		if (path == null) {
			throw new IllegalStateException("The endpoint '" + ID + "' has no path");
		}
		List<String> writes = new ArrayList<>();
		endpoints.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().equals(ID))
			.flatMap((endpoint) -> endpoint.getOperations().stream())
			.map((operation) -> operation.getRequestPredicate().getHttpMethod())
			.distinct()
			.sorted()
			.forEach((method) -> add(writes, method));
		return new PagePlace(path, List.copyOf(writes));
	}

	private static void add(List<String> writes, WebEndpointHttpMethod method) {
		switch (method) {
			case POST -> writes.add("renew");
			case DELETE -> writes.add("remove");
			default -> {
			}
		}
	}

	String page() {
		return this.endpoint + "/ui";
	}

	String events() {
		return this.endpoint + "/events";
	}

}
