package io.github.evertoken;

import java.time.Duration;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Holds the token of every key and keeps it usable.
 * <p>
 * Implementations are thread-safe, and no method blocks.
 *
 * @since 0.1.0
 */
public interface TokenManager {

	/**
	 * Return a token that is usable now: the one that is held, or else the result of the
	 * key's flight, which all callers of the key share.
	 * <p>
	 * The token is read when the {@code Mono} is subscribed, so one {@code Mono} may be
	 * kept and subscribed again and again. Cancelling it leaves the flight alone.
	 * @param key the key
	 * @return a {@code Mono} with the token; it fails with a {@link TokenException} when
	 * none can be had, and with an {@link IllegalArgumentException} when the key's client
	 * is not known
	 */
	Mono<AccessToken> token(TokenKey key);

	/**
	 * Hold a token that lasts while some work is done: an upload, an export, anything of
	 * several requests. The work begins when a token is held that lasts for the whole
	 * duration, which is renewed first if need be; until the work ends, renewals aim past
	 * the end of the duration, so that a request begun late does not outlive its token
	 * either. Leases of one key may overlap.
	 * @param key the key
	 * @param duration how long the work is expected to take at the longest
	 * @param policy what to do if no token of this issuer lasts that long
	 * @param work the work, subscribed when the token is held
	 * @param <T> what the work gives
	 * @return a {@code Mono} of the work; it fails like {@link #token(TokenKey)}, without
	 * the work having begun, and with a {@link LeaseNotCoveredException} if the policy
	 * says so
	 * @throws IllegalArgumentException if the key's client is not known, or the duration
	 * is not positive or longer than the client's longest lease
	 */
	<T> Mono<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Mono<T> work);

	/**
	 * Hold a token that lasts while some work is done, as
	 * {@link #lease(TokenKey, Duration, LeasePolicy, Mono)} does.
	 * @param key the key
	 * @param duration how long the work is expected to take at the longest
	 * @param policy what to do if no token of this issuer lasts that long
	 * @param work the work, subscribed when the token is held
	 * @param <T> what the work gives
	 * @return a {@code Flux} of the work
	 * @throws IllegalArgumentException if the key's client is not known, or the duration
	 * is not positive or longer than the client's longest lease
	 */
	<T> Flux<T> lease(TokenKey key, Duration duration, LeasePolicy policy, Flux<T> work);

	/**
	 * Tell that a resource server refused a token as invalid, so that the next caller
	 * gets another one. A token that has been replaced since is ignored, and a resource
	 * server that refuses every token cannot cause more than the configured number of
	 * renewals.
	 * @param key the key
	 * @param token the token that was refused
	 * @return {@code true} if it is worth sending the request once more with what
	 * {@link #token(TokenKey)} then gives; {@code false} if another token is not to be
	 * expected
	 * @throws IllegalArgumentException if the key's client is not known
	 */
	boolean reject(TokenKey key, AccessToken token);

	/**
	 * Put a token set in from outside: what a user's login gave us. It replaces whatever
	 * is held, ends a cooldown and signs a signed-out key in again. Calls that wait for
	 * that sign-in go on. What was obtained with the replaced refresh token for the
	 * subject's keys with {@linkplain TokenKey#parameters() parameters} is replaced too.
	 * @param key the key
	 * @param tokenSet the token set; one without an access token is refreshed at its
	 * first use
	 * @return a {@code Mono} that completes when the token set is in use; it fails with
	 * an {@link IllegalArgumentException} when the key's client is not known
	 */
	Mono<Void> put(TokenKey key, TokenSet tokenSet);

	/**
	 * Sign a key out: forget its token set, the refresh token included. Callers who wait
	 * for a running flight of the key fail. A client with a grant of its own obtains a
	 * new token set at the next use; any other key stays signed out until a token set is
	 * {@link #put put in}. The subject's keys with {@linkplain TokenKey#parameters()
	 * parameters} that live on the refresh token are signed out with it.
	 * @param key the key
	 * @return a {@code Mono} that completes when the token set is forgotten; it fails
	 * with an {@link IllegalArgumentException} when the key's client is not known
	 */
	Mono<Void> remove(TokenKey key);

	/**
	 * Sign a key out like {@link #remove}, and revoke what it held: the token set is
	 * forgotten first, so that nobody is given a token that is being revoked, and then
	 * the authorization server is told (RFC 7009), where it has an endpoint for it. If
	 * that is busy and says for how long ({@code Retry-After}), it is told again, twice
	 * at most.
	 * @param key the key
	 * @return a {@code Mono} that completes when the token set is revoked, or at once if
	 * there is nothing to revoke or nobody to tell. It fails with a
	 * {@link TokenRevocationException} when the token set could not be revoked, and with
	 * an {@link IllegalArgumentException} when the key's client is not known.
	 */
	Mono<Void> revoke(TokenKey key);

	/**
	 * Return what happens to the tokens, as it happens. The {@code Flux} is hot and ends
	 * when the manager is closed. Each subscriber is served on a thread that the manager
	 * does not need, and one that is too slow loses the oldest of the events that wait
	 * for it.
	 * @return the events, never with a token in them
	 */
	Flux<TokenEvent> events();

}
