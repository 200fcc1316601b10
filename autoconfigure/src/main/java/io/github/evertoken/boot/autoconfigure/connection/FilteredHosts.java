package io.github.evertoken.boot.autoconfigure.connection;

import org.jspecify.annotations.Nullable;

/**
 * Tells that an {@code InetAddressFilter} of the application keeps the HTTP client from a
 * host. It goes by the name of Spring Boot's exception, which 4.0 does not have.
 */
final class FilteredHosts {

	private static final String EXCEPTION = "org.springframework.boot.http.client.FilteredHostException";

	private static final int DEPTH = 16;

	private FilteredHosts() {
	}

	static boolean isCauseOf(Throwable failure) {
		return find(failure) != null;
	}

	/**
	 * Return what core takes for a refusal: nothing but another configuration can help.
	 */
	static SecurityException refusal(Throwable failure) {
		Throwable filtered = find(failure);
		return new SecurityException("the application's InetAddressFilter refuses the address"
				+ ((filtered != null) ? " (" + filtered.getMessage() + ")" : "")
				+ "; let it match the address of this host, or configure another host");
	}

	private static @Nullable Throwable find(@Nullable Throwable failure) {
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < DEPTH; depth++) {
			if (cause.getClass().getName().equals(EXCEPTION)) {
				return cause;
			}
			cause = cause.getCause();
		}
		return null;
	}

}
