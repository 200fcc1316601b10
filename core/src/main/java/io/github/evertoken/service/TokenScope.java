package io.github.evertoken.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.evertoken.web.TokenAttributes;

/**
 * Asks for a token with another scope than is configured for the client, as
 * {@link TokenAttributes#scope(String...)} does: with that of its value on an HTTP
 * service interface or one of its methods; with that of the argument on a parameter,
 * which is a {@code String}, a {@code String[]} or a {@code Collection<String>}. A
 * parameter goes before the interface, and so does a method. A call with {@code null}
 * fails.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER })
public @interface TokenScope {

	/**
	 * Return the scope. It is left out on a parameter.
	 * @return the scope, each element a {@code scope-token} of RFC 6749, section 3.3
	 */
	String[] value() default {};

}
