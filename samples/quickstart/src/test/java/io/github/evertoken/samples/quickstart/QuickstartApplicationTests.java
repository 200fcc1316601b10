package io.github.evertoken.samples.quickstart;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

import io.github.evertoken.samples.quickstart.show.Promise;
import io.github.evertoken.samples.quickstart.show.Summary;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Starts the quickstart as {@code --once} does.
 */
class QuickstartApplicationTests {

	@Test
	void onceWhenPlayedThenKeepsEveryPromiseAndTellsOfIt() {
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		Summary summary = QuickstartApplication.run(new PrintStream(printed, true, StandardCharsets.UTF_8), true);
		String timeline = printed.toString(StandardCharsets.UTF_8);
		assertThat(summary.promises()).as(timeline).hasSize(6).allMatch(Promise::kept);
		assertThat(summary.exitCode()).isZero();
		assertThat(timeline).contains("token 1 issued", "% of its life", "the authorization server is down",
				"the authorization server is up again", "PROMISE", "kept", "SPRING SECURITY");
		assertThat(summary.promises()).as(timeline).allSatisfy((promise) -> assertThat(promise.before()).isNotEmpty());
		assertThat(timeline).contains("base-url: ${quickstart.inventory}/items");
		assertThat(timeline).doesNotContain("BROKEN", "eyJ");
	}

}
