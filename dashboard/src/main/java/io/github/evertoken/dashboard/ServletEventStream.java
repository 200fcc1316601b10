package io.github.evertoken.dashboard;

import java.io.IOException;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncManager;
import org.springframework.web.context.request.async.WebAsyncUtils;
import org.springframework.web.filter.ShallowEtagHeaderFilter;

/**
 * Server-sent events on a servlet container, by its non-blocking output (Servlet 6.1,
 * section 3.7): no thread is held while nothing happens, and none waits for a browser.
 */
final class ServletEventStream extends EventStream implements WriteListener {

	private static final Logger logger = LoggerFactory.getLogger(ServletEventStream.class);

	private final EventStreams streams;

	private volatile @Nullable AsyncContext context;

	private volatile @Nullable ServletOutputStream output;

	// Whether the container has said that it can be written, and has not taken it back.
	private volatile boolean possible;

	private boolean unflushed;

	ServletEventStream(EventMessages messages, EventRing.@Nullable Cursor since, EventStreams streams) {
		super(messages, since);
		this.streams = streams;
	}

	/**
	 * Begin to write. Spring MVC is told that the answer goes on after this, so that its
	 * filters leave it alone.
	 */
	void begin(HttpServletRequest request, HttpServletResponse response) throws IOException {
		ShallowEtagHeaderFilter.disableContentCaching(request);
		WebAsyncManager manager = WebAsyncUtils.getAsyncManager(request);
		manager.setAsyncWebRequest(WebAsyncUtils.createAsyncWebRequest(request, response));
		DeferredResult<Void> never = new DeferredResult<>(0L);
		never.onCompletion(this::close);
		never.onError((ex) -> close());
		try {
			manager.startDeferredResultProcessing(never);
		}
		catch (IOException | RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IOException(ex);
		}
		this.context = request.getAsyncContext();
		ServletOutputStream output = response.getOutputStream();
		this.output = output;
		output.setWriteListener(this);
	}

	@Override
	public void onWritePossible() {
		this.possible = true;
		drain();
	}

	/**
	 * Once the container says no, it calls when it can be written again, and until then
	 * it is not asked.
	 */
	@Override
	protected boolean isReady() throws IOException {
		ServletOutputStream output = this.output;
		if (output == null || !isPossible(output)) {
			return false;
		}
		if (this.unflushed) {
			this.unflushed = false;
			output.flush();
			return isPossible(output);
		}
		return true;
	}

	private boolean isPossible(ServletOutputStream output) {
		if (!this.possible) {
			return false;
		}
		// Before it is asked: the call may come before the answer.
		this.possible = false;
		if (output.isReady()) {
			this.possible = true;
			return true;
		}
		return false;
	}

	@Override
	protected void write(byte[] piece) throws IOException {
		ServletOutputStream output = this.output;
		if (output != null) {
			output.write(piece);
			this.unflushed = true;
		}
	}

	@Override
	public void onError(Throwable ex) {
		logger.debug("A browser has gone away", ex);
		close();
	}

	@Override
	protected void end() {
		this.streams.closed(this);
		AsyncContext context = this.context;
		this.context = null;
		if (context != null) {
			try {
				context.complete();
			}
			catch (IllegalStateException ex) {
				logger.trace("It has ended already", ex);
			}
		}
	}

}
