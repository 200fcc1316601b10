package io.github.evertoken.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The keys of the tests, in files below {@code /keys}.
 */
public final class KeyFiles {

	private KeyFiles() {
	}

	/**
	 * Return the content of a PEM file.
	 */
	public static String pem(String name) {
		try (InputStream stream = KeyFiles.class.getResourceAsStream("/keys/" + name + ".pem")) {
			return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.US_ASCII);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
