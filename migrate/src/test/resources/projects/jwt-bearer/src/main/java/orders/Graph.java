package orders;

import org.springframework.security.oauth2.client.JwtBearerReactiveOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.OAuth2AuthorizeRequest;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.stereotype.Component;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;

@Component
class Graph {

	private static final String BASE = "https://graph.example";

	private final ReactiveOAuth2AuthorizedClientManager manager;

	private final WebClient webClient;

	Graph(WebClient.Builder builder, ReactiveOAuth2AuthorizedClientManager manager) {
		this.manager = manager;
		this.webClient = builder.baseUrl(BASE).build();
	}

	Mono<String> me(String principal) {
		return this.manager
			.authorize(OAuth2AuthorizeRequest.withClientRegistrationId("graph").principal(principal).build())
			.flatMap((client) -> this.webClient.get()
				.uri("/me")
				.headers((headers) -> headers.setBearerAuth(client.getAccessToken().getTokenValue()))
				.retrieve()
				.bodyToMono(String.class));
	}

}
