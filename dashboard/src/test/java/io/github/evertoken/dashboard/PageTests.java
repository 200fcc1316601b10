package io.github.evertoken.dashboard;

import java.io.ByteArrayOutputStream;
import java.net.URISyntaxException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.Diagnosis;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The page and the events over HTTP, the same on WebFlux and on servlets.
 */
class PageTests {

	private static final String ENDPOINT = "/actuator/evertoken";

	private static final String EVENTS = ENDPOINT + "/events";

	private static Issuer issuer;

	/**
	 * For all tests: a start costs more than most of them.
	 */
	private static final Map<WebApplicationType, ConfigurableApplicationContext> APPLICATIONS = new EnumMap<>(
			WebApplicationType.class);

	private ConfigurableApplicationContext context;

	@BeforeAll
	static void startIssuer() {
		issuer = new Issuer(300);
	}

	@AfterAll
	static void closeAll() {
		APPLICATIONS.values().forEach(ConfigurableApplicationContext::close);
		APPLICATIONS.clear();
		issuer.close();
	}

	@AfterEach
	void close() {
		issuer.down(false);
	}

	/**
	 * Start the application, if it has not been started; it has no token.
	 */
	private Http start(WebApplicationType type) {
		this.context = APPLICATIONS.computeIfAbsent(type, (missing) -> TestApplication.start(missing, issuer));
		manager().remove(TokenKey.of("inventory")).block();
		return Http.of(this.context);
	}

	private AccessToken obtainToken() {
		return manager().token(TokenKey.of("inventory")).block();
	}

