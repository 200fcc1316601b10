package io.github.evertoken.test.server;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.github.evertoken.test.server.HttpAnswer.Way;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AuthorizationServer} does wrong when it is told to. A fault is one of
 * the token endpoint until it is {@linkplain #at(Endpoint, Endpoint...) said} of another
 * one, and lasts until the server {@linkplain AuthorizationServer#recover() recovers},
 * unless it is one of a number of {@linkplain #times(int) times}.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class Fault {

	private static final int ALWAYS = Integer.MAX_VALUE;

	private final String name;

	private final @Nullable HttpAnswer instead;

	private final Way way;

	private final Duration delay;

	private final Map<String, String> headers;

	private final Set<Endpoint> endpoints;

	private final int times;

	private Fault(String name, @Nullable HttpAnswer instead, Way way, Duration delay, Map<String, String> headers,
			Set<Endpoint> endpoints, int times) {
		this.name = name;
		this.instead = instead;
		this.way = way;
		this.delay = delay;
		this.headers = headers;
		this.endpoints = endpoints;
		this.times = times;
	}

	private static Fault of(String name, @Nullable HttpAnswer instead, Way way, Duration delay) {
		return new Fault(name, instead, way, delay, Map.of(), EnumSet.of(Endpoint.TOKEN), ALWAYS);
	}

	/**
	 * Answer with a status, and do nothing else.
	 * @param status the status, such as 503
	 * @return the fault
	 */
	public static Fault status(int status) {
		return of("status " + status, HttpAnswer.empty(status), Way.ARRIVES, Duration.ZERO);
	}

	/**
	 * Answer with a status and a body, and do nothing else.
	 * @param status the status
	 * @param contentType the value of {@code Content-Type}
	 * @param body the body
	 * @return the fault
	 */
	public static Fault answer(int status, String contentType, String body) {
		return of("status " + status, HttpAnswer.of(status, contentType, body), Way.ARRIVES, Duration.ZERO);
	}

	/**
	 * Refuse a request (RFC 6749, section 5.2), with 401 if the client is to blame
	 * ({@code invalid_client}) and with 400 otherwise.
	 * @param error the error code, such as {@code invalid_grant}
	 * @return the fault
	 */
	public static Fault refused(String error) {
		int status = error.equals("invalid_client") ? 401 : 400;
		return of(error, HttpAnswer.json(status, Map.of("error", error)), Way.ARRIVES, Duration.ZERO);
	}

	/**
	 * Answer 429 with {@code Retry-After} (RFC 6585, section 4), and do nothing else.
	 * @param retryAfter when the client is to come back; whole seconds
	 * @return the fault
	 */
	public static Fault rateLimited(Duration retryAfter) {
		return of("status 429", HttpAnswer.empty(429).with("Retry-After", String.valueOf(retryAfter.toSeconds())),
				Way.ARRIVES, Duration.ZERO);
	}

	/**
	 * Answer as usual, but later. What is asked for is done at once. The time is that of
	 * the {@link ServerTime} of the server, if it has one.
	 * @param delay how much later
	 * @return the fault
	 */
	public static Fault slow(Duration delay) {
		return of("slow", null, Way.ARRIVES, delay);
	}

	/**
	 * Do what is asked for, and reset the connection in the middle of the answer: whoever
	 * has redeemed a refresh token does not get the next one.
	 * @return the fault
	 */
	public static Fault torn() {
		return of("torn answer", null, Way.IS_TORN, Duration.ZERO);
	}

	/**
	 * Do what is asked for, and reset the connection before the answer.
	 * @return the fault
	 */
	public static Fault lost() {
		return of("lost answer", null, Way.IS_LOST, Duration.ZERO);
	}

	/**
	 * Reset the connection, and do nothing else.
	 * @return the fault
	 */
	public static Fault reset() {
		return of("reset connection", HttpAnswer.empty(503), Way.IS_LOST, Duration.ZERO);
	}

	/**
	 * Take the request, and neither do anything nor answer.
	 * @return the fault
	 */
	public static Fault hanging() {
		return of("no answer", HttpAnswer.empty(503), Way.NEVER_COMES, Duration.ZERO);
	}

	/**
	 * Say of which endpoints it is.
	 * @param first an endpoint
	 * @param more others
	 * @return a fault of these and no others
	 */
	public Fault at(Endpoint first, Endpoint... more) {
		return new Fault(this.name, this.instead, this.way, this.delay, this.headers, EnumSet.of(first, more),
				this.times);
	}

	/**
	 * Say how often it happens.
	 * @param times for how many of the next requests, 1 at least
	 * @return a fault of that number of times
	 */
	public Fault times(int times) {
		if (times < 1) {
			throw new IllegalArgumentException("A fault happens once at least, and not " + times + " times");
		}
		return new Fault(this.name, this.instead, this.way, this.delay, this.headers, this.endpoints, times);
	}

	/**
	 * Answer later besides.
	 * @param delay how much later
	 * @return a fault with that delay
	 */
	public Fault after(Duration delay) {
		return new Fault(this.name, this.instead, this.way, Objects.requireNonNull(delay, "delay"), this.headers,
				this.endpoints, this.times);
	}

	/**
	 * Add a header to what is answered.
	 * @param name its name
	 * @param value its value, of one line
	 * @return a fault with that header besides
	 */
	public Fault withHeader(String name, String value) {
		if ((name + value).matches("(?s).*[\\r\\n].*")) {
			throw new IllegalArgumentException("A header has one line");
		}
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.put(name, value);
		return new Fault(this.name, this.instead, this.way, this.delay, Collections.unmodifiableMap(headers),
				this.endpoints, this.times);
	}

	boolean isOf(Endpoint endpoint) {
		return this.endpoints.contains(endpoint);
	}

	/**
	 * Return the fault that is left when it has happened once, or {@code null} if none
	 * is.
	 */
	@Nullable Fault next() {
		if (this.times == ALWAYS) {
			return this;
		}
		return (this.times > 1) ? times(this.times - 1) : null;
	}

	/**
	 * Return what is answered without doing anything, or {@code null} if what is asked
	 * for is done.
	 */
	@Nullable HttpAnswer instead() {
		return this.instead;
	}

	HttpAnswer spoil(HttpAnswer answer) {
		HttpAnswer spoilt = answer.on(this.way).after(this.delay);
		for (Map.Entry<String, String> header : this.headers.entrySet()) {
			spoilt = spoilt.with(header.getKey(), header.getValue());
		}
		return spoilt;
	}

	/**
	 * Without what it answers with.
	 */
	@Override
	public String toString() {
		return "Fault[" + this.name + " at " + this.endpoints
				+ ((this.times != ALWAYS) ? ", " + this.times + " times" : "") + "]";
	}

}
