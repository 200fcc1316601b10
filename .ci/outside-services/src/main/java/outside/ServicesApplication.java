package outside;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

/**
 * An application as a user writes it: the starters, some YAML, and interfaces for what it
 * calls.
 */
@SpringBootApplication
@ImportHttpServices(group = "items", types = ItemService.class, clientType = ClientType.WEB_CLIENT)
@ImportHttpServices(group = "prices", types = PriceService.class, clientType = ClientType.REST_CLIENT)
public class ServicesApplication {

	public static void main(String[] args) {
		SpringApplication.run(ServicesApplication.class, args);
	}

}
