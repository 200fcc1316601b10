package io.github.evertoken.samples.quickstart.shared;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Carries the news of revoked tokens from the authorization server to the inventory
 * service. It stands for the event bus by which real systems do it.
 */
public final class Revocations {

	private final Set<String> revoked = ConcurrentHashMap.newKeySet();

	/**
	 * Announce that a token has been revoked.
	 * @param jwtId the token's {@code jti} claim
	 */
	public void announce(String jwtId) {
		this.revoked.add(jwtId);
	}

	/**
	 * Tell whether a token has been revoked.
	 * @param jwtId the token's {@code jti} claim
	 * @return whether its revocation was announced
	 */
	public boolean contains(String jwtId) {
		return this.revoked.contains(jwtId);
	}

}
