package io.github.evertoken.boot.autoconfigure.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.ObtainedBy;
import io.github.evertoken.grant.AuthorizationGrant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the clients are made which one covers what, and where its tokens come from:
 * whoever wonders about a request without a token finds the first answer here.
 */
final class StartSummary {

	private static final Logger logger = LoggerFactory.getLogger(StartSummary.class);

	private final ClientBeans beans;

	StartSummary(ClientBeans beans) {
		this.beans = beans;
	}

	/**
	 * Say it of a client.
	 * @param ofGroups the base URLs that it has from its groups of HTTP services
	 */
	void log(String name, ClientProperties client, Map<String, String> ofGroups) {
		List<String> urls = new ArrayList<>();
		if (client.baseUrl() != null) {
			urls.add(client.baseUrl());
		}
		urls.addAll(client.origins());
		urls.addAll(ofGroups.values());
		logger.info("Client '{}': tokens go to {}, and come {}", name, shown(urls), source(name, client));
	}

	void log(OutboundClient client) {
		logger.info("Client '{}': tokens go to {}, and come as its OutboundClient bean says", client.name(),
				shown(client.baseUrls()));
	}

	/**
	 * Say what none of the clients can be seen by.
	 * @param misplaced where clients are written that are not read, or {@code null}
	 */
	void logHow(EvertokenProperties properties, boolean hasClients, @Nullable String misplaced) {
		if (!hasClients) {
			String none = "There is no client below evertoken.clients, and no OutboundClient bean: no request gets a token"
					+ " of Evertoken's";
			if (misplaced != null) {
				logger.warn("{}. Is {} meant to be evertoken.clients?", none, misplaced);
			}
			else {
				logger.info(none);
			}
		}
		else {
			logWhatIsLeftAlone(properties);
		}
	}

	private static void logWhatIsLeftAlone(EvertokenProperties properties) {
		if (!properties.applyToWebClients()) {
			logger.info("evertoken.apply-to-web-clients is 'false': only those WebClients send tokens that the"
					+ " TokenExchangeFilterFunction bean was added to");
		}
		if (!properties.applyToRestClients()) {
			logger.info("evertoken.apply-to-rest-clients is 'false': only those RestClients and RestTemplates send"
					+ " tokens that the TokenExchangeInterceptor bean was added to");
		}
		if (!properties.applyToGrpcChannels()) {
			logger.info("evertoken.apply-to-grpc-channels is 'false': only those gRPC channels send tokens that the"
					+ " TokenClientInterceptor bean was added to");
		}
	}

	private static String shown(List<String> urls) {
		return String.join(", ", urls.stream().map(Urls::withoutSecrets).toList());
	}

	private String source(String name, ClientProperties client) {
		if (client.obtainedBy() == ObtainedBy.AUTHORIZED_CLIENT_MANAGER) {
			return "from Spring Security, for its registration '" + client.registrationId() + "'";
		}
		if (this.beans.has(TokenIssuer.class, name)) {
			return "from a TokenIssuer bean";
		}
		String grant = this.beans.has(AuthorizationGrant.class, name) ? "an AuthorizationGrant bean"
				: client.grantType().name().toLowerCase(Locale.ROOT);
		return "by " + grant + " from " + endpoint(client);
	}

	private static String endpoint(ClientProperties client) {
		if (client.tokenUri() != null) {
			return Urls.withoutSecrets(client.tokenUri());
		}
		return "issuer " + Urls.withoutSecrets(String.valueOf(client.issuerUri()));
	}

}
