package io.github.evertoken.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.time.temporal.ChronoUnit;

import io.github.evertoken.web.TokenAttributes;

/**
 * Says how long requests may take, uploads for example, so that their tokens last as
 * long, as {@link TokenAttributes#expectedDuration(java.time.Duration)} does: by its
 * value on an HTTP service interface or one of its methods; by the argument on a
 * parameter, which is a {@link java.time.Duration}. A parameter goes before the
 * interface, and so does a method. A call with {@code null} fails.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER })
public @interface ExpectedDuration {

	/**
	 * Return the duration. It is left out on a parameter.
	 * @return the duration in {@linkplain #unit() units}, positive
	 */
	long value() default 0;

	/**
	 * Return the unit of the duration.
	 * @return the unit, a day at the most
	 */
	ChronoUnit unit() default ChronoUnit.SECONDS;

}
