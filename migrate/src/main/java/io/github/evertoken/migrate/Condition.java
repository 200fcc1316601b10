package io.github.evertoken.migrate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * When a document of the configuration is in effect.
 *
 * @param profile the expression that the active profiles have to fulfil, or {@code null}
 * if any do
 * @param cloudPlatform the platform that the application has to be on, or {@code null}
 */
record Condition(@Nullable String profile, @Nullable String cloudPlatform) {

	static final Condition ALWAYS = new Condition(null, null);

	boolean isAlways() {
		return equals(ALWAYS);
	}

	/**
	 * Return the condition that both this and another one are met.
	 */
	Condition and(Condition other) {
		return new Condition(both(this.profile, other.profile),
				(other.cloudPlatform != null) ? other.cloudPlatform : this.cloudPlatform);
	}

	private static @Nullable String both(@Nullable String one, @Nullable String other) {
		if (one == null || other == null || one.equals(other)) {
			return (one != null) ? one : other;
		}
		return Stream.of(one, other)
			.map((expression) -> expression.replaceAll("\\s*,\\s*", " | "))
			.map((expression) -> expression.matches("[\\w.-]+") ? expression : "(" + expression + ")")
			.collect(Collectors.joining(" & "));
	}

	/**
	 * Return the properties that say so in a document.
	 */
	Map<String, Object> properties() {
		Map<String, Object> properties = new LinkedHashMap<>();
		if (this.profile != null) {
			properties.put("on-profile", this.profile);
		}
		if (this.cloudPlatform != null) {
			properties.put("on-cloud-platform", this.cloudPlatform);
		}
		return properties;
	}

	@Override
	public String toString() {
		return Stream
			.of((this.profile != null) ? "profile " + this.profile : null,
					(this.cloudPlatform != null) ? "on " + this.cloudPlatform : null)
			.filter(Objects::nonNull)
			.collect(Collectors.joining(", "));
	}

}
