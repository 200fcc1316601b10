package io.github.evertoken.redis;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import reactor.core.publisher.Mono;

import static org.awaitility.Awaitility.await;

/**
 * A replica in a process of its own that has the next version of this library: its
 * records are of a format that is higher by one. It is told what to do line by line, and
 * ends with whoever has started it.
 */
final class NextVersion implements AutoCloseable {

	static final int FORMAT = RecordScripts.FORMAT + 1;

	private static final String ANSWER = "answer: ";

	private final Process process;

	private final BufferedReader answers;

	private NextVersion(Process process) {
		this.process = process;
		this.answers = process.inputReader(StandardCharsets.UTF_8);
	}

	static NextVersion start(TestRedis redis) {
		try {
			return new NextVersion(
					new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx64m",
							"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
							NextVersion.class.getName(), String.valueOf(redis.port()))
						.redirectError(ProcessBuilder.Redirect.INHERIT)
						.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Let it call with the token of a key.
	 * @return the token
	 */
	String token(TokenKey key) {
		return ask("token", key);
	}

	/**
	 * Let it renew the token of a key.
	 * @return the new token
	 */
	String renew(TokenKey key) {
		return ask("renew", key);
	}

	private String ask(String command, TokenKey key) {
		try {
			this.process.outputWriter(StandardCharsets.UTF_8)
				.append(command)
				.append(' ')
				.append((key.subject() != null) ? key.subject() : "")
				.append('\n')
				.flush();
			String line = this.answers.readLine();
			while (line != null && !line.startsWith(ANSWER)) {
				line = this.answers.readLine();
			}
			if (line == null) {
				throw new AssertionError("The process has ended");
			}
			return line.substring(ANSWER.length());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	/**
	 * Be that replica.
	 */
	public static void main(String[] arguments) throws IOException {
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.store(RedisTokenStore.builder(TestRedis.connectionFactory(Integer.parseInt(arguments[0])), TestKeys.ONE)
				.lease(TwoVersionsTests.LEASE)
				.format(FORMAT)
				.build())
			.client(ClientSettings.of(TwoVersionsTests.CLIENT, (request) -> Mono.fromSupplier(() -> issue(request)))
				.storeTimeout(TwoVersionsTests.STORE_TIMEOUT)
				.build())
			.build()) {
			BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
			for (String line = commands.readLine(); line != null; line = commands.readLine()) {
				System.out.println(ANSWER + answer(manager, line));
			}
		}
	}

	/**
	 * A user's token comes of a login alone.
	 */
	private static TokenSet issue(TokenRequest request) {
		if (request.key().subject() == null) {
			return TestTokens.tokens("of-the-next").build();
		}
		if (request.refreshToken() == null) {
			throw new ReauthenticationRequiredException(request.key(), "Nobody has logged in", null, null, null);
		}
		return TestTokens.session("of-the-next-with-" + request.refreshToken());
	}

	private static String answer(DefaultTokenManager manager, String command) {
		int space = command.indexOf(' ');
		String subject = command.substring(space + 1);
		TokenKey key = TokenKey.of(TwoVersionsTests.CLIENT, subject.isEmpty() ? null : subject);
		String token = value(manager, key);
		if (command.startsWith("renew")) {
			manager.renew(key);
			await().until(() -> !value(manager, key).equals(token));
		}
		return value(manager, key);
	}

	private static String value(DefaultTokenManager manager, TokenKey key) {
		return manager.token(key).block(TestTokens.LIMIT).value();
	}

}
