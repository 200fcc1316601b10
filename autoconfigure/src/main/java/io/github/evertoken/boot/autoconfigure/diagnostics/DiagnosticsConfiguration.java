package io.github.evertoken.boot.autoconfigure.diagnostics;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;

/**
 * The beans that look at properties: what is wrong with them, and which are secret.
 *
 * @since 0.1.0
 */
@Configuration(proxyBeanMethods = false)
public final class DiagnosticsConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static BindingReport evertokenBindingReport(Environment environment) {
		return new BindingReport(environment);
	}

	/**
	 * What an application with actuator endpoints needs.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(SanitizingFunction.class)
	static class SanitizingConfiguration {

		@Bean
		@ConditionalOnMissingBean(name = "evertokenSanitizingFunction")
		SanitizingFunction evertokenSanitizingFunction() {
			return new EvertokenSanitizingFunction();
		}

	}

}
