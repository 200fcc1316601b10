package io.github.evertoken.advice;

import java.time.InstantSource;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Gives advice about clients. It sees what happens to their tokens, keeps a few numbers
 * of the last hour of each client, and judges them by rules that ask nobody. A rule that
 * has something to say of a client for the first time writes one line to the log; what it
 * says at the moment is told by {@link #advice()}.
 * <p>
 * It is told of the flights and rejections as a {@link TokenObserver}, and of the rest by
 * {@link #happened(TokenEvent)}. A call that has a usable token at hand goes by without
 * any of this.
 *
 * @since 0.1.0
 */
public final class Advisor implements TokenObserver {

	private static final String PAGE = "https://github.com/evertoken/evertoken/blob/main/docs/advice.md";

	private final InstantSource wallClock;

	private final LongSupplier nanoTime;

	private final List<Rule> rules;

	private final Map<String, Watched> clients = new ConcurrentHashMap<>();

	private Advisor(Builder builder) {
		this.wallClock = builder.wallClock;
		this.nanoTime = builder.nanoTime;
		this.rules = RuleBook.ALL.stream().filter((rule) -> !builder.silenced.contains(rule.id())).toList();
		builder.clients.values().forEach((client) -> this.clients.put(client.name(), new Watched(client)));
	}

	/**
	 * Start with the defaults.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the ids of all rules.
	 * @return the ids, unmodifiable, in the order in which advice is given
	 */
	public static List<String> rules() {
		return RuleBook.ALL.stream().map(Rule::id).toList();
	}

	static String link(String rule) {
		return PAGE + "#" + rule;
	}

	/**
	 * Judge all clients by what is known from their configuration, so that the log has it
	 * before anything happens.
	 */
	public void start() {
		this.clients.values().forEach(Watched::judge);
	}

	/**
	 * Return the advice about all clients.
	 * @return the advice at this moment, unmodifiable, by client and rule
	 */
	public List<Advice> advice() {
		return new TreeMap<>(this.clients).values().stream().flatMap((client) -> client.judge().stream()).toList();
	}

	/**
	 * Return the advice about one client.
	 * @param client its name
	 * @return the advice at this moment, unmodifiable; empty if the client is not known
	 */
	public List<Advice> advice(String client) {
		Watched watched = this.clients.get(client);
		return (watched != null) ? List.copyOf(watched.judge()) : List.of();
	}

	/**
	 * Something has happened to a key's token.
	 * @param event what
	 */
	public void happened(TokenEvent event) {
		if (event instanceof TokenEvent.Forgotten forgotten && forgotten.tooMany()) {
			of(event.key()).count(Occurrence.FORGOTTEN);
		}
		else if (event instanceof TokenEvent.ReauthenticationRequired required && hasEndedForGood(required)) {
			of(event.key()).count(Occurrence.ENDED_WITHOUT_REFRESH_TOKEN);
		}
	}

	/**
	 * Tell whether a subject had a token, and nothing to get another one with: the issuer
	 * has refused nothing, for it was not asked.
	 */
	private static boolean hasEndedForGood(TokenEvent.ReauthenticationRequired event) {
		return event.subject() != null && event.generation() > 0
				&& event.failure() instanceof ReauthenticationRequiredException failure && failure.error() == null;
	}

	@Override
	public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
		Watched client = of(key);
		boolean own = key.subject() == null && key.parameters().isEmpty();
		return new FlightObserver() {

			@Override
			public void issued(IssuerAnswer answer) {
				client.seen.issued(trigger, own, answer, now());
			}

			@Override
			public void ended(Outcome outcome, @Nullable TokenException failure) {
				client.seen.ended(outcome, own, now());
				client.judge();
			}
		};
	}

	@Override
	public void rejected(TokenKey key, RejectionDecision decision, Rejection rejection) {
		Watched client = of(key);
		client.seen.rejected(switch (decision) {
			case BARRED -> Occurrence.REJECTION_BARRED;
			case PASSED -> Occurrence.REJECTION_PASSED;
			case RENEWED, LATE, SUSPECT -> null;
		}, rejection, now());
		client.judge();
	}

	@Override
	public void resent(TokenKey key, ResendOutcome outcome) {
		switch (outcome) {
			case ACCEPTED -> of(key).count(Occurrence.RESEND_ACCEPTED);
			case REJECTED -> of(key).count(Occurrence.RESEND_REJECTED);
			case FAILED -> {
			}
		}
	}

	private Watched of(TokenKey key) {
		Watched known = this.clients.get(key.client());
		return (known != null) ? known
				: this.clients.computeIfAbsent(key.client(), (name) -> new Watched(AdvisedClient.named(name)));
	}

	private long now() {
		return this.nanoTime.getAsLong();
	}

	/**
	 * A client that is watched.
	 */
	private final class Watched {

		private final ClientRecord seen;

		private final ClientAdvice advice = new ClientAdvice(Advisor.this.rules);

		Watched(AdvisedClient client) {
			this.seen = new ClientRecord(client, now());
		}

		void count(Occurrence occurrence) {
			this.seen.count(occurrence, now());
			judge();
		}

		List<Advice> judge() {
			return this.advice.judge(this.seen.facts(now()), Advisor.this.wallClock.instant());
		}

	}

	/**
	 * Builds an {@link Advisor}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Map<String, AdvisedClient> clients = new LinkedHashMap<>();

		private final Set<String> silenced = new HashSet<>();

		private InstantSource wallClock = InstantSource.system();

		private LongSupplier nanoTime = System::nanoTime;

		private Builder() {
		}

		/**
		 * Add a client. Of one that is not added there is no advice about its
		 * configuration.
		 * @param client the client, in place of one of the same name
		 * @return this builder
		 */
		public Builder client(AdvisedClient client) {
			this.clients.put(client.name(), client);
			return this;
		}

		/**
		 * Leave rules out.
		 * @param rules the ids of the rules
		 * @return this builder
		 * @throws IllegalArgumentException if there is no such rule
		 */
		public Builder silence(Collection<String> rules) {
			Set<String> unknown = new TreeSet<>(rules);
			rules().forEach(unknown::remove);
			if (!unknown.isEmpty()) {
				throw new IllegalArgumentException("There is no rule " + unknown + "; the rules are " + rules());
			}
			this.silenced.addAll(rules);
			return this;
		}

		/**
		 * Set the clocks, which are the system's by default.
		 * @param wallClock the wall clock
		 * @param nanoTime the monotonic clock, in nanoseconds
		 * @return this builder
		 */
		public Builder clock(InstantSource wallClock, LongSupplier nanoTime) {
			this.wallClock = wallClock;
			this.nanoTime = nanoTime;
			return this;
		}

		/**
		 * Build the advisor.
		 * @return the advisor
		 */
		public Advisor build() {
			return new Advisor(this);
		}

	}

}
