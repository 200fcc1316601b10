package io.github.evertoken.site;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The program that makes the site: pages in Markdown, and chapters that are HTML by now,
 * get one frame, their links lead to where they are in the site, and all is looked at in
 * the end.
 */
public final class SiteMaker {

	private final Path root;

	private final Path rendered;

	private final Path site;

	private final String version;

	/**
	 * Create a maker.
	 * @param root the top of the repository
	 * @param rendered where the chapters in AsciiDoc lie as HTML
	 * @param site where the site is to be
	 * @param version the version that the site is about
	 */
	SiteMaker(Path root, Path rendered, Path site, String version) {
		this.root = root;
		this.rendered = rendered;
		this.site = site;
		this.version = version;
	}

	/**
	 * Make the site.
	 * @param args the top of the repository, where the chapters in AsciiDoc lie as HTML,
	 * where the site is to be, and the version
	 * @throws IOException if a file cannot be read or written
	 */
	public static void main(String[] args) throws IOException {
		Path site = Path.of(args[2]);
		List<String> problems = new SiteMaker(Path.of(args[0]).toRealPath(), Path.of(args[1]), site, args[3]).make();
		if (!problems.isEmpty()) {
			throw new IllegalStateException("The site is not in order:\n  " + String.join("\n  ", problems));
		}
		try (Stream<Path> files = Files.list(site)) {
			System.out.println(files.filter((file) -> file.toString().endsWith(".html")).count() + " pages, begin with "
					+ site.resolve("index.html"));
		}
	}

	/**
	 * Make the site.
	 * @return a line for each problem
	 * @throws IOException if a file cannot be read or written
	 */
	List<String> make() throws IOException {
		Chapters chapters = Chapters.read(this.root);
		List<String> problems = new ArrayList<>(notListed(chapters));
		Library library = Library.read(this.root, this.rendered, chapters);
		Links links = new Links(this.root, library);
		links.follow();
		problems.addAll(links.problems());
		write(new PageWriter(this.version, chapters, library), library, links.pictures());
		problems.addAll(SiteCheck.problemsOf(this.site));
		return problems;
	}

	private List<String> notListed(Chapters chapters) throws IOException {
		try (Stream<Path> files = Files.list(this.root.resolve(Chapters.LIST).resolveSibling(""))) {
			return files.filter((file) -> file.toString().endsWith(".adoc"))
				.map(this.root::relativize)
				.filter((file) -> !chapters.sources().contains(file))
				.map((file) -> file + " is not listed in " + Chapters.LIST)
				.sorted()
				.toList();
		}
	}

	private void write(PageWriter writer, Library library, Map<Path, String> pictures) throws IOException {
		delete(this.site);
		Files.createDirectories(this.site.resolve("images"));
		for (Page page : library.chapters()) {
			Files.writeString(this.site.resolve(page.name() + ".html"), writer.page(page));
		}
		Files.writeString(this.site.resolve("all.html"), writer.everything());
		for (Map.Entry<Path, String> picture : pictures.entrySet()) {
			Path source = this.root.resolve(picture.getKey());
			if (Files.isRegularFile(source)) {
				Files.copy(source, this.site.resolve(picture.getValue()));
			}
		}
		try (InputStream style = Objects.requireNonNull(SiteMaker.class.getResourceAsStream("site.css"))) {
			Files.copy(style, this.site.resolve("site.css"));
		}
	}

	/**
	 * What a chapter was called before must not look as if it were there.
	 */
	private static void delete(Path directory) throws IOException {
		if (Files.exists(directory)) {
			try (Stream<Path> files = Files.walk(directory)) {
				for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
					Files.delete(file);
				}
			}
		}
	}

}
