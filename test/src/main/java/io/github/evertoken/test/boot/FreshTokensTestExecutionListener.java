package io.github.evertoken.test.boot;

import java.time.Duration;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.StaticTokenManager;

import org.springframework.context.ApplicationContext;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.support.AbstractTestExecutionListener;

/**
 * Lets each test begin as if no call had been made before, in an application that many
 * tests share: the clients of the test's authorization servers hold no token, and static
 * tokens are what they were. Tokens of subjects stay.
 */
class FreshTokensTestExecutionListener extends AbstractTestExecutionListener {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@Override
	public void beforeTestMethod(TestContext testContext) {
		ApplicationContext context = testContext.hasApplicationContext() ? testContext.getApplicationContext() : null;
		if (context == null) {
			return;
		}
		context.getBeanProvider(StaticTokenManager.class).ifAvailable(StaticTokenManager::reset);
		TokenManager manager = context.getBeanProvider(TokenManager.class).getIfUnique();
		DefaultTokenManager ours = (manager != null) ? DelegatingTokenManager.find(manager, DefaultTokenManager.class)
				: null;
		if (ours != null) {
			ServerFields.of(testContext.getTestClass())
				.forEach((server) -> server.clients()
					.stream()
					.filter(ours.clients()::contains)
					.forEach((client) -> forget(ours, server, client, context)));
		}
	}

	private static void forget(DefaultTokenManager manager, AuthorizationServer server, String client,
			ApplicationContext context) {
		TokenKey key = TokenKey.of(client);
		manager.remove(key).block(TIMEOUT);
		if (new ServerProperties(server, client).hasRefreshToken(context.getEnvironment())) {
			manager.put(key, TokenSet.withRefreshToken(server.newSession(client, client)).build()).block(TIMEOUT);
		}
	}

}
