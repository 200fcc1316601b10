package io.github.evertoken.lifecycle;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Tells refresh tokens apart that nobody else is to see.
 */
final class Fingerprints {

	private static final int LENGTH = 16;

	private static final String SEPARATOR = " ";

	private Fingerprints() {
	}

	/**
	 * Return the fingerprints of refresh tokens, {@code null} for none.
	 */
	static @Nullable String of(Collection<String> refreshTokens) {
		return refreshTokens.isEmpty() ? null
				: refreshTokens.stream().map(Fingerprints::of).sorted().collect(Collectors.joining(SEPARATOR));
	}

	/**
	 * Tell whether a refresh token is among those with the given fingerprints.
	 */
	static boolean contain(@Nullable String fingerprints, String refreshToken) {
		return fingerprints != null && List.of(fingerprints.split(SEPARATOR)).contains(of(refreshToken));
	}

	private static String of(String refreshToken) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(refreshToken.getBytes(StandardCharsets.UTF_8));
			return Base64.getUrlEncoder().encodeToString(digest).substring(0, LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
