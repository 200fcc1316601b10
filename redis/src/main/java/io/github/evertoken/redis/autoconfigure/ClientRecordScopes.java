package io.github.evertoken.redis.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.evertoken.TokenKey;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.GrantType;
import io.github.evertoken.redis.RecordScope;

/**
 * Says to whom the records of clients belong: to the authorization server and to the
 * client's identifier there. What a client grants itself belongs to what it asks for
 * besides, so that two versions of a configuration, while one replaces the other, never
 * use each other's tokens where they ask for different ones; what somebody has granted by
 * a login is shared by both.
 */
final class ClientRecordScopes implements RecordScope.Resolver {

	private final Supplier<Map<String, ClientProperties>> clients;

	private final Map<String, RecordScope> ownGrants = new ConcurrentHashMap<>();

	private final Map<String, RecordScope> sessions = new ConcurrentHashMap<>();

	/**
	 * Create scopes.
	 * @param clients the clients, which are asked for when the first record is used
	 */
	ClientRecordScopes(Supplier<Map<String, ClientProperties>> clients) {
		this.clients = clients;
	}

	/**
	 * Of a client that is a bean, nothing is known but its name.
	 */
	@Override
	public RecordScope of(TokenKey key) {
		ClientProperties client = this.clients.get().get(key.client());
		if (client == null) {
			return RecordScope.none();
		}
		return isOwnGrant(key, client)
				? this.ownGrants.computeIfAbsent(key.client(), (name) -> owner(client).ownGrant(ofGrant(client)))
				: this.sessions.computeIfAbsent(key.client(), (name) -> owner(client).session(ofRefresh(client)));
	}

	private static boolean isOwnGrant(TokenKey key, ClientProperties client) {
		return switch (client.grantType()) {
			case CLIENT_CREDENTIALS -> key.subject() == null;
			case JWT_BEARER, TOKEN_EXCHANGE -> true;
			case REFRESH_TOKEN -> false;
		};
	}

	private static RecordScope owner(ClientProperties client) {
		String issuer = (client.issuerUri() != null) ? client.issuerUri() : client.tokenUri();
		return RecordScope.of((issuer != null) ? issuer : client.registrationId(), client.clientId());
	}

	/**
	 * What a renewal asks for: a scope is not among it, for that stays as it was granted.
	 */
	private static List<String> ofRefresh(ClientProperties client) {
		List<String> request = new ArrayList<>();
		add(request, "audience", client.audience());
		add(request, "resource", client.resource());
		add(request, "authorization_details", String.valueOf(client.authorizationDetails()));
		add(request, "parameters", client.parameters());
		add(request, "headers", client.headers());
		add(request, "dpop", String.valueOf(client.dpop().enabled()));
		return request;
	}

	private static List<String> ofGrant(ClientProperties client) {
		List<String> request = ofRefresh(client);
		add(request, "grant_type", client.grantType().name());
		add(request, "scope", List.copyOf(new TreeSet<>(client.scope())));
		if (client.grantType() == GrantType.JWT_BEARER) {
			add(request, "iss", String.valueOf(client.assertion().issuer()));
			add(request, "sub", String.valueOf(client.assertion().subject()));
			add(request, "claims", client.assertion().claims());
		}
		if (client.grantType() != GrantType.CLIENT_CREDENTIALS) {
			add(request, "subject_token", String.valueOf(client.subjectToken().location()));
			add(request, "actor_token", String.valueOf(client.actorToken().location()));
		}
		return request;
	}

	private static void add(List<String> request, String name, String value) {
		add(request, name, List.of(value));
	}

	private static void add(List<String> request, String name, List<String> values) {
		request.add(name);
		request.add(String.valueOf(values.size()));
		request.addAll(values);
	}

	private static void add(List<String> request, String name, Map<String, String> values) {
		request.add(name);
		request.add(String.valueOf(values.size()));
		new TreeMap<>(values).forEach((each, value) -> {
			request.add(each);
			request.add(value);
		});
	}

}
