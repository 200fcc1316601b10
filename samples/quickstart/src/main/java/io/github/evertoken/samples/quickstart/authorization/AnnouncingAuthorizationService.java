package io.github.evertoken.samples.quickstart.authorization;

import io.github.evertoken.samples.quickstart.shared.Revocations;
import org.jspecify.annotations.Nullable;

import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;

/**
 * Keeps the authorizations in memory, and announces each access token that is revoked.
 */
@Component
class AnnouncingAuthorizationService implements OAuth2AuthorizationService {

	private final OAuth2AuthorizationService memory = new InMemoryOAuth2AuthorizationService();

	private final Revocations revocations;

	AnnouncingAuthorizationService(Revocations revocations) {
		this.revocations = revocations;
	}

	@Override
	public void save(OAuth2Authorization authorization) {
		this.memory.save(authorization);
		var accessToken = authorization.getAccessToken();
		if (accessToken != null && accessToken.isInvalidated() && accessToken.getClaims() != null) {
			this.revocations.announce(String.valueOf(accessToken.getClaims().get("jti")));
		}
	}

	@Override
	public void remove(OAuth2Authorization authorization) {
		this.memory.remove(authorization);
	}

	@Override
	public @Nullable OAuth2Authorization findById(String id) {
		return this.memory.findById(id);
	}

	@Override
	public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
		return this.memory.findByToken(token, tokenType);
	}

}
