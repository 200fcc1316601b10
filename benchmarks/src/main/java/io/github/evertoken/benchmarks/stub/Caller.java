package io.github.evertoken.benchmarks.stub;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/**
 * A subscriber that costs nothing, for calls that end on the thread on which they begin.
 *
 * @param <T> the type of what is called for
 */
public final class Caller<T> implements CoreSubscriber<T> {

	private @Nullable T value;

	private @Nullable Throwable failure;

	/**
	 * Subscribe and take what comes.
	 * @param call the call
	 * @return what it gave
	 * @throws IllegalStateException if it failed, was empty, or did not end at once
	 */
	public T call(Mono<? extends T> call) {
		this.value = null;
		this.failure = null;
		call.subscribe(this);
		if (this.failure != null) {
			throw new IllegalStateException("The call failed", this.failure);
		}
		if (this.value == null) {
			throw new IllegalStateException("The call did not end at once with a value");
		}
		return this.value;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(T value) {
		this.value = value;
	}

	@Override
	public void onError(Throwable failure) {
		this.failure = failure;
	}

	@Override
	public void onComplete() {
	}

}
