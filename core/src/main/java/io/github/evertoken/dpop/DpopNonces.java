package io.github.evertoken.dpop;

import java.net.URI;
import java.util.regex.Pattern;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.evertoken.Origin;
import org.jspecify.annotations.Nullable;

/**
 * The latest nonce of each origin (RFC 9449, sections 8 and 9): a server's nonce is for
 * that server alone, and for one time until it gives the next.
 */
final class DpopNonces {

	/**
	 * Clients speak to fewer servers by far.
	 */
	private static final int MAX_ORIGINS = 1_000;

	/**
	 * RFC 9449, section 8.1, without bounding the length, which proofs grow with.
	 */
	private static final Pattern NONCE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,1024}");

	private final Cache<Origin, String> nonces = Caffeine.newBuilder()
		.maximumSize(MAX_ORIGINS)
		.executor(Runnable::run)
		.build();

	/**
	 * Return the nonce to send.
	 * @param uri where to
	 * @return the nonce, or {@code null} if the origin has given none
	 */
	@Nullable String of(URI uri) {
		return this.nonces.getIfPresent(Origin.of(uri));
	}

	/**
	 * Take the nonce of a response, if it has one. What is no nonce counts as none.
	 * @param uri where the response comes from
	 * @param nonce what it says, or {@code null} if it says none
	 * @return whether it is one
	 */
	boolean take(URI uri, @Nullable String nonce) {
		if (nonce == null || !NONCE.matcher(nonce).matches()) {
			return false;
		}
		this.nonces.put(Origin.of(uri), nonce);
		return true;
	}

}
