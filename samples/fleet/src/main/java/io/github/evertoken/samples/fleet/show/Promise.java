package io.github.evertoken.samples.fleet.show;

import java.util.Locale;

/**
 * What was promised, what was measured, and whether the one agrees with the other.
 *
 * @param text what was promised
 * @param measured what was measured
 * @param kept whether it was kept
 */
public record Promise(String text, String measured, boolean kept) {

	/**
	 * Judge a promise.
	 * @param text what was promised
	 * @param kept whether it was kept
	 * @param measured what was measured, as a format
	 * @param arguments the arguments of the format
	 * @return the judgement
	 */
	public static Promise of(String text, boolean kept, String measured, Object... arguments) {
		return new Promise(text, String.format(Locale.ROOT, measured, arguments), kept);
	}

}
