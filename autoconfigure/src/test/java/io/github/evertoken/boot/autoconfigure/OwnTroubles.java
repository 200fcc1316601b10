package io.github.evertoken.boot.autoconfigure;

import java.util.List;
import java.util.regex.Pattern;

import org.springframework.boot.test.system.CapturedOutput;

/**
 * The warnings and errors that Evertoken is answerable for: its own, and what Reactor
 * says about errors that nobody takes. A library's word about itself, such as that its
 * threads have not ended in time on a busy machine, is none of them.
 */
public final class OwnTroubles {

	private static final Pattern LINE = Pattern
		.compile("\\S+ (WARN |ERROR) (io\\.github\\.evertoken|reactor\\.core)\\..*");

	private OwnTroubles() {
	}

	/**
	 * Return the lines of {@code logback-test.xml}'s form that are such.
	 */
	public static List<String> in(CapturedOutput output) {
		return output.toString().lines().filter((line) -> LINE.matcher(line).matches()).toList();
	}

}
