package io.github.evertoken.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of chapters, {@code docs/reference/chapters.txt}: which there are, and in
 * which order.
 *
 * @param groups the groups, each with a chapter at least
 */
record Chapters(List<Group> groups) {

	static final Path LIST = Path.of("docs", "reference", "chapters.txt");

	/**
	 * Read the list.
	 * @param root the top of the repository
	 * @return the chapters
	 * @throws IOException if it cannot be read
	 * @throws IllegalArgumentException if a line makes no sense, or its file is not there
	 */
	static Chapters read(Path root) throws IOException {
		List<Group> groups = new ArrayList<>();
		for (String line : Files.readAllLines(root.resolve(LIST))) {
			if (line.isBlank() || line.startsWith("#")) {
				continue;
			}
			if (!line.startsWith(" ")) {
				groups.add(new Group(line.strip(), new ArrayList<>()));
				continue;
			}
			boolean mayBeMissing = line.strip().endsWith(" ?");
			Path source = LIST.resolveSibling(line.replace(" ?", "").strip()).normalize();
			if (Files.isRegularFile(root.resolve(source))) {
				groups.get(groups.size() - 1).sources().add(source);
			}
			else if (!mayBeMissing) {
				throw new IllegalArgumentException(LIST + " names " + source + ", which is not there");
			}
		}
		groups.removeIf((group) -> group.sources().isEmpty());
		return new Chapters(groups);
	}

	/**
	 * Return all chapters.
	 * @return their files in their order, from the top of the repository
	 */
	List<Path> sources() {
		return this.groups.stream().flatMap((group) -> group.sources().stream()).toList();
	}

	/**
	 * Some chapters that belong together.
	 *
	 * @param title what they are about
	 * @param sources their files, from the top of the repository
	 */
	record Group(String title, List<Path> sources) {
	}

}
