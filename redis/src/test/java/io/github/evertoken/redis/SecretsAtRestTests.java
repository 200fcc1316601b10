package io.github.evertoken.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedFailure.Kind;
import io.lettuce.core.api.sync.RedisCommands;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that no secret rests in Redis as it is: all that it has written to its disk is
 * read.
 */
class SecretsAtRestTests {

	private static final List<String> PLANTED = List.of("planted-access", "planted-refresh", "planted-id",
			"planted-subject", "planted-scope", "planted-parameter", "planted-header", "planted-reason",
			"planted-tried", "planted-client-id", "planted-late");

	@Test
	@Tag("SE-2")
	@Tag("FL-12")
	@DisplayName("SE-2: neither the snapshot nor the log of Redis has a token, a subject or a secret in it")
	void diskWhenSecretsWerePlantedEverywhereThenHasNone() throws IOException {
		try (TestRedis redis = TestRedis.start("--save", "", "--appendonly", "yes", "--appendfsync", "always")) {
			LettuceConnectionFactory connectionFactory = redis.connectionFactory();
			useAllOf(RedisTokenStore.builder(connectionFactory, TestKeys.ONE)
				.scopes((key) -> RecordScope.of("https://idp", "planted-client-id").ownGrant(List.of("planted-scope")))
				.build());
			RedisCommands<String, String> commands = redis.commands();
			commands.set("shown", "planted-in-the-clear");
			commands.save();
			await().untilAsserted(() -> assertThat(files(redis.directory())).isNotEmpty());
			Map<Path, String> files = contents(redis.directory());
			assertThat(files.keySet()).anyMatch((file) -> file.toString().endsWith(".rdb"))
				.anyMatch((file) -> file.toString().endsWith(".aof"));
			assertThat(String.join("", files.values())).contains("planted-in-the-clear", "evertoken:{", "eyJ");
			PLANTED.forEach((secret) -> assertThat(files).allSatisfy(
					(file, content) -> assertThat(content.contains(secret)).as("%s in %s", secret, file).isFalse()));
			connectionFactory.destroy();
		}
	}

	private static void useAllOf(RedisTokenStore store) {
		TokenKey key = TokenKey.of("inventory", "planted-subject")
			.withParameters(TokenParameters.builder()
				.parameter("tenant", "planted-parameter")
				.header("X-Tenant", "planted-header")
				.build());
		TokenSet tokens = TestTokens.tokens("planted-access")
			.refreshToken("planted-refresh")
			.idToken("planted-id")
			.scope(List.of("planted-scope"))
			.build();
		TestTokens.save(store, key, 0, tokens);
		store
			.commit(TestTokens.won(store, key, ClaimRequest.create().withKnownVersion(1)).lease(),
					tokens.mutate().accessToken("planted-late").build())
			.block(TestTokens.LIMIT);
		store.abandon(TestTokens.won(store, key, ClaimRequest.create().withKnownVersion(2)).lease(),
				SharedFailure.of(Kind.REAUTHENTICATION, "planted-reason", "invalid_grant", Duration.ZERO)
					.withTried("planted-tried"))
			.block(TestTokens.LIMIT);
		store.remove(TokenKey.of("inventory", "planted-subject")).block(TestTokens.LIMIT);
	}

	private static List<Path> files(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile).toList();
		}
	}

	private static Map<Path, String> contents(Path directory) throws IOException {
		return files(directory).stream().collect(Collectors.toMap((file) -> file, SecretsAtRestTests::content));
	}

	private static String content(Path file) {
		try {
			return Files.readString(file, StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
