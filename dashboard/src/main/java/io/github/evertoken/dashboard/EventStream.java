package io.github.evertoken.dashboard;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events to one browser. What it has not read yet waits in the ring, where
 * the oldest make room for new ones: a browser that reads slowly misses some, and is told
 * so.
 * <p>
 * Whoever has something to tell calls {@link #drain()}, on any thread; of several the
 * first one writes for all of them. No method blocks.
 */
abstract class EventStream {

	private static final Logger logger = LoggerFactory.getLogger(EventStream.class);

	/**
	 * How many events are written in one piece.
	 */
	private static final int PIECE = 64;

	private final EventMessages messages;

	private final AtomicInteger work = new AtomicInteger();

	private EventRing.@Nullable Cursor cursor;

	private boolean begun;

	private volatile boolean beat;

	private volatile boolean closed;

	// When it last could be written to, by System.nanoTime().
	private volatile long progress = System.nanoTime();

	EventStream(EventMessages messages, EventRing.@Nullable Cursor since) {
		this.messages = messages;
		this.cursor = since;
	}

	/**
	 * Tell whether a piece can be written at once. If not, {@link #drain()} is called
	 * when it can be.
	 */
	protected abstract boolean isReady() throws IOException;

	/**
	 * Write a piece, which must not block.
	 */
	protected abstract void write(byte[] piece) throws IOException;

	/**
	 * End the answer.
	 */
	protected abstract void end();

	/**
	 * Write what there is to tell, as far as the browser takes it.
	 */
	final void drain() {
		if (this.work.getAndIncrement() != 0) {
			return;
		}
		int done = 1;
		do {
			if (!this.closed) {
				writeAll();
			}
			done = this.work.addAndGet(-done);
		}
		while (done != 0);
	}

	private void writeAll() {
		try {
			while (isReady()) {
				this.progress = System.nanoTime();
				byte[] piece = next();
				if (piece == null) {
					return;
				}
				write(piece);
			}
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A browser can be told no more", ex);
			close();
		}
	}

	private byte @Nullable [] next() {
		if (!this.begun) {
			this.begun = true;
			return this.messages.hello();
		}
		EventRing.Cursor since = this.cursor;
		EventRing.Batch batch = this.messages.ring().read(since, PIECE);
		this.cursor = batch.next();
		if (!batch.events().isEmpty() || batch.missed()) {
			this.beat = false;
			return this.messages.of(batch);
		}
		if (this.beat) {
			this.beat = false;
			return this.messages.beat();
		}
		return null;
	}

	/**
	 * Write at least something, so that it is noticed if nobody is there to read it.
	 */
	final void beat() {
		this.beat = true;
		drain();
	}

	/**
	 * Tell whether nothing could be written for so long.
	 */
	final boolean isStuckFor(Duration duration) {
		return System.nanoTime() - this.progress > duration.toNanos();
	}

	final void close() {
		this.closed = true;
		end();
	}

	final boolean isClosed() {
		return this.closed;
	}

}
