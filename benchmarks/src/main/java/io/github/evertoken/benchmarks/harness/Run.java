package io.github.evertoken.benchmarks.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes a table: rounds over all comparisons, then Markdown for people and JSON for
 * programs.
 */
public final class Run {

	private static final JsonMapper json = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

	private final Settings settings;

	/**
	 * Create a run.
	 * @param settings how it is made
	 */
	public Run(Settings settings) {
		this.settings = settings;
	}

	/**
	 * Make a table.
	 * @param name what it is called on the command line
	 * @param table the table
	 * @throws Exception if an entrant cannot be measured or does wrong work
	 */
	public void make(String name, Table table) throws Exception {
		Instant start = Instant.now();
		List<Comparison> comparisons = table.comparisons();
		int rounds = this.settings.roundsOf(table);
		int measurements = rounds * comparisons.stream().mapToInt(Comparison::entrants).sum();
		try (Progress progress = new Progress(name, measurements)) {
			for (int round = 0; round < rounds; round++) {
				for (Comparison comparison : comparisons) {
					comparison.run(round, progress);
				}
			}
		}
		Duration took = Duration.between(start, Instant.now()).truncatedTo(ChronoUnit.SECONDS);
		String markdown = markdown(name, table, comparisons, rounds, took);
		System.out.println(markdown);
		write(name + ".md", markdown);
		write(name + ".json", json.writeValueAsString(json(name, table, comparisons, rounds, start)));
		table.finish();
	}

	private String markdown(String name, Table table, List<Comparison> comparisons, int rounds, Duration took) {
		StringBuilder markdown = new StringBuilder("### ").append(table.title()).append("\n\n");
		if (this.settings.brief()) {
			markdown.append("A brief run: it shows that everything works, and its figures mean nothing.\n\n");
		}
		markdown.append("    ./mvnw -q -Pbenchmarks -Dtable=").append(name).append(" -Drounds=").append(rounds);
		markdown.append("\n\n").append(table.explanation()).append('\n');
		comparisons.forEach((comparison) -> markdown.append('\n').append(comparison.markdown()));
		markdown.append('\n').append(Environment.markdown());
		markdown.append("Rounds: %d, in %s.%n".formatted(rounds, took.toString().substring(2).toLowerCase()));
		return markdown.toString();
	}

	private Map<String, Object> json(String name, Table table, List<Comparison> comparisons, int rounds,
			Instant start) {
		Map<String, Object> document = new LinkedHashMap<>();
		document.put("table", name);
		document.put("title", table.title());
		document.put("startedAt", start.toString());
		document.put("brief", this.settings.brief());
		document.put("rounds", rounds);
		document.put("environment", Environment.describe());
		document.put("comparisons", comparisons.stream().map(Comparison::json).toList());
		return document;
	}

	private void write(String file, String content) throws IOException {
		Path path = this.settings.output().resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, content);
	}

}
