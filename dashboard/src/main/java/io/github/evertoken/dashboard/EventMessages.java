package io.github.evertoken.dashboard;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonWriter;

/**
 * The events as they are sent: in JSON, and as server-sent events (HTML Living Standard,
 * section 9.2). {@code docs/dashboard.md} describes both.
 *
 * @param ring where the events are
 * @param writes what may be done at the endpoint beyond looking: {@code renew} and
 * {@code remove}
 */
record EventMessages(EventRing ring, List<String> writes) {

	private static final JsonWriter<Object> JSON = JsonWriter.standard();

	private static final byte[] BEAT = bytes(":\n\n");

	/**
	 * All that has happened since.
	 */
	byte[] all(EventRing.@Nullable Cursor since) {
		EventRing.Batch batch = this.ring.read(since, EventRing.CAPACITY);
		Map<String, Object> all = new LinkedHashMap<>();
		all.put("writes", this.writes);
		all.put("missed", batch.missed());
		all.put("events", batch.events().stream().map(EventMessages::members).toList());
		all.put("next", batch.next().toString());
		return bytes(JSON.writeToString(all));
	}

	private static Map<String, Object> members(EventRing.Numbered numbered) {
		Map<String, Object> members = new LinkedHashMap<>();
		members.put("id", numbered.cursor().toString());
		members.putAll(numbered.event().members());
		return members;
	}

	/**
	 * What a stream begins with. A browser that loses it is to come back after 2 s.
	 */
	byte[] hello() {
		return bytes("retry: 2000\nevent: hello\ndata: " + JSON.writeToString(Map.of("writes", this.writes)) + "\n\n");
	}

	byte[] of(EventRing.Batch batch) {
		StringBuilder text = new StringBuilder();
		if (batch.missed()) {
			text.append("event: missed\ndata: {}\n\n");
		}
		batch.events()
			.forEach((each) -> text.append("id: ")
				.append(each.cursor())
				.append("\nevent: happened\ndata: ")
				.append(JSON.writeToString(members(each)))
				.append("\n\n"));
		return bytes(text.toString());
	}

	/**
	 * A comment, which a browser passes over.
	 */
	byte[] beat() {
		return BEAT;
	}

	/**
	 * Say in JSON what is wrong.
	 */
	static byte[] message(String message) {
		return bytes(JSON.writeToString(Map.of("message", message)));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
