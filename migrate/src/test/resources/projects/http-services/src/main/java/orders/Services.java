package orders;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.web.reactive.function.client.support.OAuth2WebClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroup.ClientType;
import org.springframework.web.service.registry.ImportHttpServices;

@Configuration
@ImportHttpServices(group = "inventory", types = InventoryService.class, clientType = ClientType.WEB_CLIENT)
class Services {

	@Bean
	OAuth2WebClientHttpServiceGroupConfigurer oauth2(ReactiveOAuth2AuthorizedClientManager manager) {
		return OAuth2WebClientHttpServiceGroupConfigurer.from(manager);
	}

}
