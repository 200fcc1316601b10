package io.github.evertoken.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.http.HttpDate;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.lifecycle.Refusal;
import io.github.evertoken.lifecycle.Refusal.Complaint;
import org.jspecify.annotations.Nullable;
import reactor.util.context.ContextView;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * Reads from an answer how a token was refused, fit to be shown: a resource server may
 * write anything, and repeat what it was sent (rule SE-2).
 */
final class RefusalReader {

	static final String INSUFFICIENT_SCOPE = "insufficient_scope";

	/**
	 * What the names of headers have in them whose values are secret.
	 */
	private static final List<String> SECRET_HEADERS = List.of("auth", "cookie", "dpop", "key", "password", "secret",
			"token");

	private RefusalReader() {
	}

	static Refusal read(AccessToken token, ClientRequest request, HttpHeaders answer, ContextView caller) {
		List<Challenge> challenges = Challenge.read(answer.getOrEmpty(HttpHeaders.WWW_AUTHENTICATE));
		return new Refusal(RequestPlace.of(request), complaint(challenges, new Redactor(secrets(token, request))),
				HttpDate.of(answer, HttpHeaders.DATE), caller);
	}

	static boolean asksForScope(List<Challenge> challenges) {
		return StandardRejectionPolicy.challengesOfTheToken(challenges)
			.stream()
			.anyMatch((challenge) -> INSUFFICIENT_SCOPE.equals(challenge.error()));
	}

	private static Complaint complaint(List<Challenge> challenges, Redactor redactor) {
		return StandardRejectionPolicy.challengesOfTheToken(challenges)
			.stream()
			.filter((challenge) -> challenge.error() != null || challenge.parameter("error_description") != null)
			.findFirst()
			.map((challenge) -> new Complaint(shown(challenge.error(), redactor),
					shown(challenge.parameter("error_description"), redactor),
					shown(challenge.parameter("scope"), redactor)))
			.orElse(Complaint.NONE);
	}

	private static @Nullable String shown(@Nullable String text, Redactor redactor) {
		return (text == null || text.isBlank()) ? null : redactor.redact(text.strip());
	}

	private static boolean isSecret(String header) {
		String name = header.toLowerCase(Locale.ROOT);
		return SECRET_HEADERS.stream().anyMatch(name::contains);
	}

	private static List<String> secrets(AccessToken token, ClientRequest request) {
		List<String> secrets = new ArrayList<>();
		secrets.add(token.value());
		request.headers().forEach((name, values) -> {
			if (isSecret(name)) {
				values.stream()
					.flatMap((value) -> Stream.of(value, value.substring(value.indexOf(' ') + 1)))
					.forEach(secrets::add);
			}
		});
		request.headers()
			.getOrEmpty(HttpHeaders.COOKIE)
			.stream()
			.flatMap((cookies) -> Stream.of(cookies.split(";")))
			.map((cookie) -> cookie.substring(cookie.indexOf('=') + 1).strip())
			.forEach(secrets::add);
		request.cookies().values().forEach(secrets::addAll);
		secrets.removeIf(String::isBlank);
		return secrets;
	}

}
