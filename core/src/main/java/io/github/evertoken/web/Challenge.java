package io.github.evertoken.web;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * One challenge of a {@code WWW-Authenticate} header (RFC 9110, section 11.3): a scheme
 * with either a {@code token68} or parameters, or with neither.
 * <p>
 * Instances are immutable. What they hold was written by a resource server and may be
 * anything, so {@link #toString()} repeats none of the values.
 *
 * @since 0.1.0
 */
public final class Challenge {

	private final String scheme;

	private final @Nullable String token68;

	private final Map<String, String> parameters;

	private Challenge(String scheme, @Nullable String token68, Map<String, String> parameters) {
		this.scheme = scheme;
		this.token68 = token68;
		this.parameters = parameters;
	}

	/**
	 * Read the challenges of all {@code WWW-Authenticate} header lines of a response.
	 * <p>
	 * The lines count as one list (RFC 9110, section 5.3). Nothing makes this method
	 * fail: what cannot be understood is skipped up to the next comma, and the rest
	 * counts.
	 * <ul>
	 * <li>Of a parameter that is repeated in a challenge, which RFC 9110, section 11.2,
	 * forbids, the first one counts.</li>
	 * <li>Parameters that are separated by spaces only, and unquoted values of other
	 * characters than those of a {@code token}, are read as they are meant.</li>
	 * <li>A quoted string that never ends, ends with its line.</li>
	 * <li>A parameter without a value is left out, and so is a {@code token68} that is
	 * followed by parameters.</li>
	 * <li>The first 64 Ki characters, the first 32 challenges, and the first 32
	 * parameters of each count.</li>
	 * </ul>
	 * @param lines the values of the header lines, in their order
	 * @return the challenges in their order, unmodifiable
	 */
	public static List<Challenge> read(List<String> lines) {
		return lines.isEmpty() ? List.of() : ChallengeReader.read(lines);
	}

	/**
	 * Create a challenge.
	 * @param scheme the scheme
	 * @param parameters the parameters; of names that differ in case only, the first one
	 * counts
	 * @return the challenge
	 */
	public static Challenge of(String scheme, Map<String, String> parameters) {
		Map<String, String> copy = new LinkedHashMap<>();
		parameters.forEach((name, value) -> copy.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
		return new Challenge(Objects.requireNonNull(scheme, "scheme"), null, Collections.unmodifiableMap(copy));
	}

	/**
	 * Create a challenge.
	 * @param scheme the scheme
	 * @param token68 what stands in place of parameters
	 * @return the challenge
	 */
	public static Challenge ofToken68(String scheme, String token68) {
		return new Challenge(Objects.requireNonNull(scheme, "scheme"), Objects.requireNonNull(token68, "token68"),
				Map.of());
	}

	/**
	 * Return the scheme, for example {@code Bearer}.
	 * @return the scheme as it was written; {@link #hasScheme} compares it
	 */
	public String scheme() {
		return this.scheme;
	}

	/**
	 * Tell whether this challenge is of a scheme, whose case does not matter.
	 * @param scheme the scheme
	 * @return whether it is
	 */
	public boolean hasScheme(String scheme) {
		return this.scheme.equalsIgnoreCase(scheme);
	}

	/**
	 * Return what stands in place of parameters, for example in {@code Negotiate}.
	 * @return the {@code token68}, or {@code null} if there is none
	 */
	public @Nullable String token68() {
		return this.token68;
	}

	/**
	 * Return the parameters.
	 * @return the values by their names in lower case, in their order, unmodifiable
	 */
	public Map<String, String> parameters() {
		return this.parameters;
	}

	/**
	 * Return a parameter.
	 * @param name its name, whose case does not matter
	 * @return its value without quotes and escapes, or {@code null} if it is absent
	 */
	public @Nullable String parameter(String name) {
		return this.parameters.get(name.toLowerCase(Locale.ROOT));
	}

	/**
	 * Return the error code (RFC 6750, section 3).
	 * @return the parameter {@code error}, or {@code null} if it is absent or empty
	 */
	public @Nullable String error() {
		String error = this.parameters.get("error");
		return (error != null && !error.isEmpty()) ? error : null;
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof Challenge that && this.scheme.equals(that.scheme)
				&& Objects.equals(this.token68, that.token68) && this.parameters.equals(that.parameters));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.scheme, this.token68, this.parameters);
	}

	@Override
	public String toString() {
		return "Challenge[" + this.parameters.size() + " parameters" + ((this.token68 != null) ? ", token68" : "")
				+ "]";
	}

}
