package io.github.evertoken.boot.autoconfigure.properties;

import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What advice is given about the clients.
 *
 * @param silenced Names of rules that give no advice, neither at the actuator endpoint
 * nor in the log, such as long-lived-token.
 * @since 0.1.0
 */
public record AdviceProperties(@DefaultValue List<String> silenced) {

	/**
	 * Take a copy of the names.
	 */
	public AdviceProperties {
		silenced = List.copyOf(silenced);
	}

}
