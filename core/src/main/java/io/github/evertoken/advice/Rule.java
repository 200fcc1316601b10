package io.github.evertoken.advice;

import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * A rule: it looks at the facts of one client, and has something to say or not. It keeps
 * nothing and asks nobody.
 *
 * @param id its name, which is that of its section in {@code docs/advice.md} too
 * @param level the level of the line in the log, {@code null} if another part of the
 * library writes one already
 * @param judgement what it has to say
 */
record Rule(String id, @Nullable Level level, Judgement judgement) {

	/**
	 * Says what there is to say about a client.
	 */
	@FunctionalInterface
	interface Judgement {

		/**
		 * Judge a client.
		 * @return a sentence, {@code null} if all is well
		 */
		@Nullable String of(ClientFacts facts);

	}

}
