package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRevocationException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;

/**
 * What the application, or another process that shares the store, does to a key. The
 * store comes first: a command that fails has changed nothing, and one that has completed
 * has the last word, against any flight and over a restart (LC-9).
 */
final class Commands {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	Commands(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
	}

	Mono<Void> put(TokenSet tokens) {
		return Mono.defer(() -> {
			if (this.client.isClosed()) {
				return Mono.error(closed());
			}
			TokenSet stamped = stamped(new ForeignTokens(this.client.settings()).usable(tokens));
			Mono<Long> saved = this.client.store().areNone() ? Mono.just(0L)
					: this.client.store().overwrite(this.lifecycle.key(), stamped);
			return saved.flatMap((version) -> putNow(stamped, version) ? Mono.<Void>empty() : Mono.error(closed()));
		});
	}

	private TransientTokenException closed() {
		return new TransientTokenException(this.lifecycle.key(), "the token manager is closed", null);
	}

	private TokenSet stamped(TokenSet tokens) {
		return (tokens.obtainedAt() != null) ? tokens
				: tokens.mutate().obtainedAt(Instant.ofEpochMilli(this.lifecycle.now().wall())).build();
	}

	private boolean putNow(TokenSet tokens, long version) {
		Transition transition = this.lifecycle.apply((state, now) -> {
			long generation = (version > 0) ? version : state.generation() + 1;
			return new CommandEvents.Put(held(tokens, generation, now), tokens.refreshToken(), generation,
					Session.of(tokens, now));
		});
		if (!transition.before().closed()) {
			return true;
		}
		return !this.client.isClosed() && this.client.keys()
			.step(this.lifecycle, (successor) -> new Commands(successor).putNow(tokens, version));
	}

	private @Nullable HeldToken held(TokenSet tokens, long generation, Moment now) {
		return (tokens.accessToken() != null) ? this.client.schedule().hold(tokens, generation, now) : null;
	}

	/**
	 * Start a flight though the token that is held may work, unless there is a reason not
	 * to.
	 */
	RenewalAnswer renew() {
		Transition transition = this.lifecycle.apply((state,
				now) -> new CommandEvents.RenewNow(this.client.condition().isResting(now), this.lifecycle::prepare));
		KeyState before = transition.before();
		if (transition.changes()) {
			return RenewalAnswer.STARTED;
		}
		if (before.closed()) {
			return RenewalAnswer.CLOSED;
		}
		if (before.signedOut() != null) {
			return RenewalAnswer.SIGNED_OUT;
		}
		return (before.flight() != null) ? RenewalAnswer.UNDERWAY : RenewalAnswer.RESTING;
	}

	Mono<Void> remove() {
		return Mono.defer(this::removeFromStore).doOnNext((version) -> removeNow(version, false)).then();
	}

	private Mono<Long> removeFromStore() {
		return this.client.store().areNone() ? Mono.just(0L) : this.client.store().remove(this.lifecycle.key());
	}

	/**
	 * Forget what is held, or what the store has if the key does not know it, and revoke
	 * it.
	 */
	Mono<Void> revoke() {
		return Mono.defer(() -> {
			Map<TokenLifecycle, TokenSet> varied = varied();
			return disowned().flatMap((rests) -> removeFromStore().map((version) -> {
				revokeWhatHasLeft(varied);
				return new Removal(removeNow(version, true), rests);
			}));
		}).flatMap((removal) -> {
			TokenSet tokens = removal.tokens();
			return (tokens != null) ? this.client.call().revoke(this.lifecycle.key(), tokens) : Mono.empty();
		});
	}

	/**
	 * Return what the keys hold that borrow the refresh token of this one.
	 */
	private Map<TokenLifecycle, TokenSet> varied() {
		Map<TokenLifecycle, TokenSet> varied = new IdentityHashMap<>();
		for (TokenKey key : this.client.variedKeys().of(this.lifecycle.key())) {
			TokenLifecycle lifecycle = this.client.keys().known(key);
			TokenSet tokens = (lifecycle != null) ? lifecycle.state().tokens() : null;
			if (lifecycle != null && tokens != null) {
				varied.put(lifecycle, tokens);
			}
		}
		return varied;
	}

