package io.github.evertoken.migrate;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the code of a project does with registrations.
 */
final class CodeReader {

	private static final Pattern OF_INTEREST = Pattern.compile("\\b(?:Server|Servlet)OAuth2AuthorizedClient\\w+"
			+ "|\\bOAuth2ClientHttpRequestInterceptor|\\bRegisteredOAuth2AuthorizedClient"
			+ "|\\bclientRegistrationId\\b|\\bClientRegistrationId\\b|\\b(?:Reactive)?OAuth2AuthorizedClientManager");

	private final ProjectFiles files;

	private final Predicate<String> properties;

	private boolean servlet;

	/**
	 * Read the code of a project.
	 * @param files the files of the project
	 * @param properties tells whether the configuration has a property
	 */
	CodeReader(ProjectFiles files, Predicate<String> properties) {
		this.files = files;
		this.properties = properties;
	}

	/**
	 * @throws UsageException if there is no compiler
	 */
	CodeUse read() {
		JavaParser parser = new JavaParser(this.files);
		SourceIndex index = SourceIndex.of(parser.parse(this.files.java()));
		TextReader texts = new TextReader(index.types(), this.properties);
		CodeUse use = new CodeUse();
		parser.unreadable().forEach((remark) -> use.byHand(remark.place(), remark.text()));
		TokenFilters filters = new TokenFilters(index, texts, use);
		HttpClients clients = new HttpClients(index, texts, filters, use);
		new Requests(index, texts, clients, use).read();
		new HttpServices(index, texts, this.properties, use).read();
		new Customizations(index, texts, use).read();
		this.servlet = Customizations.servlet(index) != null;
		mention(this.files.otherSources(),
				(place) -> use.byHand(place, "Only Java is read. Look for yourself what this has to do with tokens."));
		mention(this.files.tests(), (place) -> use.test(place, "A test that knows Spring Security's OAuth 2 client."));
		return use;
	}

	/**
	 * Tell whether the code is that of an application on servlets.
	 */
	boolean isServlet() {
		return this.servlet;
	}

	private void mention(List<Path> paths, Consumer<Place> mention) {
		Set<Place> places = new TreeSet<>();
		for (Path path : paths) {
			List<String> lines = this.files.lines(path);
			for (int i = 0; i < lines.size(); i++) {
				Matcher matcher = OF_INTEREST.matcher(lines.get(i));
				if (matcher.find() && !lines.get(i).strip().startsWith("import ")) {
					places.add(Place.of(this.files.name(path), i + 1));
					break;
				}
			}
		}
		places.forEach(mention);
	}

}