	private TokenManager manager() {
		return this.context.getBean(TokenManager.class);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenAskedForThenIsThereWithAPolicyThatAllowsNothingFromElsewhere(WebApplicationType type)
			throws Exception {
		Http http = start(type);
		HttpResponse<String> slashless = http.get(ENDPOINT + "/ui");
		assertThat(slashless.statusCode()).isEqualTo(302);
		assertThat(slashless.headers().firstValue("Location")).hasValue("ui/");
		HttpResponse<String> page = http.get(ENDPOINT + "/ui/");
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
		assertThat(page.headers().firstValue("Content-Security-Policy").orElse("")).startsWith("default-src 'self'; ")
			.doesNotContain("unsafe");
		assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
		assertThat(page.body()).doesNotContain("<style")
			.doesNotContain(" style=")
			.doesNotContain("http:")
			.doesNotContain("https:");
		String tag = page.headers().firstValue("ETag").orElseThrow();
		assertThat(http.get(ENDPOINT + "/ui/", "If-None-Match", tag).statusCode()).isEqualTo(304);
		HttpResponse<String> script = http.get(ENDPOINT + "/ui/main.js");
		assertThat(script.headers().firstValue("Content-Type").orElse("")).startsWith("text/javascript");
		assertThat(http.get(ENDPOINT + "/ui/nothing.js").statusCode()).isEqualTo(404);
		assertThat(http.get(ENDPOINT + "/ui/..%2fPage.class").statusCode()).isGreaterThanOrEqualTo(400);
		assertThat(http.get(ENDPOINT).statusCode()).isEqualTo(200);
		assertThat(http.get(ENDPOINT + "/inventory").statusCode()).isEqualTo(200);
	}

	/**
	 * What would be vendored would need its licence and its checksum written down here.
	 */
	@Test
	void scriptsWhenReadThenAreThePagesOwnAndNeedNothingElse() throws Exception {
		Page page = new Page();
		Pattern imports = Pattern.compile("(?:from|import)\\s*\\(?\\s*['\"]([^'\"]+)");
		try (Stream<Path> files = Files.list(directory())) {
			for (Path script : files.filter((file) -> file.toString().endsWith(".js")).toList()) {
				String content = Files.readString(script);
				assertThat(content).as(script.toString()).startsWith("// ").doesNotContain("eval(", "innerHTML");
				imports.matcher(content)
					.results()
					.map((match) -> match.group(1))
					.forEach((
							imported) -> assertThat(imported.startsWith("./") ? page.file(imported.substring(2)) : null)
								.as(script + " imports " + imported)
								.isNotNull());
			}
		}
	}

	/**
	 * A kind of event that is new has to be told in words.
	 */
	@Test
	void wordsWhenTheyAreLookedForThenAreThereForEachEventAndReason() throws Exception {
		String words = Files.readString(directory().resolve("words.js"));
		assertThat(TokenEvent.class.getPermittedSubclasses())
			.allSatisfy((event) -> assertThat(words).contains("'" + EventCollector.type(event) + "':"));
		assertThat(Diagnosis.Reason.values()).allSatisfy((reason) -> assertThat(words)
			.contains("'" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-') + "':"));
	}

	private static Path directory() throws URISyntaxException {
		return Path.of(Page.class.getResource(Page.DIRECTORY + "index.html").toURI()).getParent();
	}

	@Test
	void filesWhenGzippedThenAreSmall() throws Exception {
		Page page = new Page();
		ByteArrayOutputStream zipped = new ByteArrayOutputStream();
		try (Stream<Path> files = Files.list(directory())) {
			for (Path file : files.toList()) {
				Page.File known = page.file(file.getFileName().toString());
				assertThat(known).as(file.toString()).isNotNull();
				try (GZIPOutputStream zip = new GZIPOutputStream(zipped)) {
					zip.write(known.content());
				}
			}
		}
		assertThat(zipped.size()).isBetween(5_000, 60_000);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void eventsWhenAskedWithACursorThenAreThoseThatFollow(WebApplicationType type) throws Exception {
		Http http = start(type);
		awaitNoMoreEvents(http);
		String before = http.get(EVENTS).body();
		assertThat(before).contains("\"writes\":[\"renew\",\"remove\"]", "\"missed\":false");
		AccessToken token = obtainToken();
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(http.get(EVENTS + "?since=" + next(before)).body()).contains(
					"\"type\":\"flight-started\"", "\"type\":\"flight-ended\"", "\"type\":\"issued\"",
					"\"type\":\"waits\"", "\"p99\"", "\"client\":\"inventory\""));
		String after = http.get(EVENTS).body();
		assertThat(after).doesNotContain(token.value()).doesNotContain(Issuer.SECRET);
		awaitNoMoreEvents(http);
		HttpResponse<String> wrong = http.get(EVENTS + "?since=yesterday");
		assertThat(wrong.statusCode()).isEqualTo(400);
		assertThat(wrong.body()).contains("cursor");
	}

	/**
	 * Events of what has been before may be on their way still.
	 */
	private static void awaitNoMoreEvents(Http http) {
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(http.get(eventsFromNow(http)).body()).contains("\"missed\":false",
					"\"events\":[]"));
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void eventsWhenTheyAreOfASubjectThenDoNotNameIt(WebApplicationType type) throws Exception {
		Http http = start(type);
		manager().token(TokenKey.of("inventory", "alice-4711")).onErrorComplete().block();
		await().atMost(Duration.ofMinutes(1))
			.untilAsserted(() -> assertThat(http.get(EVENTS).body())
				.contains("\"type\":\"reauthentication-required\"", "\"subject\":true")
				.doesNotContain("alice-4711"));
	}

	/**
	 * Where there is nothing but what happens from now on.
	 */
	private static String eventsFromNow(Http http) throws Exception {
		return EVENTS + "?since=" + next(http.get(EVENTS).body());
	}

	private static String next(String body) {
		return body.replaceAll(".*\"next\":\"([^\"]+)\".*", "$1");
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void eventsWhenTheCursorIsTooOldThenAreTheOldestWithAMark(WebApplicationType type) throws Exception {
		Http http = start(type);
		String start = next(http.get(EVENTS).body());
		fill(EventRing.CAPACITY + 5, "inventory");
		String body = http.get(EVENTS + "?since=" + start).body();
		assertThat(body).contains("\"missed\":true")
			.doesNotContain("\"type\":\"test-4\"")
			.contains("\"type\":\"test-50\"");
		assertThat(http.get(EVENTS + "?since=00000000-3").body()).contains("\"missed\":true");
		try (Http.Stream stream = http.stream(EVENTS + "?since=" + start)) {
			assertThat(stream.status()).contains("200");
			stream.until("event: missed");
			stream.until("\"type\":\"test-50\"");
			stream.until("\"type\":\"test-1004\"");
		}
	}

	private void fill(int count, String client) {
		EventRing ring = this.context.getBean(EventRing.class);
		for (int i = 0; i < count; i++) {
			ring.add(DashboardEvent.of("test-" + i, Instant.now(), client));
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamWhenSomethingHappensThenTellsItAtOnce(WebApplicationType type) throws Exception {
		Http http = start(type);
		try (Http.Stream stream = http.stream(eventsFromNow(http))) {
			stream.until("event: hello");
			assertThat(stream.until("data:")).contains("renew");
			obtainToken();
			stream.until("flight-started");
			stream.until("\"type\":\"issued\"");
			issuer.revoke();
			manager().reject(TokenKey.of("inventory"), obtainToken());
			assertThat(stream.until("\"type\":\"rejected\"")).contains("\"renewing\":true", "\"reason\":\"unknown\"");
			stream.until("\"type\":\"reissued\"");
		}
	}

	/**
	 * How long it takes is not judged here; that nothing waits for a period is: the
	 * streams are written to every ten seconds when nothing happens.
	 */
	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamWhenManyEventsFollowThenNoneWaitsForABeat(WebApplicationType type) throws Exception {
		Http http = start(type);
		try (Http.Stream stream = http.stream(EVENTS)) {
			stream.until("event: hello");
			List<Long> delays = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				long began = System.nanoTime();
				fill(1, "round-" + i);
				stream.until("round-" + i + "\"");
				delays.add((System.nanoTime() - began) / 1_000_000);
			}
			assertThat(delays.stream().sorted().toList().get(10)).isLessThan(5_000);
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamWhenABrowserComesBackThenGoesOnWhereItWas(WebApplicationType type) throws Exception {
		Http http = start(type);
		String events = eventsFromNow(http);
		fill(3, "inventory");
		String id;
		try (Http.Stream stream = http.stream(events)) {
			id = stream.until("\"type\":\"test-1\"").replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");
		}
		try (Http.Stream stream = http.stream(events, "Last-Event-ID", id)) {
			assertThat(stream.until("\"type\":\"test-")).contains("test-2");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamsWhenAThousandAreBrokenOffThenNoneIsLeft(WebApplicationType type) throws Exception {
		Http http = start(type);
		for (int i = 0; i < 1000; i++) {
			while (!openAndBreakOff(http)) {
				fill(3, "inventory");
			}
			if (i % 20 == 0) {
				fill(3, "inventory");
			}
		}
		awaitNobody();
		assertThat(http.get(ENDPOINT).statusCode()).isEqualTo(200);
	}

	private void awaitNobody() {
		EventStreams streams = this.context.getBean(EventStreams.class);
		await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
			fill(1, "inventory");
			assertThat(streams.size()).isZero();
		});
	}

	private static boolean openAndBreakOff(Http http) throws Exception {
		try (Http.Stream stream = http.stream(EVENTS)) {
			return stream.status().contains("200") && stream.until("event: hello") != null;
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamsWhenThereAreTooManyThenTheNextOneIsToldToComeBack(WebApplicationType type) throws Exception {
		Http http = start(type);
		awaitNobody();
		String events = eventsFromNow(http);
		List<Http.Stream> open = new ArrayList<>();
		for (int i = 0; i < EventStreams.MOST; i++) {
			Http.Stream stream = http.stream(events);
			stream.until("event: hello");
			open.add(stream);
		}
		try (Http.Stream stream = http.stream(events)) {
			assertThat(stream.status()).contains("503");
			assertThat(stream.headers()).anyMatch("retry-after: 10"::equalsIgnoreCase);
		}
		assertThat(http.get(EVENTS).statusCode()).isEqualTo(200);
		for (Http.Stream stream : open) {
			stream.close();
		}
		awaitNobody();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamWhenNothingHappensThenIsWrittenToNevertheless(WebApplicationType type) throws Exception {
		Http http = start(type);
		try (Http.Stream stream = http.stream(eventsFromNow(http))) {
			stream.until("data:");
			this.context.getBean(EventStreams.class).beat();
			assertThat(stream.until(":")).isEqualTo(":");
		}
	}

	/**
	 * More is told than fits into any buffer on the way.
	 */
	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void streamWhenTheBrowserReadsSlowlyThenMissesSomeAndOthersMissNone(WebApplicationType type) throws Exception {
		Http http = start(type);
		String large = "x".repeat(1000);
		try (Http.Stream slow = http.slowStream(EVENTS); Http.Stream quick = http.stream(EVENTS)) {
			slow.until("event: hello");
			quick.until("event: hello");
			for (int round = 0; round < 100; round++) {
				fill(200, large);
				fill(1, "round-" + round + "-");
				quick.until("round-" + round + "-");
			}
			slow.until("event: missed");
			slow.until("round-99-");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void endpointWhenAnotherPageWritesAsFormsCanThenRefuses(WebApplicationType type) throws Exception {
		Http http = start(type);
		obtainToken();
		for (String contentType : List.of("text/plain", "application/x-www-form-urlencoded",
				"multipart/form-data; boundary=x")) {
			assertThat(http.ask("POST", ENDPOINT + "/inventory", "{}", "Content-Type", contentType).statusCode())
				.isEqualTo(415);
		}
		assertThat(http.ask("POST", ENDPOINT + "/inventory", "{}", "Content-Type", "application/json").statusCode())
			.isEqualTo(200);
		HttpResponse<String> preflight = http.ask("OPTIONS", ENDPOINT + "/inventory", null, "Origin",
				"http://elsewhere.example", "Access-Control-Request-Method", "DELETE");
		assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
	}

}
