package io.github.evertoken;

import java.net.URI;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.nimbusds.jose.util.JSONArrayUtils;

/**
 * What varies a token beyond its client and its subject: the form parameters and the
 * headers that a token request carries of its own. They are part of the {@link TokenKey}:
 * two requests that ask for different ones get tokens of their own.
 * <p>
 * Instances are immutable, and equal if they say the same, in whichever order the names
 * were set. Neither a header's nor an extra parameter's value appears in
 * {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class TokenParameters {

	/**
	 * Parameters and headers that the token request has a place of its own for, so that
	 * none is sent twice (RFC 6749, section 3.2).
	 */
	private static final Set<String> RESERVED_PARAMETERS = Set.of("grant_type", "refresh_token", "client_secret",
			"client_assertion", "client_assertion_type", "assertion", "subject_token", "subject_token_type",
			"actor_token", "actor_token_type");

	private static final Set<String> RESERVED_HEADERS = Set.of("accept", "authorization", "content-length",
			"content-type", "dpop", "host", "transfer-encoding");

	private static final Set<String> SHOWN = Set.of("scope", "audience", "resource");

	/**
	 * RFC 6749, section 3.3.
	 */
	private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

	/**
	 * RFC 9110, sections 5.1 and 5.5.
	 */
	private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7E]([\\x20-\\x7E\\t]*[\\x21-\\x7E])?");

	private static final TokenParameters NONE = new TokenParameters(Map.of(), Map.of());

	private final Map<String, List<String>> form;

	private final Map<String, String> headers;

	private final int hash;

	private TokenParameters(Map<String, List<String>> form, Map<String, String> headers) {
		this.form = Collections.unmodifiableMap(form);
		this.headers = Collections.unmodifiableMap(headers);
		this.hash = 31 * form.hashCode() + headers.hashCode();
	}

	/**
	 * Return the parameters that vary nothing.
	 * @return no parameters
	 */
	public static TokenParameters none() {
		return NONE;
	}

	/**
	 * Start with no parameters.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the form parameters.
	 * @return the values of each name, unmodifiable
	 */
	public Map<String, List<String>> form() {
		return this.form;
	}

	/**
	 * Return the headers.
	 * @return the value of each name, which is in lower case, unmodifiable
	 */
	public Map<String, String> headers() {
		return this.headers;
	}

	/**
	 * Tell whether there is nothing here.
	 * @return whether neither a parameter nor a header is set
	 */
	public boolean isEmpty() {
		return this.form.isEmpty() && this.headers.isEmpty();
	}

	/**
	 * Return these parameters with others on top: a name that both have keeps the values
	 * of the other.
	 * @param other the parameters that win
	 * @return the parameters of both
	 */
	public TokenParameters with(TokenParameters other) {
		if (other.isEmpty()) {
			return this;
		}
		if (isEmpty()) {
			return other;
		}
		Map<String, List<String>> form = new LinkedHashMap<>(this.form);
		form.putAll(other.form);
		Map<String, String> headers = new LinkedHashMap<>(this.headers);
		headers.putAll(other.headers);
		return new TokenParameters(form, headers);
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof TokenParameters that && this.hash == that.hash
				&& this.form.equals(that.form) && this.headers.equals(that.headers));
	}

	@Override
	public int hashCode() {
		return this.hash;
	}

	@Override
	public String toString() {
		List<String> shown = new ArrayList<>();
		this.form.forEach((name, values) -> shown.add(SHOWN.contains(name) ? name + "=" + values : name));
		shown.addAll(this.headers.keySet());
		return shown.toString();
	}

	/**
	 * Builds {@link TokenParameters}. A name that is set again is replaced.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Map<String, List<String>> form = new LinkedHashMap<>();

		private final Map<String, String> headers = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Set the scope that is asked for (RFC 6749, section 3.3). A refresh keeps the
		 * scope that was granted, or narrows it on behalf of a subject (section 6).
		 * @param scope the scope; none leaves it to the server
		 * @return this builder
		 * @throws IllegalArgumentException if an element is no {@code scope-token}
		 */
		public Builder scope(Collection<String> scope) {
			for (String token : scope) {
				if (!SCOPE_TOKEN.matcher(token).matches()) {
					throw new IllegalArgumentException("Each scope must be one word of RFC 6749, section 3.3: '"
							+ token.replaceAll("\\p{Cntrl}", "?") + "' is none");
				}
			}
			return set("scope", scope.isEmpty() ? List.of() : List.of(String.join(" ", scope)));
		}

		/**
		 * Set the audience: the logical names of the services that the token is for (RFC
		 * 8693, section 2.1; a plain extra parameter with other grants).
		 * @param audience the names, none of them empty
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is empty
		 */
		public Builder audience(Collection<String> audience) {
			for (String name : audience) {
				if (name.isBlank()) {
					throw new IllegalArgumentException("An audience must not be empty");
				}
			}
			return set("audience", audience);
		}

		/**
		 * Set the resources that the token is for (RFC 8707, section 2).
		 * @param resource absolute URIs without a fragment
		 * @return this builder
		 * @throws IllegalArgumentException if one of them is another
		 */
		public Builder resource(Collection<URI> resource) {
			for (URI uri : resource) {
				if (!uri.isAbsolute() || uri.getRawFragment() != null) {
					throw new IllegalArgumentException(
							"A resource must be an absolute URI without a fragment (RFC 8707, section 2): '" + uri
									+ "' is none");
				}
			}
			return set("resource", resource.stream().map(URI::toString).toList());
		}

		/**
		 * Set the authorization details (RFC 9396, section 2).
		 * @param authorizationDetails a JSON array of objects, each with a {@code type}
		 * @return this builder
		 * @throws IllegalArgumentException if it is another text
		 */
		public Builder authorizationDetails(String authorizationDetails) {
			if (!isArrayOfTypedObjects(authorizationDetails)) {
				throw new IllegalArgumentException("The authorization details must be a JSON array of objects, each"
						+ " with a 'type' (RFC 9396, section 2)");
			}
			return set("authorization_details", List.of(authorizationDetails));
		}

		private static boolean isArrayOfTypedObjects(String json) {
			try {
				return json.stripLeading().startsWith("[") && JSONArrayUtils.parse(json)
					.stream()
					.allMatch((detail) -> detail instanceof Map<?, ?> map && map.get("type") instanceof String);
			}
			catch (ParseException ex) {
				return false;
			}
		}

		/**
		 * Set a form parameter that is sent as it is, with every request of the key, a
		 * refresh included.
		 * @param name the name
		 * @param values the values
		 * @return this builder
		 * @throws IllegalArgumentException if the parameter has a place of its own
		 */
		public Builder parameter(String name, String... values) {
			if (name.isBlank()) {
				throw new IllegalArgumentException("The name of an extra parameter must not be empty");
			}
			if (name.equals("scope") || RESERVED_PARAMETERS.contains(name)) {
				throw new IllegalArgumentException("'" + name + "' cannot be an extra parameter");
			}
			return set(name, Arrays.asList(values));
		}

		/**
		 * Set a header that is sent as it is.
		 * @param name the name
		 * @param value the value
		 * @return this builder
		 * @throws IllegalArgumentException if the name or the value is none of RFC 9110,
		 * or if the header has a place of its own
		 */
		public Builder header(String name, String value) {
			String lowerCase = name.toLowerCase(Locale.ROOT);
			if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
				throw new IllegalArgumentException(
						"'" + name.replaceAll("\\p{Cntrl}", "?") + "' is no header with a value of RFC 9110");
			}
			if (RESERVED_HEADERS.contains(lowerCase)) {
				throw new IllegalArgumentException("'" + name + "' cannot be an extra header");
			}
			this.headers.put(lowerCase, value);
			return this;
		}

		private Builder set(String name, Collection<String> values) {
			if (values.isEmpty()) {
				this.form.remove(name);
			}
			else {
				this.form.put(name, List.copyOf(values));
			}
			return this;
		}

		/**
		 * Build the parameters.
		 * @return the parameters
		 */
		public TokenParameters build() {
			return (this.form.isEmpty() && this.headers.isEmpty()) ? NONE
					: new TokenParameters(new LinkedHashMap<>(this.form), new LinkedHashMap<>(this.headers));
		}

	}

}
