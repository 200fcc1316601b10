package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * What a resource server asks for that wants a stronger or more recent authentication
 * (RFC 9470, section 3).
 */
record StepUp(List<String> acrValues, @Nullable Duration maxAge) {

	private static final int MAX_VALUES = 16;

	/**
	 * Of the characters of RFC 6749, appendix A.4, and short: what is longer is no name
	 * of a class and may be anything.
	 */
	private static final Pattern ACR_VALUE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,256}");

	/**
	 * As many seconds as a century has, and more, fit into ten digits.
	 */
	private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");

	/**
	 * Read what challenges ask for.
	 * @param challenges the challenges
	 * @param sent the token that was sent, which a resource server may repeat and an
	 * event must not (rule SE-2)
	 */
	static StepUp of(List<Challenge> challenges, String sent) {
		return StandardRejectionPolicy.challengesOfTheToken(challenges)
			.stream()
			.filter((challenge) -> challenge.parameter("acr_values") != null || challenge.parameter("max_age") != null)
			.findFirst()
			.map((challenge) -> new StepUp(acrValues(challenge, sent), maxAge(challenge)))
			.orElseGet(() -> new StepUp(List.of(), null));
	}

	private static List<String> acrValues(Challenge challenge, String sent) {
		String values = challenge.parameter("acr_values");
		return (values == null) ? List.of()
				: Stream.of(values.split(" "))
					.filter((value) -> ACR_VALUE.matcher(value).matches() && !value.contains(sent))
					.limit(MAX_VALUES)
					.toList();
	}

	private static @Nullable Duration maxAge(Challenge challenge) {
		String seconds = challenge.parameter("max_age");
		return (seconds != null && SECONDS.matcher(seconds).matches()) ? Duration.ofSeconds(Long.parseLong(seconds))
				: null;
	}

}
