package io.github.evertoken.authentication;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.evertoken.CredentialException;
import io.github.evertoken.Troubleshooting;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.FileUrlResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link CredentialFile}.
 */
class CredentialFileTests {

	@TempDir
	private Path directory;

	@Test
	void getThenGivesWhatIsThereAtThatTimeWithoutTheWhiteSpaceAroundIt() throws IOException {
		Path path = this.directory.resolve("secret");
		CredentialFile file = CredentialFile.of("secret", new FileSystemResource(path));
		Files.writeString(path, " s e\u00e4cret \r\n");
		assertThat(file.get()).isEqualTo("s e\u00e4cret");
		Files.writeString(path, "next");
		assertThat(file.get()).isEqualTo("next");
		Files.writeString(path, "x".repeat(64 * 1024));
		assertThat(file.get()).hasSize(64 * 1024);
	}

	@Test
	void getWhenItBeginsWithAByteOrderMarkThenThatIsNoPartOfIt() throws IOException {
		Path path = this.directory.resolve("secret");
		CredentialFile file = CredentialFile.of("secret", new FileSystemResource(path));
		Files.writeString(path, "\uFEFFs\u00e4cret\r\n");
		assertThat(file.get()).isEqualTo("s\u00e4cret");
		Files.writeString(path, "\uFEFFs\u00e4cret\r\n", StandardCharsets.UTF_16LE);
		assertThat(file.get()).isEqualTo("s\u00e4cret");
		Files.writeString(path, "\uFEFFs\u00e4cret\r\n", StandardCharsets.UTF_16BE);
		assertThat(file.get()).isEqualTo("s\u00e4cret");
		Files.writeString(path, "\uFEFF\n");
		assertThatExceptionOfType(CredentialException.class).isThrownBy(file::get).withMessageContaining("is empty");
	}

	@Test
	void getWhenThereIsNoneThenSaysWhichAndWhy() throws IOException {
		assertFails(new FileSystemResource(this.directory.resolve("gone")), "gone] does not exist");
		assertFails(new ClassPathResource("gone"), "class path resource [gone] does not exist");
		assertFails(new FileSystemResource(this.directory), "] is a directory");
		assertFails(new FileUrlResource(this.directory.toUri().toURL()), "] is a directory");
		assertFails(new FileUrlResource(this.directory.resolve("gone").toUri().toURL()), "gone] does not exist");
		Path path = this.directory.resolve("secret");
		Files.write(path, " \n".getBytes(StandardCharsets.UTF_8));
		assertFails(new FileSystemResource(path), "secret] is empty");
		Files.write(path, "planted\u00e4".getBytes(StandardCharsets.ISO_8859_1));
		assertFails(new FileSystemResource(path), "secret] is not UTF-8 text");
		Files.writeString(path, "planted".repeat(64 * 1024));
		assertFails(new FileSystemResource(path), "secret] has more than 64 KiB");
	}

	@Test
	void clientAssertionWhenFileIsWrongThenIsFoundAtOnce() throws IOException {
		Path path = this.directory.resolve("token");
		CredentialFile file = CredentialFile.of("location", new FileSystemResource(path));
		assertThatExceptionOfType(CredentialException.class)
			.isThrownBy(() -> ClientAuthentication.clientAssertion("orders", null, file))
			.withMessageContaining("does not exist");
		Files.writeString(path, "planted");
		assertThatExceptionOfType(CredentialException.class)
			.isThrownBy(() -> ClientAuthentication.clientAssertion("orders", null, file))
			.withMessageContaining("token] is not a signed JWT ");
		assertThatIllegalArgumentException().isThrownBy(() -> ClientAuthentication.clientAssertion("orders", " ", file))
			.withMessageContaining("type");
		Files.writeString(path, "a.b.c");
		assertThat(ClientAuthentication.clientAssertion("orders", null, file).toString()).contains(path.toString())
			.doesNotContain("a.b.c");
	}

	private static void assertFails(Resource resource, String reason) {
		CredentialFile file = CredentialFile.of("evertoken.secret", resource);
		assertThatExceptionOfType(CredentialException.class).isThrownBy(file::get)
			.withMessageStartingWith("evertoken.secret names a file that cannot be used: ")
			.withMessageEndingWith(reason + Troubleshooting.CREDENTIAL.reference())
			.withMessageNotContaining("planted")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo("evertoken.secret " + ex.problem()));
		assertThat(file.toString()).startsWith("evertoken.secret (");
	}

}
