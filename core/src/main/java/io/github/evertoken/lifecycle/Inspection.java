package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.evertoken.TokenException;
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
		return new ClientStatus(this.client.settings().name(), key(this.client.service()),
				this.client.observations().waiting(), subjects, this.client.forgotten());
	}

	KeyStatus key(TokenLifecycle lifecycle) {
		KeyState state = lifecycle.state();
		HeldToken held = state.held();
		Flight flight = state.flight(this.now);
		boolean own = lifecycle.isService();
		return new KeyStatus(lifecycle.key().withoutSubjectToken(), wall(this.now.mono()), state.phase(this.now),
				state.generation(), held, (held != null) ? Instant.ofEpochMilli(held.renewalTime()) : null,
				state.refreshToken() != null, (flight != null) ? flight.room().waiting() : 0,
				(flight != null)
						? new KeyStatus.Flying(flight.trigger(), wall(flight.startedAt().mono()), flight.attempts())
						: null,
				restsUntil(state), own ? this.client.journal().failing() : failing(state.cooldown()), state.signedOut(),
				own ? this.client.journal().transitions() : List.of());
	}

	private @Nullable Instant restsUntil(KeyState state) {
		long until = Math.max(state.cooldown().end(), this.client.condition().restsUntil());
		return (until > this.now.mono()) ? wall(until) : null;
	}

	private static KeyStatus.@Nullable Failing failing(Cooldown cooldown) {
		TokenException failure = cooldown.failure();
		return (failure != null) ? new KeyStatus.Failing(failure, cooldown.failures(), null) : null;
	}

	private Instant wall(long mono) {
		return Instant.ofEpochMilli(this.now.wall() + mono - this.now.mono());
	}

}
