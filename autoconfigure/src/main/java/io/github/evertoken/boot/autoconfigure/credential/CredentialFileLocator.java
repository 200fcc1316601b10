package io.github.evertoken.boot.autoconfigure.credential;

import java.io.IOException;
import java.util.regex.Pattern;

import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Finds the files that properties name. A location without its prefix is not repeated: it
 * may be the secret itself, written where its location belongs.
 */
final class CredentialFileLocator {

	private static final Pattern LOCATION = Pattern.compile("(file|classpath):[^\\p{Cntrl}]+");

	private final ResourceLoader resourceLoader;

	CredentialFileLocator(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
	}

	@Nullable CredentialFile of(String property, String location, ConfigurationProblems.OfClient problems) {
		return problems.check(property, () -> {
			if (!LOCATION.matcher(location).matches()) {
				throw new IllegalArgumentException(
						"must be the location of a file, such as file:/run/secrets/name or classpath:name");
			}
			return CredentialFile.of(problems.name(property), resource(location));
		});
	}

	private Resource resource(String location) {
		Resource resource = this.resourceLoader.getResource(location);
		try {
			return location.startsWith("file:") ? new FileSystemResource(resource.getFile()) : resource;
		}
		catch (IOException ex) {
			throw new IllegalArgumentException("must be the location of a file, such as file:/run/secrets/name,"
					+ " but that is none: '" + location + "'");
		}
	}

}
