package io.github.evertoken.web;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.TokenEvent.Rejected;
import io.github.evertoken.TokenEvent.StepUpRequired;
import io.github.evertoken.web.RejectionPolicy.Decision;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.InputStreamResource;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Stories of resource servers that refuse what a {@code RestClient} or a
 * {@code RestTemplate} sends, over real HTTP.
 */
@Timeout(600)
class BlockingRefusalTests {

	private static final String INVALID = "Bearer error=\"invalid_token\"";

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private RefusingFixture fixture;

	@BeforeEach
	void open() {
		this.fixture = new RefusingFixture(this.server);
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	private RestClient restClient(ClientHttpRequestFactory factory, RejectionPolicy policy) {
		return RestClient.builder()
			.requestFactory(factory)
			.requestInterceptor(new TokenExchangeInterceptor(this.fixture.filter(policy)))
			.baseUrl(this.server.url("/").toString())
			.build();
	}

	private RestClient restClient(BlockingConnector connector) {
		return restClient(connector.factory(), RejectionPolicy.standard());
	}

	/**
	 * As it comes, without the exception that a {@code RestClient} makes of an error.
	 */
	private static ResponseEntity<String> call(RestClient restClient) {
		return restClient.get().uri("/items/{id}", 7).exchange((request, response) -> {
			String body = new String(response.getBody().readAllBytes(), StandardCharsets.UTF_8);
			return ResponseEntity.status(response.getStatusCode()).headers(response.getHeaders()).body(body);
		});
	}

	private ResponseEntity<String> call(RejectionPolicy policy) {
		return call(restClient(BlockingConnector.JDK.factory(), policy));
	}

	private int sentToken() {
		return this.fixture.accessToken(this.fixture.takeRequest());
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-1")
	@Tag("RJ-5")
	void callWhenTheTokenIsRejectedThenIsSentOnceMoreWithTheNext(BlockingConnector connector) {
		RestClient restClient = restClient(connector);
		this.fixture.answer(200, "warm");
		this.fixture.answer(401, "refused", INVALID);
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("warm");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
		assertThat(List.of(sentToken(), sentToken(), sentToken())).containsExactly(1, 1, 2);
		assertThat(this.server.getRequestCount()).isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("BC-4")
	@Tag("RJ-7")
	void postWhenTheTokenIsRejectedThenTheBodyIsRepeatedToTheLetter(BlockingConnector connector) {
		this.fixture.answer(401, "", INVALID);
		this.fixture.answer(200, "ok");
		String body = "häppchen ".repeat(20_000);
		InputStreamResource once = new InputStreamResource(
				new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
		String answer = restClient(connector).post()
			.uri("/items")
			.contentType(MediaType.APPLICATION_OCTET_STREAM)
			.body(once)
			.retrieve()
			.body(String.class);
		assertThat(answer).isEqualTo("ok");
		RecordedRequest first = this.fixture.takeRequest();
		RecordedRequest second = this.fixture.takeRequest();
		assertThat(first.getBody().utf8()).isEqualTo(body);
		assertThat(second.getBody().utf8()).isEqualTo(body);
		assertThat(second.getHeaders().get(HttpHeaders.CONTENT_TYPE)).isEqualTo("application/octet-stream");
		assertThat(this.fixture.accessToken(second)).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-1")
	void callWhenTheSecondTokenIsRejectedTooThenTheSecondAnswerPassesOn(BlockingConnector connector) {
		this.fixture.answer(401, "first", INVALID);
		this.fixture.answer(401, "second", INVALID);
		ResponseEntity<String> answer = call(restClient(connector));
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("second");
		assertThat(this.server.getRequestCount()).isEqualTo(2);
		Awaitility.await().untilAsserted(() -> assertThat(this.fixture.events(Rejected.class)).hasSize(2));
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	@Tag("BC-1")
	@Tag("RJ-4")
	void callWhenTheScopeIsInsufficientThenPassesOnAndTheTokenStays(int status) {
		this.fixture.answer(status, "scope!", "Bearer error=\"insufficient_scope\"");
		ResponseEntity<String> answer = call(RejectionPolicy.standard());
		assertThat(answer.getStatusCode().value()).isEqualTo(status);
		assertThat(answer.getBody()).isEqualTo("scope!");
		assertThat(this.fixture.currentToken()).isEqualTo(1);
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@Test
	@Tag("BC-1")
	@Tag("RJ-4")
	void callWhenAStrongerAuthenticationIsWantedThenPassesOnAndAnEventSaysSo() {
		this.fixture.answer(401, "", "Bearer error=\"insufficient_user_authentication\", acr_values=\"urn:gold\"");
		assertThat(call(RejectionPolicy.standard()).getStatusCode().value()).isEqualTo(401);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.fixture.events(StepUpRequired.class)).singleElement()
				.satisfies((event) -> assertThat(event.acrValues()).containsExactly("urn:gold")));
	}

	@Test
	@Tag("BC-1")
	@Tag("RJ-7")
	void callWhenTheBodyHasASingleUseThenPassesOnAndTheTokenIsRenewedForTheNext() {
		this.fixture.answer(401, "refused", INVALID);
		assertThatExceptionOfType(HttpClientErrorException.Unauthorized.class)
			.isThrownBy(() -> restClient(BlockingConnector.JDK).post()
				.uri("/items")
				.attributes(TokenAttributes.singleUseBody())
				.body("x")
				.retrieve()
				.toBodilessEntity())
			.satisfies((ex) -> assertThat(ex.getResponseBodyAsString()).isEqualTo("refused"));
		assertThat(this.server.getRequestCount()).isEqualTo(1);
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("BC-5")
	@Tag("RJ-5")
	void callWhenTheBodyOfThe401StallsThenIsSentOnceMoreAllTheSame(BlockingConnector connector) {
		this.server.enqueue(new MockResponse.Builder().code(401)
			.addHeader(HttpHeaders.WWW_AUTHENTICATE, INVALID)
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		this.fixture.answer(200, "ok");
		assertThat(call(restClient(connector)).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("BC-5")
	@Tag("RJ-5")
	void callWhenTheBodyOfThe401HasNoEndThenIsSentOnceMoreAllTheSame(BlockingConnector connector) {
		this.server.enqueue(new MockResponse.Builder().code(401)
			.addHeader(HttpHeaders.WWW_AUTHENTICATE, INVALID)
			.body("x".repeat(200_000))
			.throttleBody(100_000, 1, TimeUnit.HOURS)
			.build());
		this.fixture.answer(200, "ok");
		assertThat(call(restClient(connector)).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-5")
	void callWhenThePolicyThrowsAndTheBodyStallsThenFailsAndTheConnectionIsFree(BlockingConnector connector) {
		RestClient restClient = restClient(connector.factory(), (answer) -> {
			throw new IllegalStateException("out of order");
		});
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		assertThatIllegalStateException().isThrownBy(() -> call(restClient)).withMessage("out of order");
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource(BlockingConnector.class)
	@Tag("FP-7")
	void callWhenThePolicyFailsWithAnErrorThenFailsAndTheConnectionIsFree(BlockingConnector connector) {
		AssertionError error = new AssertionError("out of order");
		RestClient restClient = restClient(connector.factory(), (answer) -> {
			throw error;
		});
		this.fixture.answer(403, "x".repeat(100_000));
		assertThat(catchThrowable(() -> call(restClient))).isSameAs(error);
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource(BlockingConnector.class)
	@Tag("FP-7")
	void callWhenTheManagerFailsThenFailsAndTheConnectionIsFree(BlockingConnector connector) {
		RestClient restClient = RestClient.builder()
			.requestFactory(connector.factory())
			.requestInterceptor(new TokenExchangeInterceptor(
					this.fixture.filterWithBrokenManager(new IllegalStateException("out of order"))))
			.baseUrl(this.server.url("/").toString())
			.build();
		this.fixture.answer(401, "x".repeat(100_000));
		assertThatIllegalStateException().isThrownBy(() -> call(restClient)).withMessage("out of order");
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource(BlockingConnector.class)
	void callWhenThePolicyCannotSayWhatItConsidersThenFailsAndTheConnectionIsFree(BlockingConnector connector) {
		RestClient restClient = restClient(connector.factory(), new ConsideringNothingBelow(401));
		this.fixture.answer(401, "x".repeat(100_000));
		this.fixture.answer(200, "y".repeat(100_000));
		assertThatIllegalStateException().isThrownBy(() -> call(restClient)).withMessage("out of order");
		this.fixture.answer(500, "z".repeat(100_000));
		assertThat(call(restClient).getStatusCode().value()).isEqualTo(500);
	}

	/**
	 * Knows an expired token by the body of a 403.
	 */
	private static final RejectionPolicy BY_BODY = (answer) -> {
		if (answer.status() != 403) {
			return RejectionPolicy.standard().decide(answer);
		}
		if (answer.body() == null) {
			return Decision.READ_BODY;
		}
		return answer.body().contains("token_expired") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
	};

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-4")
	void callWhenThePolicyReadsTheBodyThenDecidesByItAndPassesItOnWhole(BlockingConnector connector) {
		this.fixture.patientWithBodies();
		RestClient restClient = restClient(connector.factory(), BY_BODY);
		this.fixture.answer(403, "{\"error\":\"token_expired\"}");
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
		String long403 = "no: " + "y".repeat(100_000);
		this.fixture.answer(403, long403);
		ResponseEntity<String> answer = call(restClient);
		assertThat(answer.getStatusCode().value()).isEqualTo(403);
		assertThat(answer.getBody()).isEqualTo(long403);
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-4")
	@Tag("RJ-5")
	void callWhenThePolicyReadsABodyThatStallsThenDecidesByWhatHasCome(BlockingConnector connector) {
		String beginning = "{\"error\":\"token_expired\"}".repeat(40);
		assertThat(this.fixture.seenOfBodyThatStalls(beginning,
				(policy) -> call(restClient(connector.factory(), policy)).getBody()))
			.isEqualTo(beginning);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-4")
	void callWhenThePolicyReadsABodyThatTakesItsTimeThenPassesItOnWhole(BlockingConnector connector) {
		String slow = "no: " + "z".repeat(1_996);
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body(slow)
			.throttleBody(1_000, 800, TimeUnit.MILLISECONDS)
			.build());
		assertThat(call(restClient(connector.factory(), BY_BODY)).getBody()).isEqualTo(slow);
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-5")
	void callWhenItsCallerTurnsFromABodyThatWasReadAndStallsThenTheConnectionIsFree(BlockingConnector connector) {
		RestClient restClient = restClient(connector.factory(), BY_BODY);
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		int status = restClient.get().uri("/items").exchange((request, response) -> response.getStatusCode().value());
		assertThat(status).isEqualTo(403);
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-4")
	void callWhenTheResponseHasNotEndedThenItsCallerReadsWhatHasCome(BlockingConnector connector) {
		this.server.enqueue(new MockResponse.Builder().body("begun" + "x".repeat(1_995))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		String begun = restClient(connector).get()
			.uri("/items")
			.exchange((request, response) -> new String(response.getBody().readNBytes(5), StandardCharsets.UTF_8),
					false);
		assertThat(begun).isEqualTo("begun");
	}

	@Test
	@Tag("BC-1")
	void callWhenTheSecondAttemptFailsThenItsCallerSeesWhy() {
		this.fixture.answer(401, "", INVALID);
		this.server.enqueue(new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).build());
		assertThatExceptionOfType(ResourceAccessException.class)
			.isThrownBy(() -> call(restClient(BlockingConnector.REACTOR_NETTY)));
	}

	@ParameterizedTest
	@EnumSource
	@Tag("BC-1")
	@Tag("RJ-1")
	void restTemplateWhenTheTokenIsRejectedThenIsSentOnceMoreWithTheNext(BlockingConnector connector) {
		RestTemplate restTemplate = new RestTemplate(connector.factory());
		restTemplate.getInterceptors()
			.add(new TokenExchangeInterceptor(this.fixture.filter(RejectionPolicy.standard())));
		this.fixture.answer(401, "refused", INVALID);
		this.fixture.answer(200, "ok");
		assertThat(restTemplate.postForObject(this.server.url("/items").uri(), "häppchen", String.class))
			.isEqualTo("ok");
		assertThat(sentToken()).isEqualTo(1);
		RecordedRequest second = this.fixture.takeRequest();
		assertThat(this.fixture.accessToken(second)).isEqualTo(2);
		assertThat(second.getBody().size()).isPositive();
	}

	@Test
	@Tag("BC-1")
	void callWhenAnInterceptorBeforeRetriesThenEachOfItsAttemptsHasTheTokenOfItsMoment() {
		RestClient restClient = RestClient.builder()
			.requestFactory(BlockingConnector.JDK.factory())
			.requestInterceptor((request, body, execution) -> {
				execution.execute(request, body).close();
				return execution.execute(request, body);
			})
			.requestInterceptor(new TokenExchangeInterceptor(this.fixture.filter(RejectionPolicy.standard())))
			.baseUrl(this.server.url("/").toString())
			.build();
		this.fixture.answer(401, "", INVALID);
		this.fixture.answer(200, "accepted");
		this.fixture.answer(401, "", INVALID);
		this.fixture.answer(200, "ok");
		assertThat(call(restClient).getBody()).isEqualTo("ok");
		assertThat(List.of(sentToken(), sentToken(), sentToken(), sentToken())).containsExactly(1, 2, 2, 3);
	}

	@Test
	@Tag("BC-1")
	@Tag("RJ-6")
	void callsWhenEveryTokenIsRefusedThenCauseNoStorm() {
		for (int i = 0; i < 20; i++) {
			this.fixture.answer(401, "", INVALID);
		}
		RestClient restClient = restClient(BlockingConnector.JDK);
		for (int i = 0; i < 5; i++) {
			assertThat(call(restClient).getStatusCode().value()).isEqualTo(401);
		}
		assertThat(this.fixture.authorizationServer.issuedAccessTokens()).isLessThanOrEqualTo(3);
		assertThat(this.server.getRequestCount()).isLessThan(10);
	}

}
