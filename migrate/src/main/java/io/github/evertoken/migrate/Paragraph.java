package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.List;

/**
 * Breaks a text into lines. A word that is longer than a line has one for itself.
 */
final class Paragraph {

	private Paragraph() {
	}

	static List<String> wrap(String text, int width) {
		List<String> lines = new ArrayList<>();
		StringBuilder line = new StringBuilder();
		for (String word : text.strip().split("\\s+")) {
			if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
				lines.add(line.toString());
				line.setLength(0);
			}
			line.append(line.isEmpty() ? "" : " ").append(word);
		}
		lines.add(line.toString());
		return lines;
	}

}
