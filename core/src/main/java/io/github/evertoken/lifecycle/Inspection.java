package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;

/**
 * Looks at keys, without a side effect.
 */
final class Inspection {

	private final ManagedClient client;

	private final Moment now;

	Inspection(ManagedClient client) {
		this.client = client;
		this.now = client.resources().now();
	}

	ClientStatus client() {
		Map<KeyPhase, Long> subjects = new EnumMap<>(KeyPhase.class);
		this.client.keys().all().forEach((key) -> subjects.merge(key.state().phase(this.now), 1L, Long::sum));
		Moment storeAway = this.client.store().awaySince();
		return new ClientStatus(this.client.settings().name(), key(this.client.service()),
				this.client.observations().waiting(), subjects, this.client.forgotten(),
				(storeAway != null) ? wall(storeAway.mono()) : null);
	}

	/**
	 * Look at the keys of a subject.
	 * @param own the one that nothing varies
	 */
	List<KeyStatus> subject(TokenKey own) {
		return Stream.concat(Stream.of(own), this.client.variedKeys().of(own).stream())
			.map(this.client::known)
			.filter(Objects::nonNull)
			.map(this::key)
			.toList();
	}

	KeyStatus key(TokenLifecycle lifecycle) {
		KeyState state = lifecycle.state();
		HeldToken held = state.held();
		Flight flight = state.flight(this.now);
		boolean own = lifecycle.isService();
		Session session = state.session();
		return new KeyStatus(lifecycle.key().withoutSubjectToken(), wall(this.now.mono()), state.phase(this.now),
				state.generation(), own ? this.client.journal().trigger() : null, held, renewsAt(state),
				state.refreshToken() != null, (flight != null) ? flight.room().waiting() : 0,
				(flight != null)
						? new KeyStatus.Flying(flight.trigger(), wall(flight.startedAt().mono()), flight.attempts())
						: null,
				restsUntil(state), own ? this.client.journal().failing() : failing(state.cooldown()),
				barred(lifecycle.key(), state), state.signedOut(),
				own ? this.client.journal().transitions() : List.of(),
				(held != null) ? this.client.schedule().scopes().scope(held.scopeNumber()) : null,
				(session != null) ? session.end() : null, own ? this.client.journal().rejection() : null,
				elsewhere(lifecycle.key()));
	}

	private KeyStatus.@Nullable Elsewhere elsewhere(TokenKey key) {
		LeaseSightings.Sighting sighting = this.client.leases().of(key, this.now);
		return (sighting != null)
				? new KeyStatus.Elsewhere(sighting.replica(), wall(sighting.since()), wall(sighting.until())) : null;
	}

	/**
	 * A suspect that serves is to be replaced at once.
	 */
	private @Nullable Instant renewsAt(KeyState state) {
		HeldToken held = state.held();
		if (held == null) {
			return null;
		}
		return state.servesSuspect() ? wall(this.now.mono()) : Instant.ofEpochMilli(held.renewalTime());
	}

	private @Nullable Instant restsUntil(KeyState state) {
		long until = Math.max(state.cooldown().end(), this.client.condition().restsUntil());
		return (until > this.now.mono()) ? wall(until) : null;
	}

	/**
	 * Say what {@link CallerWait} would say to a caller who cannot do with what is held.
	 */
	private @Nullable TokenException barred(TokenKey key, KeyState state) {
		if (state.signedOut() != null) {
			return state.signedOut();
		}
		Flight flight = state.flight(this.now);
		TokenException late = (flight != null) ? flight.hopeless(this.now) : null;
		if (late != null) {
			return late;
		}
		if (flight == null && state.cooldown().keepsCallers(this.now)) {
			return state.cooldown().failure();
		}
		return this.client.condition()
			.failsAtOnce(key, this.now, this.client.settings().maxWait().toMillis(), flight != null);
	}

	static @Nullable TokenException failure(TokenLifecycle lifecycle) {
		KeyState state = lifecycle.state();
		TokenException own = (state.signedOut() != null) ? state.signedOut() : state.cooldown().failure();
		if (own != null) {
			return own.copy();
		}
		TransientTokenException ofIssuer = lifecycle.client().condition().failure();
		return (ofIssuer != null) ? TroubleLog.copyFor(lifecycle.key(), ofIssuer) : null;
	}

	private static KeyStatus.@Nullable Failing failing(Cooldown cooldown) {
		TokenException failure = cooldown.failure();
		return (failure != null) ? new KeyStatus.Failing(failure, cooldown.failures(), null) : null;
	}

	private Instant wall(long mono) {
		return Instant.ofEpochMilli(this.now.wall() + mono - this.now.mono());
	}

}
