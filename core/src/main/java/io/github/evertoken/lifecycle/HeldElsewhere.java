package io.github.evertoken.lifecycle;

import io.github.evertoken.TokenException;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * An attempt has found that it is not its turn: another replica asks the issuer, or may
 * have asked it a moment ago. It is nobody's trouble.
 */
final class HeldElsewhere extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final long remaining;

	private final boolean certain;

	private HeldElsewhere(long remaining, boolean certain) {
		super("Another replica asks", null, false, false);
		this.remaining = remaining;
		this.certain = certain;
	}

	/**
	 * Let an attempt end with it.
	 * @param remaining in how many milliseconds it is over at the latest
	 */
	static <T> Mono<T> of(Flight flight, long remaining) {
		return of(flight, new HeldElsewhere(remaining, false));
	}

	/**
	 * Let an attempt end because another replica may have asked.
	 * @param remaining in how many milliseconds it is over
	 */
	static <T> Mono<T> settling(Flight flight, long remaining) {
		return of(flight, new HeldElsewhere(remaining, true));
	}

	private static <T> Mono<T> of(Flight flight, HeldElsewhere held) {
		return Mono.error(() -> new TransientTokenException(flight.key(), "another replica asks the issuer", held));
	}

	/**
	 * Return what a failure stands for, {@code null} if it is another one.
	 */
	static @Nullable HeldElsewhere in(TokenException failure) {
		return (failure.getCause() instanceof HeldElsewhere held) ? held : null;
	}

	/**
	 * Tell whether it is over then and not before.
	 */
	boolean isCertain() {
		return this.certain;
	}

	/**
	 * Return in how many milliseconds it is over at the latest.
	 */
	long remaining() {
		return this.remaining;
	}

}