	/**
	 * The tombstone may have been read by somebody before the removal completes: the
	 * varied keys that have begun anew with it hold nothing any more that could be
	 * revoked with them.
	 */
	private static void revokeWhatHasLeft(Map<TokenLifecycle, TokenSet> varied) {
		varied.forEach((lifecycle, tokens) -> {
			TokenSet now = lifecycle.state().tokens();
			if (now == null || !Objects.equals(now.accessToken(), tokens.accessToken())) {
				new Commands(lifecycle).revokeLate(tokens);
			}
		});
	}

	/**
	 * A flight that meets the tombstone, before the state has changed, is to know what it
	 * means.
	 */
	private Mono<Rest> disowned() {
		Flight flight = this.lifecycle.state().flight();
		if (flight != null) {
			flight.disown();
		}
		return rests();
	}

	private Mono<Rest> rests() {
		boolean unknown = this.lifecycle.state().generation() == 0 && !this.client.store().areNone();
		return unknown ? this.client.store()
			.load(this.lifecycle.key())
			.map((stored) -> new Rest(stored.tokenSet()))
			.defaultIfEmpty(new Rest(null)) : Mono.just(new Rest(this.lifecycle.state().tokens()));
	}

	/**
	 * Revoke what a flight has brought after the key was revoked.
	 */
	void revokeLate(TokenSet tokens) {
		this.client.call()
			.revoke(this.lifecycle.key(), tokens)
			.subscribe(null,
					(ex) -> logger.warn("What was on its way when it was revoked is not revoked: {}", ex.getMessage()));
	}

	/**
	 * Forget what is held.
	 * @return the state before
	 */
	private KeyState removeNow(long version, boolean revoked) {
		Transition transition = this.lifecycle.happens(new CommandEvents.Removed(version, revoked));
		if (transition.before().closed() && !this.client.isClosed()) {
			return this.client.keys()
				.step(this.lifecycle, (successor) -> new Commands(successor).removeNow(version, revoked));
		}
		return transition.before();
	}

	/**
	 * The subject's own key has another token set, or none any more.
	 */
	void beginAnew(boolean removed, boolean revoked) {
		Transition transition = this.lifecycle.happens(new CommandEvents.BegunAnew(removed, revoked));
		TokenSet tokens = transition.before().tokens();
		if (revoked && transition.changes() && tokens != null) {
			revokeLate(tokens);
		}
	}

	/**
	 * Take what the store has, if it is newer than what the key has.
	 */
	void changedElsewhere(StoredTokenSet stored) {
		this.lifecycle.apply((state, now) -> {
			TokenSet tokens = stored.tokenSet();
			boolean fits = tokens != null && new ForeignTokens(this.client.settings()).canBeSent(tokens);
			return new CommandEvents.ChangedElsewhere(
					(tokens != null && fits) ? held(tokens, stored.version(), now) : null,
					(tokens != null) ? tokens.refreshToken() : null, stored.version(),
					(tokens != null) ? Session.of(tokens, now) : null);
		});
	}

	/**
	 * Somebody says that the record has changed: look.
	 */
	void lookAgain() {
		looking().subscribe();
	}

	/**
	 * Look whether the record has changed. What fails has changed nothing.
	 */
	Mono<Void> looking() {
		return this.client.store()
			.load(this.lifecycle.key())
			.doOnNext(this::changedElsewhere)
			.doOnError((ex) -> logger.debug("{}", ex.getMessage()))
			.onErrorComplete()
			.then();
	}

	/**
	 * What rests in the store, which may be nothing.
	 */
	private record Rest(@Nullable TokenSet tokens) {
	}

	/**
	 * What there was to revoke.
	 */
	private record Removal(KeyState before, Rest rest) {

		@Nullable TokenSet tokens() {
			TokenSet held = this.before.tokens();
			return (held != null) ? held : this.rest.tokens();
		}

	}

	/**
	 * Revoke in any case, and say what failed.
	 */
	Mono<Void> revokeOrWarn() {
		return revoke().onErrorResume((ex) -> {
			if (ex instanceof TokenRevocationException) {
				logger.warn(ex.getMessage());
			}
			else {
				logger.warn("{} could not be revoked: {}", this.lifecycle.key(), ex.getMessage());
			}
			return Mono.empty();
		});
	}

}
