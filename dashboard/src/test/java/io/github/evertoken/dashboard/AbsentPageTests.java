package io.github.evertoken.dashboard;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where there is no page, and what is said then.
 */
@ExtendWith(OutputCaptureExtension.class)
class AbsentPageTests {

	private static final String ABSENT = "There is no page that shows the tokens: ";

	private final Issuer issuer = new Issuer(300);

	private ConfigurableApplicationContext context;

	@AfterEach
	void close() {
		this.context.close();
		this.issuer.close();
	}

	private void start(WebApplicationType type, String... properties) {
		this.context = TestApplication.start(type, this.issuer, properties);
	}

	private void assertAbsent(CapturedOutput output, String why) {
		assertThat(output).containsOnlyOnce(ABSENT).contains(ABSENT + why);
		assertThat(this.context.getBeansOfType(EventRing.class)).isEmpty();
		assertThat(this.context.getBeansOfType(EventCollector.class)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenTheEndpointIsNotExposedThenIsNotThereAndALineSaysWhatToSet(WebApplicationType type,
			CapturedOutput output) throws Exception {
		start(type, "management.endpoints.web.exposure.include=health");
		assertAbsent(output, "the endpoint 'evertoken' is not exposed over HTTP. In a web application, add it to"
				+ " management.endpoints.web.exposure.include");
		Http http = Http.of(this.context);
		assertThat(http.get("/actuator/evertoken/ui/").statusCode()).isEqualTo(404);
		assertThat(http.get("/actuator/evertoken/events").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "NONE")
	void pageWhenAccessIsNoneThenIsNotThere(WebApplicationType type, CapturedOutput output) throws Exception {
		start(type, "management.endpoint.evertoken.access=none");
		assertAbsent(output, "the endpoint 'evertoken' is not exposed");
		assertThat(Http.of(this.context).get("/actuator/evertoken/ui/").statusCode()).isEqualTo(404);
	}

	@Test
	void pageWhenThereIsNoWebThenIsNotThere(CapturedOutput output) {
		start(WebApplicationType.NONE);
		assertAbsent(output, "the endpoint 'evertoken' is not exposed");
	}

	@Test
	void pageWhenTheActuatorHasNoPortThenIsNotThere(CapturedOutput output) {
		start(WebApplicationType.REACTIVE, "management.server.port=-1");
		assertAbsent(output, "management.server.port is -1");
	}

	@Test
	void pageWhenEvertokenIsDisabledThenIsNotThere(CapturedOutput output) {
		start(WebApplicationType.REACTIVE, "evertoken.enabled=false");
		assertAbsent(output, "evertoken.enabled is false");
	}

}
