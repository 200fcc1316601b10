package orders;

import java.util.function.Function;

import com.nimbusds.jose.jwk.JWK;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.endpoint.NimbusJwtClientAuthenticationParametersConverter;
import org.springframework.security.oauth2.client.endpoint.WebClientReactiveClientCredentialsTokenResponseClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.reactive.function.client.ServerOAuth2AuthorizedClientExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

@Configuration
class LedgerConfiguration {

	@Bean
	WebClientReactiveClientCredentialsTokenResponseClient tokenResponseClient(Function<ClientRegistration, JWK> keys) {
		var client = new WebClientReactiveClientCredentialsTokenResponseClient();
		client.addParametersConverter(new NimbusJwtClientAuthenticationParametersConverter<>(keys));
		return client;
	}

	@Bean
	WebClient ledger(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		ServerOAuth2AuthorizedClientExchangeFilterFunction oauth2 = new ServerOAuth2AuthorizedClientExchangeFilterFunction(
				manager);
		oauth2.setDefaultClientRegistrationId("ledger");
		builder.baseUrl("https://ledger.example/v1");
		builder.filter(oauth2);
		return builder.build();
	}

}
