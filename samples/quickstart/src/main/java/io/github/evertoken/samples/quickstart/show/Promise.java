package io.github.evertoken.samples.quickstart.show;

import java.util.Locale;

/**
 * What was promised, what was measured, and whether the one agrees with the other.
 *
 * @param text what was promised
 * @param measured what was measured
 * @param kept whether it was kept
 * @param before what was measured in the same scene with Spring Security's filter
 */
public record Promise(String text, String measured, boolean kept, String before) {

	/**
	 * Judge a promise.
	 * @param text what was promised
	 * @param kept whether it was kept
	 * @param measured what was measured, as a format
	 * @param arguments the arguments of the format
	 * @return the judgement
	 */
	public static Promise of(String text, boolean kept, String measured, Object... arguments) {
		return new Promise(text, String.format(Locale.ROOT, measured, arguments), kept, "");
	}

	/**
	 * Put what was measured with Spring Security's filter beside it.
	 * @param before what was measured
	 * @return the same judgement
	 */
	public Promise beside(String before) {
		return new Promise(this.text, this.measured, this.kept, before);
	}

}
