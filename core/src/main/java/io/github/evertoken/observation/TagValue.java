package io.github.evertoken.observation;

import java.util.Locale;

/**
 * The value of a tag that stands for a constant.
 */
final class TagValue {

	private TagValue() {
	}

	static String of(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
