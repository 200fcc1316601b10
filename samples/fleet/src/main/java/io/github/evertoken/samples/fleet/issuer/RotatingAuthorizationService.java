package io.github.evertoken.samples.fleet.issuer;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.samples.fleet.Fingerprint;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.stereotype.Component;

/**
 * Does what Spring Authorization Server leaves to others: whoever presents a refresh
 * token that was rotated may have stolen it, so the whole session is revoked (RFC 9700,
 * section 4.14.2). With a grace, a rotated one is taken for so long.
 * <p>
 * Whoever asks holds the lock of the token endpoint: two requests with one refresh token
 * come one after the other.
 */
@Component
class RotatingAuthorizationService implements OAuth2AuthorizationService {

	private final OAuth2AuthorizationService memory = new InMemoryOAuth2AuthorizationService();

	private final Duration grace;

	private final Requester requester;

	private final Map<String, String> current = new ConcurrentHashMap<>();

	private final Map<String, Rotation> rotated = new ConcurrentHashMap<>();

	private final Map<String, Instant> accessTokens = new ConcurrentHashMap<>();

	private final List<Rotation> rotations = new CopyOnWriteArrayList<>();

	private final List<Reuse> reuses = new CopyOnWriteArrayList<>();

	RotatingAuthorizationService(@Value("${fleet.grace}") Duration grace, Requester requester) {
		this.grace = grace;
		this.requester = requester;
	}

	@Override
	public void save(OAuth2Authorization authorization) {
		this.memory.save(authorization);
		var accessToken = authorization.getAccessToken();
		if (accessToken != null && accessToken.getToken().getExpiresAt() != null) {
			this.accessTokens.put(accessToken.getToken().getTokenValue(), accessToken.getToken().getExpiresAt());
		}
		var refreshToken = authorization.getRefreshToken();
		if (refreshToken != null) {
			rotate(authorization, refreshToken.getToken().getTokenValue());
		}
	}

	private void rotate(OAuth2Authorization authorization, String next) {
		String old = this.current.put(authorization.getId(), next);
		if (old != null && !old.equals(next)) {
			Rotation rotation = new Rotation(authorization.getId(), authorization.getPrincipalName(),
					Fingerprint.of(old), Fingerprint.of(next), this.requester.replica(), Instant.now());
			this.rotated.put(old, rotation);
			this.rotations.add(rotation);
		}
	}

	@Override
	public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
		Rotation rotation = this.rotated.get(token);
		if (rotation == null) {
			return this.memory.findByToken(token, tokenType);
		}
		OAuth2Authorization session = this.memory.findById(rotation.session());
		if (session == null || Instant.now().isBefore(rotation.at().plus(this.grace))) {
			return session;
		}
		this.reuses.add(new Reuse(rotation, this.requester.replica(), Instant.now()));
		remove(session);
		return null;
	}

	@Override
	public void remove(OAuth2Authorization authorization) {
		// What it was before its first access token is kept apart from what became of it.
		OAuth2Authorization left = authorization;
		while (left != null) {
			this.memory.remove(left);
			left = this.memory.findById(authorization.getId());
		}
	}

	@Override
	public @Nullable OAuth2Authorization findById(String id) {
		return this.memory.findById(id);
	}

	/**
	 * An access token is good until it expires, as one is that nobody has to ask about.
	 */
	boolean isGood(String accessToken) {
		Instant now = Instant.now();
		this.accessTokens.values().removeIf((end) -> end.isBefore(now));
		return this.accessTokens.containsKey(accessToken);
	}

	List<Rotation> rotations() {
		return this.rotations;
	}

	List<Reuse> reuses() {
		return this.reuses;
	}

}
