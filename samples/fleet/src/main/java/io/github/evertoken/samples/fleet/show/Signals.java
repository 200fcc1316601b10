package io.github.evertoken.samples.fleet.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * What is done to processes, and how it is waited for.
 */
final class Signals {

	private static final long LOOKS = Duration.ofMillis(10).toNanos();

	private Signals() {
	}

	/**
	 * Send a signal.
	 */
	static void send(String signal, Process process) {
		try {
			awaitEnd(new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static void awaitEnd(Process process) {
		try {
			if (!process.waitFor(1, TimeUnit.MINUTES)) {
				throw new IllegalStateException("It does not end: " + process);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Wait until something is so.
	 */
	static void await(Duration longest, String otherwise, BooleanSupplier condition) {
		if (!isSoWithin(longest, condition)) {
			throw new IllegalStateException(otherwise);
		}
	}

	/**
	 * Wait until something is so, or the time is over.
	 */
	static boolean isSoWithin(Duration longest, BooleanSupplier condition) {
		long end = System.nanoTime() + longest.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - end > 0) {
				return false;
			}
			LockSupport.parkNanos(LOOKS);
		}
		return true;
	}

	/**
	 * Let some time pass.
	 */
	static void pass(Duration time) {
		isSoWithin(time, () -> false);
	}

}
