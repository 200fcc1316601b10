package io.github.evertoken.boot.autoconfigure.service;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * An application as Spring Boot finds it for a test, with its groups of HTTP services.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import(HttpServicePartTests.Groups.class)
class WholeApplication {

}
