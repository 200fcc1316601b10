package io.github.evertoken.lifecycle;

import java.util.List;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what follows a transition, in the order that it says, and wakes whoever waits at
 * the very end, whatever has failed before.
 */
final class EffectRunner {

	private static final Logger logger = LoggerFactory.getLogger(TokenLifecycle.class);

	private final TokenLifecycle lifecycle;

	private final ManagedClient client;

	EffectRunner(TokenLifecycle lifecycle) {
		this.lifecycle = lifecycle;
		this.client = lifecycle.client();
	}

	void run(Transition transition) {
		List<Effect> effects = transition.effects();
		try {
			effects.stream().filter((effect) -> !effect.wakes()).forEach(this::attempt);
			Session session = transition.next().session();
			if (session != null && session != transition.before().session()) {
				attempt(new Watch(session));
			}
			attempt(new Settle());
		}
		finally {
			effects.stream().filter(Effect::wakes).forEach(this::attempt);
			Flight left = transition.left();
			if (left != null) {
				attempt(new Leave(left));
			}
		}
	}

	private void attempt(Object effect) {
		try {
			run(effect);
		}
		catch (Throwable ex) {
			failed(effect, ex);
		}
	}

	private void run(Object effect) {
		if (effect instanceof Effect.StartFlight start) {
			start(start.flight(), start.notBefore());
		}
		else if (effect instanceof Effect.Abandon abandon) {
			abandon.flight().abandon(this.lifecycle.now());
		}
		else if (effect instanceof Effect.Cancel cancel) {
			cancel.flight().cancel();
		}
		else if (effect instanceof Effect.SetTimer) {
			this.lifecycle.remind();
		}
		else if (effect instanceof Effect.Publish publish) {
			publish.story().accept(this.client.events(this.lifecycle.key()));
		}
		else if (effect instanceof Effect.WriteStore write) {
			new LateSave(this.lifecycle, write.unsaved()).run();
		}
		else if (effect instanceof Effect.Revoke revoke) {
			new Commands(this.lifecycle).revokeLate(revoke.tokens());
		}
		else if (effect instanceof Effect.BeginVariedAnew begin) {
			this.client.variedKeys()
				.of(this.lifecycle.key())
				.forEach((key) -> beginAnew(this.client.keys().known(key), begin));
			this.client.signIns().wakeVaried(this.lifecycle.key(), (key) -> this.client.keys().known(key) == null);
		}
		else if (effect instanceof Leave leave) {
			leave.flight().leaves();
		}
		else if (effect instanceof Watch watch) {
			this.client.sessions().watch(watch.session());
		}
		else if (effect instanceof Settle) {
			// The key may have been evicted while it could not be retired.
			this.client.keys().settled(this.lifecycle);
		}
		else {
			wake(effect);
		}
	}

	private static void beginAnew(@Nullable TokenLifecycle varied, Effect.BeginVariedAnew begin) {
		if (varied != null) {
			new Commands(varied).beginAnew(begin.removed(), begin.revoked());
		}
	}

	private void start(Flight flight, long notBefore) {
		flight.takesOff();
		long pause = (notBefore != Long.MIN_VALUE) ? notBefore - this.lifecycle.now().mono() : 0;
		if (pause > 0) {
			this.client.resources().timer().after(pause, () -> start(flight, Long.MIN_VALUE));
		}
		else if (this.lifecycle.isUnderway(flight)) {
			this.client.runway().enter(new Attempt(flight));
		}
		else {
			// It has left the state while it paused, and brings nothing that could be
			// revoked.
			new Outcomes(this.lifecycle).dropped(flight);
		}
	}

	private void wake(Object effect) {
		if (effect instanceof Effect.WakeSignIns) {
			this.client.signIns().wake(this.lifecycle.key());
		}
		else if (effect instanceof Effect.Wake wake) {
			wake.flight().room().wakeWith(wake.token(), wake.ending());
		}
		else if (effect instanceof Effect.Fail fail) {
			fail.flight().room().failWith(fail.failure(), fail.ending());
		}
		else if (effect instanceof Effect.SendOn sendOn) {
			sendOn.flight().room().sendOn(sendOn.ending());
		}
		else if (effect instanceof Effect.Serve serve) {
			serve.flight().room().serve(serve.token());
		}
		else if (effect instanceof Effect.Tell tell) {
			tell(tell.flight(), tell.failure());
		}
		else {
			throw new IllegalStateException("Nobody knows how to do " + effect);
		}
	}

	/**
	 * Who joins a flight that is late already is told when patience with it is over.
	 */
	private void tell(Flight flight, TokenException failure) {
		flight.isLate(failure, this.lifecycle.now());
		flight.room().tell(failure);
		this.client.resources().timer().after(this.client.settings().backoff().patience(), () -> {
			if (flight.hopeless(this.lifecycle.now()) != null) {
				flight.room().tell(failure);
			}
		});
	}

	/**
	 * What fails here is a fault of a listener, a log or this library; a flight that does
	 * not start fails at least.
	 */
	private void failed(Object effect, Throwable ex) {
		try {
			if (effect instanceof Effect.StartFlight start) {
				this.lifecycle.happens(new FlightEvents.Failed(start.flight(),
						new TransientTokenException(start.flight().key(),
								"the flight has not started: " + ex.getMessage(), ex),
						true, false, this.lifecycle.now().mono(), null));
			}
			logger.error("{} has failed for {}; the life-cycle goes on", effect.getClass().getSimpleName(),
					this.lifecycle.key(), ex);
		}
		catch (Throwable again) {
			// Not even that can be said.
			ex.addSuppressed(again);
		}
	}

	/**
	 * Follows every transition that takes a flight out of the state.
	 */
	private record Leave(Flight flight) {
	}

	/**
	 * Follows every transition after which the end of the session is another one.
	 */
	private record Watch(Session session) {
	}

	/**
	 * Follows every transition.
	 */
	private record Settle() {
	}

}
