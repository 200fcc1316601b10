package io.github.evertoken.samples.quickstart.inventory;

import java.time.Duration;

import io.github.evertoken.samples.quickstart.shared.Application;
import io.github.evertoken.samples.quickstart.shared.Revocations;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;

/**
 * A resource server as Boot configures it, with two more checks of each token.
 */
@SpringBootApplication
class InventoryApplication {

	@Bean
	ReactorResourceFactory ownThreads() {
		return Application.ownThreads();
	}

	/**
	 * Spring Security allows for a minute of clock skew, in which a token of the show
	 * would have expired three times. The times in a JWT are whole seconds, so one second
	 * it is.
	 */
	@Bean
	OAuth2TokenValidator<Jwt> notExpired() {
		return new JwtTimestampValidator(Duration.ofSeconds(1));
	}

	@Bean
	OAuth2TokenValidator<Jwt> notRevoked(Revocations revocations) {
		return new JwtClaimValidator<String>("jti", (jwtId) -> !revocations.contains(jwtId));
	}

}
