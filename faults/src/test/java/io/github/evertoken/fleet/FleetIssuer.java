package io.github.evertoken.fleet;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.fleet.Wire.Loss;
import io.github.evertoken.fleet.Wire.Trip;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An authorization server with rotating refresh tokens and reuse detection, as in
 * {@link io.github.evertoken.test.RotatingIssuer}, without HTTP; and what there is to see
 * of the requests of a fleet.
 */
final class FleetIssuer {

	static final Duration LIFETIME = Duration.ofSeconds(100);

	private final LongSupplier millis;

	private final Duration grace;

	private final Map<String, Redeemed> redeemed = new HashMap<>();

	private final Map<Integer, Boolean> sessions = new HashMap<>();

	private final List<Reuse> reuses = new ArrayList<>();

	private final List<Sent> sent = new ArrayList<>();

	private final List<Sent> overlaps = new ArrayList<>();

	private int logins;

	private int tokens;

	private int issued;

	private int requests;

	private @Nullable Supplier<? extends RuntimeException> outage;

	FleetIssuer(LongSupplier millis, Duration grace) {
		this.millis = millis;
		this.grace = grace;
	}

	/**
	 * A request with a refresh token that was sent by a process, until that knows what
	 * has become of it.
	 */
	static final class Sent {

		final Process process;

		final String refreshToken;

		final long at;

		boolean over;

		boolean lost;

		boolean stopped;

		Sent(Process process, String refreshToken, long at) {
			this.process = process;
			this.refreshToken = refreshToken;
			this.at = at;
		}

		/**
		 * Whether nobody can know what has become of it.
		 */
		boolean isOrphan() {
			return this.lost || this.process.isDead() || this.stopped || !this.process.isRunning();
		}

	}

	/**
	 * The first use of a refresh token.
	 *
	 * @param at when
	 * @param next what was given for it
	 * @param by whose it was
	 */
	record Redeemed(long at, String next, Sent by) {
	}

	/**
	 * The second use of a refresh token.
	 *
	 * @param refreshToken which
	 * @param first its first use
	 * @param second the request
	 */
	record Reuse(String refreshToken, Redeemed first, Sent second) {
	}

	String login() {
		int session = ++this.logins;
		this.sessions.put(session, true);
		return refreshToken(session);
	}

	private String refreshToken(int session) {
		return "refresh." + session + "." + ++this.tokens;
	}

	boolean isAlive(int session) {
		return Objects.requireNonNull(this.sessions.get(session));
	}

	List<Reuse> reuses() {
		return this.reuses;
	}

	/**
	 * Return the requests with a refresh token.
	 */
	List<Sent> sent() {
		return this.sent;
	}

	/**
	 * Return how many requests have arrived.
	 */
	int requests() {
		return this.requests;
	}

	/**
	 * Let it answer all requests with a failure.
	 */
	void fails(@Nullable Supplier<? extends RuntimeException> outage) {
		this.outage = outage;
	}

	/**
	 * End a session, as an administrator does.
	 */
	void end(int session) {
		this.sessions.put(session, false);
	}

	boolean isFailing() {
		return this.outage != null;
	}

	static RuntimeException unavailable() {
		return new TransientTokenException(TokenKey.of(Fleet.CLIENT), "out of order", null);
	}

	/**
	 * Return the requests that were sent while another one with the same refresh token
	 * was on its way, whose sender is alive and waits for its answer.
	 */
	List<Sent> overlaps() {
		return this.overlaps;
	}

	/**
	 * Return the issuer as a replica has it.
	 * @param ownGrant whether it grants a token without a refresh token
	 * @param trips what becomes of each request
	 */
	TokenIssuer as(Process process, Wire wire, boolean ownGrant, Supplier<Trip> trips) {
		return new TokenIssuer() {

			@Override
			public Mono<TokenSet> issue(TokenRequest request) {
				return FleetIssuer.this.issue(request, process, wire, ownGrant, trips);
			}

			@Override
			public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
				return wire.send(trips.get(), () -> {
					if (tokens.refreshToken() != null) {
						FleetIssuer.this.sessions.put(sessionOf(tokens.refreshToken()), false);
					}
					return null;
				});
			}
		};
	}

	private Mono<TokenSet> issue(TokenRequest request, Process process, Wire wire, boolean ownGrant,
			Supplier<Trip> trips) {
		String refreshToken = request.refreshToken();
		if (refreshToken == null) {
			return ownGrant ? wire.send(trips.get(), () -> grant(null))
					: Mono.error(new ReauthenticationRequiredException(request.key(),
							"there is no refresh token and no grant of its own", null, null, null));
		}
		return Mono.defer(() -> {
			Sent sent = new Sent(process, refreshToken, this.millis.getAsLong());
			Trip trip = trips.get();
			if (this.sent.stream()
				.anyMatch((other) -> !other.over && !other.isOrphan() && other.refreshToken.equals(refreshToken))) {
				this.overlaps.add(sent);
			}
			this.sent.add(sent);
			sent.lost = Set.of(Loss.ANSWER, Loss.SILENT_ANSWER, Loss.REQUEST).contains(trip.loss());
			return wire.send(trip, () -> redeem(request.key(), sent))
				.doFinally((signal) -> sent.over = true)
				.onErrorMap(IOException.class, (ex) -> new TransientTokenException(request.key(),
						"the connection broke", null, null, null, trip.loss() == Loss.ANSWER, ex));
		});
	}

	private TokenSet redeem(TokenKey key, Sent sent) {
		this.requests++;
		if (this.outage != null) {
			throw this.outage.get();
		}
		String refreshToken = sent.refreshToken;
		int session = sessionOf(refreshToken);
		Redeemed first = this.redeemed.get(refreshToken);
		if (first != null && this.millis.getAsLong() - first.at() >= this.grace.toMillis()) {
			this.reuses.add(new Reuse(refreshToken, first, sent));
			this.sessions.put(session, false);
		}
		if (!isAlive(session)) {
			throw new ReauthenticationRequiredException(key, "refused", "invalid_grant", null, null);
		}
		String next = refreshToken(session);
		this.redeemed.putIfAbsent(refreshToken, new Redeemed(this.millis.getAsLong(), next, sent));
		return token(next);
	}

	private TokenSet grant(@Nullable String refreshToken) {
		this.requests++;
		if (this.outage != null) {
			throw this.outage.get();
		}
		return token(refreshToken);
	}

	private TokenSet token(@Nullable String refreshToken) {
		return TokenSet.withAccessToken("access." + ++this.issued)
			.refreshToken(refreshToken)
			.expiresIn(LIFETIME)
			.build();
	}

	static int sessionOf(String refreshToken) {
		return Integer.parseInt(refreshToken.split("\\.")[1]);
	}

}
