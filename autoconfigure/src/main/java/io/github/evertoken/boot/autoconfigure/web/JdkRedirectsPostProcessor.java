package io.github.evertoken.boot.autoconfigure.web;

import java.net.http.HttpClient.Redirect;
import java.util.Map;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.HttpRedirects;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.reactive.JdkClientHttpConnectorBuilder;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Keeps the JDK's HTTP client from taking a token along where a redirect leads (rule
 * SE-1). Before Java 25 it repeats every header at every origin, and nothing tells of it,
 * so that redirects are not followed unless the user has them followed. The other clients
 * leave the header behind.
 */
final class JdkRedirectsPostProcessor implements BeanPostProcessor {

	private static final Logger logger = LoggerFactory.getLogger(JdkRedirectsPostProcessor.class);

	private static final int SAFE_VERSION = 25;

	private static final String PROPERTY = "spring.http.clients.redirects";

	private static final String GROUPS = "spring.http.serviceclient";

	private static final Bindable<Map<String, Map<String, Object>>> SETTINGS_OF_GROUPS = Bindable
		.of(ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class),
				ResolvableType.forClassWithGenerics(Map.class, String.class, Object.class)));

	private final ObjectProvider<HttpClientSettings> settings;

	private final Environment environment;

	private final BooleanSupplier hasClients;

	private final boolean sendsBlocking;

	private final int javaVersion;

	JdkRedirectsPostProcessor(ObjectProvider<HttpClientSettings> settings, Environment environment,
			BooleanSupplier hasClients, boolean sendsBlocking) {
		this(settings, environment, hasClients, sendsBlocking, Runtime.version().feature());
	}

	JdkRedirectsPostProcessor(ObjectProvider<HttpClientSettings> settings, Environment environment,
			BooleanSupplier hasClients, boolean sendsBlocking, int javaVersion) {
		this.settings = settings;
		this.environment = environment;
		this.hasClients = hasClients;
		this.sendsBlocking = sendsBlocking;
		this.javaVersion = javaVersion;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof JdkClientHttpConnectorBuilder builder && takesTokensAlong("WebClients")) {
			return builder.withHttpClientCustomizer((httpClient) -> httpClient.followRedirects(Redirect.NEVER));
		}
		if (bean instanceof JdkClientHttpRequestFactoryBuilder builder && this.sendsBlocking
				&& takesTokensAlong("RestClients and RestTemplates")) {
			return builder.withHttpClientCustomizer((httpClient) -> httpClient.followRedirects(Redirect.NEVER));
		}
		return bean;
	}

	/**
	 * Whether redirects would take tokens along, and nobody has asked for redirects.
	 */
	private boolean takesTokensAlong(String clients) {
		if (this.javaVersion >= SAFE_VERSION || !this.hasClients.getAsBoolean()) {
			return false;
		}
		HttpClientSettings settings = this.settings.getIfAvailable();
		HttpRedirects redirects = (settings != null) ? settings.redirects() : null;
		if (redirects == HttpRedirects.DONT_FOLLOW) {
			return false;
		}
		String following = (redirects != null) ? PROPERTY : followingGroup();
		if (following != null) {
			logger.warn(
					"{} has redirects followed: with the HTTP client of Java {}, a token goes along to whatever"
							+ " origin a server redirects to. Use Java {}, another HTTP client, or 'dont-follow'",
					following, this.javaVersion, SAFE_VERSION);
			return false;
		}
		logger.info(
				"{} follow no redirects: the HTTP client of Java {} would take a token along to another"
						+ " origin. Set {} to 'follow' if no server redirects to such a one",
				clients, this.javaVersion, PROPERTY);
		return true;
	}

	/**
	 * Return the property with which the user has redirects followed for a group of HTTP
	 * services, which has settings of its own.
	 */
	private @Nullable String followingGroup() {
		return Binder.get(this.environment)
			.bind(GROUPS, SETTINGS_OF_GROUPS)
			.orElseGet(Map::of)
			.entrySet()
			.stream()
			.filter((group) -> String.valueOf(group.getValue().get("redirects")).startsWith("follow"))
			.map((group) -> GROUPS + "." + group.getKey() + ".redirects")
			.findFirst()
			.orElse(null);
	}

}
