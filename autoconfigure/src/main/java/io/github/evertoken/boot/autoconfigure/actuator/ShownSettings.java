package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.SubjectsProperties;
import org.jspecify.annotations.Nullable;

/**
 * What a client is configured to do, as far as anybody may see it. What is shown is
 * written down here by its name, and nothing else is: a property that is new, and may be
 * secret, is not shown until somebody has thought of it.
 */
final class ShownSettings {

	private final Map<String, Object> shown = new LinkedHashMap<>();

	private ShownSettings() {
	}

	/**
	 * Return the settings of a client by the names of its properties. What is empty is
	 * left out.
	 */
	static Map<String, Object> of(String client, ConfiguredClients configured) {
		ShownSettings settings = new ShownSettings();
		ClientProperties properties = configured.clients().get(client);
		if (properties != null) {
			settings.add(properties);
			configured.ofGroups(client).forEach((property, url) -> settings.add(property, url(url)));
			settings.add("subjects.resolve", configured.resolving().contains(client));
		}
		configured.beans().stream().filter((bean) -> bean.name().equals(client)).forEach(settings::add);
		settings.add("health", word(configured.worstHealth(client)));
		return settings.shown;
	}

	private void add(OutboundClient bean) {
		add("origins", urls(bean.baseUrls()));
		add("start", word(bean.start()));
		add("revoke-on-shutdown", bean.revokeOnShutdown());
		add("subjects.resolve", bean.resolveSubjects());
	}

	private void add(ClientProperties client) {
		add("base-url", url(client.baseUrl()));
		add("origins", urls(client.origins()));
		add("http-service-groups", client.httpServiceGroups());
		add("registration-id", client.registrationId());
		add("obtained-by", word(client.obtainedBy()));
		add("token-uri", url(client.tokenUri()));
		add("issuer-uri", url(client.issuerUri()));
		add("revocation-uri", url(client.revocationUri()));
		add("revoke-on-shutdown", client.revokeOnShutdown());
		add("grant-type", word(client.grantType()));
		add("client-id", client.clientId());
		add("client-authentication-method", word(client.clientAuthenticationMethod()));
		add("scope", client.scope());
		add("audience", client.audience());
		add("resource", urls(client.resource()));
		add("token-type", client.tokenType());
		add("dpop.enabled", client.dpop().enabled());
		addTimes(client);
		addSubjects(client.subjects());
	}

	private void addTimes(ClientProperties client) {
		add("default-lifetime", time(client.defaultLifetime()));
		add("expiry-margin", time(client.expiryMargin()));
		add("connect-timeout", time(client.connectTimeout()));
		add("response-timeout", time(client.responseTimeout()));
		add("refresh-deadline", time(client.refreshDeadline()));
		add("max-concurrent-requests", client.maxConcurrentRequests());
		add("max-wait", time(client.maxWait()));
		add("max-lease", time(client.maxLease()));
		add("await-sign-in", time(client.awaitSignIn()));
		add("start", word(client.start()));
		add("renewal.at", client.renewal().at());
		add("renewal.jitter", client.renewal().jitter());
		add("renewal.keep-alive", client.renewal().keepAlive());
		add("retry.patience", time(client.retry().patience()));
		add("retry.initial-backoff", time(client.retry().initialBackoff()));
		add("retry.max-backoff", time(client.retry().maxBackoff()));
		add("rejection.max-renewals", client.rejection().maxRenewals());
		add("rejection.window", time(client.rejection().window()));
	}

	private void addSubjects(SubjectsProperties subjects) {
		add("subjects.source", word(subjects.source()));
		add("subjects.maximum-size", subjects.maximumSize());
		add("subjects.expire-after-idle", time(subjects.expireAfterIdle()));
	}

	private void add(String name, @Nullable Object value) {
		if (value != null && !(value instanceof List<?> list && list.isEmpty())) {
			this.shown.put(name, value);
		}
	}

	private static @Nullable String url(@Nullable String url) {
		return (url != null) ? Urls.withoutSecrets(url) : null;
	}

	private static List<String> urls(List<String> urls) {
		return urls.stream().map(Urls::withoutSecrets).toList();
	}

	private static String word(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static @Nullable String time(@Nullable Duration duration) {
		return (duration != null) ? TimeSpan.words(duration) : null;
	}

}
