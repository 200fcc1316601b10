package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.http.Redactor;
import org.jspecify.annotations.Nullable;

/**
 * Knows what must not be repeated of a client's configuration.
 */
final class ClientSecrets {

	private ClientSecrets() {
	}

	/**
	 * Return what takes the secrets of a client out of a text.
	 * @param client the client, {@code null} for one that is a bean
	 */
	static Redactor redactor(@Nullable ClientProperties client) {
		return redactor(client, null);
	}

	/**
	 * Return what takes the secrets of a client and the token that it holds out of a
	 * text.
	 */
	static Redactor redactor(@Nullable ClientProperties client, @Nullable AccessToken token) {
		List<@Nullable String> secrets = new ArrayList<>();
		if (client != null) {
			secrets.add(client.clientSecret());
			secrets.add(client.refreshToken());
			secrets.add(client.clientAssertion().key());
			secrets.add(client.clientAssertion().keyPassword());
			secrets.add(client.assertion().key());
			secrets.add(client.assertion().keyPassword());
			secrets.add(client.dpop().keyPassword());
			secrets.add(client.proxy().password());
			secrets.addAll(client.parameters().values());
			secrets.addAll(client.headers().values());
		}
		secrets.add((token != null) ? token.value() : null);
		return new Redactor(
				secrets.stream().flatMap(Stream::ofNullable).filter((secret) -> !secret.isBlank()).toList());
	}

}
