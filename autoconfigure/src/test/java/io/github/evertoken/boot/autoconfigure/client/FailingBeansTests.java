package io.github.evertoken.boot.autoconfigure.client;

import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletionException;

import io.github.evertoken.CredentialException;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.Troubleshooting;
import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.grant.AuthorizationGrant;
import io.github.evertoken.grant.SecurityTokenSource;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.web.RejectionPolicy;
import io.github.evertoken.web.SubjectResolver;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for beans of the application's that fail, at once or in their {@code Mono}:
 * callers and the log are told which it was and why, as far as that is no secret.
 */
@ExtendWith(OutputCaptureExtension.class)
@Tag("FP-7")
class FailingBeansTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final String CREDENTIAL = "vault.orders has not been unsealed";

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	/**
	 * The beans that take part when a token is obtained.
	 */
	enum Obtaining {

		TOKEN_ISSUER("the issuer", "") {

			@Override
			ApplicationContextRunner with(ApplicationContextRunner runner, Failure failure) {
				return runner.withBean("inventory", TokenIssuer.class, () -> (request) -> failure.mono());
			}

		},

		AUTHORIZATION_GRANT("the client's AuthorizationGrant", "there is nothing to ask with: ") {

			@Override
			ApplicationContextRunner with(ApplicationContextRunner runner, Failure failure) {
				return runner.withBean("inventory", AuthorizationGrant.class, () -> (request) -> failure.mono());
			}

		},

		SECURITY_TOKEN_SOURCE("the client's AuthorizationGrant", "there is nothing to ask with: ") {

			@Override
			ApplicationContextRunner with(ApplicationContextRunner runner, Failure failure) {
				return runner.withPropertyValues("evertoken.clients.inventory.grant-type=token_exchange")
					.withBean("inventory", SecurityTokenSource.class, () -> (request) -> failure.mono());
			}

		},

		CLIENT_AUTHENTICATION("the client's ClientAuthentication", "the client cannot authenticate: ") {

			@Override
			ApplicationContextRunner with(ApplicationContextRunner runner, Failure failure) {
				return runner
					.withPropertyValues("evertoken.clients.inventory.client-id=",
							"evertoken.clients.inventory.client-secret=")
					.withBean("inventory", ClientAuthentication.class, () -> (request) -> failure.mono());
			}

		};

		private final String name;

		private final String ofCredential;

		Obtaining(String name, String ofCredential) {
			this.name = name;
			this.ofCredential = ofCredential.isEmpty() ? name + " failed: " : ofCredential;
		}

		abstract ApplicationContextRunner with(ApplicationContextRunner runner, Failure failure);

	}

	/**
	 * How a bean fails.
	 *
	 * @param exception with what
	 * @param atOnce whether it throws, or in the {@code Mono}
	 */
	record Failure(RuntimeException exception, boolean atOnce) {

		<T> Mono<T> mono() {
			if (this.atOnce) {
				throw this.exception;
			}
			return Mono.error(this.exception);
		}

	}

	private static List<Failure> failures(RuntimeException exception) {
		return List.of(new Failure(exception, true), new Failure(exception, false));
	}

	private ApplicationContextRunner runner() {
		return this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "retry.patience=0s"));
	}

	private void assertFails(Obtaining bean, RuntimeException exception, CapturedOutput output,
			Class<? extends TokenException> type, String reason) {
		for (Failure failure : failures(exception)) {
			int before = output.getAll().length();
			bean.with(runner(), failure).run((context) -> {
				TokenException ex = catchThrowableOfType(type, () -> TestClients.resource(this.server, context));
				assertThat(ex.reason()).isEqualTo(reason);
				assertThat(ex.getMessage()).doesNotContain("planted");
				assertThat(output.getAll().substring(before)).contains(reason).doesNotContain("planted");
			});
		}
	}

	@ParameterizedTest
	@EnumSource
	void beanWhenItFailsWithACredentialThenItsReasonIsTold(Obtaining bean, CapturedOutput output) {
		CredentialException exception = new CredentialException("vault.orders", "has not been unsealed", null);
		assertFails(bean, exception, output, TransientTokenException.class, bean.ofCredential + CREDENTIAL);
		bean.with(runner(), new Failure(exception, false)).run((context) -> {
			Throwable ex = catchThrowable(() -> TestClients.resource(this.server, context));
			assertThat(ex).hasCause(exception)
				.hasMessageEndingWith(CREDENTIAL + Troubleshooting.CREDENTIAL.reference());
		});
	}

	@ParameterizedTest
	@EnumSource
	void beanWhenItFailsWithAnExceptionOfItsOwnThenThatIsNamedWithItsCausesAndNotRepeated(Obtaining bean,
			CapturedOutput output) {
		RuntimeException exception = new CompletionException("planted",
				new UncheckedIOException("planted", new ConnectException("planted")));
		assertFails(bean, exception, output, TransientTokenException.class,
				bean.name + " failed with java.util.concurrent.CompletionException, caused by"
						+ " java.io.UncheckedIOException, caused by java.net.ConnectException");
		bean.with(runner(), new Failure(exception, true))
			.run((context) -> assertThat(catchThrowable(() -> TestClients.resource(this.server, context)))
				.hasCause(exception));
		assertFails(bean,
				new IllegalStateException("planted",
						new CredentialException("vault.orders", "has not been unsealed", null)),
				output, TransientTokenException.class,
				bean.name + " failed with java.lang.IllegalStateException: " + CREDENTIAL);
	}

	@ParameterizedTest
	@EnumSource
	void beanWhenItFailsWithATokenExceptionThenThatIsTold(Obtaining bean, CapturedOutput output) {
		assertFails(bean, new TransientTokenException(KEY, "the login is closed until nine", null), output,
				TransientTokenException.class, "the login is closed until nine");
		assertFails(bean, new TokenRefusedException(KEY, "the account is locked", null, null, null), output,
				TokenRefusedException.class, "the account is locked");
		assertFails(bean, new ReauthenticationRequiredException(KEY, "the consent was withdrawn", null, null, null),
				output, ReauthenticationRequiredException.class, "the consent was withdrawn");
	}

	@Test
	void tokenStoreWhenItFailsThenItsExceptionIsNamedWithItsCauses(CapturedOutput output) {
		for (Failure failure : failures(new IllegalStateException("planted", new ConnectException("planted")))) {
			int before = output.getAll().length();
			runner().withPropertyValues("evertoken.clients.inventory.grant-type=refresh_token")
				.withBean("inventory", TokenStore.class, () -> new FailingStore(failure))
				.run((context) -> {
					TransientTokenException ex = catchThrowableOfType(TransientTokenException.class,
							() -> TestClients.resource(this.server, context));
					String reason = "the token store cannot be read (it failed with java.lang.IllegalStateException,"
							+ " caused by java.net.ConnectException), and the client has no grant of its own";
					assertThat(ex.reason()).isEqualTo(reason);
					assertThat(output.getAll().substring(before)).contains(reason).doesNotContain("planted");
				});
		}
	}

	@Test
	void subjectResolverWhenItFailsThenItsCallerGetsThat() {
		RuntimeException exception = new IllegalStateException("whose request is it?");
		for (Failure failure : failures(exception)) {
			runner().withBean("inventory", SubjectResolver.class, () -> (request) -> failure.mono())
				.run((context) -> assertThat(catchThrowable(() -> TestClients.resource(this.server, context)))
					.isSameAs(exception));
		}
		assertThat(this.server).receivedNoTokenRequest();
	}

	@Test
	void rejectionPolicyWhenItFailsThenItsCallerGetsThat() {
		RuntimeException exception = new IllegalStateException("what is this?");
		runner().withBean("inventory", RejectionPolicy.class, () -> (answer) -> {
			throw exception;
		}).run((context) -> {
			TestClients.resource(this.server, context);
			this.server.revokeAccessTokens();
			assertThat(catchThrowable(() -> TestClients.resource(this.server, context))).isSameAs(exception);
		});
	}

	/**
	 * A store that is never there.
	 */
	private record FailingStore(Failure failure) implements TokenStore {

		@Override
		public Mono<StoredTokenSet> load(TokenKey key) {
			return this.failure.mono();
		}

		@Override
		public Mono<SaveResult> save(TokenKey key, long expectedVersion, TokenSet tokens) {
			return this.failure.mono();
		}

		@Override
		public Mono<Long> remove(TokenKey key) {
			return this.failure.mono();
		}

	}

}
