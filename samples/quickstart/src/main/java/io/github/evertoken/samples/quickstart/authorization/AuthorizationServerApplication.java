package io.github.evertoken.samples.quickstart.authorization;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;

/**
 * Spring Authorization Server as Boot configures it; its clients and its only user stand
 * in {@code application-authorization.yml}.
 */
@SpringBootApplication
class AuthorizationServerApplication {

	private static final Duration FIRST_LIFETIME = Duration.ofSeconds(3);

	/**
	 * The first access token of a user's session is short-lived, so that nobody has to
	 * wait an hour to see it expire.
	 */
	@Bean
	OAuth2TokenCustomizer<JwtEncodingContext> shortLivedAtFirst() {
		return (context) -> {
			if (AuthorizationGrantType.AUTHORIZATION_CODE.equals(context.getAuthorizationGrantType())) {
				context.getClaims().expiresAt(Instant.now().plus(FIRST_LIFETIME));
			}
		};
	}

	/**
	 * The secrets of the show are no secrets, and are left as they stand in the YAML: by
	 * default the server hashes them, and takes a tenth of a second to compare each.
	 */
	@Bean
	PasswordEncoder passwordEncoder() {
		PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
		return new PasswordEncoder() {

			@Override
			public @Nullable String encode(@Nullable CharSequence rawPassword) {
				return encoder.encode(rawPassword);
			}

			@Override
			public boolean matches(@Nullable CharSequence rawPassword, @Nullable String encodedPassword) {
				return encoder.matches(rawPassword, encodedPassword);
			}

			@Override
			public boolean upgradeEncoding(@Nullable String encodedPassword) {
				return false;
			}

		};
	}

}
