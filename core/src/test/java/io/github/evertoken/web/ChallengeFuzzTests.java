package io.github.evertoken.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reads many challenges that a generator makes by the grammar and then breaks. The
 * ordinary run reads {@value #INPUTS}; for ten million:
 *
 * <pre>
 * mvn test -pl core -am -Dtest=ChallengeFuzzTests -Devertoken.fuzz.inputs=10000000
 * </pre>
 *
 * A failure names the seed that makes its input again, to be given as
 * {@code -Devertoken.fuzz.seed}.
 */
@Tag("RJ-4")
class ChallengeFuzzTests {

	private static final int INPUTS = 50_000;

	/**
	 * How often the reader looks at one character, at most.
	 */
	private static final int MAX_LOOKS = 12;

	@Test
	void readWhenAnythingThenNeverThrowsIsLinearAndKeepsWhatItHasUnderstood() {
		long inputs = Long.getLong("evertoken.fuzz.inputs", INPUTS);
		long first = Long.getLong("evertoken.fuzz.seed", ThreadLocalRandom.current().nextLong());
		for (long i = 0; i < inputs; i++) {
			check(first + i);
		}
	}

	@Test
	void readWhenSixtyFourKibibytesOfRubbishThenIsLinear() {
		for (String rubbish : List.of("\"", "\\\"", ",", "a", "a,", "a ", "a=", "a=,", "a b,", "=", "= ", "a a", "a\t",
				"a= \"", "a=\"\\", "a/", "a ==", "(", "\"a\"=", ", \"", "a=b ", "a b=c,")) {
			for (String prefix : List.of("", "Bearer ", "Bearer a=\"")) {
				int length = 64 * 1024 - prefix.length();
				String line = prefix + rubbish.repeat(length / rubbish.length());
				readCounting(line, List.of(line));
			}
		}
	}

	private static void check(long seed) {
		List<String> lines = new Generator(seed).lines();
		try {
			List<Challenge> challenges = readCounting("seed " + seed, lines);
			if (!Challenge.read(lines).equals(challenges)) {
				throw new AssertionError("read something else as text");
			}
			List<String> rendered = challenges.stream().map(ChallengeFuzzTests::render).toList();
			List<Challenge> again = Challenge.read(rendered);
			if (!again.equals(challenges) || !Challenge.read(List.of(String.join(", ", rendered))).equals(challenges)) {
				throw new AssertionError("read something else the second time: " + rendered);
			}
		}
		catch (RuntimeException | AssertionError ex) {
			throw new AssertionError("With -Devertoken.fuzz.seed=" + seed + ": " + lines, ex);
		}
	}

	private static List<Challenge> readCounting(String name, List<String> lines) {
		List<CountedLine> counted = lines.stream().map(CountedLine::new).toList();
		List<Challenge> challenges = ChallengeReader.read(counted);
		long length = lines.stream().mapToLong(String::length).sum();
		long looks = counted.stream().mapToLong((line) -> line.looks).sum();
		if (looks > length * MAX_LOOKS) {
			throw new AssertionError(
					looks + " looks at " + length + " characters of " + name.substring(0, Math.min(40, name.length())));
		}
		return challenges;
	}

	private static String render(Challenge challenge) {
		StringBuilder rendered = new StringBuilder(challenge.scheme());
		if (challenge.token68() != null) {
			return rendered.append(' ').append(challenge.token68()).toString();
		}
		String separator = " ";
		for (Map.Entry<String, String> parameter : challenge.parameters().entrySet()) {
			rendered.append(separator).append(parameter.getKey()).append("=\"");
			rendered.append(parameter.getValue().replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
			separator = ", ";
		}
		return rendered.toString();
	}

	/**
	 * Counts each look at one of its characters.
	 */
	private static final class CountedLine implements CharSequence {

		private final String line;

		private long looks;

		CountedLine(String line) {
			this.line = line;
		}

		@Override
		public int length() {
			return this.line.length();
		}

		@Override
		public char charAt(int index) {
			this.looks++;
			return this.line.charAt(index);
		}

		@Override
		public CharSequence subSequence(int start, int end) {
			this.looks += end - start;
			return this.line.subSequence(start, end);
		}

		@Override
		public String toString() {
			throw new UnsupportedOperationException("would be a look at all characters");
		}

	}

	/**
	 * Makes header lines by the grammar, and breaks two of three.
	 */
	private static final class Generator {

		private static final String[] WORDS = { "Bearer", "DPoP", "Basic", "Negotiate", "realm", "error", "scope",
				"invalid_token", "insufficient_scope", "max_age", "a", "A", "x-1", "!#$%&'*+.^_`|~" };

		private static final String[] PIECES = { "\"", "\\", "\\\"", ",", "=", "==", " ", "\t", ", ", "\" ", "a=",
				"Bearer ", "/", "+", "(", "\u0000", "\u00e9", "\u0130", "\ud83d", "\r\n", "\u2028" };

		private final Random random;

		Generator(long seed) {
			this.random = new Random(seed);
		}

		List<String> lines() {
			List<String> lines = new ArrayList<>();
			for (int i = this.random.nextInt(4); i >= 0; i--) {
				StringBuilder line = new StringBuilder();
				for (int j = this.random.nextInt(4); j > 0; j--) {
					line.append((line.length() > 0) ? "," + spaces() : "");
					challenge(line);
				}
				lines.add((this.random.nextInt(3) > 0) ? broken(line) : line.toString());
			}
			return lines;
		}

		private void challenge(StringBuilder line) {
			line.append(word());
			switch (this.random.nextInt(4)) {
				case 0 -> line.append(' ').append(word().toLowerCase(Locale.ROOT)).append("==");
				case 1, 2 -> {
					line.append(' ');
					for (int i = this.random.nextInt(5); i >= 0; i--) {
						line.append(word()).append(spaces()).append('=').append(spaces()).append(value());
						line.append((i > 0) ? spaces() + "," + spaces() : "");
					}
				}
				default -> line.append(spaces());
			}
		}

		private String value() {
			if (this.random.nextBoolean()) {
				return word();
			}
			StringBuilder value = new StringBuilder("\"");
			for (int i = this.random.nextInt(4); i > 0; i--) {
				value.append(this.random.nextBoolean() ? word() : piece().replace("\\", "\\\\").replace("\"", "\\\""));
			}
			return value.append('"').toString();
		}

		private String broken(StringBuilder line) {
			for (int i = this.random.nextInt(6); i >= 0; i--) {
				int at = this.random.nextInt(line.length() + 1);
				switch (this.random.nextInt(4)) {
					case 0 -> line.insert(at, piece());
					case 1 -> line.insert(at, (char) this.random.nextInt((this.random.nextInt(9) == 0) ? 65536 : 256));
					case 2 -> line.delete(at, Math.min(line.length(), at + 1 + this.random.nextInt(5)));
					default -> line.insert(at, line.substring(0, Math.min(at, 20)));
				}
			}
			return line.toString();
		}

		private String word() {
			return WORDS[this.random.nextInt(WORDS.length)];
		}

		private String piece() {
			return PIECES[this.random.nextInt(PIECES.length)];
		}

		private String spaces() {
			return " ".repeat(Math.max(0, this.random.nextInt(6) - 3));
		}

	}

}
