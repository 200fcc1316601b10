package io.github.evertoken.discovery;

import java.io.IOException;
import java.time.Duration;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * Why one location, or all of them, had no metadata document that can be used, before it
 * is told to each key that has waited for it.
 */
final class DiscoveryFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final boolean refused;

	private final String reason;

	private final @Nullable Duration retryAfter;

	DiscoveryFailure(boolean refused, String reason, @Nullable Duration retryAfter, @Nullable IOException cause) {
		super(reason, cause, false, false);
		this.refused = refused;
		this.reason = reason;
		this.retryAfter = retryAfter;
	}

	/**
	 * Only another configuration can help, here or at the authorization server.
	 */
	static DiscoveryFailure refused(String reason) {
		return new DiscoveryFailure(true, reason, null, null);
	}

	/**
	 * A later attempt may succeed.
	 */
	static DiscoveryFailure passing(String reason, @Nullable Duration retryAfter, @Nullable IOException cause) {
		return new DiscoveryFailure(false, reason, retryAfter, cause);
	}

	boolean isRefused() {
		return this.refused;
	}

	String reason() {
		return this.reason;
	}

	@Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	@Nullable IOException ioCause() {
		return (IOException) getCause();
	}

	/**
	 * Tell whether the same server need not be asked for anything else now: it was not
	 * reached, or asks to be left alone.
	 */
	boolean endsTheSearch() {
		return getCause() != null || this.retryAfter != null;
	}

	TokenException toTokenException(TokenKey key) {
		return this.refused ? new TokenRefusedException(key, this.reason, null, null, getCause())
				: new TransientTokenException(key, this.reason, null, null, this.retryAfter, getCause());
	}

}
