package io.github.evertoken.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;

import io.github.evertoken.TokenEvent.Rejected;
import io.github.evertoken.TokenEvent.StepUpRequired;
import io.github.evertoken.test.support.TestWebClients;
import io.github.evertoken.web.RejectionPolicy.Decision;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Stories of resource servers that refuse a request, told over real HTTP: to the letter,
 * and as late as they say, so that the resource is a {@code MockWebServer}.
 */
@Tag("RJ-4")
class RefusalScenarioTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

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

	private static ResponseEntity<String> call(WebClient webClient) {
		return webClient.get()
			.uri("/items/7")
			.exchangeToMono((response) -> response.toEntity(String.class))
			.block(LIMIT);
	}

	private ResponseEntity<String> call(RejectionPolicy policy) {
		return call(this.fixture.webClient(policy));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Bearer error=\"invalid_token\"", "Bearer", "Basic realm=\"a, b\"", "rubbish \"=," })
	void callWhenA401SaysThatTheTokenIsInvalidOrNothingThenIsSentOnceMore(String challenge) {
		this.fixture.answer(401, "", challenge);
		this.fixture.answer(200, "ok");
		assertThat(call(RejectionPolicy.standard()).getBody()).isEqualTo("ok");
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403 })
	void callWhenTheScopeIsInsufficientThenPassesOnAndTheTokenStays(int status) {
		this.fixture.answer(status, "scope!", "Bearer scope=\"a b\", error=\"insufficient_scope\"");
		ResponseEntity<String> answer = call(RejectionPolicy.standard());
		assertThat(answer.getStatusCode().value()).isEqualTo(status);
		assertThat(answer.getBody()).isEqualTo("scope!");
		assertThat(answer.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE)).contains("insufficient_scope");
		assertThat(this.fixture.currentToken()).isEqualTo(1);
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@Test
	void callWhenRefusedThenThe401sThatPassOnAreNoRejections() {
		for (int i = 0; i < 50; i++) {
			this.fixture.answer(401, "", "Bearer error=\"invalid_request\"");
			assertThat(call(RejectionPolicy.standard()).getStatusCode().value()).isEqualTo(401);
		}
		this.fixture.answer(401, "", "Bearer error=\"invalid_token\"");
		this.fixture.answer(200, "ok");
		assertThat(call(RejectionPolicy.standard()).getBody()).isEqualTo("ok");
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.fixture.events(Rejected.class)).singleElement()
				.satisfies((event) -> assertThat(event.generation()).isEqualTo(1)));
	}

	@Test
	void callWhenTheUserMustAuthenticateMoreStronglyThenPassesOnAndAnEventSaysHow() {
		String token = this.fixture.token().value();
		this.fixture.answer(401, "", "Bearer error=\"insufficient_user_authentication\", "
				+ "acr_values=\"urn:gold %s urn:silver\", max_age=\"300\"".formatted(token));
		assertThat(call(RejectionPolicy.standard()).getStatusCode().value()).isEqualTo(401);
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.fixture.events(StepUpRequired.class)).singleElement().satisfies((event) -> {
						assertThat(event.key()).isEqualTo(RefusingFixture.KEY);
						assertThat(event.generation()).isEqualTo(1);
						assertThat(event.expiresAt()).isNotNull();
						assertThat(event.acrValues()).containsExactly("urn:gold", "urn:silver");
						assertThat(event.maxAge()).isEqualTo(Duration.ofMinutes(5));
					}));
		assertThat(this.fixture.currentToken()).isEqualTo(1);
		assertThat(this.server.getRequestCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "", ", max_age=-1", ", max_age=99999999999999999999", ", max_age=\"1 h\", acr_values=\" \"" })
	void callWhenAStepUpIsBrokenThenTheEventNamesNothing(String parameters) {
		this.fixture.answer(403, "", "Bearer error=\"insufficient_user_authentication\"" + parameters);
		call(RejectionPolicy.standard());
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.fixture.events(StepUpRequired.class)).singleElement().satisfies((event) -> {
						assertThat(event.acrValues()).isEmpty();
						assertThat(event.maxAge()).isNull();
					}));
	}

	@Test
	void callWhenTheSecondAnswerIsARejectionThenPassesOnAndCounts() {
		this.fixture.answer(401, "", "Bearer error=\"invalid_token\"");
		this.fixture.answer(401, "again", "Bearer error=\"invalid_token\"");
		assertThat(call(RejectionPolicy.standard()).getBody()).isEqualTo("again");
		Awaitility.await().untilAsserted(() -> assertThat(this.fixture.events(Rejected.class)).hasSize(2));
		assertThat(this.server.getRequestCount()).isEqualTo(2);
	}

	@Test
	void callWhenTheSecondAnswerAsksForMoreScopeThenPassesOnAndDoesNotCount() {
		this.fixture.answer(401, "", "Bearer error=\"invalid_token\"");
		this.fixture.answer(401, "", "Bearer error=\"insufficient_scope\"");
		call(RejectionPolicy.standard());
		assertThat(this.fixture.currentToken()).isEqualTo(2);
		assertThat(this.fixture.events(Rejected.class)).hasSizeLessThan(2);
	}

	@Test
	void callWhenThePolicyDoesNotConsiderTheStatusThenIsNotAsked() {
		AtomicInteger asked = new AtomicInteger();
		RejectionPolicy policy = (answer) -> {
			asked.incrementAndGet();
			return Decision.PASS_ON;
		};
		for (int status : new int[] { 200, 302, 400, 404, 500, 401, 403 }) {
			this.fixture.answer(status, "");
			call(policy);
		}
		assertThat(asked).hasValue(2);
	}

	/**
	 * Considers more than is its business, and remembers what it was asked about.
	 */
	private static RejectionPolicy considering(List<Integer> asked, IntPredicate statuses) {
		return new RejectionPolicy() {

			@Override
			public Decision decide(Answer answer) {
				asked.add(answer.status());
				return RejectionPolicy.standard().decide(answer);
			}

			@Override
			public boolean considers(int status) {
				return statuses.test(status);
			}

		};
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenThePolicyConsidersEverythingThenIsShownEveryStatus(Connector connector) {
		List<Integer> asked = new CopyOnWriteArrayList<>();
		WebClient webClient = this.fixture.webClient(connector.webClient(), considering(asked, (status) -> true));
		for (int status : new int[] { 200, 204, 304, 399, 400, 404, 500 }) {
			this.fixture.answer(status, "");
			assertThat(call(webClient).getStatusCode().value()).isEqualTo(status);
		}
		assertThat(asked).containsExactly(200, 204, 304, 399, 400, 404, 500);
	}

	/**
	 * Renews if the server redirects to the login page, or answers 200 and says in the
	 * body that it was no success.
	 */
	private static final RejectionPolicy BY_LOGIN_PAGE = new RejectionPolicy() {

		@Override
		public Decision decide(Answer answer) {
			if (answer.status() == 302) {
				return Decision.RENEW_AND_RESEND;
			}
			if (answer.body() == null) {
				return Decision.READ_BODY;
			}
			return answer.body().contains("log in") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
		}

		@Override
		public boolean considers(int status) {
			return status == 200 || status == 302;
		}

	};

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenASuccessOrARedirectIsARejectionThenIsSentOnceMore(Connector connector) {
		WebClient webClient = this.fixture.patientWithBodies().webClient(connector.webClient(), BY_LOGIN_PAGE);
		this.fixture.answer(302, "");
		this.fixture.answer(200, "ok");
		assertThat(call(webClient).getBody()).isEqualTo("ok");
		this.fixture.answer(200, "Please log in");
		this.fixture.answer(200, "fine");
		assertThat(call(webClient).getBody()).isEqualTo("fine");
		assertThat(this.fixture.currentToken()).isEqualTo(3);
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenThePolicyReadsASuccessThatNeverEndsThenPassesOnWithWhatComes(Connector connector) {
		this.server.enqueue(new MockResponse.Builder().code(200)
			.addHeader(HttpHeaders.CONTENT_TYPE, "text/plain")
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		String first = this.fixture.webClient(connector.webClient(), BY_LOGIN_PAGE)
			.get()
			.exchangeToFlux((response) -> response.bodyToFlux(DataBuffer.class).map(RefusalScenarioTests::text))
			.blockFirst(LIMIT);
		assertThat(first).startsWith("xxx");
	}

	private static String text(DataBuffer buffer) {
		String text = buffer.toString(StandardCharsets.UTF_8);
		DataBufferUtils.release(buffer);
		return text;
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	@Tag("RJ-5")
	void callWhenTheBodyOfThe401StallsThenIsSentOnceMoreAllTheSame(Connector connector) {
		this.server.enqueue(new MockResponse.Builder().code(401)
			.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		this.fixture.answer(200, "ok");
		assertThat(call(this.fixture.webClient(connector.webClient(), RejectionPolicy.standard())).getBody())
			.isEqualTo("ok");
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	@Tag("RJ-5")
	void callWhenTheBodyOfThe401HasNoEndThenNoMoreIsReadThanSomeOfIt(Connector connector) {
		this.server.enqueue(new MockResponse.Builder().code(401)
			.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
			.body("x".repeat(200_000))
			.throttleBody(100_000, 1, TimeUnit.HOURS)
			.build());
		this.fixture.answer(200, "ok");
		assertThat(call(this.fixture.webClient(connector.webClient(), RejectionPolicy.standard())).getBody())
			.isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	@Tag("RJ-5")
	void callWhenThePolicyThrowsAndTheBodyStallsThenFailsAllTheSame(Connector connector) {
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(2_000))
			.throttleBody(1_000, 1, TimeUnit.HOURS)
			.build());
		WebClient webClient = this.fixture.webClient(connector.webClient(), (answer) -> {
			throw new IllegalStateException("out of order");
		});
		assertThatIllegalStateException().isThrownBy(() -> call(webClient)).withMessage("out of order");
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenThePolicyReadsABodyThatStallsThenDecidesByWhatHasCome(Connector connector) {
		String beginning = "{\"error\":\"token_expired\"}".repeat(40);
		assertThat(this.fixture.seenOfBodyThatStalls(beginning,
				(policy) -> call(this.fixture.webClient(connector.webClient(), policy)).getBody()))
			.isEqualTo(beginning);
	}

	@Test
	void callWhenThePolicyDoesNotConsiderTheSecondAnswerThenIsNotAsked() {
		List<Integer> asked = new CopyOnWriteArrayList<>();
		RejectionPolicy policy = considering(asked, (status) -> status == 401);
		for (int status : new int[] { 200, 403, 401 }) {
			this.fixture.answer(401, "");
			this.fixture.answer(status, "");
			assertThat(call(policy).getStatusCode().value()).isEqualTo(status);
		}
		assertThat(asked).containsExactly(401, 401, 401, 401);
	}

	/**
	 * Renews if the body of a 403 or 419 says that the token has expired.
	 */
	private static final RejectionPolicy BY_BODY = new RejectionPolicy() {

		@Override
		public Decision decide(Answer answer) {
			if (answer.body() == null) {
				return Decision.READ_BODY;
			}
			return answer.body().contains("token_expired") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
		}

		@Override
		public boolean considers(int status) {
			return status == 403 || status == 419;
		}

	};

	@ParameterizedTest
	@ValueSource(ints = { 403, 419 })
	void callWhenTheBodySaysThatTheTokenHasExpiredThenIsSentOnceMore(int status) {
		this.fixture.answer(status, "{\"error\":\"token_expired\"}" + "x".repeat(1_000_000));
		this.fixture.answer(200, "ok");
		this.fixture.patientWithBodies();
		assertThat(call(BY_BODY).getBody()).isEqualTo("ok");
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@Test
	void callWhenTheBodyOfTheSecondAnswerSaysSoTooThenPassesOnWholeAndCounts() {
		this.fixture.answer(403, "{\"error\":\"token_expired\"}");
		this.fixture.answer(403, "{\"error\":\"token_expired\"}, still");
		this.fixture.patientWithBodies();
		assertThat(call(BY_BODY).getBody()).isEqualTo("{\"error\":\"token_expired\"}, still");
		Awaitility.await().untilAsserted(() -> assertThat(this.fixture.events(Rejected.class)).hasSize(2));
		assertThat(this.server.getRequestCount()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 8191, 8192, 8193, 100_000, 5_000_000 })
	void callWhenTheBodyPassesOnThenIsWhole(int length) {
		StringBuilder body = new StringBuilder();
		for (int i = 0; body.length() < length; i++) {
			body.append(i).append(' ');
		}
		body.setLength(length);
		List<String> read = new CopyOnWriteArrayList<>();
		this.fixture.answer(403, body.toString());
		ResponseEntity<String> answer = call(this.fixture.patientWithBodies().webClient(largeBodies(), (seen) -> {
			if (seen.body() == null) {
				return Decision.READ_BODY;
			}
			read.add(seen.body());
			return Decision.READ_BODY;
		}));
		assertThat(length == 0 ? "" : answer.getBody()).isEqualTo(body.toString());
		assertThat(answer.getHeaders().getContentLength()).isEqualTo(length);
		assertThat(read).containsExactly(body.substring(0, Math.min(length, 8192)));
	}

	private static WebClient.Builder largeBodies() {
		return TestWebClients.builder(1).codecs((codecs) -> codecs.defaultCodecs().maxInMemorySize(-1));
	}

	@Test
	void callWhenTheBodyStallsBehindItsBeginningThenPassesOnBeforeItsEnd() {
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(20_000))
			.throttleBody(10_000, 1, TimeUnit.HOURS)
			.build());
		String first = this.fixture.patientWithBodies()
			.webClient((answer) -> (answer.body() == null) ? Decision.READ_BODY : Decision.PASS_ON)
			.get()
			.exchangeToFlux((response) -> response.bodyToFlux(DataBuffer.class).map(RefusalScenarioTests::text))
			.blockFirst(LIMIT);
		assertThat(first).startsWith("xxx");
	}

	@Test
	void callWhenTheConnectionBreaksInTheBodyThenTheCallerSeesIt() {
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(100_000))
			.onResponseBody(new SocketEffect.CloseSocket())
			.build());
		assertThat(Assertions
			.catchThrowable(() -> call((answer) -> (answer.body() == null) ? Decision.READ_BODY : Decision.PASS_ON)))
			.hasRootCauseInstanceOf(IOException.class);
	}

	@Test
	void callWhenCancelledWhileTheBodyIsReadThenTheConnectionIsFreeAgain() {
		this.server.enqueue(new MockResponse.Builder().code(403)
			.body("x".repeat(10_000))
			.throttleBody(10, 1, TimeUnit.SECONDS)
			.build());
		this.fixture.answer(200, "ok");
		WebClient oneConnection = this.fixture
			.webClient((answer) -> (answer.body() == null) ? Decision.READ_BODY : Decision.PASS_ON);
		Disposable caller = oneConnection.get()
			.exchangeToMono((response) -> response.toEntity(String.class))
			.subscribe();
		Awaitility.await().until(() -> this.server.getRequestCount() == 1);
		caller.dispose();
		assertThat(call(oneConnection).getBody()).isEqualTo("ok");
	}

	@Test
	void callWhenThePolicyThrowsThenFailsAndTheConnectionIsFreeAgain() {
		this.fixture.answer(403, "x".repeat(100_000));
		this.fixture.answer(200, "ok");
		WebClient oneConnection = this.fixture.webClient((answer) -> {
			throw new IllegalStateException("out of order");
		});
		assertThatIllegalStateException().isThrownBy(() -> call(oneConnection)).withMessage("out of order");
		assertThat(call(oneConnection).getBody()).isEqualTo("ok");
	}

	/**
	 * An assertion within a policy, or a class that it does not find.
	 */
	@ParameterizedTest
	@ValueSource(classes = { AssertionError.class, NoClassDefFoundError.class })
	@Tag("FP-7")
	void callWhenThePolicyFailsWithAnErrorThenFailsAndTheConnectionIsFreeAgain(Class<? extends Error> type) {
		this.fixture.answer(403, "x".repeat(100_000));
		this.fixture.answer(200, "ok");
		Error error = BeanUtils.instantiateClass(type);
		WebClient oneConnection = this.fixture.webClient((answer) -> {
			throw error;
		});
		assertThat(catchThrowable(() -> call(oneConnection))).satisfiesAnyOf((ex) -> assertThat(ex).isSameAs(error),
				(ex) -> assertThat(ex).hasRootCause(error));
		assertThat(call(oneConnection).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, AssertionError.class })
	@Tag("FP-7")
	void callWhenTheManagerFailsThenFailsAndTheConnectionIsFreeAgain(Class<? extends Throwable> type) {
		this.fixture.answer(401, "x".repeat(100_000));
		this.fixture.answer(200, "ok");
		Throwable failure = BeanUtils.instantiateClass(type);
		WebClient oneConnection = TestWebClients.builder(1)
			.filter(this.fixture.filterWithBrokenManager(failure))
			.baseUrl(this.server.url("/").toString())
			.build();
		assertThat(catchThrowable(() -> call(oneConnection))).satisfiesAnyOf((ex) -> assertThat(ex).isSameAs(failure),
				(ex) -> assertThat(ex).hasRootCause(failure));
		assertThat(call(oneConnection).getBody()).isEqualTo("ok");
	}

	@Test
	void callWhenThePolicyCannotSayWhatItConsidersThenFailsAndTheConnectionIsFreeAgain() {
		WebClient oneConnection = this.fixture.webClient(new ConsideringNothingBelow(500));
		this.fixture.answer(200, "x".repeat(100_000));
		assertThatIllegalStateException().isThrownBy(() -> call(oneConnection)).withMessage("out of order");
		this.fixture.answer(500, "y".repeat(100_000));
		assertThat(call(oneConnection).getStatusCode().value()).isEqualTo(500);
	}

	@Test
	void callWhenThePolicyCannotSayWhetherItConsidersTheSecondAnswerThenFailsAndTheConnectionIsFreeAgain() {
		WebClient oneConnection = this.fixture.webClient(new ConsideringNothingBelow(401));
		this.fixture.answer(401, "x".repeat(100_000));
		this.fixture.answer(200, "y".repeat(100_000));
		assertThatIllegalStateException().isThrownBy(() -> call(oneConnection)).withMessage("out of order");
		this.fixture.answer(500, "z".repeat(100_000));
		assertThat(call(oneConnection).getStatusCode().value()).isEqualTo(500);
	}

}
