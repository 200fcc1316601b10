package io.github.evertoken.migrate;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds environment variables that set properties of registrations, in what starts the
 * application.
 */
final class EnvironmentNames {

	private static final Pattern NAME = Pattern
		.compile("SPRING_SECURITY_OAUTH2_CLIENT_(REGISTRATION|PROVIDER)_([A-Z0-9]+)_([A-Z0-9_]+)");

	private EnvironmentNames() {
	}

	static List<Remark> of(ProjectFiles files, Set<String> registrations) {
		List<Remark> remarks = new ArrayList<>();
		for (Path file : files.deployment()) {
			List<String> lines = files.lines(file);
			for (int i = 0; i < lines.size(); i++) {
				Matcher matcher = NAME.matcher(lines.get(i));
				while (matcher.find()) {
					remarks.add(new Remark(Place.of(files.name(file), i + 1), text(matcher, registrations)));
				}
			}
		}
		return remarks;
	}

	private static String text(Matcher name, Set<String> registrations) {
		boolean carried = name.group(1).equals("REGISTRATION")
				&& registrations.stream().anyMatch((id) -> uniform(id).equals(name.group(2)));
		return carried ? name.group() + " becomes EVERTOKEN_CLIENTS_" + name.group(2) + "_" + name.group(3) + "."
				: name.group() + " is set here, and was not read. What it says belongs to the client that takes it.";
	}

	private static String uniform(String id) {
		return id.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT);
	}

}
