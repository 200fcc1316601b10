package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

/**
 * One key's life: which token its callers get, and when a flight is started to obtain the
 * next one.
 *
 * @since 0.1.0
 */
public final class TokenLifecycle extends StateHolder {

	// None for a subject's key until a lease is opened, or an answer was lost: its
	// renewal starts with its use.
	private volatile @Nullable Reminder reminder;

	TokenLifecycle(TokenKey key, ManagedClient client, KeyState first) {
		super(key, client, first);
		this.reminder = (key.subject() == null) ? new Reminder(this, client) : null;
	}

	@Override
	TokenLifecycle lifecycle() {
		return this;
	}

	/**
	 * Return the token that is usable now, and start its renewal if it is due. This is
	 * the way of nearly every request: one volatile read and one look at the clocks.
	 * @return the token, or {@code null} if the caller has to wait for {@link #token()}
	 */
	public @Nullable HeldToken usable() {
		HeldToken held = state().held();
		if (held == null) {
			return null;
		}
		Time time = client().time();
		long mono = time.mono();
		long wall = time.wall(mono);
		touch(mono);
		return held.isFresh(mono, wall) ? held.use() : usableThoughDue(held, mono, wall);
	}

	private @Nullable HeldToken usableThoughDue(HeldToken held, long mono, long wall) {
		if (!held.isUsable(mono, wall)) {
			return null;
		}
		renewIfNeeded();
		return held.use();
	}

	/**
	 * Return a token that is usable at the time of the subscription: the one that is
	 * held, or the result of the flight.
	 * @return a {@code Mono} with the token; it fails with a {@link TokenException} if
	 * none can be had
	 */
	public Mono<HeldToken> token() {
		return Mono.deferContextual(this::usableOrNext);
	}

