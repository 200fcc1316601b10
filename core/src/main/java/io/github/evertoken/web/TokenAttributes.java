package io.github.evertoken.web;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.TokenKey;

/**
 * What a request can say of its token, as {@code attributes(..)} of a {@code WebClient}
 * request:
 *
 * <pre class="code">
 * webClient.get().uri(..).attributes(client("inventory")).attributes(subject("alice"))...
 * </pre>
 *
 * @since 0.1.0
 */
public final class TokenAttributes {

	static final String CLIENT = TokenAttributes.class.getName() + ".client";

	static final String SUBJECT = TokenAttributes.class.getName() + ".subject";

	static final String EXPECTED_DURATION = TokenAttributes.class.getName() + ".expectedDuration";

	static final String SINGLE_USE_BODY = TokenAttributes.class.getName() + ".singleUseBody";

	private TokenAttributes() {
	}

	/**
	 * Name the client whose token the request is to carry, instead of leaving it to the
	 * request's URL. The URL must have one of the client's origins all the same.
	 * @param client the client's name
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if the name is empty
	 */
	public static Consumer<Map<String, Object>> client(String client) {
		TokenKey.of(client);
		return (attributes) -> attributes.put(CLIENT, client);
	}

	/**
	 * Name the subject on whose behalf the request is made. Without it, the client's
	 * {@link SubjectResolver} decides, and without that the request is made on behalf of
	 * the service itself.
	 * @param subject the subject
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if the subject is empty or longer than 1 KiB in
	 * UTF-8
	 */
	public static Consumer<Map<String, Object>> subject(String subject) {
		TokenKey.of("any", subject);
		return (attributes) -> attributes.put(SUBJECT, subject);
	}

	/**
	 * Say how long the request may take, an upload for example, so that its token lasts
	 * as long. A token that would not is renewed first.
	 * @param expectedDuration the duration, positive
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if the duration is zero or negative
	 */
	public static Consumer<Map<String, Object>> expectedDuration(Duration expectedDuration) {
		if (expectedDuration.isZero() || expectedDuration.isNegative()) {
			throw new IllegalArgumentException("The expected duration must be positive, but is " + expectedDuration);
		}
		return (attributes) -> attributes.put(EXPECTED_DURATION, expectedDuration);
	}

	/**
	 * Say that the request's body exists once, so that the request must not be sent
	 * twice. If its token is rejected, the caller gets the 401, and the token is renewed
	 * for the next request.
	 * <p>
	 * A body that fails when it is subscribed for the second time needs no mark: the
	 * caller gets the first answer then. The mark is for a body that would be another one
	 * the second time, or empty, without failing.
	 * @return a consumer of the request's attributes
	 */
	public static Consumer<Map<String, Object>> singleUseBody() {
		return (attributes) -> attributes.put(SINGLE_USE_BODY, Boolean.TRUE);
	}

}
