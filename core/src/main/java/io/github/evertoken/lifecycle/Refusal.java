package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * How a resource server has refused a token.
 *
 * @param place where the token was sent to
 * @param challenges the values of the {@code WWW-Authenticate} headers of the answer, as
 * they came (RFC 9110, section 11.6.1); empty if there are none
 * @param date what time it is by the resource server's clock, as the {@code Date} header
 * of the answer says, or {@code null} if it does not
 * @param caller the Reactor Context of the request
 * @since 0.1.0
 */
public record Refusal(Place place, List<String> challenges, @Nullable Instant date, ContextView caller) {

	/**
	 * Create a refusal.
	 */
	public Refusal {
		Objects.requireNonNull(place, "place");
		Objects.requireNonNull(caller, "caller");
		challenges = List.copyOf(challenges);
	}

	/**
	 * Return a refusal of which no more is known.
	 * @param place where the token was sent to
	 * @return the refusal
	 */
	public static Refusal at(Place place) {
		return new Refusal(place, List.of(), null, Context.empty());
	}

	/**
	 * What the answer says may be anything.
	 */
	@Override
	public String toString() {
		return "Refusal[place=" + this.place + ", challenges=" + this.challenges.size() + ", date=" + this.date + "]";
	}

}
