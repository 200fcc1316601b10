package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.List;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides the secrets of clients from whoever may read the properties of the application:
 * the endpoints of Spring Boot show all values where {@code show-values} is
 * {@code always}.
 */
final class EvertokenSanitizingFunction implements SanitizingFunction {

	private static final String CLIENTS = NearestName.plain(KnownProperties.CLIENTS.toString());

	/**
	 * What these names end with has the letters of all relaxed forms.
	 */
	private static final List<String> SECRETS = List.of("clientsecret", "refreshtoken", "assertionkey", "password");

	/**
	 * What stands there is a key, or the location of one.
	 */
	private static final String ENCRYPTION = "evertokenstoreencryption";

	private static final String NAME_OF_MEMBER = "tokenresponserefreshtoken";

	private static final List<String> URLS = List.of("url", "uri");

	/**
	 * Whatever the token endpoint asks for may stand there.
	 */
	private static final List<String> MAPS = List.of("parameters", "headers", "claims");

	@Override
	public SanitizableData apply(SanitizableData data) {
		String name = NearestName.plain(data.getKey());
		if (name.startsWith(ENCRYPTION) && name.endsWith("key") && data.getValue() != null) {
			return data.withSanitizedValue();
		}
		if (!name.startsWith(CLIENTS) || data.getValue() == null) {
			return data;
		}
		boolean secret = SECRETS.stream().anyMatch(name::endsWith) && !name.endsWith(NAME_OF_MEMBER);
		if (secret || MAPS.stream().anyMatch(name::contains)) {
			return data.withSanitizedValue();
		}
		return URLS.stream().anyMatch(name::endsWith) || name.contains("origins")
				? data.withValue(Urls.withoutSecrets(data.getValue().toString())) : data;
	}

}
