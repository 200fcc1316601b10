package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import io.github.evertoken.samples.fleet.issuer.TokenRequest;

/**
 * The token endpoint is out of order.
 */
final class DeadIssuer implements Scene {

	private static final Duration TIME = Duration.ofSeconds(8);

	/**
	 * What one replica may send while somebody waits: some in quick succession, as long
	 * as patience lasts, and then one in each cooldown. Four that know nothing of each
	 * other send four times that.
	 */
	private static final int MOST = 14;

	@Override
	public String promise() {
		return "A dead authorization server gets one probe of the whole fleet per cooldown";
	}

	@Override
	public Promise play(Stage stage) {
		stage.say("the token endpoint answers 503");
		Instant start = Instant.now();
		Absence absence = stage.chronicle().issuerIsGone();
		stage.fleet().issuer().outOfOrder(true);
		Signals.pass(TIME);
		stage.fleet().issuer().outOfOrder(false);
		absence.isOver();
		stage.say("the token endpoint is in order again");
		// What was found out holds for the rest of its cooldown.
		boolean whole = Signals.isSoWithin(Fleet.LIMIT, stage::isWhole);
		List<TokenRequest> probes = stage.fleet()
			.issuer()
			.requests()
			.stream()
			.filter((request) -> request.refused() && request.at().isAfter(start))
			.toList();
		return Promise.of(promise(), whole && probes.size() <= MOST, "%d probes of %d replicas for %d tokens in %d s",
				probes.size(), stage.fleet().size(), stage.fleet().subjects().size() + 1, TIME.toSeconds());
	}

}
