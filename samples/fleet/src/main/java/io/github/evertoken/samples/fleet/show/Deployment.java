package io.github.evertoken.samples.fleet.show;

/**
 * One replica after the other is stopped, and started anew.
 */
final class Deployment implements Scene {

	@Override
	public String promise() {
		return "A rolling deployment costs no session and no call";
	}

	@Override
	public Promise play(Stage stage) {
		Fleet fleet = stage.fleet();
		long start = System.currentTimeMillis();
		int reuses = fleet.issuer().reuses().size();
		for (int i = 0; i < fleet.size(); i++) {
			stage.say("%s is stopped, and started anew", fleet.replica(i).name());
			fleet.replica(i).stop();
			fleet.restart(i);
		}
		boolean whole = stage.isWhole();
		long failed = stage.chronicle().failedSince(start);
		int lost = fleet.issuer().reuses().size() - reuses;
		return Promise.of(promise(), whole && failed == 0 && lost == 0,
				"replicas: %d, sessions lost: %d, failed calls: %d", fleet.size(), lost, failed);
	}

}
