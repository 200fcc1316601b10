package io.github.evertoken.dashboard;

import java.io.IOException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

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

	/**
	 * Is held while something is written, and by the container's own thread when it says
	 * that the request is over: only after that it uses what belongs to the request, down
	 * to the connection, for another one. The container is asked for nothing else under
	 * it, for it has locks of its own.
	 */
	private final Lock writing = new ReentrantLock();

	private volatile boolean over;

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
		never.onCompletion(this::requestIsOver);
		never.onError((ex) -> requestIsOver());
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

	private void requestIsOver() {
		this.writing.lock();
		try {
			this.over = true;
			this.context = null;
		}
		finally {
			this.writing.unlock();
		}
		close();
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
			return touch(output::flush) && isPossible(output);
		}
		return true;
	}

	private boolean isPossible(ServletOutputStream output) {
		if (!this.possible || this.over) {
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
			this.unflushed = touch(() -> output.write(piece));
		}
	}

	/**
	 * Write, unless the request is over.
	 */
	private boolean touch(Writing writing) throws IOException {
		this.writing.lock();
		try {
			if (!this.over) {
				writing.write();
			}
			return !this.over;
		}
		finally {
			this.writing.unlock();
		}
	}

	@Override
	public void onError(Throwable ex) {
		logger.debug("A browser has gone away", ex);
		requestIsOver();
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

	@FunctionalInterface
	private interface Writing {

		void write() throws IOException;

	}

}
