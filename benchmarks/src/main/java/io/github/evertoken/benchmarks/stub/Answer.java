package io.github.evertoken.benchmarks.stub;

import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;

/**
 * A value that is there at once, but that no operator can see coming: {@code Mono.just}
 * would let operators take short cuts that a real exchange never gives them.
 *
 * @param <T> the type of the value
 */
public final class Answer<T> extends Mono<T> {

	private final T value;

	/**
	 * Create an answer.
	 * @param value what it is
	 */
	public Answer(T value) {
		this.value = value;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		actual.onSubscribe(Operators.scalarSubscription(actual, this.value));
	}

}
