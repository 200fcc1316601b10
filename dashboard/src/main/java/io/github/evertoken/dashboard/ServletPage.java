package io.github.evertoken.dashboard;

import java.io.IOException;
import java.util.Map;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * The page and the events on Spring MVC.
 */
final class ServletPage extends SimpleUrlHandlerMapping {

	private final Page page = new Page();

	private final EventMessages messages;

	private final EventStreams streams;

	ServletPage(PagePlace place, EventRing ring, EventStreams streams) {
		this.messages = new EventMessages(ring, place.writes());
		this.streams = streams;
		setOrder(PagePlace.ORDER);
		setUrlMap(Map.of(place.page(), (HttpRequestHandler) this::redirect, place.page() + "/",
				(HttpRequestHandler) this::file, place.page() + "/{name}", (HttpRequestHandler) this::file,
				place.events(), (HttpRequestHandler) this::events));
	}

	/**
	 * What writes is the endpoint's.
	 */
	@Override
	protected @Nullable Object getHandlerInternal(HttpServletRequest request) throws Exception {
		return isRead(request) ? super.getHandlerInternal(request) : null;
	}

	private static boolean isRead(HttpServletRequest request) {
		return HttpMethod.GET.matches(request.getMethod()) || HttpMethod.HEAD.matches(request.getMethod());
	}

	/**
	 * Relative, whatever stands before the application.
	 */
	private void redirect(HttpServletRequest request, HttpServletResponse response) {
		response.setStatus(HttpServletResponse.SC_FOUND);
		response.setHeader(HttpHeaders.LOCATION, "ui/");
	}

	private void file(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Page.File file = this.page.file(name(request));
		if (file == null) {
			response.setStatus(HttpServletResponse.SC_NOT_FOUND);
			return;
		}
		Page.headers(response::setHeader);
		response.setHeader(HttpHeaders.ETAG, file.tag());
		if (file.matches(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
			response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
			return;
		}
		write(response, HttpServletResponse.SC_OK, file.type(), file.content());
	}

	private static String name(HttpServletRequest request) {
		return (request.getAttribute(URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
				&& variables.get("name") instanceof String name) ? name : "";
	}

	private void events(HttpServletRequest request, HttpServletResponse response) throws IOException {
		if (request.getDispatcherType() == DispatcherType.ASYNC) {
			// A stream has ended.
			return;
		}
		response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
		EventRing.Cursor since;
		try {
			since = EventRequest.since(request.getHeader(EventRequest.LAST_EVENT_ID),
					request.getParameter(EventRequest.SINCE));
		}
		catch (IllegalArgumentException ex) {
			write(response, HttpServletResponse.SC_BAD_REQUEST, MediaType.APPLICATION_JSON_VALUE,
					EventMessages.message(String.valueOf(ex.getMessage())));
			return;
		}
		if (!EventRequest.wantsStream(request.getHeader(HttpHeaders.ACCEPT))) {
			write(response, HttpServletResponse.SC_OK, MediaType.APPLICATION_JSON_VALUE, this.messages.all(since));
			return;
		}
		stream(request, response, since);
	}

	private void stream(HttpServletRequest request, HttpServletResponse response, EventRing.@Nullable Cursor since)
			throws IOException {
		ServletEventStream stream = new ServletEventStream(this.messages, since, this.streams);
		if (!this.streams.open(stream)) {
			response.setHeader(HttpHeaders.RETRY_AFTER, EventRequest.RETRY_AFTER);
			response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			return;
		}
		response.setHeader(EventRequest.UNBUFFERED, "no");
		response.setContentType(EventRequest.STREAM_TYPE);
		try {
			stream.begin(request, response);
		}
		catch (IOException | RuntimeException ex) {
			stream.close();
			throw ex;
		}
	}

	private static void write(HttpServletResponse response, int status, String type, byte[] content)
			throws IOException {
		response.setStatus(status);
		response.setContentType(type);
		response.setContentLength(content.length);
		response.getOutputStream().write(content);
	}

}
