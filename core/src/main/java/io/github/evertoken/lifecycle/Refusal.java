package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * How a resource server has refused a token.
 *
 * @param place where the token was sent to
 * @param complaint what the server says is wrong
 * @param date what time it is by the resource server's clock, as the {@code Date} header
 * of the answer says, or {@code null} if it does not
 * @param caller the Reactor Context of the request
 * @since 0.1.0
 */
public record Refusal(Place place, Complaint complaint, @Nullable Instant date, ContextView caller) {

	/**
	 * Create a refusal.
	 * @param place where the token was sent to
	 * @param complaint what the server says is wrong
	 * @param date what time it is by the resource server's clock, or {@code null}
	 * @param caller the Reactor Context of the request
	 */
	public Refusal {
		Objects.requireNonNull(place, "place");
		Objects.requireNonNull(complaint, "complaint");
		Objects.requireNonNull(caller, "caller");
	}

	/**
	 * Return a refusal of which no more is known.
	 * @param place where the token was sent to
	 * @return the refusal
	 */
	public static Refusal at(Place place) {
		return new Refusal(place, Complaint.NONE, null, Context.empty());
	}

	@Override
	public String toString() {
		return "Refusal[place=" + this.place + ", complaint=" + this.complaint + ", date=" + this.date + "]";
	}

	/**
	 * What a challenge says is wrong (RFC 6750, section 3). It is shown to people:
	 * whoever makes one has redacted it.
	 *
	 * @param error the error code, or {@code null}
	 * @param description the description, or {@code null}
	 * @param scope the scope that is needed, or {@code null}
	 */
	public record Complaint(@Nullable String error, @Nullable String description, @Nullable String scope) {

		/**
		 * A server that does not say what is wrong.
		 */
		public static final Complaint NONE = new Complaint(null, null, null);

	}

}
