package io.github.evertoken.benchmarks.stampede;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.benchmarks.contender.Authorizer;
import io.github.evertoken.benchmarks.harness.Check;
import io.github.evertoken.benchmarks.harness.Waiting;
import io.github.evertoken.benchmarks.stub.Answer;
import io.github.evertoken.benchmarks.stub.Requests;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * Many callers who come at once, each with the same request, to an exchange that answers
 * as soon as it is subscribed. What they cost beside the filter is one subscriber each.
 */
final class Crowd {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final ClientRequest request = Requests.standard();

	private final Mono<ClientResponse> ok = new Answer<>(ClientResponse.create(HttpStatus.OK).build());

	private final Authorizer authorizer;

	private final int size;

	private final AtomicInteger exchanges = new AtomicInteger();

	private final AtomicInteger answered = new AtomicInteger();

	private volatile long lastAnswer;

	Crowd(Authorizer authorizer, int size) {
		this.authorizer = authorizer;
		this.size = size;
	}

	/**
	 * Subscribe all, one after the other.
	 */
	void come() {
		for (int i = 0; i < this.size; i++) {
			this.authorizer.filter(this.request, this::exchange).subscribe(new Member());
		}
	}

	private Mono<ClientResponse> exchange(ClientRequest request) {
		this.exchanges.incrementAndGet();
		return this.ok;
	}

	/**
	 * Wait until all are answered.
	 */
	void leave() {
		Waiting.until(() -> this.answered.get() >= this.size, PATIENCE, "all callers are answered");
	}

	/**
	 * Check that all were answered once, with one exchange each.
	 * @return when the last one was, in nanoseconds
	 */
	long lastAnswer() {
		Check.that(this.answered.get() == this.size && this.exchanges.get() == this.size,
				"%d answers and %d exchanges for %d callers", this.answered.get(), this.exchanges.get(), this.size);
		return this.lastAnswer;
	}

	private final class Member implements CoreSubscriber<ClientResponse> {

		@Override
		public void onSubscribe(Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(ClientResponse response) {
			if (Crowd.this.answered.incrementAndGet() == Crowd.this.size) {
				Crowd.this.lastAnswer = System.nanoTime();
			}
		}

		@Override
		public void onError(Throwable failure) {
			// The crowd waits in vain for this one, and that fails the measurement.
			failure.printStackTrace();
		}

		@Override
		public void onComplete() {
		}

	}

}
