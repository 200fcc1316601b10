package io.github.evertoken.boot.autoconfigure.client;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.lifecycle.ClientSettings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartSummary}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartSummaryTests {

	private static final String[] INVENTORY = { "base-url=https://inventory.internal/api",
			"origins=https://inventory.internal:8443,http://localhost:8081", "client-id=orders",
			"client-secret=planted" };

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class));

	private static String[] inventory(String... more) {
		return Stream.concat(Arrays.stream(INVENTORY), Arrays.stream(more))
			.map((property) -> "evertoken.clients.inventory." + property)
			.toArray(String[]::new);
	}

	private static List<String> lines(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(StartSummary.class.getName())).toList();
	}

	@Test
	@DisplayName("OB-40, SE-2: one line says what a client covers and where its tokens come from")
	void startThenSaysWhatTheClientCoversAndWhereItsTokensComeFrom(CapturedOutput output) {
		this.contextRunner.withPropertyValues(inventory("token-uri=https://idp.internal/token?key=planted"))
			.run((context) -> assertThat(lines(output)).singleElement()
				.asString()
				.contains(" INFO ")
				.endsWith("Client 'inventory': tokens go to https://inventory.internal/api,"
						+ " https://inventory.internal:8443, http://localhost:8081, and come by client_credentials from"
						+ " https://idp.internal/token?***"));
		assertThat(output).doesNotContain("planted");
	}

	@Test
	@DisplayName("OB-40: the line names the issuer")
	void startWhenTheIssuerIsNamedThenSaysIt(CapturedOutput output) {
		this.contextRunner
			.withPropertyValues(inventory("issuer-uri=https://idp.internal/realm", "grant-type=refresh_token"))
			.run((context) -> assertThat(lines(output)).singleElement()
				.asString()
				.endsWith("and come by refresh_token from issuer https://idp.internal/realm"));
	}

	@Test
	@DisplayName("OB-40: the line says that a bean gives the tokens")
	void startWhenTokensComeFromABeanThenSaysSo(CapturedOutput output) {
		TokenIssuer issuer = (request) -> Mono.just(TokenSet.withAccessToken("first").build());
		this.contextRunner.withPropertyValues("evertoken.clients.stock.base-url=https://stock.internal")
			.withBean("stock", TokenIssuer.class, () -> issuer)
			.withBean("shop", OutboundClient.class,
					() -> OutboundClient.of(ClientSettings.of("shop", issuer).build())
						.baseUrl("https://shop.internal")
						.build())
			.run((context) -> assertThat(lines(output)).satisfiesExactly(
					(line) -> assertThat(line).endsWith(
							"'stock': tokens go to https://stock.internal, and come from" + " a TokenIssuer bean"),
					(line) -> assertThat(line).endsWith("'shop': tokens go to https://shop.internal, and come as its"
							+ " OutboundClient bean says")));
	}

	@Test
	@DisplayName("OB-40: one line says that there is no client")
	void startWhenThereIsNoClientThenOneLineSaysSo(CapturedOutput output) {
		this.contextRunner.run((context) -> assertThat(lines(output)).singleElement()
			.asString()
			.contains(" INFO ")
			.endsWith("There is no client below evertoken.clients, and no OutboundClient bean: no request gets a token"
					+ " of Evertoken's"));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			evertokn.clients.inventory.base-url,          evertokn.clients
			evertokens.client.inventory.client-id,        evertokens.client
			spring.evertoken.clients.inventory.token-uri, spring.evertoken.clients
			""")
	@DisplayName("OB-40: clients below a misspelt name are asked about")
	void startWhenTheClientsAreWrittenElsewhereThenAsksWhetherTheyAreMeant(String property, String misplaced,
			CapturedOutput output) {
		this.contextRunner.withPropertyValues(property + "=https://inventory.internal")
			.run((context) -> assertThat(lines(output)).singleElement()
				.asString()
				.contains(" WARN ")
				.endsWith("Is " + misplaced + " meant to be evertoken.clients?"));
	}

	@ParameterizedTest
	@CsvSource({ "acme.clients.inventory.base-url", "evertokn.client", "everything.clients.are.fine" })
	@DisplayName("OB-40: somebody else's clients are not asked about")
	void startWhenThePropertiesAreSomebodyElsesThenAsksNothing(String property, CapturedOutput output) {
		this.contextRunner.withPropertyValues(property + "=https://inventory.internal")
			.run((context) -> assertThat(lines(output)).singleElement().asString().doesNotContain("meant to be"));
	}

	@Test
	@DisplayName("OB-40: one line says that no WebClient sends tokens by itself")
	void startWhenWebClientsAreLeftAloneThenSaysSo(CapturedOutput output) {
		this.contextRunner.withPropertyValues(inventory("token-uri=https://idp.internal/token"))
			.withPropertyValues("evertoken.apply-to-web-clients=false")
			.run((context) -> assertThat(lines(output)).hasSize(2)
				.last()
				.asString()
				.contains("evertoken.apply-to-web-clients is 'false'"));
	}

	@Test
	@DisplayName("OB-40: one line says that no RestClient sends tokens by itself")
	void startWhenRestClientsAreLeftAloneThenSaysSo(CapturedOutput output) {
		this.contextRunner.withPropertyValues(inventory("token-uri=https://idp.internal/token"))
			.withPropertyValues("evertoken.apply-to-rest-clients=false")
			.run((context) -> assertThat(lines(output)).hasSize(2)
				.last()
				.asString()
				.contains("evertoken.apply-to-rest-clients is 'false'"));
	}

	@Test
	@DisplayName("OB-40: one line says that no channel of gRPC sends tokens by itself")
	void startWhenGrpcChannelsAreLeftAloneThenSaysSo(CapturedOutput output) {
		this.contextRunner.withPropertyValues(inventory("token-uri=https://idp.internal/token"))
			.withPropertyValues("evertoken.apply-to-grpc-channels=false")
			.run((context) -> assertThat(lines(output)).hasSize(2)
				.last()
				.asString()
				.contains("evertoken.apply-to-grpc-channels is 'false'"));
	}

}
