package orders;

import org.springframework.stereotype.Service;
import org.springframework.web.client.RestClient;

import static org.springframework.security.oauth2.client.web.client.RequestAttributeClientRegistrationIdResolver.clientRegistrationId;

@Service
class Inventory {

	private final RestClient restClient;

	Inventory(RestClient restClient) {
		this.restClient = restClient;
	}

	String item(String id) {
		return this.restClient.get()
			.uri("/items/{id}", id)
			.attributes(clientRegistrationId("inventory"))
			.retrieve()
			.body(String.class);
	}

}
