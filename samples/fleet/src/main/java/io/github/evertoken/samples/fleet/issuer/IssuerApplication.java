package io.github.evertoken.samples.fleet.issuer;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Spring Authorization Server as Boot configures it, with a service for authorizations
 * that punishes reuse; its clients stand in {@code application-issuer.yml}.
 */
@SpringBootApplication
class IssuerApplication {

}
