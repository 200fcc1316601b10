package io.github.evertoken.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiPredicate;

import io.github.evertoken.faults.FaultCell.Seen;
import io.github.evertoken.faults.FaultWorld.Grant;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What callers get, whatever goes wrong: with the issuer, and with the store, and
 * whatever a key has.
 */
class FaultMatrixTests {

	private static final Path PAGE = Path.of("..", "docs", "faults.md");

	private static final int WORLDS_AT_A_TIME = 16;

	private static final Map<FaultCell, Seen> seen = new LinkedHashMap<>();

	@BeforeAll
	static void seeAll() throws InterruptedException, ExecutionException {
		seen.putAll(look());
	}

	private static Map<FaultCell, Seen> look() throws InterruptedException, ExecutionException {
		Map<FaultCell, Seen> seen = new LinkedHashMap<>();
		ExecutorService executor = Executors.newFixedThreadPool(WORLDS_AT_A_TIME);
		try {
			Map<FaultCell, Future<Seen>> futures = new LinkedHashMap<>();
			FaultCell.all().forEach((cell) -> futures.put(cell, executor.submit(cell::see)));
			for (Map.Entry<FaultCell, Future<Seen>> future : futures.entrySet()) {
				seen.put(future.getKey(), future.getValue().get());
			}
		}
		finally {
			executor.shutdownNow();
		}
		return seen;
	}

	/**
	 * Whether a connection is reset before a request is written or meanwhile is up to the
	 * machine: what differs is looked at once more.
	 */
	@Test
	void pageThenSaysWhatIsSeen() throws Exception {
		String page = new FaultPage(seen).text();
		if (Boolean.getBoolean("evertoken.docs.write")) {
			Files.writeString(PAGE, page);
		}
		String written = Files.readString(PAGE);
		assertThat(written)
			.isEqualTo(written.equals(page) ? page : closest(written, page, new FaultPage(look()).text()));
	}

	/**
	 * Return the first page, with those rows of the second one that are as they are
	 * written.
	 */
	private static String closest(String written, String first, String second) {
		if (second.equals(written)) {
			// The first one may have had more rows: those that are alike share one.
			return second;
		}
		List<String> rows = new ArrayList<>(List.of(first.split("\n", -1)));
		String[] again = second.split("\n", -1);
		String[] expected = written.split("\n", -1);
		for (int i = 0; i < Math.min(rows.size(), Math.min(again.length, expected.length)); i++) {
			if (again[i].equals(expected[i])) {
				rows.set(i, again[i]);
			}
		}
		return String.join("\n", rows);
	}

	@Test
	@Tag("LC-1")
	void callThenNoneWaitsForEver() {
		assertThat(where((cell, all) -> all.call().contains("for ever"))).isEmpty();
	}

	@Test
	@Tag("LC-11")
	void callThenNoExpiredTokenIsSent() {
		assertThat(where((cell, all) -> all.expiredTokensSent() > 0)).isEmpty();
	}

	@Test
	@Tag("LC-2")
	void callWhenClientHasAGrantOfItsOwnThenASingleFaultFailsNone() {
		assertThat(where((cell, all) -> cell.grant() == Grant.OWN && cell.once() && !cell.asksToBeLeftAlone()
				&& !cell.isOfConfiguration() && !(all.isAnswered() && all.next() == null)))
			.isEmpty();
	}

	@Test
	@Tag("LC-5")
	@Tag("LC-8")
	void callWhenAUsableTokenIsHeldThenIsAnswered() {
		assertThat(where((cell, all) -> cell.situation().holdsUsable() && !cell.mustEndSession() && !all.isAnswered()))
			.isEmpty();
	}

	@Test
	@Tag("LC-3")
	@Tag("LC-8")
	@Tag("LC-10")
	void callWhenAllIsWellAgainThenNoSessionIsLostButByAnIssuerWithoutAGrace() {
		assertThat(where((cell, all) -> !cell.mustEndSession() && (all.last() != null || all.reuses() > 0))).isEmpty();
	}

	@Test
	@Tag("LC-2")
	void callWhenAllIsWellAgainThenIsAnsweredUnlessTheServerAskedToBeLeftAlone() {
		assertThat(where((cell, all) -> !cell.mustEndSession() && !cell.asksToBeLeftAlone()
				&& !cell.mayStillBeOnItsWay() && all.next() != null))
			.isEmpty();
	}

	private static List<String> where(BiPredicate<FaultCell, Seen> wrong) {
		return seen.entrySet()
			.stream()
			.filter((entry) -> wrong.test(entry.getKey(), entry.getValue()))
			.map((entry) -> entry.getKey() + ": " + entry.getValue().text())
			.toList();
	}

}
