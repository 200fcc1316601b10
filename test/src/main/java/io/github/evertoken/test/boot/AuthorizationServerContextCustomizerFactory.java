package io.github.evertoken.test.boot;

import java.util.List;

import io.github.evertoken.test.server.AuthorizationServer;
import org.jspecify.annotations.Nullable;

import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.util.ClassUtils;

/**
 * Leads the application of a test class with an authorization server to it.
 */
class AuthorizationServerContextCustomizerFactory implements ContextCustomizerFactory {

	private static final boolean HAS_EVERTOKEN = ClassUtils.isPresent(
			"io.github.evertoken.boot.TokenManagerBuilderCustomizer",
			AuthorizationServerContextCustomizerFactory.class.getClassLoader());

	@Override
	public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
			List<ContextConfigurationAttributes> configAttributes) {
		if (!HAS_EVERTOKEN) {
			return null;
		}
		ServerFields.warnOfOthers(testClass);
		List<AuthorizationServer> servers = ServerFields.of(testClass);
		return servers.isEmpty() ? null : new AuthorizationServerContextCustomizer(servers);
	}

}
