package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.client.OAuth2ClientHttpRequestInterceptor;
import org.springframework.web.client.RestClient;

@Configuration
class RestClients {

	@Bean
	RestClient restClient(RestClient.Builder builder, OAuth2AuthorizedClientManager manager) {
		return builder.baseUrl("https://inventory.example")
			.requestInterceptor(new OAuth2ClientHttpRequestInterceptor(manager))
			.build();
	}

	@Bean
	RestClient reports(OAuth2AuthorizedClientManager manager) {
		OAuth2ClientHttpRequestInterceptor interceptor = new OAuth2ClientHttpRequestInterceptor(manager);
		interceptor.setClientRegistrationIdResolver((request) -> "reports");
		return RestClient.builder()
			.baseUrl("https://reports.example")
			.requestInterceptor(interceptor)
			.build();
	}

}
