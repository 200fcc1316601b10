package io.github.evertoken.site;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;

/**
 * Reads Markdown as GitHub shows it: with tables, and with an anchor for each heading.
 */
final class MarkdownReader {

	private final Parser parser = Parser.builder().extensions(List.of(TablesExtension.create())).build();

	private final HtmlRenderer renderer = HtmlRenderer.builder().extensions(List.of(TablesExtension.create())).build();

	Element read(String markdown) {
		Element body = Jsoup.parseBodyFragment(this.renderer.render(this.parser.parse(markdown))).body();
		Set<String> ids = new HashSet<>();
		for (Element heading : body.select("h1, h2, h3, h4, h5, h6")) {
			String id = id(heading.text());
			String unique = id;
			for (int n = 1; !ids.add(unique); n++) {
				unique = id + "-" + n;
			}
			heading.attr("id", unique);
		}
		return body;
	}

	/**
	 * GitHub keeps letters, digits, hyphens and underscores, and writes a hyphen for each
	 * blank.
	 */
	private static String id(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-');
	}

}
