package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.io.IOException;
import java.security.UnrecoverableKeyException;

import javax.crypto.BadPaddingException;

import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;

/**
 * Tells why an SSL bundle cannot be used.
 */
public final class SslBundleFailures {

	private static final String WRONG_PASSWORD = "the password of its key store or its private key is wrong";

	private SslBundleFailures() {
	}

	/**
	 * Return why a bundle cannot be used. The message of an I/O exception is often no
	 * more than the name of a file.
	 */
	public static @Nullable String reason(RuntimeException failure) {
		if (isWrongPassword(failure)) {
			return WRONG_PASSWORD;
		}
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return (cause instanceof IOException) ? cause.getClass().getSimpleName() + ": " + cause.getMessage()
				: cause.getMessage();
	}

	/**
	 * Return why a bundle's key cannot be read, in words of our own: Spring Boot's may
	 * repeat what it could not read.
	 */
	public static String reasonWithoutContent(RuntimeException failure) {
		return isWrongPassword(failure) ? WRONG_PASSWORD : "see its properties below spring.ssl.bundle";
	}

	/**
	 * A password is not told to be wrong otherwise than by what decrypting with it leads
	 * to.
	 */
	private static boolean isWrongPassword(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		return cause instanceof UnrecoverableKeyException || cause instanceof BadPaddingException;
	}

}
