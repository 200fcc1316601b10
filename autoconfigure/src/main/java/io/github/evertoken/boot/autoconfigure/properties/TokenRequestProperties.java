package io.github.evertoken.boot.autoconfigure.properties;

import io.github.evertoken.endpoint.TokenRequestFormat;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How a token request is written.
 *
 * @param format How the parameters of a token request, and of a revocation, are written:
 * as a form, or as a JSON object of strings.
 * @since 0.1.0
 */
public record TokenRequestProperties(@DefaultValue("form") TokenRequestFormat format) {

}
