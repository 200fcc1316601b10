package io.github.evertoken.boot.autoconfigure.client;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.autoconfigure.HttpClientProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Where the groups of HTTP services go, as Spring Boot's properties say. They are read
 * here as Spring Boot reads them, whose own are not there in the slice of an application
 * that a test loads.
 */
public final class GroupBaseUrls {

	static final String PROPERTIES = "spring.http.serviceclient";

	private final Supplier<Map<String, HttpClientProperties>> groups;

	GroupBaseUrls(Environment environment) {
		this.groups = SingletonSupplier.of(() -> Binder.get(environment)
			.bind(PROPERTIES, Bindable.mapOf(String.class, HttpClientProperties.class))
			.orElse(Map.of()));
	}

	/**
	 * Return the base URL of a group, or {@code null} if none is known.
	 */
	public @Nullable String of(String group) {
		HttpClientProperties properties = this.groups.get().get(group);
		String baseUrl = (properties != null) ? properties.getBaseUrl() : null;
		return StringUtils.hasText(baseUrl) ? baseUrl : null;
	}

}
