package io.github.evertoken.boot.autoconfigure;

import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Reports properties below {@code evertoken} that there are not. It comes before Spring
 * Boot's own report, which would print the value of a misspelt {@code client-secret}.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnboundConfigurationPropertiesException> {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("evertoken");

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, UnboundConfigurationPropertiesException cause) {
		Collection<ConfigurationProperty> unknown = cause.getUnboundProperties();
		if (!unknown.stream().allMatch((property) -> PREFIX.isAncestorOf(property.getName()))) {
			return null;
		}
		StringBuilder description = new StringBuilder("The configuration of Evertoken is wrong:%n".formatted());
		unknown.forEach((property) -> description.append("%n    %s: is not a property of Evertoken, or has no value%s"
			.formatted(property.getName(), (property.getOrigin() != null) ? " (" + property.getOrigin() + ")" : "")));
		return new FailureAnalysis(description.toString(),
				"Correct its name, give it a value, or remove it. A client has the properties %s."
					.formatted(String.join(", ", names(ClientProperties.class).toList())),
				cause);
	}

	private static Stream<String> names(Class<?> type) {
		return Arrays.stream(type.getRecordComponents()).flatMap(UnknownPropertyFailureAnalyzer::names);
	}

	private static Stream<String> names(RecordComponent property) {
		String name = DataObjectPropertyName.toDashedForm(property.getName());
		return property.getType().isRecord() ? names(property.getType()).map((nested) -> name + "." + nested)
				: Stream.of(name);
	}

}
