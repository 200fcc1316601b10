package io.github.evertoken.test.server;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A request that an {@link AuthorizationServer} has received, and what it has answered.
 * <p>
 * Instances are immutable. {@link #toString()} has no secret in it; the values that a
 * test asks for by their names may be some.
 *
 * @since 0.1.0
 */
public final class ReceivedRequest {

	/**
	 * Parameters of token requests that are no secrets.
	 */
	private static final Set<String> SHOWN = Set.of("scope", "audience", "resource", "requested_token_type",
			"subject_token_type", "actor_token_type", "token_type_hint");

	private final HttpRequest request;

	private final Instant receivedAt;

	private final Endpoint endpoint;

	private final Map<String, String> parameters;

	private final @Nullable String client;

	private final @Nullable String subject;

	private final @Nullable String error;

	private final int accessToken;

	private final int status;

	private final @Nullable Fault fault;

	ReceivedRequest(HttpRequest request, Instant receivedAt, RequestNotes notes, int status, @Nullable Fault fault) {
		this.request = request;
		this.receivedAt = receivedAt;
		this.endpoint = notes.endpoint;
		this.parameters = Map.copyOf(notes.parameters);
		this.client = notes.client;
		this.subject = notes.subject;
		this.error = notes.error;
		this.accessToken = notes.accessToken;
		this.status = status;
		this.fault = fault;
	}

	/**
	 * Return what was asked.
	 * @return the endpoint
	 */
	public Endpoint endpoint() {
		return this.endpoint;
	}

	/**
	 * Return the method.
	 * @return the method, such as {@code POST}
	 */
	public String method() {
		return this.request.method();
	}

	/**
	 * Return the path.
	 * @return the path without a query, as it was written
	 */
	public String path() {
		return this.request.path();
	}

	/**
	 * Return when the request was received.
	 * @return the instant, by the server's clock
	 */
	public Instant receivedAt() {
		return this.receivedAt;
	}

	/**
	 * Return the body.
	 * @return the body as text in UTF-8, empty if there is none
	 */
	public String body() {
		return new String(this.request.body(), StandardCharsets.UTF_8);
	}

	/**
	 * Return a header.
	 * @param name its name
	 * @return its first value, or {@code null} if there is none
	 */
	public @Nullable String header(String name) {
		return this.request.first(name);
	}

	/**
	 * Return all values of a header, such as {@code Cookie}.
	 * @param name its name
	 * @return its values in the order in which they came, none if there is no such header
	 */
	public List<String> headers(String name) {
		return List.copyOf(this.request.all(name));
	}

	/**
	 * Return a parameter of the form.
	 * @param name its name
	 * @return its value, or {@code null} if there is none; several values are separated
	 * by spaces
	 */
	public @Nullable String parameter(String name) {
		return this.parameters.get(name);
	}

	/**
	 * Return all parameters of the form, so that a test can tell that there are no
	 * others. Some may be secrets.
	 * @return the values by the names of the parameters
	 */
	public Map<String, String> parameters() {
		return this.parameters;
	}

	/**
	 * Return the grant of a token request.
	 * @return the {@code grant_type}, or {@code null} if there is none
	 */
	public @Nullable String grantType() {
		return this.parameters.get("grant_type");
	}

	/**
	 * Return who has sent the request.
	 * @return the identifier of the client, {@code null} if nobody has proved to be one;
	 * at the resource, of the client that the token was issued to
	 */
	public @Nullable String client() {
		return this.client;
	}

	/**
	 * Return on whose behalf the access token was issued that it was about.
	 * @return the subject, which is the client itself if the token is on nobody's behalf;
	 * {@code null} if it was about none
	 */
	public @Nullable String subject() {
		return this.subject;
	}

	/**
	 * Return which access token it was about: the one that a token request was answered
	 * with, or that was shown to the resource.
	 * @return the number of the access token, from 1 on for the first one that was issued
	 * in a test; 0 for none
	 */
	public int accessToken() {
		return this.accessToken;
	}

	/**
	 * Return the status of the answer, whether or not that has arrived.
	 * @return the status
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Return the error code of the answer.
	 * @return the code, such as {@code invalid_grant}, or {@code null} for none
	 */
	public @Nullable String error() {
		return this.error;
	}

	/**
	 * Return what the request was about and what was answered, without a secret.
	 */
	@Override
	public String toString() {
		List<String> words = new ArrayList<>();
		words.add(this.receivedAt + " " + method() + " " + path());
		if (grantType() != null) {
			words.add(grantType());
		}
		if (this.client != null) {
			words.add("client " + this.client);
		}
		new TreeMap<>(this.parameters).forEach((name, value) -> {
			if (SHOWN.contains(name)) {
				words.add(name + " " + value);
			}
		});
		words.add("answered " + this.status + ((this.error != null) ? " " + this.error : "")
				+ ((this.fault != null) ? " by " + this.fault : ""));
		if (this.accessToken != 0) {
			words.add("access token " + this.accessToken);
		}
		return String.join(", ", words);
	}

}
