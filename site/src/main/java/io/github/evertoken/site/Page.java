package io.github.evertoken.site;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jsoup.nodes.Element;

/**
 * A page that links are looked for in, and may lead to.
 *
 * @param source its file, from the top of the repository
 * @param body what stands on it, its title included
 * @param chapter whether it is a page of the site
 * @param writtenDown the ids that stand in the file themselves
 */
record Page(Path source, Element body, boolean chapter, Set<String> writtenDown) {

	private static final Pattern ID = Pattern.compile("(?m)^\\[#([\\w-]+)[],]");

	static Page chapter(Path source, Element body, String text) {
		return new Page(source, body, true,
				ID.matcher(text).results().map((id) -> id.group(1)).collect(Collectors.toSet()));
	}

	static Page beside(Path source, Element body) {
		return new Page(source, body, false, Set.of());
	}

	/**
	 * Return the name of the page in the site.
	 * @return the name, without an ending
	 */
	String name() {
		String file = this.source.getFileName().toString();
		return file.substring(0, file.lastIndexOf('.')).toLowerCase(Locale.ROOT);
	}

	String title() {
		Element title = this.body.selectFirst("h1");
		if (title == null) {
			throw new IllegalArgumentException(this.source + " has no title");
		}
		return title.text();
	}

	/**
	 * Tell whether a link may lead to a place of the page.
	 * @param id the id of the place
	 * @return whether there is such a place, and GitHub calls it so too: of a chapter in
	 * AsciiDoc it knows those ids alone that are written down
	 */
	boolean has(String id) {
		Element place = this.body.getElementById(id);
		return place != null && (!this.source.toString().endsWith(".adoc") || this.writtenDown.contains(id));
	}

}
