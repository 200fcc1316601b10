package io.github.evertoken.lifecycle;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

import io.github.evertoken.AccessToken;
import io.github.evertoken.LeasePolicy;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.grant.DpopProofs;
import io.github.evertoken.lifecycle.LastingToken.OpenLease;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One key's life: which token its callers get, and when a flight is started to obtain the
 * next one.
 *
 * @since 0.1.0
 */
public final class TokenLifecycle {

	// The whole truth is one immutable KeyState behind one reference. A transition reads
	// it, computes the next one without side effects, and swaps it in by
	// compare-and-set; whoever loses starts over from the state that won. Side effects
	// (starting the call, events, the timer, waking waiters) follow the swap, in that
	// order, and only whoever has swapped causes them. From that:
	//
	// - One flight. A flight starts by swapping a state without one for a state with
	// it. Of any number of callers one starts it, the others find it (SF-1).
	// - Published before woken. A landing swaps the new token in and then wakes the
	// waiters: none finds an empty key and starts a second flight (SF-6).
	// - The last word. A landing counts only while its own flight is in the state. put,
	// remove and close take it out, so that a flight cannot overwrite what came after
	// it took off: put × landing ends with the token set that was put.
	// - Generations. A rejection counts only while the rejected token is held. Of a
	// thousand 401s for one token the first takes it out of the state; the others,
	// like a late one after the renewal, change nothing (RJ-2).
	//
	// The reminder is outside of the state: when it rings, the state says whether there
	// is anything to do, and a caller at that time would do the same without it.
	//
	// There may be very many subjects' keys, so that each byte counts here: what all
	// keys of a client share is reached through the client.

	private static final VarHandle STATE = stateHandle();

	private final ManagedClient client;

	// Changes once at most: to an equal key that has the subject token too.
	private volatile TokenKey key;

	// Read and swapped by STATE: there may be very many keys, and each reference object
	// would cost one more.
	private volatile KeyState state;

	// Whether what rests in the store is known here, or is to be forgotten.
	private volatile boolean storeLeft;

	// None for a subject's key until a lease is opened: its renewal starts with its use.
	private volatile @Nullable Reminder reminder;

	TokenLifecycle(TokenKey key, ManagedClient client, KeyState first) {
		this.key = key;
		this.client = client;
		this.state = first;
		this.reminder = (key.subject() == null) ? new Reminder(this, client) : null;
	}

