package io.github.evertoken.gateway;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/**
 * What a native image has to know of: what a route says of a filter is bound, and what
 * Spring Security may know of a caller is looked for by names.
 */
final class RouteRuntimeHints implements RuntimeHintsRegistrar {

	static final String[] OF_SECURITY = { "org.springframework.security.core.context.ReactiveSecurityContextHolder",
			"org.springframework.security.oauth2.core.OAuth2Token" };

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		BindableRuntimeHintsRegistrar.forTypes(EvertokenGatewayFilterFactory.Config.class).registerHints(hints);
		Stream.of(OF_SECURITY).forEach((type) -> hints.reflection().registerTypeIfPresent(classLoader, type));
	}

}
