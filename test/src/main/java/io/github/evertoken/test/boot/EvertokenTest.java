package io.github.evertoken.test.boot;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Gives the application of a test tokens that nobody has issued: no authorization server
 * is asked, and none is needed. It goes with any test of Spring Boot, such as
 * {@code @WebClientTest}, {@code @RestClientTest} or {@code @SpringBootTest}:
 *
 * <pre class="code">
 * &#064;RestClientTest(StockClient.class)
 * &#064;EvertokenTest
 * class StockClientTests {
 * </pre>
 *
 * Which tokens these are says {@link io.github.evertoken.test.StaticTokenManager}, which
 * can be injected, and begins each test anew. The clients below {@code evertoken.clients}
 * say where tokens go, as ever; what they say has to be right, so that a placeholder of a
 * secret needs a value.
 * <p>
 * A {@code TokenManager} of the application's own goes before it; a
 * {@link io.github.evertoken.DelegatingTokenManager} stands around it.
 *
 * @since 0.1.0
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@Import(StaticTokensConfiguration.class)
@ImportAutoConfiguration(EvertokenAutoConfiguration.class)
public @interface EvertokenTest {

}