	private static VarHandle stateHandle() {
		try {
			return MethodHandles.lookup().findVarHandle(TokenLifecycle.class, "state", KeyState.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	/**
	 * Return the key.
	 * @return the key
	 */
	public TokenKey key() {
		return this.key;
	}

	/**
	 * Return this life-cycle, which is to know the key's subject token from now on. It
	 * may have begun with a key that somebody had from an event, without it.
	 */
	TokenLifecycle of(TokenKey key) {
		if (key.subjectToken() != null && this.key.subjectToken() == null) {
			this.key = key;
		}
		return this;
	}

	/**
	 * Return the token that is usable now, and start its renewal if it is due. This is
	 * the way of nearly every request: one volatile read and one look at the clock.
	 * @return the token, or {@code null} if the caller has to wait for {@link #token()}
	 */
	public @Nullable HeldToken usable() {
		HeldToken held = this.state.held();
		if (held == null) {
			return null;
		}
		long now = surroundings().now();
		return held.isFresh(now) ? held.use() : usableThoughDue(held, now);
	}

	private @Nullable HeldToken usableThoughDue(HeldToken held, long now) {
		if (!held.isUsable(now)) {
			return null;
		}
		renewIfNeeded(now);
		return held.use();
	}

	/**
	 * Return a token that is usable at the time of the subscription: the one that is
	 * held, or the result of the flight.
	 * @return a {@code Mono} with the token; it fails with a {@link TokenException} if
	 * none can be had
	 */
	public Mono<HeldToken> token() {
		return Mono.deferContextual(this::usableOrFlight);
	}

	private Mono<HeldToken> usableOrFlight(ContextView context) {
		HeldToken held = usable();
		return (held != null) ? Mono.just(held) : flight(Trigger.USE, context);
	}

	/**
	 * Return a token that lasts for a while. If the one that is held does not, it is
	 * renewed first. If no token of this issuer does, or none can be had for the moment,
	 * the freshest is given.
	 * @param expectedDuration how long the token is to last, positive
	 * @return a {@code Mono} with the token; it fails with a {@link TokenException} if
	 * none can be had
	 */
	public Mono<HeldToken> token(Duration expectedDuration) {
		return new LastingToken(this, expectedDuration).token();
	}

	/**
	 * Replace a token that works but does not last, if a flight may start.
	 */
	Mono<HeldToken> replacement(HeldToken held, long now, ContextView context) {
		Flight outer = Flight.in(context);
		for (;;) {
			KeyState current = this.state;
			if (current.held() != held) {
				return usableOrFlight(context);
			}
			if (outer != null && outer.isWithin(this)) {
				return Mono.just(held);
			}
			if (current.flight() != null) {
				return withinMaxWait(current.flight(), Trigger.EXPECTED_DURATION, now);
			}
			if (!current.mayTakeOff(now)) {
				return Mono.just(held);
			}
			Flight flight = takeOff(current, Trigger.EXPECTED_DURATION, now, outer);
			if (flight != null) {
				return withinMaxWait(flight, Trigger.EXPECTED_DURATION, now);
			}
		}
	}

	Mono<OpenLease> leaseOfSuccessor(Duration duration, LeasePolicy policy) {
		return goOn((successor) -> new LastingToken(successor, duration).lease(policy))
			.orElseGet(() -> Mono.error(closed()));
	}

	/**
	 * An open lease keeps its key from being evicted. An eviction that has not seen it
	 * must fail: it fails, like whoever has an old state, because the state is another
	 * one.
	 */
	boolean opens(long end) {
		Leases leases = reminder().leases();
		leases.open(end);
		for (;;) {
			KeyState current = this.state;
			if (current.closed()) {
				leases.close(end);
				return false;
			}
			if (swap(current, current.leased())) {
				afterChange();
				return true;
			}
		}
	}

	void closeLease(long end) {
		reminder().leases().close(end);
		afterChange();
	}

	private synchronized Reminder reminder() {
		Reminder reminder = this.reminder;
		if (reminder == null) {
			reminder = new Reminder(this, this.client);
			this.reminder = reminder;
		}
		return reminder;
	}

	private boolean isLeased(long now) {
		Reminder reminder = this.reminder;
		return reminder != null && reminder.leases().areOpen(now);
	}

	/**
	 * Tell whether a call to the issuer of this key's client is running in the given
	 * Reactor Context, on behalf of whichever subject. A request made there obtains a
	 * token and cannot wait for one.
	 * @param context the Context of a subscriber
	 * @return whether the Context is that of a flight of this client
	 */
	public boolean isIssuing(ContextView context) {
		Flight flight = Flight.in(context);
		return flight != null && flight.isWithin(this.client);
	}

	/**
	 * Return what shows resource servers that this key's client holds the key to which
	 * its tokens are bound (RFC 9449).
	 * @return the proofs, or {@code null} if its tokens are bearer tokens
	 */
	public @Nullable DpopProofs dpop() {
		return settings().dpop();
	}

	ManagedClient client() {
		return this.client;
	}

	KeyState state() {
		return this.state;
	}

	private boolean swap(KeyState current, KeyState next) {
		return STATE.compareAndSet(this, current, next);
	}

	private ClientSettings settings() {
		return this.client.settings();
	}

	private Surroundings surroundings() {
		return this.client.surroundings();
	}

	/**
	 * Obtain the first token before anybody needs it.
	 * @return a {@code Mono} that completes when a token is held; the flight starts with
	 * the subscription, whose cancellation leaves it alone
	 */
	Mono<Void> start() {
		return Mono.deferContextual((context) -> flight(Trigger.START, context)).then();
	}

	/**
	 * Tell that a resource server refused a token.
	 * @param token the token that was sent
	 * @return whether to send the request once more with what {@link #token()} then gives
	 */
	public boolean reject(HeldToken token) {
		for (;;) {
			KeyState current = this.state;
			if (current.held() != token) {
				return !this.client.isClosed();
			}
			long now = surroundings().now();
			Rejections rejections = current.rejections().with(token, now, settings());
			if (rejections.barred()) {
				if (rejections == current.rejections()) {
					return false;
				}
				if (swap(current, current.barred(rejections))) {
					this.client.events().rejected(this.key, token, now, false);
					return false;
				}
			}
			else if (replace(current, current.rejected(rejections), token, now)) {
				return true;
			}
		}
	}

	/**
	 * Tell that a resource server asks for a stronger or more recent authentication of
	 * the user than a token stands for (RFC 9470). The state stays as it is; an event
	 * tells of it.
	 * @param token the token that was sent
	 * @param acrValues the authentication context classes of which one is asked for
	 * @param maxAge how long ago the user may have authenticated, or {@code null}
	 */
	public void stepUp(HeldToken token, List<String> acrValues, @Nullable Duration maxAge) {
		this.client.events().stepUp(this.key, token, acrValues, maxAge);
	}

	private boolean replace(KeyState current, KeyState rejected, HeldToken token, long now) {
		Flight flight = rejected.mayTakeOff(now) ? prepare(rejected, Trigger.REJECTION, now, null) : null;
		if (!swap(current, (flight != null) ? rejected.tookOff(flight) : rejected)) {
			return false;
		}
		this.client.events().rejected(this.key, token, now, true);
		if (flight != null) {
			launch(flight, current.generation());
		}
		else {
			afterChange();
		}
		return true;
	}

	/**
	 * Tell that a resource server refused a token that was handed out without its
	 * {@link HeldToken}.
	 */
	boolean reject(AccessToken token) {
		HeldToken held = this.state.held();
		return (held != null && held.accessToken().equals(token)) ? reject(held) : !this.client.isClosed();
	}

	Mono<Void> put(TokenSet tokens) {
		return Mono.fromSupplier(() -> stamped(new ForeignTokens(settings()).usable(tokens)))
			.flatMap((stamped) -> this.client.call()
				.save(this.key, stamped)
				.then(Mono.fromRunnable(() -> putNow(stamped))));
	}

	private TokenSet stamped(TokenSet tokens) {
		return (tokens.obtainedAt() != null) ? tokens
				: tokens.mutate().obtainedAt(Instant.ofEpochMilli(surroundings().now())).build();
	}

	private void putNow(TokenSet tokens) {
		for (;;) {
			KeyState current = this.state;
			if (current.closed()) {
				goOn((successor) -> {
					successor.putNow(tokens);
					return successor;
				});
				return;
			}
			long now = surroundings().now();
			HeldToken held = (tokens.accessToken() != null)
					? this.client.schedule().hold(tokens, current.generation() + 1, now) : null;
			if (swap(current, current.put(held, tokens.refreshToken()))) {
				if (held != null) {
					this.client.events().put(this.key, held, now);
				}
				afterChange();
				this.client.signIns().wake(this.key);
				if (current.flight() != null && held != null && held.isUsable(now)) {
					current.flight().land(held);
				}
				return;
			}
		}
	}

	Mono<Void> remove() {
		return Mono.<Void>fromRunnable(() -> {
			leaveStore();
			removeNow();
		}).then(Mono.defer(() -> this.client.call().forget(this.key)));
	}

	/**
	 * Forget what is held, or what the store has if it has not been asked yet, and revoke
	 * it.
	 */
	Mono<Void> revoke() {
		return Mono.defer(() -> {
			boolean stored = !this.storeLeft;
			leaveStore();
			KeyState before = removeNow();
			TokenSet tokens = before.tokens();
			boolean load = tokens == null && stored && before.generation() == 0;
			return (load ? this.client.call().load(this.key) : Mono.justOrEmpty(tokens)).singleOptional()
				.delayUntil((held) -> this.client.call().forget(this.key))
				.flatMap((held) -> held.map((set) -> this.client.call().revoke(this.key, set)).orElse(Mono.empty()));
		});
	}

	/**
	 * Never look into the store again: what rests there is known, or is about to be
	 * forgotten.
	 */
	void leaveStore() {
		this.storeLeft = true;
	}

	/**
	 * Forget what is held.
	 * @return the state before
	 */
	private KeyState removeNow() {
		for (;;) {
			KeyState current = this.state;
			if (current.closed()) {
				return goOn(TokenLifecycle::removeNow).orElse(current);
			}
			if (swap(current, current.removed())) {
				this.client.events().removed(this.key, current);
				afterChange();
				this.client.signIns().wake(this.key);
				if (current.flight() != null) {
					current.flight()
						.land(new TransientTokenException(this.key, "it was removed while it was being obtained",
								null));
				}
				return current;
			}
		}
	}

	void close() {
		KeyState last = (KeyState) STATE.getAndSet(this, KeyState.CLOSED);
		afterChange();
		if (last.flight() != null) {
			last.flight().cancel();
			last.flight().land(closed());
		}
	}

	/**
	 * End this life-cycle because its key was evicted, and let go of the tokens. Whoever
	 * still has it is sent on to its successor.
	 * @return {@code false} if nothing was changed, because a flight is running or a
	 * lease is open
	 */
	boolean retire() {
		for (;;) {
			KeyState current = this.state;
			if (!current.closed() && (current.flight() != null || isLeased(surroundings().now()))) {
				return false;
			}
			if (current.closed() || swap(current, KeyState.CLOSED)) {
				remind();
				return true;
			}
		}
	}

	/**
	 * Go on with the life-cycle that the key has now, if this one has ended with an
	 * eviction and not with the manager.
	 */
	private <T> Optional<T> goOn(Function<TokenLifecycle, T> step) {
		if (this.client.isClosed()) {
			return Optional.empty();
		}
		TokenLifecycle successor = this.client.revived(this.key);
		T result = step.apply(successor);
		this.client.settled(successor);
		return Optional.of(result);
	}

	private TransientTokenException closed() {
		return new TransientTokenException(this.key, "the token manager is closed", null);
	}

	// Taking off

	private Mono<HeldToken> flight(Trigger trigger, ContextView context) {
		Flight outer = Flight.in(context);
		boolean awaits = trigger == Trigger.USE && awaitsSignIn(context);
		for (;;) {
			KeyState current = this.state;
			long now = surroundings().now();
			HeldToken held = current.held();
			if (held != null && held.isUsable(now)) {
				return Mono.just((trigger != Trigger.START) ? held.use() : held);
			}
			if (current.closed()) {
				return goOn((successor) -> successor.usableOrFlight(context)).orElseGet(() -> Mono.error(closed()));
			}
			if (outer != null && outer.isWithin(this)) {
				return Mono.error(new IllegalStateException("The issuer of " + this.key
						+ " waits for the token that it is to obtain. Let it call the token endpoint with a WebClient"
						+ " of its own, or without naming this client"));
			}
			if (current.signedOut() != null) {
				TokenException reason = current.signedOut();
				return awaits ? afterSignIn(reason, context) : Mono.error(reason.copy());
			}
			if (current.flight() != null) {
				return joined(current.flight(), trigger, now, awaits, context);
			}
			if (current.cooldown().lasts(now)) {
				return Mono.error(current.cooldown().lastFailure());
			}
			Flight flight = takeOff(current, trigger, now, outer);
			if (flight != null) {
				return joined(flight, trigger, now, awaits, context);
			}
		}
	}

	/**
	 * Whoever finds out with the flight that somebody must log in waits like those who
	 * come later.
	 */
	private Mono<HeldToken> joined(Flight flight, Trigger trigger, long now, boolean awaits, ContextView context) {
		Mono<HeldToken> joined = withinMaxWait(flight, trigger, now);
		return awaits ? joined.onErrorResume(ReauthenticationRequiredException.class, (ex) -> afterSignIn(ex, context))
				: joined;
	}

	/**
	 * No call waits more than once: what the sign-in brings may be refused in turn.
	 */
	private boolean awaitsSignIn(ContextView context) {
		return !settings().awaitSignIn().isZero() && !context.hasKey(SignIns.class);
	}

	private Mono<HeldToken> afterSignIn(TokenException reason, ContextView context) {
		return this.client.signIns()
			.next(this.key, () -> this.state.signedOut() != null)
			.timeout(settings().awaitSignIn(), Mono.error(reason::copy), surroundings().scheduler())
			.then(Mono.defer(() -> usableOrFlight(Context.of(context).put(SignIns.class, this))));
	}

	/**
	 * A flight has a deadline, so only a caller who would give up before it needs a timer
	 * of its own. A start is no use of the token.
	 */
	private Mono<HeldToken> withinMaxWait(Flight flight, Trigger trigger, long now) {
		Mono<HeldToken> landing = (trigger != Trigger.START) ? flight : flight.landing();
		Duration maxWait = settings().maxWait();
		if (flight.deadline() <= now + maxWait.toMillis()) {
			return landing;
		}
		return landing.timeout(maxWait,
				Mono.error(() -> new TransientTokenException(this.key,
						"the caller has waited for its max-wait of " + maxWait.toMillis() + " ms", null)),
				surroundings().scheduler());
	}

	/**
	 * Start a flight for which nobody waits. What the caller has seen may be history:
	 * only the state that is swapped says whether a token is still needed, or else a
	 * caller who saw an old token would renew the one that has just been put in.
	 */
	void renewIfNeeded(long now) {
		KeyState current = this.state;
		while (needsToken(current, now) && current.mayTakeOff(now)
				&& takeOff(current, Trigger.RENEWAL_TIME, now, null) == null) {
			current = this.state;
		}
	}

	private boolean needsToken(KeyState current, long now) {
		HeldToken held = current.held();
		Reminder reminder = this.reminder;
		return held == null || !held.isFresh(now) || (reminder != null && reminder.leases().renewalTime(held) <= now);
	}

	/**
	 * Start a flight from a state that allows it.
	 * @return the flight, or {@code null} if the state has changed meanwhile
	 */
	private @Nullable Flight takeOff(KeyState current, Trigger trigger, long now, @Nullable Flight outer) {
		Flight flight = prepare(current, trigger, now, outer);
		if (!swap(current, current.tookOff(flight))) {
			return null;
		}
		launch(flight, current.generation());
		return flight;
	}

	private Flight prepare(KeyState current, Trigger trigger, long now, @Nullable Flight outer) {
		return new Flight(this, trigger, current.refreshToken(), outer, now,
				now + this.client.call().longestDuration().toMillis());
	}

	/**
	 * Start the call on a thread of the scheduler: nothing that the caller has bound to
	 * its own thread or to its Context is seen there (SF-3).
	 */
	private void launch(Flight flight, long generation) {
		try {
			surroundings().scheduler().schedule(() -> call(flight, generation));
		}
		catch (RejectedExecutionException ex) {
			failed(flight, new TransientTokenException(this.key, "the scheduler is shut down", ex));
		}
	}

	private void call(Flight flight, long generation) {
		if (flight.isCancelled()) {
			return;
		}
		flight.runs(this.client.call()
			.run(flight, generation == 0 && !this.storeLeft)
			.subscribe((tokens) -> landed(flight, tokens), (ex) -> failed(flight, (TokenException) ex), null,
					flight.context()));
	}

	/**
	 * Tell whether a flight is still the one that the key waits for.
	 */
	boolean isUnderway(Flight flight) {
		return this.state.flight() == flight;
	}

	// Landing

	private void landed(Flight flight, TokenSet tokens) {
		for (;;) {
			KeyState current = this.state;
			long now = surroundings().now();
			HeldToken held = this.client.schedule().hold(tokens, current.generation() + 1, now);
			if (current.flight() != flight) {
				flight.land(held);
				return;
			}
			if (swap(current, current.landed(held, tokens.refreshToken()))) {
				this.client.events().landed(flight, current, held, now);
				afterChange();
				flight.land(held);
				return;
			}
		}
	}

	private void failed(Flight flight, TokenException failure) {
		if (failure instanceof ReauthenticationRequiredException reauthentication) {
			signedOut(flight, reauthentication);
		}
		else {
			cooldown(flight, failure);
		}
		flight.land(failure);
	}

	private void signedOut(Flight flight, ReauthenticationRequiredException reason) {
		for (;;) {
			KeyState current = this.state;
			if (current.flight() != flight) {
				return;
			}
			if (swap(current, current.signedOut(reason))) {
				this.client.events().signedOut(flight, current, reason);
				afterChange();
				return;
			}
		}
	}

	private void cooldown(Flight flight, TokenException failure) {
		for (;;) {
			KeyState current = this.state;
			if (current.flight() != flight) {
				return;
			}
			long now = surroundings().now();
			Cooldown cooldown = current.cooldown().after(failure, now, settings(), surroundings().random());
			if (swap(current, current.failed(cooldown, flight.refreshToken()))) {
				this.client.events().failed(flight, current, failure, now, cooldown.end());
				afterChange();
				return;
			}
		}
	}

	/**
	 * Look after what depends on the state from outside of it. The key may have been
	 * evicted while it could not be retired.
	 */
	private void afterChange() {
		remind();
		this.client.settled(this);
	}

	private void remind() {
		Reminder reminder = this.reminder;
		if (reminder != null) {
			reminder.set();
		}
	}

	@Override
	public String toString() {
		return "TokenLifecycle[" + this.key + ", " + this.state + "]";
	}

}
