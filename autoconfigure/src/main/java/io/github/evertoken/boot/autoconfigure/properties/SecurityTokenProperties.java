package io.github.evertoken.boot.autoconfigure.properties;

import java.net.URI;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A security token (RFC 8693, section 2.1) and where it comes from.
 *
 * @param location Location of a file that holds the token and is read for each token
 * request, such as file:/var/run/secrets/tokens/idp. Without it, the subject token is the
 * one that the service itself was called with.
 * @param type Type of the token in a token exchange, a URI of RFC 8693, section 3.
 * @since 0.1.0
 */
public record SecurityTokenProperties(@Nullable String location,
		@DefaultValue("urn:ietf:params:oauth:token-type:access_token") URI type) {

	/**
	 * Without the location, where somebody may have written the token itself.
	 */
	@Override
	public String toString() {
		return "SecurityTokenProperties[type=" + this.type + "]";
	}

}