	Mono<HeldToken> usableOrNext(ContextView context) {
		HeldToken held = usable();
		return (held != null) ? Mono.just(held) : next(Trigger.USE, context);
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
	 * Return the token that follows one that was rejected. If it cannot be had for the
	 * moment, and the rejected one serves others still, that is given.
	 * @param rejected the token that was rejected
	 * @return a {@code Mono} with the token; it fails with a {@link TokenException} if
	 * none can be had
	 */
	public Mono<HeldToken> tokenAfter(HeldToken rejected) {
		return Mono.deferContextual((context) -> {
			HeldToken held = usable();
			return (held != rejected) ? usableOrNext(context) : replacement(held, Trigger.REJECTION, context)
				.onErrorResume(TokenException.class, (ex) -> held.isUsable(now()) ? Mono.just(held) : Mono.error(ex));
		});
	}

	/**
	 * Return the result of the flight.
	 */
	Mono<HeldToken> next(Trigger trigger, ContextView context) {
		Mono<HeldToken> joining = CallerWait.joining(this, trigger, context);
		return (joining != null) ? joining : new CallerWait(this, trigger, context).token();
	}

	/**
	 * Go on with a wait that has begun before.
	 * @param limit when it ends, by the monotonic clock
	 */
	Mono<HeldToken> next(Trigger trigger, long limit, ContextView context) {
		return new CallerWait(this, trigger, context).until(limit).token();
	}

	/**
	 * Replace a token that works and does not do, if a flight may start.
	 */
	Mono<HeldToken> replacement(HeldToken held, Trigger trigger, ContextView context) {
		return new CallerWait(this, trigger, context).insteadOf(held);
	}

	/**
	 * Obtain the first token before anybody needs it.
	 * @return a {@code Mono} that completes when a token is held; the flight starts with
	 * the subscription, whose cancellation leaves it alone
	 */
	Mono<Void> start() {
		return Mono.deferContextual((context) -> next(Trigger.START, context)).then();
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
		return flight != null && flight.isWithin(client());
	}

	/**
	 * Return what shows resource servers that this key's client holds the key to which
	 * its tokens are bound (RFC 9449).
	 * @return the proofs, or {@code null} if its tokens are bearer tokens
	 */
	public @Nullable ProofOfPossession dpop() {
		return client().settings().dpop();
	}

	/**
	 * Tell that a resource server refused a token.
	 * @param token the token that was sent
	 * @return whether to send the request once more with what {@link #token()} then gives
	 */
	public boolean reject(HeldToken token) {
		return new RejectedTokens(this).reject(token, null);
	}

	/**
	 * Tell that a resource server refused a token.
	 * @param token the token that was sent
	 * @param refusal how
	 * @return whether to send the request once more with what
	 * {@link #tokenAfter(HeldToken)} then gives
	 */
	public boolean reject(HeldToken token, Refusal refusal) {
		return new RejectedTokens(this).reject(token, refusal);
	}

	/**
	 * Tell what the second attempt of a request has come to.
	 * @param outcome what
	 */
	public void resent(ResendOutcome outcome) {
		client().observations().resent(key(), outcome);
	}

	/**
	 * Tell that a resource server accepted a token.
	 * @param token the token that was sent
	 * @param place where it was sent to
	 */
	public void accept(HeldToken token, Place place) {
		client().accepted(key(), token, place);
	}

	/**
	 * Tell whether an acceptance tells anything new: that of a token that nobody has
	 * accepted before, or while some place has refused one.
	 * @param token the token that was sent
	 * @return whether to call {@link #accept}
	 */
	public boolean isNews(HeldToken token) {
		return !token.wasAccepted() || client().places().areInDoubt();
	}

	/**
	 * Tell that a resource server refused a token that was handed out without its
	 * {@link HeldToken}.
	 */
	boolean reject(AccessToken token) {
		return new RejectedTokens(this).reject(token);
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
		client().events(key()).stepUp(token, acrValues, maxAge);
	}

	/**
	 * Start a flight for which nobody waits. What the caller has seen may be history:
	 * only the state that is swapped says whether a token is still needed, or else a
	 * caller who saw an old token would renew the one that has just been put in.
	 */
	void renewIfNeeded() {
		Moment now = now();
		if (state().flight(now) == null && !client().condition().isResting(now)) {
			apply((state, moment) -> new CallerEvents.RenewalTime(leaseNeedsAnother(state, moment),
					client().condition().isResting(moment), this::prepare));
		}
	}

	private boolean leaseNeedsAnother(KeyState current, Moment now) {
		Reminder reminder = this.reminder;
		HeldToken held = current.held();
		return reminder != null && held != null && reminder.leases().untilRenewal(held, now) <= 0;
	}

	Flight prepare(KeyState state, Trigger trigger, Moment now) {
		return new Flight(this, trigger, state, null, now);
	}

	/**
	 * The store has another record than the key: somebody else has written it.
	 */
	void changedElsewhere(StoredTokenSet stored) {
		new Commands(this).changedElsewhere(stored);
	}

	boolean isLeased() {
		Reminder reminder = this.reminder;
		return reminder != null && reminder.leases().areOpen(now());
	}

	/**
	 * Return what reminds the key, and keeps its leases.
	 */
	synchronized Reminder reminder() {
		Reminder reminder = this.reminder;
		if (reminder == null) {
			reminder = new Reminder(this, client());
			this.reminder = reminder;
		}
		return reminder;
	}

	void remind() {
		Reminder reminder = state().conditions().isUnanswered(now()) ? reminder() : this.reminder;
		if (reminder != null) {
			reminder.set();
		}
	}

	/**
	 * Tell whether a flight is still the one that the key waits for.
	 */
	boolean isUnderway(Flight flight) {
		return state().flight() == flight;
	}

	/**
	 * Tell whether it is the service's own key, that of the configuration.
	 */
	boolean isService() {
		return this == client().service();
	}

	@Override
	public String toString() {
		return "TokenLifecycle[" + key() + ", " + state() + "]";
	}

}
