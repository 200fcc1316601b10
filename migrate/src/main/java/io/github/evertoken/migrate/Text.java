package io.github.evertoken.migrate;

/**
 * What is known of a text from the code that makes it.
 *
 * @param known its beginning, with placeholders where the configuration has it
 * @param whole whether this is all
 */
record Text(String known, boolean whole) {

	static final Text UNKNOWN = new Text("", false);

	static Text of(String text) {
		return new Text(text, true);
	}

	Text plus(Text other) {
		return this.whole ? new Text(this.known + other.known, other.whole) : this;
	}

	/**
	 * Tell whether it begins with a scheme and a host, or with a placeholder that may
	 * have these.
	 */
	boolean isAbsolute() {
		return this.known.startsWith("${") || this.known.matches("(?i)https?://.+");
	}

}
