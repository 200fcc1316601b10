package io.github.evertoken.boot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.StoreProperties;
import io.github.evertoken.service.ExpectedDuration;
import io.github.evertoken.service.TokenClient;
import io.github.evertoken.service.TokenScope;
import io.github.evertoken.service.TokenSubject;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;
import org.springframework.boot.http.client.autoconfigure.HttpClientProperties;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.util.ClassUtils;

/**
 * What a native image has to know of, because it is bound, or looked up by its name.
 */
final class EvertokenRuntimeHints implements RuntimeHintsRegistrar {

	/**
	 * Bound by us beside our own properties, where it is there.
	 */
	static final String REGISTRATIONS = "org.springframework.boot.security.oauth2.client.autoconfigure."
			+ "OAuth2ClientProperties";

	/**
	 * Caffeine generates a class for each set of features, and finds it by its name: that
	 * of a cache of limited size whose entries expire after their last use, and that of
	 * its entries.
	 */
	static final List<String> OF_THE_CACHE = List.of("com.github.benmanes.caffeine.cache.SSA",
			"com.github.benmanes.caffeine.cache.PSA");

	/**
	 * By whose presence the filter knows which HTTP client may follow a redirect.
	 */
	static final String REACTOR_NETTY = "reactor.netty.http.client.HttpClientRequest";

	/**
	 * By whose presence it is known what blocking callers need: who makes a
	 * {@code RestClient}, whom Spring Security knows on a thread, and how Apache's client
	 * lets go of a body.
	 */
	static final List<String> OF_BLOCKING_CALLERS = List.of("org.springframework.boot.restclient.RestClientCustomizer",
			"org.springframework.security.core.context.ReactiveSecurityContextHolder",
			"org.apache.hc.core5.http.io.EofSensorInputStream");

	/**
	 * Read by reflection, from interfaces that Spring registers.
	 */
	static final List<Class<?>> OF_HTTP_SERVICES = List.of(TokenClient.class, TokenSubject.class, TokenScope.class,
			ExpectedDuration.class);

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		bindable(classLoader).forEach((type) -> BindableRuntimeHintsRegistrar.forTypes(type).registerHints(hints));
		ReflectionHints reflection = hints.reflection();
		// A report on an unknown property names all that there are.
		registerRecord(reflection, ClientProperties.class);
		registerRecord(reflection, StoreProperties.class);
		OF_THE_CACHE.forEach((type) -> reflection.registerTypeIfPresent(classLoader, type,
				MemberCategory.INVOKE_DECLARED_CONSTRUCTORS, MemberCategory.ACCESS_DECLARED_FIELDS));
		reflection.registerTypeIfPresent(classLoader, REACTOR_NETTY);
		OF_BLOCKING_CALLERS.forEach((type) -> reflection.registerTypeIfPresent(classLoader, type));
		OF_HTTP_SERVICES.forEach((type) -> reflection.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS));
		// A method of Spring Boot 4.1 that 4.0 does not have.
		reflection.registerType(JdkClientHttpConnectorBuilder.class, MemberCategory.INVOKE_PUBLIC_METHODS);
	}

	private static Stream<Class<?>> bindable(@Nullable ClassLoader classLoader) {
		Stream<Class<?>> own = Stream.of(EvertokenProperties.class, HttpClientProperties.class);
		return ClassUtils.isPresent(REGISTRATIONS, classLoader)
				? Stream.concat(own, Stream.of(ClassUtils.resolveClassName(REGISTRATIONS, classLoader))) : own;
	}

	private static void registerRecord(ReflectionHints reflection, Class<?> type) {
		reflection.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
		Stream.of(type.getRecordComponents())
			.map((component) -> component.getType())
			.filter(Class::isRecord)
			.forEach((nested) -> registerRecord(reflection, nested));
	}

}
