package io.github.evertoken.test.server;

import java.io.IOException;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tells how long an {@link AuthorizationServer} takes to start. The figures are printed:
 * what they are is up to the machine.
 */
class AuthorizationServerStartTests {

	private static final int STARTS = 21;

	@Test
	void startThenTakesMillisecondsAndMakesNoKey() throws IOException {
		long[] nanos = new long[STARTS];
		for (int i = 0; i < STARTS; i++) {
			long start = System.nanoTime();
			try (AuthorizationServer server = AuthorizationServer.forClients("inventory")) {
				assertThat(new Http(server).token("client_credentials").statusCode()).isEqualTo(200);
				nanos[i] = System.nanoTime() - start;
			}
		}
		long first = nanos[0];
		Arrays.sort(nanos);
		System.out.printf("authorization server, from nothing to its first token: %.1f ms, %.1f ms in a warm JVM%n",
				first / 1e6, nanos[STARTS / 2] / 1e6);
	}

}
