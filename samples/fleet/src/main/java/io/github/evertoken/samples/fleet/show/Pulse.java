package io.github.evertoken.samples.fleet.show;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/**
 * Looks how quick the machine is, by a request of its own again and again. When that
 * takes too long, the machine has too much else to do for any replica to be judged by
 * what it has done in time.
 */
final class Pulse implements AutoCloseable {

	private static final Duration PAUSE = Duration.ofMillis(100);

	private static final Duration LONGEST = Duration.ofSeconds(1);

	private final HttpClient client = HttpClient.newHttpClient();

	private final HttpRequest request;

	private final Chronicle chronicle;

	private volatile boolean closed;

	private Pulse(String url, Chronicle chronicle) {
		this.request = HttpRequest.newBuilder(URI.create(url + "/orders/pulse")).build();
		this.chronicle = chronicle;
	}

	static Pulse start(String url, Chronicle chronicle) {
		Pulse pulse = new Pulse(url, chronicle);
		Thread thread = new Thread(pulse::beat, "pulse");
		thread.setDaemon(true);
		thread.start();
		return pulse;
	}

	private void beat() {
		while (!this.closed) {
			long start = System.currentTimeMillis();
			try {
				Signals.pass(PAUSE);
				this.client.send(this.request, BodyHandlers.discarding());
			}
			catch (IOException ex) {
				// The show is over.
			}
			catch (InterruptedException ex) {
				return;
			}
			if (System.currentTimeMillis() - start > LONGEST.toMillis()) {
				this.chronicle.machineWasBusy(start);
			}
		}
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
