package io.github.evertoken.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The build files of a project. They are looked through line by line, for the names of
 * artifacts alone.
 */
final class Builds {

	private static final Pattern CLIENT = Pattern
		.compile("spring-boot-starter-(security-)?oauth2-client\\b|spring-security-oauth2-client\\b");

	private static final Pattern SERVLET = Pattern.compile("spring-boot-starter-(web|webmvc)\\b(?!-)");

	private static final Pattern EVERTOKEN = Pattern.compile("evertoken-spring-boot-starter\\b");

	private static final Pattern REST_CLIENT = Pattern.compile("spring-boot-starter-restclient\\b");

	private final List<Remark> lines = new ArrayList<>();

	private Builds() {
	}

	static Builds of(ProjectFiles files) {
		Builds builds = new Builds();
		for (Path file : files.builds()) {
			List<String> lines = files.lines(file);
			for (int i = 0; i < lines.size(); i++) {
				builds.lines.add(new Remark(Place.of(files.name(file), i + 1), lines.get(i)));
			}
		}
		return builds;
	}

	boolean isServlet() {
		return has(SERVLET);
	}

	/**
	 * Say which dependencies come and go.
	 * @param free whether no registration stays
	 */
	void report(Report report, CodeUse code, boolean free) {
		if (!has(EVERTOKEN)) {
			report.dependency("io.github.evertoken:evertoken-spring-boot-starter");
		}
		if ((code.hasKind("RestClient") || code.hasKind("RestTemplate")) && !has(REST_CLIENT)) {
			report.dependency("org.springframework.boot:spring-boot-starter-restclient");
		}
		if (free) {
			this.lines.stream()
				.filter((line) -> CLIENT.matcher(line.text()).find())
				.forEach((line) -> report.delete(new Remark(line.place(),
						"the dependency, if nothing else of Spring Security's client is used")));
		}
	}

	private boolean has(Pattern pattern) {
		return this.lines.stream().anyMatch((line) -> pattern.matcher(line.text()).find());
	}

}
