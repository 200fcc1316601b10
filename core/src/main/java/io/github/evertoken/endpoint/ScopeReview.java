package io.github.evertoken.endpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once, for one client, that the issuer has granted less than what was asked for
 * (RFC 6749, section 3.3): the token works, and the requests that need the rest are
 * refused later and elsewhere.
 */
final class ScopeReview {

	private static final Logger logger = LoggerFactory.getLogger(OAuth2TokenIssuer.class);

	private final AtomicBoolean told = new AtomicBoolean();

	/**
	 * Compare what was granted with what was asked for.
	 * @param asked the parameter {@code scope} of the request, or {@code null}
	 */
	void review(TokenKey key, @Nullable String asked, TokenSet tokens) {
		Set<String> granted = tokens.scope();
		if (asked == null || granted == null || this.told.get()) {
			return;
		}
		List<String> missing = new ArrayList<>(GrantedScope.plain(asked));
		missing.removeAll(granted);
		if (!missing.isEmpty() && this.told.compareAndSet(false, true)) {
			logger.warn(
					"Client '{}' has asked for the scope '{}' and was granted '{}': '{}' is missing. Requests that need it will be refused; have it granted to the client at the authorization server, or do not ask for it",
					key.client(), String.join(" ", GrantedScope.plain(asked)), String.join(" ", granted),
					String.join(" ", missing));
		}
	}

}
