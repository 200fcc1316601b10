package io.github.evertoken.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * All pages of the repository by their files: the chapters of the site, and beside them
 * every other page in Markdown, whose links must hold too.
 */
final class Library {

	private final Map<Path, Page> pages;

	private Library(Map<Path, Page> pages) {
		this.pages = pages;
	}

	/**
	 * Read all pages.
	 * @param root the top of the repository
	 * @param rendered where the chapters in AsciiDoc lie as HTML
	 * @param chapters which pages are chapters
	 * @return the library
	 * @throws IOException if a page cannot be read
	 */
	static Library read(Path root, Path rendered, Chapters chapters) throws IOException {
		MarkdownReader markdown = new MarkdownReader();
		Map<Path, Page> pages = new LinkedHashMap<>();
		for (Path source : chapters.sources()) {
			Page page = Page.chapter(source, body(root, rendered, source, markdown), readString(root.resolve(source)));
			pages.values().stream().filter((other) -> other.name().equals(page.name())).forEach((other) -> {
				throw new IllegalArgumentException(
						other.source() + " and " + source + " have the same name in the site");
			});
			pages.put(source, page);
		}
		for (Path source : otherPages(root)) {
			pages.computeIfAbsent(source, (path) -> Page.beside(path, markdown.read(readString(root.resolve(path)))));
		}
		return new Library(pages);
	}

	private static Element body(Path root, Path rendered, Path source, MarkdownReader markdown) {
		String file = source.getFileName().toString();
		return file.endsWith(".adoc")
				? Jsoup.parseBodyFragment(readString(rendered.resolve(file.replace(".adoc", ".html")))).body()
				: markdown.read(readString(root.resolve(source)));
	}

	/**
	 * Look where people look: at the top, in {@code docs}, and beside the samples.
	 */
	private static List<Path> otherPages(Path root) throws IOException {
		try (Stream<Path> top = Files.list(root);
				Stream<Path> docs = Files.walk(root.resolve("docs"));
				Stream<Path> samples = Files.walk(root.resolve("samples"), 2)) {
			return Stream.of(top, docs, samples)
				.flatMap((files) -> files)
				.filter((file) -> file.toString().endsWith(".md"))
				.map(root::relativize)
				.sorted()
				.toList();
		}
	}

	private static String readString(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return all pages.
	 * @return the chapters in their order, and then the others
	 */
	List<Page> pages() {
		return List.copyOf(this.pages.values());
	}

	List<Page> chapters() {
		return this.pages.values().stream().filter(Page::chapter).toList();
	}

	Optional<Page> page(Path source) {
		return Optional.ofNullable(this.pages.get(source));
	}

	/**
	 * Return the chapter of a name.
	 * @param name the name, without an ending
	 * @return the chapter, or nothing if there is none
	 */
	Optional<Page> chapter(String name) {
		return chapters().stream().filter((page) -> page.name().equals(name)).findFirst();
	}

}
