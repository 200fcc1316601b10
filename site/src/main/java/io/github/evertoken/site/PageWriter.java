package io.github.evertoken.site;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.select.Elements;

/**
 * Writes a page of the site as HTML: its contents, and what leads to the others.
 */
final class PageWriter {

	private final String version;

	private final Chapters chapters;

	private final Library library;

	PageWriter(String version, Chapters chapters, Library library) {
		this.version = version;
		this.chapters = chapters;
		this.library = library;
	}

	String page(Page page) {
		Element body = page.body().clone();
		insertContents(body, contents(body.select("h2[id], h3[id]")));
		tables(body);
		return html(page.title(), page.name(), body.html() + neighbours(page));
	}

	/**
	 * Everything on one page. What has an id on two pages has the page's name before it.
	 */
	String everything() {
		StringBuilder all = new StringBuilder("<h1>Everything on one page</h1>\n");
		for (Page page : this.library.chapters()) {
			Element body = page.body().clone();
			body.select("[id]").forEach((element) -> element.attr("id", page.name() + "--" + element.id()));
			body.select("a[href]").forEach((link) -> link.attr("href", onOnePage(page, link.attr("href"))));
			Element title = body.selectFirst("h1");
			if (title != null) {
				title.attr("id", page.name());
			}
			tables(body);
			all.append("<article>\n").append(body.html()).append("\n</article>\n");
		}
		return html("Everything on one page", "all", all.toString());
	}

	private String onOnePage(Page page, String href) {
		if (href.startsWith("#")) {
			return "#" + page.name() + "--" + href.substring(1);
		}
		String[] parts = href.split("#", 2);
		return this.library.chapter(parts[0].replaceFirst("\\.html$", ""))
			.filter((chapter) -> parts[0].endsWith(".html"))
			.map((chapter) -> "#" + chapter.name() + ((parts.length > 1) ? "--" + parts[1] : ""))
			.orElse(href);
	}

	private static void insertContents(Element body, String contents) {
		Element title = body.selectFirst("h1");
		if (title != null) {
			title.after(contents);
		}
	}

	private static String contents(Elements headings) {
		if (headings.size() < 2) {
			return "";
		}
		String entries = headings.stream()
			.map((heading) -> "<li class=\"" + heading.normalName() + "\"><a href=\"#" + heading.id() + "\">"
					+ Entities.escape(heading.text()) + "</a></li>")
			.collect(Collectors.joining("\n"));
		return "<nav class=\"contents\" aria-label=\"On this page\"><details open><summary>On this page</summary><ul>\n"
				+ entries + "\n</ul></details></nav>";
	}

	/**
	 * A wide table scrolls by itself, and not the page with it.
	 */
	private static void tables(Element body) {
		body.select("table").forEach((table) -> table.wrap("<div class=\"wide\" tabindex=\"0\"></div>"));
		body.select("pre").forEach((pre) -> pre.attr("tabindex", "0"));
	}

	private String neighbours(Page page) {
		List<Page> all = this.library.chapters();
		int here = all.indexOf(page);
		return "<nav class=\"neighbours\" aria-label=\"Neighbours\">" + IntStream.of(here - 1, here + 1)
			.filter((there) -> there >= 0 && there < all.size())
			.mapToObj((there) -> "<a rel=\"" + ((there < here) ? "prev" : "next") + "\" href=\"" + all.get(there).name()
					+ ".html\">" + Entities.escape(all.get(there).title()) + "</a>")
			.collect(Collectors.joining()) + "</nav>";
	}

	private String navigation(String current) {
		StringBuilder navigation = new StringBuilder();
		for (Chapters.Group group : this.chapters.groups()) {
			navigation.append("<h2>").append(Entities.escape(group.title())).append("</h2>\n<ul>\n");
			group.sources().stream().flatMap((source) -> this.library.page(source).stream()).forEach((page) -> {
				String address = current.equals("all") ? "#" + page.name() : page.name() + ".html";
				navigation.append("<li><a href=\"").append(address).append('"');
				navigation.append(page.name().equals(current) ? " aria-current=\"page\">" : ">");
				navigation.append(Entities.escape(page.title())).append("</a></li>\n");
			});
			navigation.append("</ul>\n");
		}
		return navigation.toString();
	}

	private String html(String title, String name, String content) {
		Document.OutputSettings settings = new Document.OutputSettings();
		return """
				<!DOCTYPE html>
				<html lang="en">
				<head>
				<meta charset="%s">
				<meta name="viewport" content="width=device-width, initial-scale=1">
				<meta name="color-scheme" content="light dark">
				<title>%s · Evertoken</title>
				<link rel="icon" href="data:,">
				<link rel="stylesheet" href="site.css">
				</head>
				<body>
				<a class="skip" href="#content">To the content</a>
				<header>
				<a class="brand" href="index.html">Evertoken</a> <span class="version">%s</span>
				<nav aria-label="Site"><a href="#chapters">Chapters</a> <a href="all.html">Everything on one page</a>
				<a href="https://github.com/evertoken/evertoken">GitHub</a></nav>
				</header>
				<main id="content">
				%s
				</main>
				<nav id="chapters" aria-label="Chapters">
				%s</nav>
				</body>
				</html>
				""".formatted(settings.charset(), Entities.escape(title), Entities.escape(this.version), content,
				navigation(name));
	}

}
