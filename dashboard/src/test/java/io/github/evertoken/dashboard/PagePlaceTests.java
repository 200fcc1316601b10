package io.github.evertoken.dashboard;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the page is, and what it offers there, in applications that have settled it.
 */
class PagePlaceTests {

	private static final String ENDPOINT = "/actuator/evertoken";

	private static final String EVENTS = ENDPOINT + "/events";

	private static Issuer issuer;

	private ConfigurableApplicationContext context;

	@BeforeAll
	static void startIssuer() {
		issuer = new Issuer(300);
	}

	@AfterAll
	static void closeIssuer() {
		issuer.close();
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	private Http start(WebApplicationType type, String... properties) {
		this.context = TestApplication.start(type, issuer, properties);
		return Http.of(this.context);
	}

	private void obtainToken() {
		this.context.getBean(TokenManager.class).token(TokenKey.of("inventory")).block();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void contextWhenItClosesThenDoesNotWaitForBrowsers(WebApplicationType type) throws Exception {
		Http http = start(type, "spring.lifecycle.timeout-per-shutdown-phase=10m");
		try (Http.Stream stream = http.stream(EVENTS)) {
			stream.until("event: hello");
			this.context.close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenTheActuatorHasAnotherPortAndPathThenIsThereAndNowhereElse(WebApplicationType type) throws Exception {
		Http http = start(type, "management.server.port=0", "management.endpoints.web.base-path=/manage",
				"management.endpoints.web.path-mapping.evertoken=tokens",
				"spring.lifecycle.timeout-per-shutdown-phase=10m");
		Http management = Http.ofManagement(this.context);
		assertThat(management.get("/manage/tokens/ui/").body()).contains("<title>Evertoken</title>");
		assertThat(management.get("/manage/tokens/events").body()).contains("\"next\"");
		assertThat(management.get("/manage/tokens/inventory").statusCode()).isEqualTo(200);
		assertThat(http.get("/manage/tokens/ui/").statusCode()).isEqualTo(404);
		assertThat(http.get(ENDPOINT + "/ui/").statusCode()).isEqualTo(404);
		try (Http.Stream stream = management.stream("/manage/tokens/events")) {
			stream.until("event: hello");
			obtainToken();
			stream.until("\"type\":\"issued\"");
			this.context.close();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenTheEndpointIsReadOnlyThenOffersNothingElse(WebApplicationType type) throws Exception {
		Http http = start(type, "management.endpoint.evertoken.access=read-only");
		assertThat(http.get(EVENTS).body()).contains("\"writes\":[]");
		assertThat(http.get(ENDPOINT + "/ui/").statusCode()).isEqualTo(200);
		assertThat(http.ask("DELETE", ENDPOINT + "/inventory", null).statusCode()).isEqualTo(405);
	}

}
