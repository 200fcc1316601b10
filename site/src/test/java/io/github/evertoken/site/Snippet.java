package io.github.evertoken.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A block of source text on a page.
 *
 * @param place the page, and the line on which it begins
 * @param language its language, such as {@code java}
 * @param text the text
 */
record Snippet(String place, String language, String text) {

	static final Path ROOT = Path.of("..");

	private static final Pattern ASCIIDOC = Pattern
		.compile("(?m)^\\[(?:source)?,(\\w+)[^]]*]\\n(?:\\.[^\\n]+\\n)?(----+)\\n((?s:.*?))\\n\\2$");

	private static final Pattern MARKDOWN = Pattern.compile("(?m)^```(\\w+)\\n((?s:.*?))^```$");

	/**
	 * Find all blocks of a language in the README, the chapters, and the pages beside
	 * them.
	 */
	static List<Snippet> in(String language) throws IOException {
		try (Stream<Path> chapters = Files.list(ROOT.resolve("docs/reference"));
				Stream<Path> pages = Files.list(ROOT.resolve("docs"))) {
			return Stream.of(Stream.of(ROOT.resolve("README.md")), chapters.sorted(), pages.sorted())
				.flatMap((files) -> files)
				.filter((file) -> file.toString().matches(".*\\.(adoc|md)"))
				.flatMap((file) -> on(file).stream())
				.filter((snippet) -> snippet.language().equals(language))
				.toList();
		}
	}

	private static List<Snippet> on(Path page) {
		try {
			return in(ROOT.relativize(page).toString(), Files.readString(page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<Snippet> in(String page, String text) {
		boolean asciidoc = page.endsWith(".adoc");
		List<Snippet> snippets = (asciidoc ? ASCIIDOC : MARKDOWN).matcher(text)
			.results()
			.map((block) -> new Snippet(page + ":" + (text.substring(0, block.start()).lines().count() + 1),
					block.group(1), block.group(asciidoc ? 3 : 2)))
			.toList();
		long begun = Pattern.compile(asciidoc ? "(?m)^\\[(source|,)" : "(?m)^```\\w").matcher(text).results().count();
		if (begun != snippets.size()) {
			throw new IllegalStateException(
					page + " has " + begun + " blocks of source text, but " + snippets.size() + " that can be read");
		}
		return snippets;
	}

	@Override
	public String toString() {
		return this.place;
	}

}
