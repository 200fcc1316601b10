package io.github.evertoken.samples.fleet.show;

import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Somebody signs out at one replica.
 */
final class SignOut implements Scene {

	private static final String VISITOR = "visitor";

	@Override
	public String promise() {
		return "A sign-out at one replica is seen by all within a second";
	}

	@Override
	public Promise play(Stage stage) {
		Fleet fleet = stage.fleet();
		fleet.logIn(VISITOR, fleet.replica(0));
		for (int i = 0; i < fleet.size(); i++) {
			fleet.replica(i).say("probe", "visit", VISITOR);
		}
		Supplier<Stream<Told>> visits = () -> stage.chronicle().lines("probed", VISITOR);
		Signals.await(Fleet.LIMIT, "Not all replicas have a token of the visitor",
				() -> visits.get().count() == fleet.size());
		boolean whole = visits.get().allMatch((told) -> told.detail(1).equals("good"));
		for (int i = 0; i < fleet.size(); i++) {
			fleet.replica(i).say("watch", VISITOR);
		}
		stage.say("the visitor signs out at %s", fleet.replica(0).name());
		fleet.replica(0).say("remove", VISITOR);
		Signals.await(Fleet.LIMIT, "Not all replicas have seen the sign-out",
				() -> stage.chronicle().lines("signed-out", VISITOR).count() == fleet.size()
						&& stage.chronicle().lines("removed", VISITOR).count() == 1);
		long removed = stage.chronicle().lines("removed", VISITOR).mapToLong(Told::at).max().orElseThrow();
		long seen = stage.chronicle().lines("signed-out", VISITOR).mapToLong(Told::at).max().orElseThrow();
		return Promise.of(promise(), whole && seen - removed < 1000, "by all %d after %d ms", fleet.size(),
				Math.max(0, seen - removed));
	}

}
