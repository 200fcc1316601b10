package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenObserver.FlightObserver;
import io.github.evertoken.TokenObserver.IssuerAnswer;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenObserver.Rejection;
import io.github.evertoken.TokenObserver.RejectionDecision;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenObserver.StoreOutcome;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Tells each {@link TokenObserver} what there is to see of one client. Whatever one
 * throws ends here, with a line in the log for the first time and each thousandth one.
 */
final class Observations {

	private static final Logger logger = LoggerFactory.getLogger(TokenObserver.class);

	private static final long LINES = 1000;

	private final String client;

	private final List<TokenObserver> observers;

	private final Time time;

	// How many callers wait: each who enters leaves once.
	private final LongAdder waiting = new LongAdder();

	private final LongAdder faults = new LongAdder();

	Observations(String client, ManagerResources resources) {
		this.client = client;
		this.observers = resources.observers();
		this.time = resources.time();
	}

	FlightObserver flightStarted(Flight flight, ContextView starter) {
		if (this.observers.isEmpty()) {
			return FlightObserver.NONE;
		}
		List<FlightObserver> all = new ArrayList<>();
		TokenKey key = flight.key().withoutSubjectToken();
		tell((observer) -> all.add(observer.flightStarted(key, flight.trigger(), starter)));
		return new EachFlightObserver(all);
	}

	void waitBegins() {
		this.waiting.increment();
	}

	/**
	 * The wait of a caller has ended.
	 * @param since when it began, by the monotonic clock
	 */
	void waitEnds(TokenKey key, long since, Outcome outcome) {
		this.waiting.decrement();
		if (!this.observers.isEmpty()) {
			Duration waited = Duration.ofMillis(Math.max(0, this.time.mono() - since));
			tell((observer) -> observer.waitEnded(key.withoutSubjectToken(), waited, outcome));
		}
	}

	/**
	 * Return how many callers wait now.
	 */
	long waiting() {
		return Math.max(0, this.waiting.sum());
	}

	/**
	 * A resource server has refused a token.
	 * @param refusal how, {@code null} if that is not known
	 */
	void rejected(TokenKey key, RejectionDecision decision, @Nullable Refusal refusal) {
		if (!this.observers.isEmpty()) {
			Rejection rejection = ObservedTimes.rejection(refusal, this.time.now());
			tell((observer) -> observer.rejected(key.withoutSubjectToken(), decision, rejection));
		}
	}

	void resent(TokenKey key, TokenObserver.ResendOutcome outcome) {
		tell((observer) -> observer.resent(key.withoutSubjectToken(), outcome));
	}

	/**
	 * Observe a step of a store.
	 * @param outcome tells what an answer means, {@code null} for none
	 */
	<T> Mono<T> storeStep(StoreOperation operation, Mono<T> step, Function<@Nullable T, StoreOutcome> outcome) {
		return Mono.defer(() -> {
			long began = this.time.mono();
			return step.doOnSuccess((result) -> storeStepEnded(operation, began, outcome.apply(result)))
				.doOnError((ex) -> storeStepEnded(operation, began, StoreOutcome.FAILURE));
		});
	}

	private void storeStepEnded(StoreOperation operation, long began, StoreOutcome outcome) {
		Duration took = Duration.ofMillis(Math.max(0, this.time.mono() - began));
		tell((observer) -> observer.storeStepEnded(this.client, operation, took, outcome));
	}

	private void tell(Consumer<TokenObserver> story) {
		this.observers.forEach((observer) -> guarded(observer, story));
	}

	private <T> void guarded(T observer, Consumer<T> story) {
		try {
			story.accept(observer);
		}
		catch (Throwable ex) {
			this.faults.increment();
			if (this.faults.sum() % LINES == 1) {
				logger.warn("An observer of the tokens has failed, which harms no call: {}", observer, ex);
			}
		}
	}

	private final class EachFlightObserver implements FlightObserver {

		private final List<FlightObserver> observers;

		EachFlightObserver(List<FlightObserver> observers) {
			this.observers = observers;
		}

		@Override
		public Context context(Context context) {
			Context[] all = { context };
			this.observers.forEach(
					(each) -> guarded(each, (observer) -> all[0] = Objects.requireNonNull(observer.context(all[0]))));
			return all[0];
		}

		@Override
		public void ended(Outcome outcome, @Nullable TokenException failure) {
			this.observers.forEach((each) -> guarded(each, (observer) -> observer.ended(outcome, failure)));
		}

		@Override
		public void issued(IssuerAnswer answer) {
			this.observers.forEach((each) -> guarded(each, (observer) -> observer.issued(answer)));
		}

		@Override
		public void replaced(Duration lead) {
			this.observers.forEach((each) -> guarded(each, (observer) -> observer.replaced(lead)));
		}

	}

}
