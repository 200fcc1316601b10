package io.github.evertoken.boot.autoconfigure.properties;

import java.util.List;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the actuator endpoint shows.
 *
 * @param claims Names of claims of a JWT that are shown beside those that decide whether
 * it is accepted, such as roles.
 * @since 0.1.0
 */
public record EndpointProperties(@DefaultValue List<String> claims) {

	/**
	 * Take a copy of the names.
	 */
	public EndpointProperties {
		claims = List.copyOf(claims);
	}

}
