package io.github.evertoken.authentication;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;

import io.github.evertoken.CredentialException;
import io.github.evertoken.http.EncodedText;

import org.springframework.core.io.Resource;

/**
 * A file with one secret, key or assertion in it. It is read anew each time, so that a
 * file that somebody replaces (Kubernetes, an agent, an administrator) is always the one
 * that is there.
 * <p>
 * What is read is UTF-8, or what its byte order mark says, no more than
 * {@value #MAX_KIBIBYTES} KiB, and given without that mark and the white space around it,
 * such as the line break with which files end. Every complaint names the file and never
 * what is in it.
 *
 * @since 0.1.0
 */
public final class CredentialFile implements Supplier<String> {

	private static final int MAX_KIBIBYTES = 64;

	private final String name;

	private final Resource resource;

	private CredentialFile(String name, Resource resource) {
		this.name = Objects.requireNonNull(name, "name");
		this.resource = Objects.requireNonNull(resource, "resource");
	}

	/**
	 * Name a file. Nothing is read yet.
	 * @param name what it is called in exceptions and logs, such as the name of the
	 * property that has its location
	 * @param resource the file
	 * @return the file
	 */
	public static CredentialFile of(String name, Resource resource) {
		return new CredentialFile(name, resource);
	}

	/**
	 * Read the file. It blocks.
	 * @return its text, not empty
	 * @throws CredentialException if there is no such file, or none that can be used
	 */
	@Override
	public String get() {
		String text = decode(read()).strip();
		if (text.isEmpty()) {
			throw problem("is empty");
		}
		return text;
	}

	private byte[] read() {
		try (InputStream stream = open()) {
			byte[] bytes = stream.readNBytes(MAX_KIBIBYTES * 1024 + 1);
			if (bytes.length > MAX_KIBIBYTES * 1024) {
				throw problem("has more than " + MAX_KIBIBYTES + " KiB");
			}
			return bytes;
		}
		catch (IOException ex) {
			throw new CredentialException(this.name, describe(reason(ex)), ex);
		}
	}

	/**
	 * What opens a {@code file:} URL takes a directory for a text, and tells a file that
	 * may not be read from one that is missing by its message alone.
	 */
	private InputStream open() throws IOException {
		if (!this.resource.isFile()) {
			return this.resource.getInputStream();
		}
		Path path = this.resource.getFile().toPath();
		if (Files.isDirectory(path)) {
			throw problem("is a directory");
		}
		return Files.newInputStream(path);
	}

	private String decode(byte[] bytes) {
		try {
			return EncodedText.of(bytes, StandardCharsets.UTF_8).strict();
		}
		catch (CharacterCodingException ex) {
			throw problem("is not UTF-8 text");
		}
	}

	private static String reason(IOException ex) {
		if (ex instanceof AccessDeniedException) {
			return "may not be read by this process";
		}
		boolean missing = ex instanceof NoSuchFileException || ex instanceof FileNotFoundException;
		return missing ? "does not exist" : "cannot be read (" + ex.getClass().getSimpleName() + ")";
	}

	/**
	 * Return the exception that says what is wrong with the file.
	 */
	CredentialException problem(String problem) {
		return new CredentialException(this.name, describe(problem), null);
	}

	private String describe(String problem) {
		return "names a file that cannot be used: " + this.resource.getDescription() + ' ' + problem;
	}

	@Override
	public String toString() {
		return this.name + " (" + this.resource.getDescription() + ')';
	}

}
