package io.github.evertoken.web;

import java.util.EnumSet;
import java.util.Set;

import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Why a request carries a token, or why it carries none, and what to change. There is
 * nothing in it of a URL's user information, query and fragment, and of no header's
 * value.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class Explanation {

	private final RequestUrl url;

	private final String method;

	private final Reason reason;

	private final @Nullable String client;

	private final @Nullable String subject;

	private final @Nullable String scheme;

	private final @Nullable NearestBaseUrl nearest;

	private final boolean trusted;

	private Explanation(RequestUrl url, String method, Reason reason, @Nullable String client, @Nullable String subject,
			@Nullable String scheme, @Nullable NearestBaseUrl nearest, boolean trusted) {
		this.url = url;
		this.method = Redactor.printable(method);
		this.reason = reason;
		this.client = client;
		this.subject = subject;
		this.scheme = scheme;
		this.nearest = nearest;
		this.trusted = trusted;
	}

	/**
	 * Explain a request that carries a token.
	 */
	static Explanation covered(RequestUrl url, String method, String client, @Nullable String subject, String scheme) {
		return new Explanation(url, method, Reason.COVERED, client, subject, scheme, null, true);
	}

	/**
	 * Explain a request that goes without.
	 */
	static Explanation without(RequestUrl url, String method, Reason reason, @Nullable String client,
			@Nullable NearestBaseUrl nearest, boolean trusted) {
		return new Explanation(url, method, reason, client, null, null, nearest, trusted);
	}

	/**
	 * Return the request's method.
	 * @return the name of the method
	 */
	public String method() {
		return this.method;
	}

	/**
	 * Return where the request goes.
	 * @return origin and path, without what looks like a token, never {@code null}
	 */
	public String url() {
		return this.url.toString();
	}

	/**
	 * Return why the request carries a token, or none.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * Return the client that the request belongs to.
	 * @return the client's name, or {@code null} if it belongs to none
	 */
	public @Nullable String client() {
		return this.client;
	}

	/**
	 * Return on whose behalf the request is made, as far as that was said.
	 * @return the subject, or {@code null} for the service itself, or for whoever the
	 * client's {@link SubjectResolver} finds when the request is made
	 */
	public @Nullable String subject() {
		return this.subject;
	}

	/**
	 * Return the header that the token is sent in.
	 * @return the header's name, or {@code null} if none is sent
	 */
	public @Nullable String header() {
		return (this.scheme != null) ? HttpHeaders.AUTHORIZATION : null;
	}

	/**
	 * Return what stands before the token in the header (RFC 9110, section 11.1).
	 * @return the authentication scheme, or {@code null} if no token is sent
	 */
	public @Nullable String scheme() {
		return this.scheme;
	}

	/**
	 * Tell whether the tokens of a client may go to the request's origin. If they may and
	 * none is sent, the request may {@linkplain TokenAttributes#client name the client}.
	 * @return whether they may
	 */
	public boolean isTrusted() {
		return this.trusted;
	}

	/**
	 * Return the client that comes nearest to covering the request.
	 * @return the client's name, or {@code null} if there is none, or if one covers it
	 */
	public @Nullable String nearestClient() {
		return (this.nearest != null) ? this.nearest.client() : null;
	}

	/**
	 * Return the base URL that comes nearest to covering the request.
	 * @return the base URL of the {@linkplain #nearestClient() nearest client}, with its
	 * port, or {@code null} if there is none, or if one covers it
	 */
	public @Nullable String nearestBaseUrl() {
		return (this.nearest != null) ? this.nearest.baseUrl().toString() : null;
	}

	/**
	 * Return in what the request differs from the {@linkplain #nearestBaseUrl() nearest
	 * base URL}.
	 * @return the differences, empty if there is no such base URL
	 */
	public Set<Difference> differences() {
		return (this.nearest != null) ? EnumSet.copyOf(this.nearest.differences()) : Set.of();
	}

	/**
	 * Tell whether the request was probably meant for the {@linkplain #nearestBaseUrl()
	 * nearest base URL}: it goes to the same host, or to one that is written nearly as
	 * it.
	 * @return whether it was
	 */
	public boolean isNearMiss() {
		return this.nearest != null && this.nearest.isNearMiss();
	}

	/**
	 * Say in a sentence why the request carries a token, or none.
	 * @return the sentence
	 */
	public String message() {
		return switch (this.reason) {
			case COVERED -> "carries the token of client '" + this.client + "'"
					+ ((this.subject != null) ? " for subject '" + Redactor.printable(this.subject) + "'" : "");
			case AUTHORIZATION_SET -> "carries the Authorization header that its caller has set, which is left alone";
			case NO_TOKEN_WANTED -> "carries no token, as its attribute noToken() asks";
			case NO_CLIENT -> (this.nearest != null) ? ExplanationText.difference(this.url, this.nearest)
					: "carries no token: there is no client";
		};
	}

	/**
	 * Say what to change if the request is to carry a token.
	 * @return one or two sentences
	 */
	public String advice() {
		return switch (this.reason) {
			case COVERED -> "If it goes without one all the same, its WebClient has no filter of Evertoken's:"
					+ " build it with the WebClient.Builder that Spring Boot injects";
			case AUTHORIZATION_SET -> "Leave the header to Evertoken";
			case NO_TOKEN_WANTED -> "Take noToken() from the request's attributes";
			case NO_CLIENT -> (this.nearest != null) ? ExplanationText.advice(this.url, this.nearest, this.trusted)
					: "Write one below evertoken.clients, with the base-url that its tokens go to";
		};
	}

	@Override
	public String toString() {
		return this.method + " " + this.url + " " + message();
	}

	/**
	 * Why a request carries a token, or none.
	 *
	 * @since 0.1.0
	 */
	public enum Reason {

		/**
		 * A client's base URL covers the request.
		 */
		COVERED,

		/**
		 * The caller, or a filter before this one, has set an {@code Authorization}
		 * header.
		 */
		AUTHORIZATION_SET,

		/**
		 * The caller has asked for {@linkplain TokenAttributes#noToken() no token}.
		 */
		NO_TOKEN_WANTED,

		/**
		 * No client's base URL covers the request, and it names no client.
		 */
		NO_CLIENT

	}

	/**
	 * In what a request differs from a base URL.
	 *
	 * @since 0.1.0
	 */
	public enum Difference {

		/**
		 * The one goes over TLS and the other does not.
		 */
		SCHEME,

		/**
		 * The hosts are not written the same.
		 */
		HOST,

		/**
		 * The ports are not the same.
		 */
		PORT,

		/**
		 * The request's path is not below that of the base URL.
		 */
		PATH

	}

}
