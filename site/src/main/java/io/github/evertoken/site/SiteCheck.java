package io.github.evertoken.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * Looks at a site as a browser would get it: nothing is fetched from elsewhere, no script
 * is needed, and each link within the site leads somewhere.
 */
final class SiteCheck {

	private static final Pattern ELSEWHERE = Pattern.compile("(?i)url\\(\\s*['\"]?(https?:)?//|@import|<script|"
			+ "<(image|use|img)[^>]*href\\s*=\\s*['\"](https?:)?//");

	private static final String FETCHED = "img[src], link[href], script, iframe, object, embed, source, video, audio,"
			+ " [srcset], [style*=url], base";

	private final Path site;

	private final List<String> problems = new ArrayList<>();

	private SiteCheck(Path site) {
		this.site = site;
	}

	/**
	 * Look at all files of a site.
	 * @param site its directory
	 * @return a line for each problem
	 * @throws IOException if a file cannot be read
	 */
	static List<String> problemsOf(Path site) throws IOException {
		SiteCheck check = new SiteCheck(site);
		try (Stream<Path> files = Files.walk(site)) {
			for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
				check.look(file);
			}
		}
		return check.problems;
	}

	private void look(Path file) throws IOException {
		String name = file.toString();
		if (name.endsWith(".html")) {
			page(file);
		}
		else if ((name.endsWith(".css") || name.endsWith(".svg")) && ELSEWHERE.matcher(Files.readString(file)).find()) {
			problem(file, "fetches something from elsewhere, or has a script");
		}
	}

	private void page(Path file) throws IOException {
		Document page = read(file);
		Set<String> ids = new HashSet<>();
		page.select("[id]")
			.stream()
			.filter((element) -> !ids.add(element.id()))
			.forEach((element) -> problem(file, "the id " + element.id() + " is there twice"));
		for (Element element : page.select(FETCHED)) {
			String address = element.hasAttr("src") ? element.attr("src") : element.attr("href");
			boolean own = element.is("img[src], link[href]:not([rel=stylesheet][href*=:])")
					&& !element.hasAttr("srcset") && (address.equals("data:,")
							|| !address.contains(":") && Files.isRegularFile(this.site.resolve(address)));
			if (!own) {
				problem(file, "fetches " + element);
			}
		}
		for (Element link : page.select("a[href]")) {
			link(file, page, link.attr("href"));
		}
		markup(file, page.clone());
	}

	/**
	 * What AsciiDoc does not take for code, such as the plural of a class, is shown with
	 * its backticks.
	 */
	private void markup(Path file, Document page) {
		page.select("code, pre").remove();
		page.getElementsContainingOwnText("`")
			.forEach((element) -> problem(file, "shows markup: " + element.ownText()));
	}

	private void link(Path file, Document page, String href) throws IOException {
		if (href.matches("[a-z]+:.*")) {
			return;
		}
		String[] parts = href.split("#", 2);
		Path target = parts[0].isEmpty() ? file : this.site.resolve(parts[0]);
		if (!Files.isRegularFile(target)) {
			problem(file, href + " leads to no page");
		}
		else if (parts.length > 1) {
			Document there = target.equals(file) ? page : read(target);
			if (there.getElementById(parts[1]) == null) {
				problem(file, href + " leads to no place");
			}
		}
	}

	private static Document read(Path file) throws IOException {
		return Jsoup.parse(Files.readString(file));
	}

	private void problem(Path file, String problem) {
		this.problems.add(this.site.relativize(file) + ": " + problem);
	}

}
