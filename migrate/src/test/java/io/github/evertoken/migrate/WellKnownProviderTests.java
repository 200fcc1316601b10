package io.github.evertoken.migrate;

import java.util.Arrays;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import org.springframework.security.config.oauth2.client.CommonOAuth2Provider;
import org.springframework.security.oauth2.client.registration.ClientRegistration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WellKnownProvider}: it knows what Spring Security knows.
 */
class WellKnownProviderTests {

	@Test
	void valuesThenAreThoseOfSpringSecurity() {
		assertThat(Arrays.stream(WellKnownProvider.values()).map(Enum::name))
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(CommonOAuth2Provider.values()).map(Enum::name).toList());
		for (CommonOAuth2Provider common : CommonOAuth2Provider.values()) {
			ClientRegistration registration = common.getBuilder("test")
				.clientId("test")
				.authorizationUri("https://idp.example/authorize")
				.tokenUri(Objects.requireNonNullElse(WellKnownProvider.valueOf(common.name()).tokenUri(), "none"))
				.build();
			WellKnownProvider known = WellKnownProvider.valueOf(common.name());
			assertThat(known.scope()).containsExactlyElementsOf(registration.getScopes());
			assertThat(known.clientAuthenticationMethod())
				.isEqualTo(registration.getClientAuthenticationMethod().getValue());
			if (known.tokenUri() != null) {
				assertThat(common.getBuilder("test").clientId("test").build().getProviderDetails().getTokenUri())
					.isEqualTo(known.tokenUri());
			}
		}
	}

}
