package io.github.evertoken.dashboard;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Writes down what happens. Flights and what becomes of tokens are told one by one;
 * waits, rejections and second attempts, of which there may be thousands at a time, in
 * sums.
 */
final class EventCollector implements TokenObserver {

	private final EventRing ring;

	private final DashboardThread thread;

	private final Clock clock = Clock.systemUTC();

	private final AtomicLong flights = new AtomicLong();

	private final Map<String, Tally> tallies = new ConcurrentHashMap<>();

	EventCollector(EventRing ring, DashboardThread thread) {
		this.ring = ring;
		this.thread = thread;
	}

	/**
	 * Write down what has become of a token.
	 */
	void add(TokenEvent event) {
		DashboardEvent told = DashboardEvent.of(type(event.getClass()), event.occurredAt(), event.key())
			.with("generation", event.generation())
			.with("trigger", event.trigger())
			.with("expires", event.expiresAt());
		if (event instanceof TokenEvent.Issued issued) {
			told.with("took", issued.took());
		}
		else if (event instanceof TokenEvent.Renewed renewed) {
			told.with("took", renewed.took());
		}
		else if (event instanceof TokenEvent.Reissued reissued) {
			told.with("took", reissued.took());
		}
		else {
			addTrouble(event, told);
		}
		this.ring.add(told);
	}

	private static void addTrouble(TokenEvent event, DashboardEvent told) {
		if (event instanceof TokenEvent.RenewalFailed failed) {
			told.with("outcome", Outcome.of(failed.failure())).with("until", failed.retryAt());
		}
		else if (event instanceof TokenEvent.IssueFailed failed) {
			told.with("outcome", Outcome.of(failed.failure())).with("until", failed.retryAt());
		}
		else if (event instanceof TokenEvent.ReauthenticationRequired required) {
			told.with("outcome", Outcome.of(required.failure()));
		}
		else if (event instanceof TokenEvent.Rejected rejected) {
			// The words of the diagnosis may have some of a server's in them: they are
			// at the endpoint.
			told.with("renewing", rejected.renewing()).with("reason", rejected.diagnosis().reason());
		}
		else if (event instanceof TokenEvent.SessionEnding ending) {
			told.with("ends", ending.sessionEndsAt());
		}
		else if (event instanceof TokenEvent.Forgotten forgotten) {
			told.with("tooMany", forgotten.tooMany());
		}
	}

	/**
	 * Return the name of an event's class as JSON has names: {@code renewal-failed}.
	 */
	static String type(Class<?> event) {
		return event.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
	}

	@Override
	public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
		long flight = this.flights.incrementAndGet();
		Instant began = this.clock.instant();
		this.ring.add(DashboardEvent.of("flight-started", began, key).with("flight", flight).with("trigger", trigger));
		return new FlightObserver() {

			@Override
			public void ended(Outcome outcome, @Nullable TokenException failure) {
				Instant ended = EventCollector.this.clock.instant();
				EventCollector.this.ring.add(DashboardEvent.of("flight-ended", ended, key)
					.with("flight", flight)
					.with("trigger", trigger)
					.with("began", began)
					.with("outcome", outcome));
			}

		};
	}

	@Override
	public void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
		tally(key).waited(waited, outcome);
	}

	@Override
	public void rejected(TokenKey key, RejectionDecision decision) {
		tally(key).count("rejections", decision);
	}

	@Override
	public void resent(TokenKey key, ResendOutcome outcome) {
		tally(key).count("resends", outcome);
	}

	private Tally tally(TokenKey key) {
		return this.tallies.computeIfAbsent(key.client(),
				(client) -> new Tally(client, this.ring, this.thread, this.clock));
	}

}
