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

	private HeldElsewhere(long remaining) {
		super("Another replica asks", null, false, false);
		this.remaining = remaining;
	}

	/**
	 * Let an attempt end with it.
	 * @param remaining in how many milliseconds it is over at the latest
	 */
	static <T> Mono<T> of(Flight flight, long remaining) {
		return Mono.error(() -> new TransientTokenException(flight.key(), "another replica asks the issuer",
				new HeldElsewhere(remaining)));
	}

	/**
	 * Return what a failure stands for, {@code null} if it is another one.
	 */
	static @Nullable HeldElsewhere in(TokenException failure) {
		return (failure.getCause() instanceof HeldElsewhere held) ? held : null;
	}

	/**
	 * Return in how many milliseconds it is over at the latest.
	 */
	long remaining() {
		return this.remaining;
	}

}
