package io.github.evertoken.observation;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.lifecycle.ClientStatus;
import io.github.evertoken.lifecycle.KeyPhase;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.observation.TokenMeterDocumentation.MeterKeyName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

/**
 * Registers and feeds the meters of {@link TokenMeterDocumentation}. A client's meters
 * are there from the start, with nothing counted, so that whoever watches them sees the
 * first change. They go when this is closed.
 *
 * @since 0.1.0
 */
public final class TokenMeters implements TokenObserver, AutoCloseable {

	private static final double NOT_HELD = Double.NaN;

	private final MeterRegistry registry;

	private final TokenMeterConvention convention;

	private final Map<String, ClientMeters> clients = new ConcurrentHashMap<>();

	private final Map<StoreOperation, Map<StoreOutcome, Timer>> store = new ConcurrentHashMap<>();

	private final List<Meter> registered = new CopyOnWriteArrayList<>();

	/**
	 * Create the meters.
	 * @param registry where they go
	 * @param convention names and tags them
	 */
	public TokenMeters(MeterRegistry registry, TokenMeterConvention convention) {
		this.registry = Objects.requireNonNull(registry, "registry");
		this.convention = Objects.requireNonNull(convention, "convention");
	}

	/**
	 * Register the meters of all clients, and those that look at how things are.
	 * @param names the clients' names
	 * @param status says how things are with a client
	 */
	public void bind(Collection<String> names, Function<String, ClientStatus> status) {
		names.forEach((client) -> {
			of(client);
			new ClientGauges(client, new Glance(() -> status.apply(client))).register();
		});
	}

