package io.github.evertoken.observation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenObserver.RejectionDecision;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenObserver.StoreOutcome;
import io.github.evertoken.observation.TokenMeterDocumentation.MeterKeyName;
import io.micrometer.common.docs.KeyName;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds the tables of {@code docs/metrics.md} to the code that they are made of:
 * {@link TokenMeterDocumentation} and {@link TokenObservationDocumentation}. With
 * {@code -Devertoken.docs.write=true} they are written anew.
 */
class MetricsPageTests {

	private static final Path PAGE = Path.of("..", "docs", "metrics.md");

	private static final String BEGIN = "<!-- the table is made by MetricsPageTests -->";

	private static final String END = "<!-- the end of the table -->";

	@Test
	void pageThenHasTheTableOfTheCode() throws IOException {
		String page = Files.readString(PAGE);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		int end = page.indexOf(END);
		String wanted = page.substring(0, begin) + "\n\n" + table() + "\n" + page.substring(end);
		if (Boolean.getBoolean("evertoken.docs.write")) {
			Files.writeString(PAGE, wanted);
		}
		assertThat(Files.readString(PAGE)).isEqualTo(wanted);
	}

	private static String table() {
		StringBuilder table = new StringBuilder("| name | kind | tags | what it says |\n|---|---|---|---|\n");
		table.append(row(TokenObservationDocumentation.FLIGHT.getName(), "observation: timer and span",
				Stream.of(TokenObservationDocumentation.FLIGHT.getLowCardinalityKeyNames())
					.map((key) -> tag(key,
							values(key.asString().equals("trigger") ? TokenObservationDocumentation.triggers()
									: List.of(Outcome.values()))))
					.collect(Collectors.joining("<br>")),
				"Flights: the calls to the issuer for a token, each with all its attempts"));
		for (TokenMeterDocumentation meter : TokenMeterDocumentation.values()) {
			table.append(row(meter.getName(), kind(meter),
					Stream.of(meter.getKeyNames())
						.map((key) -> tag(key, values(meter, key)))
						.collect(Collectors.joining("<br>")),
					meter.description()));
		}
		return table.toString();
	}

	private static String row(String name, String kind, String tags, String description) {
		return "| `" + name + "` | " + kind + " | " + tags + " | " + description + " |\n";
	}

	private static String kind(TokenMeterDocumentation meter) {
		String unit = (meter.getBaseUnit() != null) ? ", " + meter.getBaseUnit() : "";
		return meter.getType().name().toLowerCase(Locale.ROOT) + unit;
	}

	private static String tag(KeyName key, String values) {
		return "`" + key.asString() + "`" + (key.asString().equals("client") ? "" : " = " + values);
	}

	private static String values(TokenMeterDocumentation meter, KeyName key) {
		if (key == MeterKeyName.DECISION) {
			return values(RejectionDecision.values());
		}
		if (key == MeterKeyName.OPERATION) {
			return values(StoreOperation.values());
		}
		return switch (meter) {
			case RESENDS -> values(ResendOutcome.values());
			case STORE -> values(StoreOutcome.values());
			case SIGNED_OUT -> "service, subject";
			default -> values(Outcome.values());
		};
	}

	private static String values(Enum<?>[] constants) {
		return values(List.of(constants));
	}

	private static String values(Collection<? extends Enum<?>> constants) {
		return constants.stream().map(TagValue::of).collect(Collectors.joining(", "));
	}

}
