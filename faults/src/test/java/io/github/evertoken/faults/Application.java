package io.github.evertoken.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * An application in a {@link PromiseWorld}: a manager, and a {@code WebClient} with the
 * filter, by which it calls the resource server.
 */
final class Application implements AutoCloseable {

	/**
	 * The path that calls go to if nothing else is said.
	 */
	static final String ITEMS = "/items";

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

	private final MovingTime time;

	private final DefaultTokenManager manager;

	private final WebClient webClient;

	private final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	Application(PromiseWorld world, TokenIssuer issuer, Consumer<ClientSettings.Builder> customizer,
			Scheduler scheduler) {
		this.time = world.time();
		ClientSettings.Builder settings = ClientSettings.of(PromiseWorld.CLIENT, issuer);
		customizer.accept(settings);
		this.manager = DefaultTokenManager.builder()
			.client(settings.build())
			.virtualTime(scheduler)
			.clock(world::wallClock, () -> scheduler.now(TimeUnit.NANOSECONDS))
			.random(() -> 0.5)
			.build();
		this.manager.events().subscribe(this.events::add);
		this.webClient = world.webClient()
			.filter(new TokenExchangeFilterFunction(this.manager,
					ClientSelector.builder().add(BaseUrl.of(world.baseUrl()), PromiseWorld.CLIENT).build()))
			.filter(world::overHttp)
			.build();
	}

	DefaultTokenManager manager() {
		return this.manager;
	}

	WebClient webClient() {
		return this.webClient;
	}

	static TokenKey key(@Nullable String subject) {
		return (subject != null) ? TokenKey.of(PromiseWorld.CLIENT, subject) : TokenKey.of(PromiseWorld.CLIENT);
	}

	/**
	 * Hand over what a login has brought.
	 */
	void logIn(String subject, String refreshToken) {
		assertCompletes(this.manager.put(key(subject), TokenSet.withRefreshToken(refreshToken).build()));
	}

	/**
	 * Let a command complete.
	 */
	void assertCompletes(Mono<Void> command) {
		Throwable failure = failureOf(command);
		if (failure != null) {
			throw new AssertionError("The command has failed", failure);
		}
	}

	/**
	 * Return what a command fails with, {@code null} if it completes.
	 */
	@Nullable Throwable failureOf(Mono<Void> command) {
		AtomicReference<@Nullable Object> end = new AtomicReference<>();
		command.subscribe(null, end::set, () -> end.set("done"));
		if (!this.time.passUntil(() -> end.get() != null, LONGEST_WAIT)) {
			throw new AssertionError("The command has not ended");
		}
		return (end.get() instanceof Throwable failure) ? failure : null;
	}

	/**
	 * Make a call with the application's own token, and see what becomes of it.
	 */
	Outcome call() {
		return begin(null, ITEMS).outcome();
	}

	/**
	 * Make a call with a user's token, and see what becomes of it.
	 */
	Outcome call(String subject) {
		return begin(subject, ITEMS).outcome();
	}

	/**
	 * Begin a call.
	 * @param subject whose token it is sent with, {@code null} for the application's own
	 * @param path where it is sent to
	 */
	Call begin(@Nullable String subject, String path) {
		return new Call(subject, path);
	}

	/**
	 * Begin many calls at once.
	 */
	List<Call> begin(int number, @Nullable String subject) {
		return IntStream.range(0, number).mapToObj((i) -> begin(subject, ITEMS)).toList();
	}

	/**
	 * Return the events of a type, of which there should be some.
	 */
	<T extends TokenEvent> List<T> events(Class<T> type, int number) {
		Awaitility.await().until(() -> this.events.stream().filter(type::isInstance).count() >= number);
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.manager.close();
	}

	/**
	 * What became of a call.
	 *
	 * @param token the token that it was answered with, {@code null} if it was not
	 * @param status the status of the answer, 0 if there was none
	 * @param failure why there was none
	 * @param took how long it took
	 */
	record Outcome(@Nullable String token, int status, @Nullable Throwable failure, Duration took) {

		boolean isAnswered() {
			return this.token != null;
		}

	}

	/**
	 * One call.
	 */
	final class Call {

		private final Instant start = Application.this.time.instant();

		private volatile @Nullable Outcome outcome;

		private Call(@Nullable String subject, String path) {
			Mono.defer(() -> Application.this.webClient.get().uri(path).attributes((attributes) -> {
				if (subject != null) {
					TokenAttributes.subject(subject).accept(attributes);
				}
			})
				.exchangeToMono((response) -> response.bodyToMono(String.class)
					.defaultIfEmpty("")
					.map((body) -> outcome(response.statusCode().value(), body, null))))
				.onErrorResume((ex) -> Mono.just(outcome(0, null, ex)))
				.subscribe((outcome) -> {
					this.outcome = outcome;
					Application.this.time.changed();
				});
		}

		private Outcome outcome(int status, @Nullable String body, @Nullable Throwable failure) {
			return new Outcome((status == HttpStatus.OK.value()) ? body : null, status, failure,
					Duration.between(this.start, Application.this.time.instant()));
		}

		boolean isOver() {
			return this.outcome != null;
		}

		/**
		 * Wait for the end of the call.
		 */
		Outcome outcome() {
			if (!Application.this.time.passUntil(this::isOver, LONGEST_WAIT)) {
				throw new AssertionError("The call has not ended");
			}
			return Objects.requireNonNull(this.outcome);
		}

	}

}
