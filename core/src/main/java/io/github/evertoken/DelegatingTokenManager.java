package io.github.evertoken;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A {@link TokenManager} around another one, for those who want to see or to change some
 * of what goes through it: all that is not overridden goes on to the delegate.
 * <p>
 * A decorator may as well implement {@link TokenManager} by itself. One that extends this
 * class leads to what stands behind it ({@link #find}), which knows more of its tokens
 * than the contract says: that a request is the issuer's own, and that a resource server
 * asks for a stronger login.
 *
 * @since 0.1.0
 */
public abstract class DelegatingTokenManager implements TokenManager {

	private final TokenManager delegate;

	/**
	 * Create a manager around another one.
	 * @param delegate the other one
	 */
	protected DelegatingTokenManager(TokenManager delegate) {
		this.delegate = Objects.requireNonNull(delegate, "delegate");
	}

	/**
	 * Find the manager of a type that is the given one or stands behind it.
	 * @param manager where to begin
	 * @param type the type
	 * @param <T> the type
	 * @return the first one of that type, or {@code null} if none is led to
	 */
	public static <T extends TokenManager> @Nullable T find(TokenManager manager, Class<T> type) {
		TokenManager candidate = manager;
		while (!type.isInstance(candidate) && candidate instanceof DelegatingTokenManager decorator) {
			candidate = decorator.delegate;
		}
		return type.isInstance(candidate) ? type.cast(candidate) : null;
	}

	/**
	 * Return the manager that this one stands around.
	 * @return the delegate
	 */
	protected final TokenManager delegate() {
		return this.delegate;
	}

	@Override
	public Mono<AccessToken> token(TokenKey key) {
		return this.delegate.token(key);
	}

	@Override
	public <T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work) {
		return this.delegate.lease(key, duration, policy, work);
	}

	@Override
	public <T> Flux<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Flux<T> work) {
		return this.delegate.lease(key, duration, policy, work);
	}

	@Override
	public boolean reject(TokenKey key, AccessToken token) {
		return this.delegate.reject(key, token);
	}

	@Override
	public Mono<Void> put(TokenKey key, TokenSet tokenSet) {
		return this.delegate.put(key, tokenSet);
	}

	@Override
	public Mono<Void> remove(TokenKey key) {
		return this.delegate.remove(key);
	}

	@Override
	public Mono<Void> revoke(TokenKey key) {
		return this.delegate.revoke(key);
	}

	@Override
	public Flux<TokenEvent> events() {
		return this.delegate.events();
	}

}
