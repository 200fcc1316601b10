package io.github.evertoken.samples.quickstart.show;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The page and the buttons that there are without {@code --once}.
 */
class DeskTests {

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final String REVOKED = "\"reason\":\"revoked\"";

	private final HttpClient http = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.followRedirects(HttpClient.Redirect.NEVER)
		.build();

	private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

	@Test
	void buttonsWhenTheyArePressedThenDoWhatTheySayAndThePageTellsOfIt() throws Exception {
		try (Services services = Services.start(true);
				Desk desk = Desk.open(services,
						new Timeline(new PrintStream(this.printed, true, StandardCharsets.UTF_8)))) {
			assertThat(get(services.orders().page())).contains("<title>Evertoken</title>");
			assertThat(get(services.orders().url() + "/items/1")).isEqualTo("item 1");
			assertThat(get(services.orders().url() + "/reports/1")).isEqualTo("report 1");
			assertThat(
					this.http.send(request(services.inventoryUrl() + "/items/1").GET().build(), BodyHandlers.ofString())
						.statusCode())
				.isEqualTo(401);
			assertThat(get(desk.url())).contains("is up", services.orders().page(), "/revoke", "/stop", "/start",
					"/calls");
			assertThat(eventsOfARevocation(services, desk)).contains("\"type\":\"rejected\"", REVOKED,
					"\"type\":\"reissued\"");
			assertThat(services.inventory().unauthorized()).isPositive();
			assertThat(press(desk, "/stop")).contains("its port is closed", "is down");
			assertThat(press(desk, "/stop")).contains("is down");
			assertThat(press(desk, "/revoke")).contains("revokes nothing");
			assertThat(press(desk, "/start")).contains("is up");
			assertThat(press(desk, "/revoke")).contains("has revoked the token");
			assertThat(post(desk, "/stop", "Origin", "http://elsewhere.example").statusCode()).isEqualTo(403);
			assertThat(
					this.http.send(request(desk.url() + "/stop").GET().build(), BodyHandlers.ofString()).statusCode())
				.isEqualTo(403);
			assertThat(get(desk.url())).contains("is up");
		}
		assertThat(this.printed.toString(StandardCharsets.UTF_8)).contains("desk").doesNotContain("eyJ");
	}

	/**
	 * A token that is renewed at that moment may be revoked before it was ever accepted,
	 * or never be sent again.
	 */
	private String eventsOfARevocation(Services services, Desk desk) throws Exception {
		String events = "";
		for (int i = 0; i < 10 && !events.contains(REVOKED); i++) {
			assertThat(press(desk, "/calls")).contains("1000 calls succeeded, 0 failed");
			assertThat(press(desk, "/revoke")).contains("has revoked the token");
			assertThat(press(desk, "/calls")).contains("1000 calls succeeded, 0 failed");
			events = get(services.orders().page().replace("/ui/", "/events"));
		}
		return events;
	}

	private String get(String url) throws Exception {
		return this.http.send(request(url).GET().build(), BodyHandlers.ofString()).body();
	}

	private String press(Desk desk, String button) throws Exception {
		HttpResponse<String> response = post(desk, button, "Origin", desk.url());
		assertThat(response.statusCode()).isEqualTo(303);
		assertThat(response.headers().firstValue("Location")).hasValue("/");
		return get(desk.url());
	}

	private HttpResponse<String> post(Desk desk, String path, String... headers) throws Exception {
		return this.http.send(request(desk.url() + path).headers(headers).POST(BodyPublishers.noBody()).build(),
				BodyHandlers.ofString());
	}

	private static HttpRequest.Builder request(String url) {
		return HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE);
	}

}
