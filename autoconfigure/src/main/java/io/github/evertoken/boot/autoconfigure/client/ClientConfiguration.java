package io.github.evertoken.boot.autoconfigure.client;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.boot.ClientSettingsCustomizer;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.TokenEndpointWebClientCustomizer;
import io.github.evertoken.boot.autoconfigure.connection.TokenEndpointClients;
import io.github.evertoken.boot.autoconfigure.credential.CredentialFactory;
import io.github.evertoken.boot.autoconfigure.diagnostics.BindingReport;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.reactive.ClientHttpConnectorBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * The beans that the clients are made of.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class ClientConfiguration {

	@Bean
	TokenEndpointClients evertokenTokenEndpointClients(ObjectProvider<ClientHttpConnectorBuilder<?>> connectorBuilder,
			ObjectProvider<HttpClientSettings> httpClientSettings, ObjectProvider<SslBundles> sslBundles) {
		return new TokenEndpointClients(connectorBuilder.getIfAvailable(ClientHttpConnectorBuilder::detect),
				httpClientSettings.getIfAvailable(HttpClientSettings::defaults), sslBundles.getIfAvailable());
	}

	@Bean
	GroupBaseUrls evertokenGroupBaseUrls(Environment environment) {
		return new GroupBaseUrls(environment);
	}

	@Bean
	ConfiguredClients evertokenClients(EvertokenProperties properties, ListableBeanFactory beanFactory,
			TokenEndpointClients tokenEndpointClients, ResourceLoader resourceLoader,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<RegistrationSource> registrations,
			ObjectProvider<OutboundClient> outboundClients,
			ObjectProvider<ClientSettingsCustomizer> settingsCustomizers,
			ObjectProvider<TokenEndpointWebClientCustomizer> webClientCustomizers, GroupBaseUrls groupBaseUrls,
			BindingReport bindingReport) {
		List<OutboundClient> clients = outboundClients.orderedStream().toList();
		Set<String> names = new HashSet<>(properties.clients().keySet());
		clients.forEach((client) -> names.add(client.name()));
		ClientBeans beans = new ClientBeans(beanFactory, names);
		CredentialFactory credentials = new CredentialFactory(resourceLoader, sslBundles::getIfAvailable);
		RegistrationSource ofOthers = registrations.getIfAvailable(NoRegistrationSource::new);
		TokenIssuerFactory issuers = new TokenIssuerFactory(beans, webClientCustomizers.orderedStream().toList(),
				tokenEndpointClients, credentials, new GrantFactory(beans, credentials), ofOthers);
		return new ConfiguredClientsFactory(issuers, credentials, ofOthers, bindingReport, beans,
				settingsCustomizers.orderedStream().toList(), groupBaseUrls)
			.create(properties, clients);
	}

}
