package io.github.evertoken.samples.fleet.issuer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * Spring Authorization Server as Boot configures it, with a service for authorizations
 * that punishes reuse; its clients stand in {@code application-issuer.yml}.
 */
@SpringBootApplication
class IssuerApplication {

	/**
	 * The secrets of the show are no secrets, and are compared as they stand in the YAML:
	 * by default the server hashes them, and takes a tenth of a second to compare each.
	 */
	@Bean
	PasswordEncoder passwordEncoder() {
		return new PasswordEncoder() {

			@Override
			public @Nullable String encode(@Nullable CharSequence rawPassword) {
				return (rawPassword != null) ? rawPassword.toString() : null;
			}

			@Override
			public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
				return encodedPassword != null && encodedPassword.equals(encode(rawPassword));
			}

		};
	}

}
