package io.github.evertoken.boot.autoconfigure.properties;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties below {@code evertoken}. A property that there is not stops the start: a
 * misspelt one would otherwise leave its default in force and say nothing.
 *
 * @param enabled Whether Evertoken is there at all. Otherwise there is a TokenManager
 * that says so when it is asked.
 * @param applyToWebClients Whether every WebClient.Builder of Spring Boot sends tokens.
 * @param applyToRestClients Whether every RestClient.Builder and RestTemplateBuilder of
 * Spring Boot sends tokens.
 * @param applyToGrpcChannels Whether every channel of Spring gRPC sends tokens. Needs
 * evertoken-grpc.
 * @param clients The clients by their names.
 * @param store Where token sets rest.
 * @param web What the application tells its own users.
 * @param endpoint What the actuator endpoint shows.
 * @param advice What advice is given about the clients.
 * @since 0.1.0
 */
@ConfigurationProperties("evertoken")
public record EvertokenProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("true") boolean applyToWebClients, @DefaultValue("true") boolean applyToRestClients,
		@DefaultValue("true") boolean applyToGrpcChannels, @DefaultValue Map<String, ClientProperties> clients,
		@NestedConfigurationProperty @DefaultValue StoreProperties store,
		@NestedConfigurationProperty @DefaultValue WebProperties web,
		@NestedConfigurationProperty @DefaultValue EndpointProperties endpoint,
		@NestedConfigurationProperty @DefaultValue AdviceProperties advice) {

	/**
	 * Take a copy of the clients.
	 */
	public EvertokenProperties {
		clients = Collections.unmodifiableMap(new LinkedHashMap<>(clients));
	}

}
