package io.github.evertoken.boot.autoconfigure.actuator;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.Fault;

/**
 * Tokens that can be taken apart, with much in them that nobody may see.
 */
final class Jwts {

	static final String SIGNATURE = base64("planted-signature".repeat(8));

	private Jwts() {
	}

	/**
	 * Return a JWT that has been valid since now, for an hour.
	 */
	static String token() {
		long now = Instant.now().getEpochSecond();
		return base64("{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"key-1\",\"x5c\":[\"planted-certificate\"]}")
				+ "."
				+ base64("{\"iss\":\"https://idp.internal\",\"aud\":[\"inventory\"],\"client_id\":\"orders\","
						+ "\"scope\":\"inventory.read\",\"iat\":" + now + ",\"nbf\":" + now + ",\"exp\":" + (now + 3600)
						+ ",\"cnf\":{\"jkt\":\"thumbprint-1\"},\"jti\":\"planted-jti\",\"sub\":\"planted-subject\","
						+ "\"roles\":[\"clerk\"]}")
				+ "." + SIGNATURE;
	}

	/**
	 * Return what answers token requests with a token.
	 */
	static Fault answer(String token) {
		return TestClients.json(200, "{\"access_token\":\"" + token
				+ "\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"refresh_token\":\"planted-refresh-token\"}");
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
