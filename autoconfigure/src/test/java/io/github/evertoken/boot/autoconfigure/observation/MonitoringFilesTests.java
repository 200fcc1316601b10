package io.github.evertoken.boot.autoconfigure.observation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenObserver.RejectionDecision;
import io.github.evertoken.TokenObserver.ResendOutcome;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.observation.TokenMeterDocumentation;
import io.github.evertoken.observation.TokenObservationDocumentation;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.store.UnversionedTokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.config.YamlMapFactoryBean;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.core.io.FileSystemResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holds the alerts and the dashboard of {@code docs/monitoring} to what an application
 * shows to Prometheus: a metric that is renamed must not leave an alert that never fires.
 * When the alerts fire is tested by {@code promtool}, see {@code .ci/run}.
 */
class MonitoringFilesTests {

	private static final Path FOLDER = Path.of("..", "docs", "monitoring");

	private static final String ALERTS = "evertoken-alerts.yml";

	private static final String ALERT_TESTS = "evertoken-alerts-test.yml";

	private static final String DASHBOARD = "evertoken-dashboard.json";

	private static final Pattern SAMPLE = Pattern.compile("(?m)^(evertoken_\\w+)(?:\\{([^}]*)})? ");

	/**
	 * A metric with what its labels are to be, as a query or a test has it.
	 */
	private static final Pattern SELECTOR = Pattern.compile("\\b(evertoken_\\w+)(?:\\{([^}]*)})?");

	private static final Pattern LABEL = Pattern.compile("(\\w+)\\s*(?:=~|!=|!~|=)\\s*\"([^\"]*)\"");

	/**
	 * What Prometheus adds to each sample.
	 */
	private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

	@ParameterizedTest
	@ValueSource(strings = { ALERTS, ALERT_TESTS, DASHBOARD })
	void fileThenNamesOnlyMetricsLabelsAndValuesThatAreScraped(String file) throws IOException {
		Map<String, Set<String>> scraped = scraped();
		String text = Files.readString(FOLDER.resolve(file)).replace("\\\"", "\"");
		List<MatchResult> selectors = SELECTOR.matcher(text).results().toList();
		assertThat(selectors).hasSizeGreaterThan(10).allSatisfy((selector) -> {
			assertThat(scraped).containsKey(selector.group(1));
			String labels = Objects.requireNonNullElse(selector.group(2), "");
			assertThat(LABEL.matcher(labels).results()).allSatisfy((label) -> {
				Set<String> known = scraped.get(selector.group(1));
				assertThat(OF_THE_SCRAPE.contains(label.group(1)) || known.contains(label.group(1)))
					.as("%s of %s", label.group(1), selector.group(1))
					.isTrue();
				if (!Set.of("job", "instance", "client", "error").contains(label.group(1))) {
					assertThat(values(label.group(1))).contains(label.group(2).split("\\|"));
				}
			});
		});
	}

	@Test
	void dashboardThenShowsEachMeter() throws IOException {
		String dashboard = Files.readString(FOLDER.resolve(DASHBOARD));
		Set<String> shown = names(dashboard);
		assertThat(TokenMeterDocumentation.values())
			.allSatisfy((meter) -> assertThat(shown).anyMatch((name) -> name.startsWith(prometheus(meter.getName()))));
		assertThat(shown).contains("evertoken_flight_seconds_count");
		JsonNode panels = JsonMapper.shared().readTree(dashboard).get("panels");
		assertThat(panels.valueStream()
			.filter((panel) -> !panel.get("type").asString().equals("row"))
			.flatMap((panel) -> panel.get("targets").valueStream())
			.map((target) -> target.get("expr").asString())).hasSizeGreaterThan(20)
			.allSatisfy((query) -> assertThat(query).contains("evertoken_"));
	}

	@Test
	void alertsThenSayWhatToDoAndAreTestedBothWays() {
		Map<String, Map<String, Object>> alerts = alerts();
		assertThat(alerts).hasSizeGreaterThanOrEqualTo(8).allSatisfy((name, alert) -> {
			assertThat(map(alert.get("labels")).get("severity")).isIn("critical", "warning");
			assertThat(map(alert.get("annotations"))).containsKeys("summary", "description");
		});
		List<Map<String, Object>> cases = list(read(ALERT_TESTS).get("tests")).stream()
			.flatMap((test) -> list(test.get("alert_rule_test")).stream())
			.toList();
		assertThat(cases).extracting((one) -> one.get("alertname")).allMatch(alerts::containsKey);
		assertThat(alerts.keySet())
			.allSatisfy((name) -> assertThat(cases).filteredOn((one) -> name.equals(one.get("alertname")))
				.extracting((one) -> list(one.get("exp_alerts")).isEmpty())
				.contains(true, false));
	}

