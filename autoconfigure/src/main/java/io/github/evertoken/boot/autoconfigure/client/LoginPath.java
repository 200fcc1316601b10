package io.github.evertoken.boot.autoconfigure.client;

import java.net.URI;
import java.util.Locale;
import java.util.Set;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ReauthenticationResponse;
import io.github.evertoken.boot.autoconfigure.properties.WebProperties;
import org.jspecify.annotations.Nullable;

/**
 * Checks where a redirect to the login leads. It leads there whatever the request says,
 * so that nobody can be sent elsewhere.
 */
final class LoginPath {

	private static final String PROPERTY = "evertoken.web.login-path";

	private static final Set<String> SCHEMES = Set.of("http", "https");

	private LoginPath() {
	}

	static void check(WebProperties web, ConfigurationProblems problems) {
		String loginPath = web.loginPath();
		boolean needed = web.reauthenticationResponse() == ReauthenticationResponse.REDIRECT;
		if (needed && (loginPath == null || loginPath.isBlank())) {
			problems.add(PROPERTY, "must be set, to a path such as /login or a URL such as https://host/login,"
					+ " for evertoken.web.reauthentication-response is 'redirect'");
		}
		else if (loginPath != null && !loginPath.isEmpty()) {
			String problem = problemOf(loginPath);
			if (problem != null) {
				problems.add(PROPERTY, problem + ", but is '" + Urls.withoutSecrets(loginPath) + "'");
			}
		}
	}

	/**
	 * A browser reads {@code //host} and {@code /\\host} as the URL of another host.
	 */
	private static @Nullable String problemOf(String loginPath) {
		URI uri;
		try {
			uri = Urls.parse(loginPath);
		}
		catch (IllegalArgumentException ex) {
			return ex.getMessage();
		}
		boolean path = loginPath.startsWith("/") && !loginPath.startsWith("//");
		boolean url = uri.getScheme() != null && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))
				&& uri.getHost() != null && uri.getRawUserInfo() == null;
		return (path || url) ? null : "must be a path that begins with one slash, or an absolute http or https URL";
	}

}
