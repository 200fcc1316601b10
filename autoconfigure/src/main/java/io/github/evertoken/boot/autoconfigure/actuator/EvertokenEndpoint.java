package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.lifecycle.RenewalAnswer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

/**
 * Shows what every token is doing, and lets somebody renew or remove one. Nothing that is
 * shown asks anybody, and no token, secret or signature is in it.
 * {@code docs/endpoint.md} describes the answers.
 *
 * @since 0.1.0
 */
@Endpoint(id = "evertoken")
public class EvertokenEndpoint {

	private static final long LONGEST_WAIT_SECONDS = 30;

	private final TokenManager manager;

	private final @Nullable DefaultTokenManager behind;

	private final Reporter reporter;

	/**
	 * Create an endpoint.
	 * @param manager whose tokens it shows; one that is not Evertoken's own, and leads to
	 * none, has nothing to show
	 * @param clients the clients
	 * @param properties what is shown
	 * @param advisor gives advice about the clients
	 */
	public EvertokenEndpoint(TokenManager manager, ConfiguredClients clients, EvertokenProperties properties,
			Advisor advisor) {
		this.manager = manager;
		this.behind = DelegatingTokenManager.find(manager, DefaultTokenManager.class);
		this.reporter = new Reporter(this.behind, clients, properties.endpoint().claims(), advisor);
	}

	/**
	 * Show all clients.
	 * @return how each of them is
	 */
	@ReadOperation
	public Overview overview() {
		return this.reporter.overview();
	}

	/**
	 * Show one client.
	 * @param client its name
	 * @param subject a subject whose keys are shown too, or {@code null}
	 * @return how they are
	 * @throws UnknownTokenException if the client is not known, or nothing is held of the
	 * subject
	 */
	@ReadOperation
	public ClientReport client(@Selector String client, @Nullable String subject) {
		StoredVersions stored = await(this.reporter.stored(client, subject), (failure) -> StoredVersions.NONE);
		return this.reporter.client(client, subject, Objects.requireNonNullElse(stored, StoredVersions.NONE));
	}

	/**
	 * Obtain another token now. The one that is held serves until it has come.
	 * @param client the client's name
	 * @param subject whose token, {@code null} for the service's own
	 * @return what has come of it, without waiting for the token
	 * @throws UnknownTokenException if the client is not known, or nothing is held of the
	 * subject
	 */
	@WriteOperation
	public RenewalReport renew(@Selector String client, @Nullable String subject) {
		KeyStatus known = this.reporter.known(client, subject);
		RenewalAnswer answer = (this.behind != null) ? this.behind.renew(known.key()) : null;
		return this.reporter.renewal(known, (answer != null) ? answer : RenewalAnswer.CLOSED);
	}

	/**
	 * Forget what is held: a subject is signed out, and a client with a grant of its own
	 * begins anew.
	 * @param client the client's name
	 * @param subject whose tokens, {@code null} for the service's own
	 * @return whether they are forgotten
	 * @throws UnknownTokenException if the client is not known, or nothing is held of the
	 * subject
	 */
	@DeleteOperation
	public RemovalReport remove(@Selector String client, @Nullable String subject) {
		this.reporter.known(client, subject);
		TokenKey key = TokenKey.of(client, subject);
		Mono<Void> removal = Objects.requireNonNullElseGet(this.manager.remove(key), Mono::empty);
		return RemovalReport.of(key, await(removal.then(Mono.<Throwable>empty()), Function.identity()));
	}

	/**
	 * Wait for what may have to reach a store. The actuator runs this on threads that may
	 * wait, whatever it is asked by.
	 */
	private static <T> @Nullable T await(Mono<T> answer, Function<Throwable, @Nullable T> failed) {
		try {
			return answer.toFuture().get(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return failed.apply(ex);
		}
		catch (ExecutionException ex) {
			return failed.apply(Objects.requireNonNullElse(ex.getCause(), ex));
		}
		catch (TimeoutException ex) {
			return failed.apply(ex);
		}
	}

}
