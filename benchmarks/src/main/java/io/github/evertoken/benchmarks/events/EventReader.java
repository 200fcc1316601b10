package io.github.evertoken.benchmarks.events;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.evertoken.benchmarks.harness.Check;

/**
 * A browser that looks: it reads the server-sent events on a thread of its own, over a
 * connection that nothing else is sent on, and writes down when each line was there.
 */
final class EventReader implements AutoCloseable {

	private static final long PATIENCE_SECONDS = 60;

	private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>();

	private final Stream<String> stream;

	private EventReader(Stream<String> stream) {
		this.stream = stream;
		Thread thread = new Thread(this::read, "browser");
		thread.setDaemon(true);
		thread.start();
	}

	static EventReader open(String url) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Accept", "text/event-stream").build();
		HttpResponse<Stream<String>> response = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(request, HttpResponse.BodyHandlers.ofLines());
		Check.that(response.statusCode() == 200, "the events were answered with %d", response.statusCode());
		EventReader reader = new EventReader(response.body());
		reader.await("event: hello");
		return reader;
	}

	private void read() {
		try {
			this.stream.forEach((line) -> this.lines.add(new Line(line, System.nanoTime())));
		}
		catch (UncheckedIOException ex) {
			// It has been closed. If it has been broken off, what is awaited does not
			// come.
		}
	}

	/**
	 * Forget what has been read.
	 */
	void clear() {
		this.lines.clear();
	}

	/**
	 * Wait for a line.
	 * @param text what it contains
	 * @return when it was there, by {@link System#nanoTime()}
	 */
	long await(String text) throws InterruptedException {
		Line line = this.lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		while (line != null && !line.text().contains(text)) {
			line = this.lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		Check.that(line != null, "'%s' was not heard of within %d s", text, PATIENCE_SECONDS);
		return (line != null) ? line.nanos() : 0;
	}

	@Override
	public void close() {
		this.stream.close();
	}

	private record Line(String text, long nanos) {

	}

}
