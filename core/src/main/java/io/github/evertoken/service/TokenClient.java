package io.github.evertoken.service;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.evertoken.web.TokenAttributes;

/**
 * Names the client whose token the requests of an HTTP service interface carry, or those
 * of one of its methods, as {@link TokenAttributes#client(String)} does for one request.
 * That of a method goes before that of the interface, and that of an interface before
 * those of the interfaces that it extends. <pre class="code">
 * &#064;HttpExchange("/items")
 * &#064;TokenClient("inventory")
 * interface InventoryService {
 *
 *     &#064;GetExchange("/{id}")
 *     Item item(&#064;PathVariable String id);
 *
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.TYPE, ElementType.METHOD })
public @interface TokenClient {

	/**
	 * Return the client's name. The URL of each request must have one of the client's
	 * origins.
	 * @return the name, not blank
	 */
	String value();

}
