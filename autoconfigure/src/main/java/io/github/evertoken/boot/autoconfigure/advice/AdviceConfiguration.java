package io.github.evertoken.boot.autoconfigure.advice;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.advice.AdvisedClient;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.diagnostics.PlainSecrets;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.lifecycle.DefaultTokenManager;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * The advisor, and what lets it hear of the tokens.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class AdviceConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Advisor evertokenAdvisor(ConfiguredClients clients, EvertokenProperties properties, Environment environment) {
		PlainSecrets secrets = new PlainSecrets(environment);
		Advisor.Builder builder = Advisor.builder().silence(properties.advice().silenced());
		clients.settings().forEach((settings) -> {
			ClientProperties client = clients.clients().get(settings.name());
			builder.client(new AdvisedClient(settings.name(), clients.plainHttp(settings.name()),
					secrets.of(settings.name(), (client != null) ? client.registrationId() : null)));
		});
		return builder.build();
	}

	/**
	 * The manager has the advisor among its observers. Events are heard when the first
	 * one comes, so that the start costs next to nothing.
	 */
	@Bean
	@ConditionalOnMissingBean(name = "evertokenAdvisorStart")
	SmartInitializingSingleton evertokenAdvisorStart(Advisor advisor, TokenManager manager) {
		return () -> {
			DefaultTokenManager behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
			if (behind != null) {
				behind.listen(advisor::happened);
			}
			advisor.start();
		};
	}

}
