package io.github.evertoken.dashboard;

import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * How events are asked for, on either stack.
 */
final class EventRequest {

	/**
	 * The query parameter with the cursor.
	 */
	static final String SINCE = "since";

	/**
	 * The header in which a browser that comes back tells where it was.
	 */
	static final String LAST_EVENT_ID = "Last-Event-ID";

	/**
	 * The header that keeps some proxies from holding events back.
	 */
	static final String UNBUFFERED = "X-Accel-Buffering";

	static final String STREAM_TYPE = MediaType.TEXT_EVENT_STREAM_VALUE + ";charset=UTF-8";

	/**
	 * After how many seconds to come back when too many look.
	 */
	static final String RETRY_AFTER = "10";

	private EventRequest() {
	}

	/**
	 * Return the cursor. Where a browser was when it lost the stream is newer than what
	 * it had asked for at first.
	 * @return the cursor, or {@code null} for the oldest event that is held
	 * @throws IllegalArgumentException if what is given is none
	 */
	static EventRing.@Nullable Cursor since(@Nullable String lastEventId, @Nullable String since) {
		String cursor = (lastEventId != null && !lastEventId.isEmpty()) ? lastEventId : since;
		return (cursor != null && !cursor.isEmpty()) ? EventRing.Cursor.parse(cursor) : null;
	}

	/**
	 * Tell whether server-sent events are asked for by their name. JSON is for all
	 * others.
	 */
	static boolean wantsStream(@Nullable String accept) {
		try {
			return MediaType.parseMediaTypes(accept)
				.stream()
				.anyMatch((type) -> MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(type));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

}
