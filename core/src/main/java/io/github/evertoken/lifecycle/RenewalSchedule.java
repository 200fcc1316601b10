package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.function.DoubleSupplier;

import io.github.evertoken.TokenSet;
import io.github.evertoken.jose.JwtExpiry;
import org.jspecify.annotations.Nullable;

/**
 * Says when a token set's access token expires and when it is to be renewed.
 */
final class RenewalSchedule {

	private static final double LARGEST_MARGIN = 0.1;

	private final ClientSettings settings;

	private final DoubleSupplier random;

	private final ScopeNumbers scopes = new ScopeNumbers();

	RenewalSchedule(ClientSettings settings, DoubleSupplier random) {
		this.settings = settings;
		this.random = random;
	}

	/**
	 * Give a token set with an access token its times.
	 * @param tokens the token set, which has an access token
	 * @param generation its generation
	 * @param now the time from which its lifetime counts if it does not say, by both
	 * clocks
	 */
	HeldToken hold(TokenSet tokens, long generation, Moment now) {
		String value = Objects.requireNonNull(tokens.accessToken());
		Instant obtainedAt = obtainedAt(tokens, Instant.ofEpochMilli(now.wall()));
		Duration lifetime = lifetime(tokens, value, obtainedAt);
		return new HeldToken(tokens.tokenType(), value, obtainedAt, obtainedAt.plus(lifetime), generation,
				renewalLead(lifetime.toMillis()), now.wall() - now.mono())
			.withScope(this.scopes.number(tokens.scope()));
	}

	/**
	 * Return the scopes of the tokens that were given their times here.
	 */
	ScopeNumbers scopes() {
		return this.scopes;
	}

	/**
	 * Whoever else dates a token set may have another clock: a token that comes from the
	 * future counts as new, and one from before all time as expired.
	 */
	private static Instant obtainedAt(TokenSet tokens, Instant now) {
		Instant obtainedAt = tokens.obtainedAt();
		if (obtainedAt == null || obtainedAt.isAfter(now)) {
			return now;
		}
		Instant earliest = now.minus(ClientSettings.LONGEST);
		return obtainedAt.isBefore(earliest) ? earliest : obtainedAt;
	}

	private Duration lifetime(TokenSet tokens, String value, Instant obtainedAt) {
		Duration told = toldLifetime(tokens, value, obtainedAt);
		return ClientSettings.bounded((told != null) ? told : this.settings.defaultLifetime());
	}

	/**
	 * Return how long an access token lives, by what the answer or the token says.
	 * @return the lifetime, {@code null} if neither says it
	 */
	static @Nullable Duration toldLifetime(TokenSet tokens, String value, Instant obtainedAt) {
		Duration lifetime = tokens.expiresIn();
		return (lifetime != null) ? lifetime : JwtExpiry.remaining(value, obtainedAt);
	}

	/**
	 * Return how long before its end a token is renewed: lifetime − lifetime × (at − U(0,
	 * jitter)), but neither more than its lifetime nor less than the margin, which is at
	 * most a tenth of the lifetime.
	 */
	private long renewalLead(long lifetime) {
		double at = this.settings.renewAt() - this.settings.renewalJitter() * this.random.getAsDouble();
		double margin = Math.min(this.settings.expiryMargin().toMillis(), LARGEST_MARGIN * lifetime);
		return lifetime - (long) Math.max(0, Math.min(lifetime * at, lifetime - margin));
	}

}
