package io.github.evertoken.samples.fleet.replica;

import java.io.PrintStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Tells the conductor what happens, a line each: a word that says what, the time, and
 * what else there is to say.
 */
@Component
class Report {

	private final PrintStream out = System.out;

	void tell(String what, @Nullable Object... details) {
		StringBuilder line = new StringBuilder(what).append(' ').append(System.currentTimeMillis());
		Stream.of(details)
			.map(String::valueOf)
			.forEach((detail) -> line.append(' ').append(detail.replaceAll("\\s+", "_")));
		synchronized (this.out) {
			this.out.println(line);
			this.out.flush();
		}
	}

}