	@Test
	void pageThenNamesEachAlert() throws IOException {
		assertThat(Files.readString(FOLDER.resolveSibling("metrics.md")))
			.contains(alerts().keySet().stream().map((name) -> "| `" + name + "` |").toList());
	}

	/**
	 * Return the names of the labels of each metric that an application shows when
	 * everything has happened of which there is a metric.
	 */
	private static Map<String, Set<String>> scraped() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		Map<String, Set<String>> samples = new HashMap<>();
		try (AuthorizationServer server = TestClients.server()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class,
						HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
						CodecsAutoConfiguration.class, WebClientAutoConfiguration.class, MetricsAutoConfiguration.class,
						CompositeMeterRegistryAutoConfiguration.class, ObservationAutoConfiguration.class))
				.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms")
				.withPropertyValues(TestClients.client(server, "inventory"))
				.withBean(MeterRegistry.class, () -> prometheus)
				.withBean(TokenStore.class, () -> new EmptyStore().versioned())
				.run((context) -> {
					TestClients.resource(server, context);
					// Callers go on before the flight that served them is over.
					await().until(() -> prometheus.find("evertoken.flight").timer() != null
							&& prometheus.find("evertoken.store").timer() != null);
					samples.putAll(samples(prometheus.scrape()));
				});
		}
		assertThat(samples).hasSizeGreaterThan(20);
		return samples;
	}

	private static Map<String, Set<String>> samples(String scrape) {
		return SAMPLE.matcher(scrape)
			.results()
			.collect(Collectors.toMap((sample) -> sample.group(1),
					(sample) -> LABEL.matcher(Objects.requireNonNullElse(sample.group(2), ""))
						.results()
						.map((label) -> label.group(1))
						.collect(Collectors.toSet()),
					(one, other) -> one));
	}

	private static Set<String> names(String text) {
		return SELECTOR.matcher(text)
			.results()
			.map((selector) -> selector.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static String prometheus(String meter) {
		return meter.replace('.', '_');
	}

	/**
	 * Return all values that a label can have.
	 */
	private static Set<String> values(String label) {
		return switch (label) {
			case "outcome" -> Stream
				.of(constants(Outcome.values()), constants(ResendOutcome.values()),
						Stream.of("none", "success", "failure"))
				.flatMap((values) -> values)
				.collect(Collectors.toSet());
			case "trigger" ->
				constants(TokenObservationDocumentation.triggers().toArray(Trigger[]::new)).collect(Collectors.toSet());
			case "decision" -> constants(RejectionDecision.values()).collect(Collectors.toSet());
			case "key" -> Set.of("service", "subject");
			case "operation" -> constants(StoreOperation.values()).collect(Collectors.toSet());
			default -> Set.of();
		};
	}

	private static Stream<String> constants(Enum<?>[] constants) {
		return Arrays.stream(constants).map((constant) -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'));
	}

	private static Map<String, Map<String, Object>> alerts() {
		return list(read(ALERTS).get("groups")).stream()
			.flatMap((group) -> list(group.get("rules")).stream())
			.collect(Collectors.toMap((rule) -> String.valueOf(rule.get("alert")), (rule) -> rule));
	}

	private static Map<String, Object> read(String file) {
		YamlMapFactoryBean yaml = new YamlMapFactoryBean();
		yaml.setResources(new FileSystemResource(FOLDER.resolve(file)));
		return Objects.requireNonNull(yaml.getObject());
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Object value) {
		return (List<Map<String, Object>>) value;
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Object> map(Object value) {
		return (Map<String, Object>) value;
	}

	/**
	 * A store that takes everything and keeps nothing.
	 */
	private static final class EmptyStore implements UnversionedTokenStore {

		@Override
		public Mono<TokenSet> load(TokenKey key) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> save(TokenKey key, TokenSet tokenSet) {
			return Mono.empty();
		}

		@Override
		public Mono<Void> remove(TokenKey key) {
			return Mono.empty();
		}

	}

}
