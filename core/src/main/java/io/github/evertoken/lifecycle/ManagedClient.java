package io.github.evertoken.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One client with all its keys, and with what they share.
 */
final class ManagedClient {

	private static final int REVOCATIONS_AT_A_TIME = 8;

	private final ClientSettings settings;

	private final ManagerResources resources;

	private final Time time;

	private final RenewalSchedule schedule;

	private final StoreSteps store;

	private final IssuerCall call;

	private final IssuerCondition condition;

	private final Runway runway;

	private final VariedKeys variedKeys = new VariedKeys();

	private final KeyRegistry keys;

	private final Lending lending;

	private final PlaceTrust places = new PlaceTrust();

	private final Diagnostician diagnostician;

	private final SignIns signIns;

	private final SessionWatch sessions = new SessionWatch(this);

	private final Observations observations;

	private final Journal journal = new Journal();

	private final LongAdder forgotten = new LongAdder();

	private final ClientLogs logs = new ClientLogs();

	private final ForgottenLog forgottenLog;

	private final TokenLifecycle service;

	private final StoreListener changes = new StoreListener(this);

	private final LeaseSightings leases = new LeaseSightings();

	private volatile boolean closed;

	/**
	 * Create a client.
	 * @param settings its settings
	 * @param resources what all clients share
	 * @param condition that of its token endpoint, which others may share
	 */
	ManagedClient(ClientSettings settings, ManagerResources resources, IssuerCondition condition) {
		this.settings = settings;
		this.resources = resources;
		this.time = resources.time();
		this.observations = new Observations(settings.name(), resources);
		this.schedule = new RenewalSchedule(settings, resources.random());
		this.store = new StoreSteps(settings, resources, this.observations);
		this.call = new IssuerCall(settings, resources, this.store);
		this.condition = condition;
		this.diagnostician = new Diagnostician(this.call.clock(), this.schedule.scopes());
		this.signIns = new SignIns(resources);
		this.runway = new Runway(settings.maxConcurrentRequests(), condition, resources);
		this.keys = new KeyRegistry(this);
		this.lending = new Lending(this);
		this.forgottenLog = new ForgottenLog(settings);
		this.service = new TokenLifecycle(TokenKey.of(settings.name()), this, KeyState.empty(settings.refreshToken()));
	}

	ClientSettings settings() {
		return this.settings;
	}

	ManagerResources resources() {
		return this.resources;
	}

	Time time() {
		return this.time;
	}

	RenewalSchedule schedule() {
		return this.schedule;
	}

	StoreSteps store() {
		return this.store;
	}

	IssuerCall call() {
		return this.call;
	}

	IssuerCondition condition() {
		return this.condition;
	}

	Runway runway() {
		return this.runway;
	}

	KeyRegistry keys() {
		return this.keys;
	}

	VariedKeys variedKeys() {
		return this.variedKeys;
	}

	Lending lending() {
		return this.lending;
	}

	PlaceTrust places() {
		return this.places;
	}

	/**
	 * A resource server has accepted a token.
	 */
	void accepted(TokenKey key, HeldToken token, Place place) {
		token.accepted();
		this.places.accepted(place);
		this.diagnostician.acceptances().accepted(key, token, place, this.resources.now());
	}

	Diagnostician diagnostician() {
		return this.diagnostician;
	}

	/**
	 * Return what listens to what others change in the store.
	 */
	StoreListener changes() {
		return this.changes;
	}

	/**
	 * Return what was seen of the leases of other replicas.
	 */
	LeaseSightings leases() {
		return this.leases;
	}

	SessionWatch sessions() {
		return this.sessions;
	}

	SignIns signIns() {
		return this.signIns;
	}

	Observations observations() {
		return this.observations;
	}

	Journal journal() {
		return this.journal;
	}

	/**
	 * Return how many keys were forgotten with their refresh token.
	 */
	long forgotten() {
		return this.forgotten.sum();
	}

	ClientLogs logs() {
		return this.logs;
	}

	/**
	 * A caller is told that no token can be had.
	 */
	void callFailed(Throwable failure) {
		this.condition.callFailed(failure);
		this.logs.callFailed(failure);
	}

	LifecycleEvents events(TokenKey key) {
		return new LifecycleEvents(this, key, this.service.key().equals(key) ? this.journal : null);
	}

	TokenLifecycle service() {
		return this.service;
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Return the life-cycle that one of this client's keys has now.
	 */
	TokenLifecycle lifecycle(TokenKey key) {
		return this.service.key().equals(key) ? this.service : this.keys.lifecycle(key);
	}

	/**
	 * A varied key is used, and so is the one whose refresh token it borrows.
	 */
	void touchOwn(TokenKey varied, long mono) {
		TokenLifecycle own = this.keys.known(VariedKeys.ownKey(varied));
		if (own != null) {
			own.touch(mono);
		}
	}

	/**
	 * Return the life-cycle that one of this client's keys has now, {@code null} if it
	 * has none.
	 */
	@Nullable TokenLifecycle known(TokenKey key) {
		return this.service.key().equals(key) ? this.service : this.keys.known(key);
	}

	/**
	 * A key was forgotten that held a refresh token.
	 * @param tooMany whether there were too many, and not that it was idle
	 */
	void forgotten(TokenKey key, KeyState state, boolean tooMany) {
		this.forgotten.increment();
		events(key).forgotten(state, tooMany);
		if (tooMany) {
			this.forgottenLog.forgotten(this.resources.now());
		}
	}

	/**
	 * Revoke what all keys hold, a few at a time.
	 */
	Mono<Void> revokeAll() {
		return Flux.defer(() -> Flux.fromIterable(all()))
			.filter((lifecycle) -> lifecycle.state().holdsAny())
			.flatMap((lifecycle) -> new Commands(lifecycle).revokeOrWarn(), REVOCATIONS_AT_A_TIME)
			.then();
	}

	/**
	 * Wait until no refresh token is on its way, and nothing is to be saved.
	 */
	Mono<Void> drain() {
		return Flux.defer(() -> Flux.fromIterable(all())).flatMap(Draining::of).then();
	}

	List<TokenLifecycle> all() {
		List<TokenLifecycle> all = new ArrayList<>();
		all.add(this.service);
		all.addAll(this.keys.all());
		return all;
	}

	void close() {
		this.closed = true;
		this.changes.close();
		this.sessions.close();
		close(this.service);
		this.keys.close();
		this.signIns.wakeAll();
	}

	void close(TokenLifecycle lifecycle) {
		lifecycle.happens(new CommandEvents.Closed(
				new TransientTokenException(lifecycle.key(), "the token manager is closed", null)));
	}

	/**
	 * Return how many keys there are beside the service's own.
	 */
	long size() {
		return this.keys.size();
	}

}
