package io.github.evertoken.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.evertoken.faults.FaultCell.Seen;
import org.junit.jupiter.api.BeforeAll;
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
	}

	@Test
	void pageThenSaysWhatIsSeen() throws IOException {
		String page = new FaultPage(seen).text();
		if (Boolean.getBoolean("evertoken.docs.write")) {
			Files.writeString(PAGE, page);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(page);
	}

	@Test
	void callThenNoneWaitsForEver() {
		assertThat(seen).allSatisfy((cell, all) -> assertThat(all.call()).doesNotContain("for ever"));
	}

	@Test
	void callThenNoInvalidTokenIsSent() {
		assertThat(seen).allSatisfy((cell, all) -> assertThat(all.invalidTokensSent()).isZero());
	}

}
