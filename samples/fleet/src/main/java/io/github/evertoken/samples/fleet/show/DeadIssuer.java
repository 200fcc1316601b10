package io.github.evertoken.samples.fleet.show;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

import io.github.evertoken.samples.fleet.issuer.TokenRequest;

/**
 * The token endpoint is out of order.
 */
final class DeadIssuer implements Scene {

	private static final Duration TIME = Duration.ofSeconds(8);

	/**
	 * One replica sends 8 to 10 while somebody waits: in quick succession, then after
	 * pauses that double. Four that know nothing of each other send 32 at least.
	 */
	private static final int MOST = 24;

	private static final Duration SOON = Duration.ofSeconds(2);

	private static final int MOST_TRIES = 3;

	@Override
	public String promise() {
		return "A dead authorization server is not asked by each replica: one asks for all";
	}

	@Override
	public Promise play(Stage stage) {
		Fleet fleet = stage.fleet();
		String subject = fleet.subjects().get(0);
		boolean before = stage.isWhole();
		stage.say("the token endpoint answers 503, and all replicas need another token of %s", subject);
		Instant start = Instant.now();
		Absence absence = stage.chronicle().issuerIsGone();
		fleet.issuer().outOfOrder(true);
		int tries = 0;
		do {
			for (int i = 0; i < fleet.size(); i++) {
				fleet.replica(i).say("renew", subject);
			}
		}
		while (!isAskedSoon(fleet, start) && ++tries < MOST_TRIES);
		Signals.pass(TIME);
		fleet.issuer().outOfOrder(false);
		absence.isOver();
		stage.say("the token endpoint is in order again");
		// What was found out holds for the rest of its cooldown.
		boolean whole = stage.isWhole();
		List<TokenRequest> probes = probes(fleet, start);
		long most = probes.stream()
			.collect(Collectors.groupingBy(TokenRequest::refreshToken, Collectors.counting()))
			.values()
			.stream()
			.mapToLong(Long::longValue)
			.max()
			.orElse(0);
		return Promise.of(promise(), before && whole && most > 0 && most <= MOST,
				"%d probes of %d replicas with one token in %d s, %d with any", most, fleet.size(), TIME.toSeconds(),
				probes.size());
	}

	/**
	 * If one of them has just renewed the token, the others take that, and ask for none.
	 */
	private static boolean isAskedSoon(Fleet fleet, Instant start) {
		return Signals.isSoWithin(SOON, () -> !probes(fleet, start).isEmpty());
	}

	private static List<TokenRequest> probes(Fleet fleet, Instant start) {
		return fleet.issuer()
			.requests()
			.stream()
			.filter((request) -> request.refused() && request.at().isAfter(start))
			.toList();
	}

}
