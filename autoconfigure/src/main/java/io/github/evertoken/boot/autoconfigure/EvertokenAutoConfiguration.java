package io.github.evertoken.boot.autoconfigure;

import io.github.evertoken.boot.autoconfigure.actuator.ActuatorConfiguration;
import io.github.evertoken.boot.autoconfigure.advice.AdviceConfiguration;
import io.github.evertoken.boot.autoconfigure.client.ClientConfiguration;
import io.github.evertoken.boot.autoconfigure.diagnostics.DiagnosticsConfiguration;
import io.github.evertoken.boot.autoconfigure.manager.TokenManagerConfiguration;
import io.github.evertoken.boot.autoconfigure.observation.ObservationConfiguration;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.security.SecurityConfiguration;
import io.github.evertoken.boot.autoconfigure.service.HttpServiceConfiguration;
import io.github.evertoken.boot.autoconfigure.web.WebConfiguration;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;

/**
 * Auto-configuration of Evertoken: the token manager, the filter, and what connects both
 * with the application. Each room brings the beans that are of its own types.
 * <p>
 * No condition, here or in a room, looks at the clients: it would be decided in an
 * ahead-of-time build, or before all sources of properties have spoken, and the token
 * would not be sent. So each bean does nothing where there is no client.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		after = { HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
				SslAutoConfiguration.class },
		afterName = {
				"org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
				"org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "evertoken.enabled", matchIfMissing = true)
@EnableConfigurationProperties(EvertokenProperties.class)
@Import({ DiagnosticsConfiguration.class, ClientConfiguration.class, SecurityConfiguration.class,
		TokenManagerConfiguration.class, WebConfiguration.class, ObservationConfiguration.class,
		AdviceConfiguration.class, ActuatorConfiguration.class, HttpServiceConfiguration.class })
@ImportRuntimeHints(EvertokenRuntimeHints.class)
public final class EvertokenAutoConfiguration {

}
