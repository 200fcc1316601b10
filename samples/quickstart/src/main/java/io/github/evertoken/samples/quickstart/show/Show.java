package io.github.evertoken.samples.quickstart.show;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

import io.github.evertoken.samples.quickstart.shared.ContinuousCaller;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Plays the scenes one after the other, while the orders service calls the inventory all
 * the time.
 */
public final class Show {

	private static final List<Scene> SCENES = List.of(new ColdCrowd(), new Revocation(), new UserSession(),
			new RenewalInTime(), new Outage());

	private final Stage stage;

	/**
	 * Prepare the show.
	 * @param services the services that play
	 * @param timeline where to tell of it
	 */
	public Show(Services services, Timeline timeline) {
		this.stage = new Stage(services, new EvertokenContender(services.orders()),
				new SpringSecurityContender(services.formerOrders()),
				new TokenHistory(timeline, services.orders().tokens().events()), timeline);
	}

	/**
	 * Play all the scenes.
	 * @return a {@code Mono} with the summary; a scene that fails is a promise that was
	 * broken
	 */
	public Mono<Summary> play() {
		return call().thenMany(Flux.fromIterable(SCENES)).concatMap(this::play).collectList().flatMap((promises) -> {
			Promise throughout = noFailedCall();
			return compare(promises).concatWithValues(throughout).collectList();
		}).map((promises) -> new Summary(List.copyOf(promises)));
	}

	/**
	 * Play for the former service what would not leave the authorization server alone
	 * while promises are put to the test.
	 */
	private Flux<Promise> compare(List<Promise> promises) {
		this.stage.say("the same for the service as it was before");
		return Flux.range(0, SCENES.size())
			.concatMap((i) -> SCENES.get(i)
				.compare(this.stage)
				.map(promises.get(i)::beside)
				.defaultIfEmpty(promises.get(i)));
	}

	/**
	 * Call all the time. The former service is one token ahead, so that it is the later
	 * one whose token ends when the two have lived for the same time.
	 */
	private Mono<Void> call() {
		return Mono.defer(() -> {
			this.stage.say("orders calls inventory 50 times a second from now on, as it does now and as it did before");
			ContinuousCaller former = this.stage.springSecurity().caller();
			former.start();
			return Flux.interval(Duration.ofMillis(20))
				.filter((tick) -> former.calls() > 0 || !former.failures().isEmpty())
				.next();
		}).doOnNext((tick) -> this.stage.evertoken().caller().start()).then();
	}

	private Mono<Promise> play(Scene scene) {
		return Mono.defer(() -> scene.play(this.stage)).timeout(Stage.LIMIT).onErrorResume((ex) -> {
			this.stage.say("the scene broke off: %s", ex);
			return Mono.just(Promise.of(scene.promise(), false, "the scene broke off"));
		});
	}

	private Promise noFailedCall() {
		ContinuousCaller caller = this.stage.evertoken().caller();
		caller.failures()
			.stream()
			.findFirst()
			.ifPresent((first) -> this.stage.say("a call failed: %s", first.reason()));
		return Promise
			.of("Throughout, no call of the continuous caller fails", caller.calls() > 0 && caller.failures().isEmpty(),
					"%s", calls(this.stage.evertoken()))
			.beside(calls(this.stage.springSecurity()));
	}

	private String calls(Contender contender) {
		ContinuousCaller caller = contender.caller();
		return String.format(Locale.ROOT, "calls: %d, failed: %d, requests: %d", caller.calls(),
				caller.failures().size(), this.stage.tokenRequests(contender, "orders", "client_credentials"));
	}

	/**
	 * Compare no longer: the former service rests.
	 */
	public void endComparison() {
		this.stage.springSecurity().caller().stop();
	}

	/**
	 * Tell how the continuous caller is doing.
	 */
	public void tellOfCalls() {
		this.stage.say("%s", calls(this.stage.evertoken()));
	}

}