	@Override
	public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
		return new FlightObserver() {

			@Override
			public void replaced(Duration lead) {
				of(key.client()).lead.record(lead);
			}
		};
	}

	@Override
	public void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
		Objects.requireNonNull(of(key.client()).waits.get(outcome)).record(waited);
	}

	@Override
	public void rejected(TokenKey key, RejectionDecision decision) {
		Objects.requireNonNull(of(key.client()).rejections.get(decision)).increment();
	}

	@Override
	public void resent(TokenKey key, ResendOutcome outcome) {
		Objects.requireNonNull(of(key.client()).resends.get(outcome)).increment();
	}

	@Override
	public void storeStepEnded(String client, StoreOperation operation, Duration took, boolean failed) {
		storeStepEnded(client, operation, took, failed ? StoreOutcome.FAILURE : StoreOutcome.SUCCESS);
	}

	@Override
	public void storeStepEnded(String client, StoreOperation operation, Duration took, StoreOutcome outcome) {
		this.store.computeIfAbsent(operation, (any) -> new ConcurrentHashMap<>())
			.computeIfAbsent(outcome,
					(any) -> timer(TokenMeterDocumentation.STORE,
							Tags.of(MeterKeyName.OPERATION.asString(), TagValue.of(operation),
									MeterKeyName.OUTCOME.asString(), TagValue.of(outcome))))
			.record(took);
	}

	/**
	 * Remove all meters from the registry, which others may go on using.
	 */
	@Override
	public void close() {
		this.registered.forEach(this.registry::remove);
		this.registered.clear();
		this.clients.clear();
		this.store.clear();
	}

	private ClientMeters of(String client) {
		ClientMeters known = this.clients.get(client);
		return (known != null) ? known : this.clients.computeIfAbsent(client, ClientMeters::new);
	}

	private Timer timer(TokenMeterDocumentation meter, Tags tags) {
		return registered(Timer.builder(this.convention.name(meter))
			.description(meter.description())
			.tags(this.convention.tags(meter, tags))
			.register(this.registry));
	}

	private Counter counter(TokenMeterDocumentation meter, Tags tags) {
		return registered(Counter.builder(this.convention.name(meter))
			.description(meter.description())
			.tags(this.convention.tags(meter, tags))
			.register(this.registry));
	}

	private <M extends Meter> M registered(M meter) {
		this.registered.add(meter);
		return meter;
	}

	private static Tags tags(String client) {
		return Tags.of(MeterKeyName.CLIENT.asString(), client);
	}

	private static <E extends Enum<E>, M> Map<E, M> each(Class<E> type, Function<E, M> meter) {
		Map<E, M> all = new EnumMap<>(type);
		for (E constant : type.getEnumConstants()) {
			all.put(constant, meter.apply(constant));
		}
		return all;
	}

	/**
	 * The meters of one client that are fed, at hand for whoever feeds them.
	 */
	private final class ClientMeters {

		private final Map<Outcome, Timer> waits;

		private final Map<RejectionDecision, Counter> rejections;

		private final Map<ResendOutcome, Counter> resends;

		private final Timer lead;

		ClientMeters(String client) {
			this.waits = each(Outcome.class, (outcome) -> timer(TokenMeterDocumentation.WAIT,
					tags(client).and(MeterKeyName.OUTCOME.asString(), TagValue.of(outcome))));
			this.rejections = each(RejectionDecision.class, (decision) -> counter(TokenMeterDocumentation.REJECTIONS,
					tags(client).and(MeterKeyName.DECISION.asString(), TagValue.of(decision))));
			this.resends = each(ResendOutcome.class, (outcome) -> counter(TokenMeterDocumentation.RESENDS,
					tags(client).and(MeterKeyName.OUTCOME.asString(), TagValue.of(outcome))));
			this.lead = timer(TokenMeterDocumentation.RENEWAL_LEAD, tags(client));
		}

	}

	/**
	 * The meters of one client that look.
	 */
	private final class ClientGauges {

		private final String client;

		private final Glance glance;

		ClientGauges(String client, Glance glance) {
			this.client = client;
			this.glance = glance;
		}

		void register() {
			gauge(TokenMeterDocumentation.WAITING, ClientStatus::waiting);
			gauge(TokenMeterDocumentation.TOKEN_REMAINING, (status) -> seconds(status.service(), KeyStatus::remaining));
			gauge(TokenMeterDocumentation.TOKEN_LIFETIME, (status) -> seconds(status.service(), KeyStatus::lifetime));
			gauge(TokenMeterDocumentation.COOLDOWN, (status) -> (status.service().restsUntil() != null) ? 1 : 0);
			gauge(TokenMeterDocumentation.KEYS, (status) -> 1 + sum(status));
			gauge(TokenMeterDocumentation.SIGNED_OUT, key("service"),
					(status) -> (status.service().phase() == KeyPhase.SIGNED_OUT) ? 1 : 0);
			gauge(TokenMeterDocumentation.SIGNED_OUT, key("subject"),
					(status) -> status.subjects().getOrDefault(KeyPhase.SIGNED_OUT, 0L));
			TokenMeterDocumentation forgotten = TokenMeterDocumentation.FORGOTTEN;
			registered(FunctionCounter
				.builder(TokenMeters.this.convention.name(forgotten), this.glance,
						(glance) -> glance.status().forgotten())
				.description(forgotten.description())
				.tags(TokenMeters.this.convention.tags(forgotten, tags(this.client)))
				.register(TokenMeters.this.registry));
		}

		private static Tags key(String whose) {
			return Tags.of(MeterKeyName.KEY.asString(), whose);
		}

		private void gauge(TokenMeterDocumentation meter, ToDoubleFunction<ClientStatus> value) {
			gauge(meter, Tags.empty(), value);
		}

		private void gauge(TokenMeterDocumentation meter, Tags more, ToDoubleFunction<ClientStatus> value) {
			registered(Gauge
				.builder(TokenMeters.this.convention.name(meter), this.glance,
						(glance) -> value.applyAsDouble(glance.status()))
				.tags(TokenMeters.this.convention.tags(meter, tags(this.client).and(more)))
				.description(meter.description())
				.baseUnit(meter.getBaseUnit())
				.strongReference(true)
				.register(TokenMeters.this.registry));
		}

		private static double seconds(KeyStatus key, Function<KeyStatus, Duration> time) {
			return (key.token() != null) ? time.apply(key).toMillis() / 1000d : NOT_HELD;
		}

		private static long sum(ClientStatus status) {
			return status.subjects().values().stream().mapToLong(Long::longValue).sum();
		}

	}

	/**
	 * A look at a client that serves all its gauges, for they are all read at once and
	 * there may be very many keys.
	 */
	private static final class Glance {

		private static final long LASTS = Duration.ofMillis(250).toNanos();

		private final Supplier<ClientStatus> source;

		// Guarded by this.
		private @Nullable ClientStatus status;

		private long takenAt;

		Glance(Supplier<ClientStatus> source) {
			this.source = source;
		}

		synchronized ClientStatus status() {
			ClientStatus known = this.status;
			if (known == null || System.nanoTime() - this.takenAt > LASTS) {
				known = this.source.get();
				this.status = known;
				this.takenAt = System.nanoTime();
			}
			return known;
		}

	}

}
