package io.github.evertoken.web;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.util.concurrent.Queues;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.BodyExtractors;
import org.springframework.web.reactive.function.client.ClientResponse;

/**
 * A look at the beginning of a response's body that leaves the body whole.
 * <p>
 * The body is subscribed once. Its buffers are requested one by one until there are 8 KiB
 * of them, or half a second has gone by; then nothing is requested any more until the
 * response's own subscriber comes, who gets the buffers that have come already, and then
 * the others by its own demand.
 */
final class BodyPeek extends BaseSubscriber<DataBuffer> {

	static final int MAX_LENGTH = 8 * 1024;

	private final ClientResponse response;

	private final Duration maxTime;

	private final Sinks.Many<DataBuffer> body = Sinks.unsafe()
		.many()
		.unicast()
		.onBackpressureBuffer(Queues.<DataBuffer>unbounded(16).get());

	// How many buffers were requested before the response's own subscriber asked for
	// them.
	private final AtomicLong ahead = new AtomicLong();

	// Whether somebody looks after the buffers: the response's subscriber, or discard().
	private final AtomicBoolean owned = new AtomicBoolean();

	// Whoever waits for the beginning, until it is there or takes too long.
	private final AtomicReference<@Nullable MonoSink<ClientResponse>> reader = new AtomicReference<>();

	// Belongs to the signals of the body, but is read when it takes too long.
	private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();

	private Context context = Context.empty();

	/**
	 * Create a look.
	 * @param response the response
	 * @param maxTime for how long
	 */
	BodyPeek(ClientResponse response, Duration maxTime) {
		this.response = response;
		this.maxTime = maxTime;
	}

	/**
	 * Read the beginning.
	 * @return the response with its body whole, as soon as the beginning has come, the
	 * body has ended, has failed, or has not come in time; must be subscribed once only
	 */
	Mono<ClientResponse> read() {
		return Mono.create((sink) -> {
			this.reader.set(sink);
			this.context = Context.of(sink.contextView());
			this.response.body(BodyExtractors.toDataBuffers()).subscribe(this);
			sink.onDispose(Schedulers.parallel().schedule(this::ready, this.maxTime.toMillis(), TimeUnit.MILLISECONDS));
		});
	}

	/**
	 * Return the beginning of the body, once it has been read.
	 */
	String text() {
		return this.beginning.toString(charset());
	}

	private Charset charset() {
		try {
			return this.response.headers().contentType().map(MediaType::getCharset).orElse(StandardCharsets.UTF_8);
		}
		catch (InvalidMediaTypeException ex) {
			return StandardCharsets.UTF_8;
		}
	}

	/**
	 * Leave the body to the caller, to whom the response is passed on now.
	 */
	void handOver() {
		this.owned.set(true);
	}

	/**
	 * Release the body, unless somebody else has taken it over.
	 */
	void discard() {
		if (this.owned.compareAndSet(false, true)) {
			this.body.asFlux().subscribe(DataBufferUtils.releaseConsumer(), (ex) -> {
			});
			cancel();
		}
	}

	private ClientResponse whole() {
		return this.response.mutate().body((ignored) -> wholeBody()).build();
	}

	private Flux<DataBuffer> wholeBody() {
		return this.body.asFlux()
			.doFirst(this::handOver)
			.doOnRequest(this::pull)
			.doOnCancel(this::cancel)
			.doOnDiscard(DataBuffer.class, DataBufferUtils::release);
	}

	private void pull(long demand) {
		long before = this.ahead.getAndUpdate((ahead) -> Math.max(0, ahead - demand));
		if (demand == Long.MAX_VALUE) {
			requestUnbounded();
		}
		else if (demand > before) {
			request(demand - before);
		}
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	protected void hookOnSubscribe(Subscription subscription) {
		requestAhead();
	}

	private void requestAhead() {
		this.ahead.incrementAndGet();
		request(1);
	}

	@Override
	protected void hookOnNext(DataBuffer buffer) {
		boolean peeking = (this.reader.get() != null);
		if (peeking) {
			copy(buffer);
		}
		if (this.body.tryEmitNext(buffer).isFailure()) {
			DataBufferUtils.release(buffer);
		}
		if (peeking) {
			if (this.beginning.size() < MAX_LENGTH) {
				requestAhead();
			}
			else {
				ready();
			}
		}
	}

	private void copy(DataBuffer buffer) {
		byte[] bytes = new byte[Math.min(buffer.readableByteCount(), MAX_LENGTH - this.beginning.size())];
		int position = buffer.readPosition();
		buffer.read(bytes);
		buffer.readPosition(position);
		this.beginning.writeBytes(bytes);
	}

	@Override
	protected void hookOnComplete() {
		this.body.tryEmitComplete();
		ready();
	}

	@Override
	protected void hookOnError(Throwable ex) {
		this.body.tryEmitError(ex);
		ready();
	}

	private void ready() {
		MonoSink<ClientResponse> reader = this.reader.getAndSet(null);
		if (reader != null) {
			reader.success(whole());
		}
	}

}
