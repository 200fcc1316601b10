package io.github.evertoken.samples.fleet.issuer;

import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * The running authorization server, with the resource that takes its tokens.
 */
public final class Issuer implements AutoCloseable {

	private static final Duration SESSION = Duration.ofDays(1);

	private final ConfigurableApplicationContext context;

	private final TokenEndpoint endpoint;

	private final RotatingAuthorizationService sessions;

	private Issuer(ConfigurableApplicationContext context) {
		this.context = context;
		this.endpoint = context.getBean(TokenEndpoint.class);
		this.sessions = context.getBean(RotatingAuthorizationService.class);
	}

	/**
	 * Start.
	 * @param lifetime how long an access token is good
	 * @param grace for how long a refresh token is taken once more after its rotation
	 * @return the running server
	 */
	public static Issuer start(Duration lifetime, Duration grace) {
		return new Issuer(new SpringApplicationBuilder(IssuerApplication.class).profiles("issuer")
			.properties(Map.of("server.port", 0, "fleet.lifetime", lifetime.toMillis() + "ms", "fleet.grace",
					grace.toMillis() + "ms"))
			.registerShutdownHook(false)
			.run());
	}

	/**
	 * Return where it listens.
	 * @return the URL
	 */
	public String url() {
		return "http://127.0.0.1:"
				+ Objects.requireNonNull(((WebServerApplicationContext) this.context).getWebServer()).getPort();
	}

	/**
	 * Log somebody in. It stands for a login page and the authorization code flow.
	 * @param subject who logs in
	 * @return the session, with its first refresh token
	 */
	public Session logIn(String subject) {
		RegisteredClient client = Objects
			.requireNonNull(this.context.getBean(RegisteredClientRepository.class).findByClientId("fleet-sessions"));
		Instant now = Instant.now();
		String refreshToken = UUID.randomUUID() + "." + UUID.randomUUID();
		OAuth2Authorization session = OAuth2Authorization.withRegisteredClient(client)
			.principalName(subject)
			.authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
			.authorizedScopes(Set.of("orders.read"))
			.attribute(Principal.class.getName(),
					UsernamePasswordAuthenticationToken.authenticated(subject, null, List.of()))
			.refreshToken(new OAuth2RefreshToken(refreshToken, now, now.plus(SESSION)))
			.build();
		this.sessions.save(session);
		return new Session(session.getId(), subject, refreshToken);
	}

	/**
	 * Tell whether a session is there still.
	 * @param session the session
	 * @return whether it was not revoked
	 */
	public boolean isAlive(String session) {
		return this.sessions.findById(session) != null;
	}

	/**
	 * Return the token requests.
	 * @return all that have reached the token endpoint, in their order
	 */
	public List<TokenRequest> requests() {
		return this.endpoint.requests();
	}

	/**
	 * Return the rotations.
	 * @return all of them, in their order
	 */
	public List<Rotation> rotations() {
		return this.sessions.rotations();
	}

	/**
	 * Return the sessions that were revoked, and why.
	 * @return all reuses, in their order
	 */
	public List<Reuse> reuses() {
		return this.sessions.reuses();
	}

	/**
	 * Let the token endpoint answer 503, or serve again.
	 * @param is whether it is out of order
	 */
	public void outOfOrder(boolean is) {
		this.endpoint.outOfOrder(is);
	}

	/**
	 * Let the token endpoint take its time, before it does anything and after.
	 * @param longest how long at most
	 */
	public void longestDelay(Duration longest) {
		this.endpoint.longestDelay(longest);
	}

	/**
	 * Say who kills those who ask between the rotation and the answer.
	 * @param kills is told of each rotation, and says whether its requester is dead
	 */
	public void killer(Predicate<Rotation> kills) {
		this.endpoint.killer(kills);
	}

	@Override
	public void close() {
		this.context.close();
	}

	/**
	 * A login.
	 *
	 * @param id names the session
	 * @param subject who has logged in
	 * @param refreshToken the first refresh token
	 */
	public record Session(String id, String subject, String refreshToken) {

	}

}
