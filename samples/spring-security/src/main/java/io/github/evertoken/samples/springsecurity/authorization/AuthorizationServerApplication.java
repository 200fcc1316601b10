package io.github.evertoken.samples.springsecurity.authorization;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Spring Authorization Server as Boot configures it; its clients and its only user stand
 * in {@code application-authorization.yml}.
 */
@SpringBootApplication
public class AuthorizationServerApplication {

}
