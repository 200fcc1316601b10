package io.github.evertoken.boot.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if at least one client is configured. Nothing is bound here, so that a wrong
 * property is reported where the properties are.
 */
class OnConfiguredClientCondition extends SpringBootCondition {

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("evertoken.clients");

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("Evertoken Client");
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(context.getEnvironment())) {
			if (source.containsDescendantOf(CLIENTS) == ConfigurationPropertyState.PRESENT) {
				return ConditionOutcome.match(message.foundExactly("a client below " + CLIENTS));
			}
		}
		return ConditionOutcome.noMatch(message.because("there is no client below " + CLIENTS));
	}

}
