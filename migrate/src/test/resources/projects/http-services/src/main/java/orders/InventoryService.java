package orders;

import org.springframework.security.oauth2.client.annotation.ClientRegistrationId;
import org.springframework.web.service.annotation.GetExchange;

@ClientRegistrationId("inventory")
public interface InventoryService {

	@GetExchange("/items/{id}")
	String item(String id);

}
