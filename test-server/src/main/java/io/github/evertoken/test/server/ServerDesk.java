package io.github.evertoken.test.server;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Takes the requests, has them answered and writes both down: before the answer is
 * written, so that whoever has an answer finds its request here.
 */
final class ServerDesk implements HttpServer.Handler {

	private final Object lock;

	private final ServerState state;

	private final TokenEndpoint tokenEndpoint;

	private final RevocationEndpoint revocationEndpoint;

	private final MetadataDocuments metadata;

	private final ProtectedResource resource;

	private final List<ReceivedRequest> received = new ArrayList<>();

	/**
	 * Create a desk.
	 * @param lock the server's lock
	 * @param state what the endpoints have in common
	 */
	ServerDesk(Object lock, ServerState state) {
		this.lock = lock;
		this.state = state;
		this.tokenEndpoint = new TokenEndpoint(state);
		this.revocationEndpoint = new RevocationEndpoint(state);
		this.metadata = new MetadataDocuments(state);
		this.resource = new ProtectedResource(state);
	}

	List<ReceivedRequest> received() {
		return List.copyOf(this.received);
	}

	void forget() {
		this.received.clear();
	}

	@Override
	public HttpAnswer answer(HttpRequest request) {
		Endpoint endpoint = ServerPaths.endpoint(request.path());
		if (endpoint == null) {
			return HttpAnswer.empty(404);
		}
		ShownToken ofAnother = (endpoint == Endpoint.RESOURCE) ? tokenOfAnother(request) : null;
		synchronized (this.lock) {
			RequestNotes notes = new RequestNotes(endpoint);
			Instant now = this.state.now();
			Fault fault = this.state.settings.nextFault(endpoint);
			HttpAnswer answer = (fault != null && fault.instead() != null) ? unheeded(request, fault.instead(), notes)
					: heeded(request, notes, ofAnother);
			HttpAnswer spoilt = (fault != null) ? fault.spoil(answer) : answer;
			this.received.add(new ReceivedRequest(request, now, notes, spoilt.status(), fault));
			return spoilt;
		}
	}

	/**
	 * Asked for without the lock, for the other server may ask this one meanwhile.
	 */
	private @Nullable ShownToken tokenOfAnother(HttpRequest request) {
		List<AuthorizationServer> others;
		synchronized (this.lock) {
			others = List.copyOf(this.state.settings.others);
		}
		String value = ProtectedResource.accessToken(request);
		return others.stream().map((other) -> other.find(value)).filter(Objects::nonNull).findFirst().orElse(null);
	}

	/**
	 * What it was about is written down all the same.
	 */
	private static HttpAnswer unheeded(HttpRequest request, HttpAnswer instead, RequestNotes notes) {
		if (notes.endpoint != Endpoint.RESOURCE && request.isForm()) {
			notes.parameters = request.form();
		}
		return instead;
	}

	private HttpAnswer heeded(HttpRequest request, RequestNotes notes, @Nullable ShownToken ofAnother) {
		return switch (notes.endpoint) {
			case TOKEN -> this.tokenEndpoint.answer(request, notes);
			case REVOCATION -> this.revocationEndpoint.answer(request, notes);
			case METADATA -> this.metadata.metadata(request);
			case JWKS -> this.metadata.jwks(request);
			case RESOURCE -> this.resource.answer(request, notes, ofAnother);
		};
	}

	@Override
	public Instant now() {
		return this.state.now();
	}

	@Override
	public void delay(HttpRequest request, Duration delay, BooleanSupplier waits) {
		InstantSource clock;
		synchronized (this.lock) {
			clock = this.state.clock;
		}
		if (clock instanceof ServerTime time) {
			time.delay(Objects.requireNonNull(ServerPaths.endpoint(request.path())), delay, waits);
			return;
		}
		long start = System.nanoTime();
		long nanos = TimeUnit.NANOSECONDS.convert(delay);
		while (System.nanoTime() - start < nanos && waits.getAsBoolean()) {
			// Until then.
		}
	}

}
