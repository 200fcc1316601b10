package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Writes down what happens to the tokens of the orders service, as its events tell.
 */
final class TokenHistory {

	private static final int MEMORY = 1000;

	private final Timeline timeline;

	private final Map<TokenKey, Life> lives = new HashMap<>();

	private final Sinks.Many<TokenEvent> events = Sinks.many().replay().limit(MEMORY);

	private final Sinks.Many<Renewal> renewals = Sinks.many().replay().limit(MEMORY);

	TokenHistory(Timeline timeline, Flux<TokenEvent> events) {
		this.timeline = timeline;
		events.subscribe(this::happened);
	}

	/**
	 * Return the events of one kind that have happened since an instant, and then those
	 * to come.
	 */
	<T extends TokenEvent> Flux<T> since(Instant instant, String client, Class<T> kind) {
		return this.events.asFlux()
			.ofType(kind)
			.filter((event) -> event.client().equals(client) && !event.occurredAt().isBefore(instant));
	}

	/**
	 * Return the renewals whose time had come, from the start on, and then those to come.
	 */
	Flux<Renewal> renewals(String client) {
		return this.renewals.asFlux().filter((renewal) -> renewal.event().client().equals(client));
	}

	// The manager serves each subscriber on one thread at a time.
	private void happened(TokenEvent event) {
		if (event instanceof TokenEvent.Issued issued) {
			issued(issued, issued.took());
		}
		else if (event instanceof TokenEvent.Reissued reissued) {
			issued(reissued, reissued.took());
		}
		else if (event instanceof TokenEvent.Renewed renewed) {
			renewed(renewed);
		}
		else if (event instanceof TokenEvent.RenewalFailed failed) {
			say(failed, "renewal of token %d failed (%s); it stays in use", failed.generation(),
					rootMessage(failed.failure()));
		}
		else if (event instanceof TokenEvent.IssueFailed failed) {
			say(failed, "no token can be had (%s)", rootMessage(failed.failure()));
		}
		else if (event instanceof TokenEvent.Rejected rejected) {
			say(rejected, "token %d rejected (%s)", rejected.generation(), rejected.diagnosis().sentence());
		}
		else {
			say(event, "%s", event.getClass().getSimpleName());
		}
		this.events.emitNext(event, Sinks.EmitFailureHandler.FAIL_FAST);
	}

	private void issued(TokenEvent event, Duration took) {
		Life life = begin(event, took);
		say(event, "token %d issued%s, expires in %s", event.generation(), cause(event), seconds(life.lifetime()));
	}

	private void renewed(TokenEvent.Renewed event) {
		Life old = this.lives.get(event.key());
		Life life = begin(event, event.took());
		if (old == null) {
			return;
		}
		double age = 100.0 * Duration.between(old.startedAt(), life.startedAt()).toMillis() / old.lifetime().toMillis();
		say(event, "token %d renewed at %.1f %% of its life%s, by token %d", event.generation() - 1, age, cause(event),
				event.generation());
		if (event.trigger() == TokenEvent.Trigger.RENEWAL_TIME) {
			this.renewals.emitNext(new Renewal(event, age), Sinks.EmitFailureHandler.FAIL_FAST);
		}
	}

	private Life begin(TokenEvent event, Duration took) {
		Instant startedAt = event.occurredAt().minus(took);
		Life life = new Life(startedAt, Duration.between(startedAt, Objects.requireNonNull(event.expiresAt())));
		this.lives.put(event.key(), life);
		return life;
	}

	private void say(TokenEvent event, String what, Object... arguments) {
		String who = (event.subject() != null) ? event.subject() : event.client();
		this.timeline.say("  " + who, what, arguments);
	}

	private static String cause(TokenEvent event) {
		return switch (event.trigger()) {
			case REJECTION -> " after a 401";
			case APPLICATION -> " by the login";
			default -> "";
		};
	}

	private static String seconds(Duration duration) {
		return Math.round(duration.toMillis() / 1000.0) + " s";
	}

	private static String rootMessage(Throwable failure) {
		Throwable root = failure;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		return String.valueOf(root.getMessage());
	}

	/**
	 * A token that was renewed because its time had come.
	 *
	 * @param event the event
	 * @param age the age of the old token at that time, as a percentage of its lifetime
	 */
	record Renewal(TokenEvent.Renewed event, double age) {

	}

	private record Life(Instant startedAt, Duration lifetime) {

	}

}
