package io.github.evertoken.samples.springsecurity;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.nimbusds.jose.JOSEObject;
import org.junit.jupiter.api.Test;

import org.springframework.security.oauth2.jwt.JwtDecoder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that Nimbus JOSE+JWT comes in the version that Spring Security was built with:
 * another one of ours would win over it in the applications of users.
 */
class NimbusVersionTests {

	private static final Pattern DEPENDENCY = Pattern
		.compile("<artifactId>nimbus-jose-jwt</artifactId>\\s*<version>([^<]+)</version>");

	@Test
	void versionThenIsThatOfSpringSecurity() throws IOException, URISyntaxException {
		assertThat(onTheClassPath()).isEqualTo(ofSpringSecurity());
	}

	private static String onTheClassPath() throws IOException {
		Properties properties = new Properties();
		try (InputStream stream = JOSEObject.class
			.getResourceAsStream("/META-INF/maven/com.nimbusds/nimbus-jose-jwt/pom.properties")) {
			properties.load(Objects.requireNonNull(stream));
		}
		return properties.getProperty("version");
	}

	/**
	 * The POM of an artifact is beside its JAR in a Maven repository.
	 */
	private static String ofSpringSecurity() throws IOException, URISyntaxException {
		Path jar = Path.of(JwtDecoder.class.getProtectionDomain().getCodeSource().getLocation().toURI());
		Path pom = jar.resolveSibling(jar.getFileName().toString().replaceFirst("\\.jar$", ".pom"));
		Matcher dependency = DEPENDENCY.matcher(Files.readString(pom));
		assertThat(dependency.find()).as("There is a dependency on Nimbus in %s", pom).isTrue();
		return dependency.group(1);
	}

}
