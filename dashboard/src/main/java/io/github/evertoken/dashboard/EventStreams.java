package io.github.evertoken.dashboard;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import org.springframework.context.SmartLifecycle;

/**
 * The browsers that look. There are so many at the most that nobody can use up the
 * application's connections by looking; each is written to from time to time, so that one
 * that has gone away is noticed, and one that takes nothing for a minute is let go.
 * <p>
 * They are let go before the web server stops, which would wait for them.
 */
final class EventStreams implements SmartLifecycle {

	static final int MOST = 100;

	private static final Duration BEAT = Duration.ofSeconds(10);

	private static final Duration STUCK = Duration.ofMinutes(1);

	private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean draining = new AtomicBoolean();

	private final AtomicBoolean beating = new AtomicBoolean();

	private final EventRing ring;

	private final DashboardThread thread;

	private final Duration beat;

	private final Duration stuck;

	private volatile Runnable listening = () -> {
	};

	private volatile boolean running;

	EventStreams(EventRing ring, DashboardThread thread) {
		this(ring, thread, BEAT, STUCK);
	}

	EventStreams(EventRing ring, DashboardThread thread, Duration beat, Duration stuck) {
		this.ring = ring;
		this.thread = thread;
		this.beat = beat;
		this.stuck = stuck;
	}

	/**
	 * Take a stream in.
	 * @return {@code false} if there are too many, or the application ends
	 */
	boolean open(EventStream stream) {
		this.streams.add(stream);
		if (!this.running || this.streams.size() > MOST) {
			this.streams.remove(stream);
			return false;
		}
		if (this.beating.compareAndSet(false, true)) {
			this.thread.schedule(this::beatAgain, this.beat);
		}
		return true;
	}

	void closed(EventStream stream) {
		this.streams.remove(stream);
	}

	int size() {
		return this.streams.size();
	}

	private void happened() {
		if (!this.streams.isEmpty() && this.draining.compareAndSet(false, true)) {
			this.thread.execute(this::drain);
		}
	}

	private void drain() {
		this.draining.set(false);
		this.streams.forEach(EventStream::drain);
	}

	/**
	 * Go on while there is somebody.
	 */
	private void beatAgain() {
		beat();
		this.beating.set(false);
		if (!this.streams.isEmpty() && this.beating.compareAndSet(false, true)) {
			this.thread.schedule(this::beatAgain, this.beat);
		}
	}

	/**
	 * Write to each browser, and let go of those that take nothing.
	 */
	void beat() {
		this.streams.forEach((stream) -> {
			stream.beat();
			if (stream.isStuckFor(this.stuck)) {
				stream.close();
			}
		});
	}

	@Override
	public void start() {
		this.running = true;
		this.listening = this.ring.listen(this::happened);
	}

	@Override
	public void stop() {
		this.running = false;
		this.listening.run();
		this.streams.forEach(EventStream::close);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
