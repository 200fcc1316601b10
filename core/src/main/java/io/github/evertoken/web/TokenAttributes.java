package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import org.jspecify.annotations.Nullable;

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

	private static final String RENEWAL_FAILURE = TokenAttributes.class.getName() + ".renewalFailure";

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
		return RequestedToken.change((requested) -> requested.ofClient(client));
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
		return RequestedToken.change((requested) -> requested.ofSubject(subject, null));
	}

	/**
	 * Give the token that stands for whoever the request is made on behalf of: what the
	 * client exchanges for its own (RFC 8693), or the assertion that it shows (RFC 7523).
	 * Without it, the client's {@link SubjectTokenResolver} decides.
	 * @param subjectToken the token
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if the token is empty
	 */
	public static Consumer<Map<String, Object>> subjectToken(String subjectToken) {
		TokenKey.onBehalfOf("any", subjectToken);
		return RequestedToken.change((requested) -> requested.ofSubject(null, subjectToken));
	}

	/**
	 * Ask for a token with another scope than is configured for the client. It is a token
	 * of its own, which is held and renewed beside the others. That of a user who has
	 * logged in is obtained with the user's refresh token, and its scope must be among
	 * what was granted with the login (RFC 6749, section 6).
	 * @param scope the scope, instead of the configured one
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if an element is no {@code scope-token} of RFC
	 * 6749, section 3.3
	 */
	public static Consumer<Map<String, Object>> scope(String... scope) {
		return parameters(TokenParameters.builder().scope(List.of(scope)).build());
	}

	/**
	 * Ask for a token for other audiences than are configured for the client.
	 * @param audience the logical names, instead of the configured ones
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if one of them is empty
	 */
	public static Consumer<Map<String, Object>> audience(String... audience) {
		return parameters(TokenParameters.builder().audience(List.of(audience)).build());
	}

	/**
	 * Ask for a token for other resources than are configured for the client (RFC 8707).
	 * @param resource absolute URIs, instead of the configured ones
	 * @return a consumer of the request's attributes
	 * @throws IllegalArgumentException if one of them is not absolute or has a fragment
	 */
	public static Consumer<Map<String, Object>> resource(URI... resource) {
		return parameters(TokenParameters.builder().resource(List.of(resource)).build());
	}

	/**
	 * Ask for a token of its own with whatever varies it. A name that has been set for
	 * the request before, or is configured for the client, is replaced; what is not named
	 * stays as it is.
	 * @param parameters what varies the token
	 * @return a consumer of the request's attributes
	 */
	public static Consumer<Map<String, Object>> parameters(TokenParameters parameters) {
		return RequestedToken.change((requested) -> requested.withParameters(parameters));
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
		return RequestedToken.change((requested) -> requested.lasting(expectedDuration));
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
		return RequestedToken.change(RequestedToken::withSingleUseBody);
	}

	/**
	 * Leave this request out: it carries no token, whatever client its URL belongs to or
	 * another attribute names, and its answer says nothing about a token.
	 * @return a consumer of the request's attributes
	 */
	public static Consumer<Map<String, Object>> noToken() {
		return RequestedToken.change(RequestedToken::withoutToken);
	}

	/**
	 * Return why a request carries a token that has just been refused: no other could be
	 * had for now, and one that was accepted before may be accepted again. Whoever sends
	 * the requests behind Evertoken's filter finds it in the attributes of the second
	 * attempt, and can tell its caller.
	 * @param attributes the attributes of a request
	 * @return why no other token could be had, {@code null} if the request carries
	 * another one, or if that is not known
	 */
	public static @Nullable TokenException renewalFailure(Map<String, Object> attributes) {
		return (TokenException) attributes.get(RENEWAL_FAILURE);
	}

	static Map<String, Object> withRenewalFailure(Map<String, Object> attributes, TokenException failure) {
		Map<String, Object> more = new HashMap<>(attributes);
		more.put(RENEWAL_FAILURE, failure);
		return Collections.unmodifiableMap(more);
	}

}
