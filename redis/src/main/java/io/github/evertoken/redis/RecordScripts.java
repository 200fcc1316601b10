package io.github.evertoken.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.github.evertoken.redis.RecordNames.RecordName;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.core.ReactiveStringRedisTemplate;
import org.springframework.data.redis.core.script.RedisScript;

/**
 * Runs the steps of a record, each of which is one script and one command: it is atomic,
 * and has Redis's own time. A script that Redis does not know any more is sent to it once
 * more.
 */
final class RecordScripts {

	/**
	 * The newest format of records that is known here. A record of a newer one is neither
	 * read nor changed.
	 */
	static final int FORMAT = 1;

	/**
	 * What save.lua adds to a message about a record that was merely renewed.
	 */
	private static final String RENEWAL = "renewal";

	private final ReactiveStringRedisTemplate redis;

	private final StalledConnection connection;

	private final String channel;

	private final String replica;

	private final int format;

	private final Map<Step, RedisScript<List<?>>> scripts = new EnumMap<>(Step.class);

	/**
	 * Create scripts.
	 * @param connection watches whether steps are answered
	 * @param channel where changes are told
	 * @param replica who tells them
	 * @param format of the records that are written, and the newest that is known
	 */
	RecordScripts(ReactiveStringRedisTemplate redis, StalledConnection connection, String channel, String replica,
			int format) {
		this.redis = redis;
		this.connection = connection;
		this.channel = channel;
		this.replica = replica;
		this.format = format;
		String prelude = read("record");
		for (Step step : Step.values()) {
			this.scripts.put(step, script(prelude + read(step.name().toLowerCase(Locale.ROOT))));
		}
	}

	@SuppressWarnings("unchecked")
	private static RedisScript<List<?>> script(String text) {
		return RedisScript.of(text, (Class<List<?>>) (Class<?>) List.class);
	}

	private static String read(String name) {
		try (InputStream script = RecordScripts.class.getResourceAsStream(name + ".lua")) {
			if (script == null) {
				throw new IllegalStateException("The script " + name + ".lua is missing");
			}
			return new String(script.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Mono<Reply> run(Step step, RecordName record, Object... arguments) {
		List<String> all = new ArrayList<>(List.of(String.valueOf(this.format), this.channel, message(record)));
		Arrays.stream(arguments).map(String::valueOf).forEach(all::add);
		RedisScript<List<?>> script = Objects.requireNonNull(this.scripts.get(step));
		return this.connection.watch(this.redis.execute(script, List.of(record.redisKey()), all).collectList())
			.map(Reply::of)
			.doOnNext(Reply::requireKnownFormat);
	}

	private String message(RecordName record) {
		return this.replica + ":" + record.name();
	}

	/**
	 * Return what a message is about.
	 * @return that, or {@code null} if it was this replica that has changed it
	 */
	@Nullable Heard changedElsewhere(String message) {
		String[] parts = message.split(":", -1);
		return (parts.length < 2 || parts[0].equals(this.replica)) ? null
				: new Heard(parts[1], parts.length > 2 && parts[2].equals(RENEWAL));
	}

	/**
	 * What was told of a record.
	 *
	 * @param name its name
	 * @param renewal whether it was merely renewed
	 */
	record Heard(String name, boolean renewal) {
	}

	/**
	 * What can be done with a record.
	 */
	enum Step {

		LOAD, SAVE, REMOVE, CLAIM, ABANDON, RELEASE

	}

	/**
	 * What a script has answered.
	 *
	 * @param elements what it is, and what belongs to it
	 */
	record Reply(List<String> elements) {

		static final int NOW = 1;

		static final int VERSION = 2;

		static final int SKEW = 3;

		static final int SEALED = 4;

		/**
		 * What stands behind the record.
		 */
		static final int MORE = 5;

		/**
		 * A driver gives the elements of an array one by one, or all at once.
		 */
		private static Reply of(List<?> results) {
			List<String> elements = new ArrayList<>();
			add(elements, results);
			return new Reply(elements);
		}

		private static void add(List<String> elements, Collection<?> results) {
			results.forEach((result) -> {
				if (result instanceof Collection<?> several) {
					add(elements, several);
				}
				else {
					elements.add(String.valueOf(result));
				}
			});
		}

		private void requireKnownFormat() {
			if (is("NEWER")) {
				throw new IllegalStateException("The record is of format " + text(1)
						+ ", which a newer version of this library has written, and not touched by this one");
			}
		}

		boolean is(String status) {
			return status.equals(text(0));
		}

		String text(int index) {
			return this.elements.get(index);
		}

		long number(int index) {
			return Long.parseLong(text(index));
		}

		/**
		 * Without what is encrypted.
		 */
		@Override
		public String toString() {
			return text(0);
		}

	}

}
