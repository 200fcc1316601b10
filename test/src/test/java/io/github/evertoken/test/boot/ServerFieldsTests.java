package io.github.evertoken.test.boot;

import java.util.List;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ServerFields}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ServerFieldsTests {

	@Test
	void serversWhenTheFieldIsStaticThenAreThoseOfTheClass(CapturedOutput output) {
		assertThat(ServerFields.of(Static.class)).containsExactly(Static.server);
		customize(Static.class);
		assertThat(output).doesNotContain("is not static");
	}

	@Test
	void serversWhenTheFieldIsNotStaticThenAreNoneAndItIsWarnedOf(CapturedOutput output) {
		assertThat(ServerFields.of(NotStatic.class)).isEmpty();
		customize(NotStatic.class);
		assertThat(output).contains("WARN")
			.contains("NotStatic.server is not static: the application is made before it, and is not led to it");
	}

	private static void customize(Class<?> testClass) {
		new AuthorizationServerContextCustomizerFactory().createContextCustomizer(testClass, List.of());
	}

	static class Static {

		@RegisterExtension
		static final AuthorizationServer server = AuthorizationServer.forClients();

	}

	static class NotStatic {

		@RegisterExtension
		final AuthorizationServer server = AuthorizationServer.forClients();

	}

}
