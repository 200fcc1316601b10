package io.github.evertoken.samples.quickstart.show;

import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * What came of many calls at once.
 *
 * @param succeeded how many got an answer
 * @param failed how many failed
 * @param failure why one of them did, or {@code null}
 */
record Crowd(int succeeded, int failed, @Nullable Throwable failure) {

	private static final Crowd NOBODY = new Crowd(0, 0, null);

	/**
	 * Make many calls at once. All of them have set out when the subscription returns.
	 */
	static Mono<Crowd> of(int size, IntFunction<Mono<String>> call) {
		return Flux.range(1, size)
			.flatMap((number) -> call.apply(number)
				.map((answer) -> new Crowd(1, 0, null))
				.onErrorResume((ex) -> Mono.just(new Crowd(0, 1, ex))), size)
			.reduce(NOBODY, Crowd::plus);
	}

	private Crowd plus(Crowd other) {
		return new Crowd(this.succeeded + other.succeeded, this.failed + other.failed,
				(this.failure != null) ? this.failure : other.failure);
	}

	boolean allSucceeded() {
		return this.failed == 0 && this.succeeded > 0;
	}

	@Override
	public String toString() {
		String text = this.succeeded + " calls succeeded, " + this.failed + " failed";
		return (this.failure != null) ? text + " (" + this.failure.getMessage() + ")" : text;
	}

}
