package io.github.evertoken.web;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * All that a request says of its token. It is one attribute of the request, so that the
 * filter looks for one, which nearly no request has.
 *
 * @param client the client, {@code null} if the request's URL decides
 * @param subject the subject, {@code null} if not named
 * @param subjectToken the token that stands for the subject, {@code null} if not given
 * @param parameters what varies the token
 * @param expectedDuration how long the token is to last, {@code null} if that is not said
 * @param singleUseBody whether the body exists once
 * @param noToken whether the request is to go without a token
 */
record RequestedToken(@Nullable String client, @Nullable String subject, @Nullable String subjectToken,
		TokenParameters parameters, @Nullable Duration expectedDuration, boolean singleUseBody, boolean noToken) {

	private static final String ATTRIBUTE = RequestedToken.class.getName();

	private static final RequestedToken NONE = new RequestedToken(null, null, null, TokenParameters.none(), null, false,
			false);

	static RequestedToken of(ClientRequest request) {
		return of(request.attributes());
	}

	private static RequestedToken of(Map<String, Object> attributes) {
		RequestedToken requested = (RequestedToken) attributes.get(ATTRIBUTE);
		return (requested != null) ? requested : NONE;
	}

	static Consumer<Map<String, Object>> change(UnaryOperator<RequestedToken> change) {
		return (attributes) -> attributes.put(ATTRIBUTE, change.apply(of(attributes)));
	}

	RequestedToken ofClient(String client) {
		return new RequestedToken(Objects.requireNonNull(client), this.subject, this.subjectToken, this.parameters,
				this.expectedDuration, this.singleUseBody, this.noToken);
	}

	RequestedToken ofSubject(@Nullable String subject, @Nullable String subjectToken) {
		return new RequestedToken(this.client, subject, subjectToken, this.parameters, this.expectedDuration,
				this.singleUseBody, this.noToken);
	}

	RequestedToken withParameters(TokenParameters parameters) {
		return new RequestedToken(this.client, this.subject, this.subjectToken, this.parameters.with(parameters),
				this.expectedDuration, this.singleUseBody, this.noToken);
	}

	RequestedToken lasting(Duration expectedDuration) {
		return new RequestedToken(this.client, this.subject, this.subjectToken, this.parameters, expectedDuration,
				this.singleUseBody, this.noToken);
	}

	RequestedToken withSingleUseBody() {
		return new RequestedToken(this.client, this.subject, this.subjectToken, this.parameters, this.expectedDuration,
				true, this.noToken);
	}

	RequestedToken withoutToken() {
		return new RequestedToken(this.client, this.subject, this.subjectToken, this.parameters, this.expectedDuration,
				this.singleUseBody, true);
	}

	/**
	 * Whether the request itself says on whose behalf it is made.
	 */
	boolean isForSubject() {
		return this.subject != null || this.subjectToken != null;
	}

	/**
	 * Whether the token is the client's own, without anything that varies it.
	 */
	boolean isForService() {
		return !isForSubject() && this.parameters.isEmpty();
	}

	/**
	 * Return the key of the token, as far as the request names it.
	 */
	TokenKey key(String client) {
		TokenKey key = (this.subjectToken != null) ? TokenKey.onBehalfOf(client, this.subjectToken)
				: TokenKey.of(client, this.subject);
		return key.withParameters(this.parameters);
	}

	/**
	 * Never the subject token.
	 */
	@Override
	public String toString() {
		return "RequestedToken[client=" + this.client + ", subject=" + this.subject + ", parameters=" + this.parameters
				+ ", expectedDuration=" + this.expectedDuration + ", singleUseBody=" + this.singleUseBody + ", noToken="
				+ this.noToken + "]";
	}

}
