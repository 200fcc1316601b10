package io.github.evertoken.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.evertoken.web.TokenAttributes;

/**
 * Marks the parameter of an HTTP service method, a {@code String}, that names the subject
 * on whose behalf the request is made, as {@link TokenAttributes#subject(String)} does. A
 * call with {@code null} fails: it must not turn into one of the service itself.
 * <p>
 * The parameter may have an annotation of Spring's beside this one, such as
 * {@code @PathVariable}, and then serves both.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
public @interface TokenSubject {

}
