package io.github.evertoken.samples.quickstart.show;

import java.util.List;

import io.github.evertoken.samples.quickstart.orders.ContinuousCaller;
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
		this.stage = new Stage(services, new TokenHistory(timeline, services.orders().tokens().events()), timeline);
	}

	/**
	 * Play all the scenes.
	 * @return a {@code Mono} with the summary; a scene that fails is a promise that was
	 * broken
	 */
	public Mono<Summary> play() {
		return Mono.defer(() -> {
			this.stage.say("orders calls inventory 50 times a second from now on");
			this.stage.orders().caller().start();
			return Flux.fromIterable(SCENES).concatMap(this::play).collectList();
		}).map((promises) -> {
			promises.add(noFailedCall());
			return new Summary(List.copyOf(promises));
		});
	}

	private Mono<Promise> play(Scene scene) {
		return Mono.defer(() -> scene.play(this.stage)).timeout(Stage.LIMIT).onErrorResume((ex) -> {
			this.stage.say("the scene broke off: %s", ex);
			return Mono.just(Promise.of(scene.promise(), false, "the scene broke off"));
		});
	}

	private Promise noFailedCall() {
		ContinuousCaller caller = this.stage.orders().caller();
		long requests = this.stage.authorization().tokenRequests("orders", "client_credentials");
		caller.failures()
			.stream()
			.findFirst()
			.ifPresent((first) -> this.stage.say("a call failed: %s", first.reason()));
		return Promise.of("Throughout, no call of the continuous caller fails",
				caller.calls() > 0 && caller.failures().isEmpty(), "calls: %d, failed calls: %d, token requests: %d",
				caller.calls(), caller.failures().size(), requests);
	}

	/**
	 * Tell how the continuous caller is doing.
	 */
	public void tellOfCalls() {
		ContinuousCaller caller = this.stage.orders().caller();
		this.stage.say("%d calls so far, %d failed; token requests at the server: %d", caller.calls(),
				caller.failures().size(), this.stage.authorization().tokenRequests("orders", "client_credentials"));
	}

}
