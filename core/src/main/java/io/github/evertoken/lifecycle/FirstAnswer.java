package io.github.evertoken.lifecycle;

import java.util.concurrent.atomic.AtomicReference;

import io.github.evertoken.TokenSet;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoOperator;
import reactor.util.context.Context;

/**
 * The first answer of an issuer. If it goes on to answer, against its contract, nobody
 * notices but whoever is told of it.
 */
final class FirstAnswer extends MonoOperator<TokenSet, TokenSet> {

	private final Runnable further;

	/**
	 * Listen to an issuer.
	 * @param issued what the issuer has made
	 * @param further called for each signal after the end
	 */
	FirstAnswer(Mono<TokenSet> issued, Runnable further) {
		super(issued);
		this.further = further;
	}

	@Override
	public void subscribe(CoreSubscriber<? super TokenSet> actual) {
		this.source.subscribe(new Listener(actual, this.further));
	}

	// Open, answered, over, in this order and never back.
	private enum Stage {

		OPEN, ANSWERED, OVER

	}

	private static final class Listener implements CoreSubscriber<TokenSet> {

		private final CoreSubscriber<? super TokenSet> actual;

		private final Runnable further;

		private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.OPEN);

		Listener(CoreSubscriber<? super TokenSet> actual, Runnable further) {
			this.actual = actual;
			this.further = further;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			this.actual.onSubscribe(subscription);
		}

		@Override
		public void onNext(TokenSet tokens) {
			if (this.stage.compareAndSet(Stage.OPEN, Stage.ANSWERED)) {
				this.actual.onNext(tokens);
			}
			else {
				this.further.run();
			}
		}

		@Override
		public void onError(Throwable failure) {
			Stage before = this.stage.getAndSet(Stage.OVER);
			if (before == Stage.OPEN) {
				this.actual.onError(failure);
				return;
			}
			this.further.run();
			if (before == Stage.ANSWERED) {
				this.actual.onComplete();
			}
		}

		@Override
		public void onComplete() {
			if (this.stage.getAndSet(Stage.OVER) != Stage.OVER) {
				this.actual.onComplete();
			}
			else {
				this.further.run();
			}
		}

	}

}
