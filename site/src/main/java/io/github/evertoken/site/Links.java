package io.github.evertoken.site;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jsoup.nodes.Element;

/**
 * Follows the links of all pages, which are written so that they lead somewhere on
 * GitHub. Those of the chapters are turned to where they lead in the site.
 */
final class Links {

	private static final String PROJECT = "https://github.com/evertoken/evertoken/";

	private final Path root;

	private final Library library;

	private final List<String> problems = new ArrayList<>();

	private final Map<Path, String> pictures = new LinkedHashMap<>();

	Links(Path root, Library library) {
		this.root = root;
		this.library = library;
	}

	/**
	 * Follow all links.
	 */
	void follow() {
		for (Page page : this.library.pages()) {
			page.body().select("a[href]").forEach((link) -> follow(page, link));
			page.body().select("img[src]").forEach((picture) -> follow(page, picture));
		}
	}

	/**
	 * Return what leads nowhere.
	 * @return a line for each such link
	 */
	List<String> problems() {
		return List.copyOf(this.problems);
	}

	/**
	 * Return the pictures of the chapters.
	 * @return where each lies in the site, by its file
	 */
	Map<Path, String> pictures() {
		return this.pictures;
	}

	private void follow(Page page, Element element) {
		boolean picture = element.normalName().equals("img");
		String href = element.attr(picture ? "src" : "href");
		String blob = PROJECT + "blob/main/";
		if (href.startsWith(blob)) {
			check(page, href, Path.of(address(href.substring(blob.length()))), fragment(href));
		}
		else if (href.matches("[a-z]+:.*")) {
			if (picture) {
				this.problems.add(page.source() + ": " + href + " is fetched from elsewhere");
			}
		}
		else {
			Path target = target(page, href);
			check(page, href, target, fragment(href));
			if (page.chapter()) {
				element.attr(picture ? "src" : "href", picture ? inTheSite(target) : inTheSite(target, href));
			}
		}
	}

	private static String address(String href) {
		return href.contains("#") ? href.substring(0, href.indexOf('#')) : href;
	}

	private static String fragment(String href) {
		return href.contains("#") ? href.substring(href.indexOf('#') + 1) : "";
	}

	/**
	 * A cross reference between chapters has been given the ending of the site.
	 */
	private Path target(Page page, String href) {
		String address = address(href);
		if (address.isEmpty()) {
			return page.source();
		}
		Path target = Optional.ofNullable(page.source().getParent()).orElse(Path.of("")).resolve(address).normalize();
		boolean chapter = address.endsWith(".html") && !address.contains("/");
		return chapter ? this.library.chapter(address.replace(".html", "")).map(Page::source).orElse(target) : target;
	}

	private void check(Page page, String href, Path target, String fragment) {
		if (!Files.exists(this.root.resolve(target)) || target.startsWith("..")) {
			this.problems.add(page.source() + ": " + href + " leads to no file");
			return;
		}
		this.library.page(target)
			.filter((there) -> !fragment.isEmpty() && !there.has(fragment))
			.ifPresent((there) -> this.problems.add(page.source() + ": " + href + " leads to no place of the page"));
	}

	private String inTheSite(Path picture) {
		return this.pictures.computeIfAbsent(picture, (path) -> "images/" + path.getFileName());
	}

	private String inTheSite(Path target, String href) {
		String fragment = href.contains("#") ? "#" + fragment(href) : "";
		return this.library.page(target)
			.filter(Page::chapter)
			.map((chapter) -> (href.startsWith("#") ? "" : chapter.name() + ".html") + fragment)
			.orElseGet(() -> PROJECT + (Files.isDirectory(this.root.resolve(target)) ? "tree" : "blob") + "/main/"
					+ target.toString().replace('\\', '/') + fragment);
	}

}
