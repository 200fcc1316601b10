package io.github.evertoken.web;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.HeldToken;
import io.github.evertoken.lifecycle.TokenLifecycle;
import io.github.evertoken.test.support.DroppedErrors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.test.subscriber.TestSubscriber;
import reactor.util.context.Context;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * Tests for {@link TokenExchangeMono} with an exchange that answers as it is told.
 */
class TokenExchangeMonoTests {

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final AtomicInteger tokens = new AtomicInteger();

	private TokenIssuer issuer = (request) -> Mono.fromSupplier(this::nextToken);

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.client(ClientSettings.of("inventory", (request) -> this.issuer.issue(request)).patience(Duration.ZERO).build())
		.build();

	private final ScriptedExchange exchange = new ScriptedExchange();

	private final AtomicInteger released = new AtomicInteger();

	private final ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("http://localhost/items/7"))
		.build();

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenAcceptedThenIsSentOnceAndCompletesOnce() {
		this.exchange.then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(caller.getProtocolErrors()).isEmpty();
		assertThat(this.exchange.sent()).containsExactly("Bearer t1");
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenRejectedThenIsSentOnceMoreWithTheNextToken() {
		this.exchange.then(Mono.just(unauthorized())).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(caller.getProtocolErrors()).isEmpty();
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", "Bearer t2");
		assertThat(this.released).hasValue(1);
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenRejectedTwiceThenTheSecondAnswerPassesOnUnread() {
		ClientResponse second = unauthorized();
		this.exchange.then(Mono.just(unauthorized())).then(Mono.just(second)).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(caller.getReceivedOnNext()).containsExactly(second);
		assertThat(caller.isTerminatedComplete()).isTrue();
		assertThat(this.exchange.sent()).hasSize(2);
		assertThat(this.released).hasValue(1);
	}

	@ParameterizedTest
	@Tag("RJ-1")
	@ValueSource(ints = { 200, 204, 302, 400, 403, 407, 429, 500, 503 })
	void subscribeWhenTheStatusIsAnotherThenPassesOnAndNothingIsRenewed(int status) {
		this.exchange.then(Mono.just(response(status)));
		assertThat(statusOf(caller()).value()).isEqualTo(status);
		assertThat(this.exchange.sent()).hasSize(1);
		assertThat(this.tokens).hasValue(1);
		assertThat(this.released).hasValue(0);
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenSubscribedAgainThenTheTokenIsThatOfTheMoment() {
		held();
		Mono<ClientResponse> mono = mono();
		this.exchange.then(Mono.just(ok())).then(Mono.just(ok()));
		assertThat(statusOf(caller(mono))).isEqualTo(HttpStatus.OK);
		lifecycle().reject(held());
		assertThat(statusOf(caller(mono))).isEqualTo(HttpStatus.OK);
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", "Bearer t2");
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenTheCallerHasAContextThenBothExchangesSeeIt() {
		List<String> seen = new ArrayList<>();
		Mono<ClientResponse> first = Mono.deferContextual((context) -> {
			seen.add(context.get("tenant"));
			return Mono.just(unauthorized());
		});
		Mono<ClientResponse> second = Mono.deferContextual((context) -> {
			seen.add(context.get("tenant"));
			return Mono.just(ok());
		});
		held();
		this.exchange.then(first).then(second);
		TestSubscriber<ClientResponse> caller = caller(mono().contextWrite(Context.of("tenant", "alice")));
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(seen).containsExactly("alice", "alice");
	}

	@Test
	@Tag("RJ-2")
	void subscribeWhenTheTokenWasReplacedMeanwhileThenTheSecondAttemptRenewsNothing() {
		Sinks.One<ClientResponse> answer = Sinks.one();
		held();
		this.exchange.then(answer.asMono()).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		lifecycle().reject(held());
		held();
		answer.tryEmitValue(unauthorized());
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", "Bearer t2");
		assertThat(this.tokens).hasValue(2);
	}

	/**
	 * The current token is none that the request has just been renewed for: it may be at
	 * the end of its life, like any other.
	 */
	@ParameterizedTest
	@Tag("RN-5")
	@Tag("RJ-2")
	@CsvSource({ "20, Bearer t2, 2", "40, Bearer t3, 3" })
	void subscribeWhenTheCurrentTokenDoesNotLastThenTheSecondAttemptGoesWithALongerOne(int age, String sentAgain,
			int obtained) {
		Sinks.One<ClientResponse> answer = Sinks.one();
		held();
		this.exchange.then(answer.asMono()).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller(mono(Duration.ofMinutes(30)));
		lifecycle().reject(held());
		held();
		this.time.advanceTimeBy(Duration.ofMinutes(age));
		answer.tryEmitValue(unauthorized());
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", sentAgain);
		assertThat(this.tokens).hasValue(obtained);
	}

	@Test
	@Tag("RJ-4")
	void subscribeWhenThePolicyThrowsAndTheBodyBreaksOffThenTheCallerSeesThePolicysFailure() {
		this.exchange.then(Mono.just(unauthorized(Flux.error(new IllegalStateException("reset")))));
		assertThat(caller(mono((answer) -> {
			throw new IllegalStateException("out of order");
		})).expectTerminalError()).hasMessage("out of order");
	}

	@Test
	@Tag("RJ-4")
	void cancelWhenTheAnswerHasBeenPassedOnThenItsBodyIsTheCallersToRead() {
		this.exchange.then(Mono.just(unauthorized()));
		ClientResponse passedOn = mono((answer) -> RejectionPolicy.Decision.READ_BODY).flux().next().block();
		assertThat(this.released).hasValue(1);
		assertThat(passedOn.bodyToMono(String.class).block()).isEqualTo("no");
	}

	@Test
	@Tag("RJ-5")
	void subscribeWhenRejectedThenIsNotSentAgainBeforeTheBodyIsReleased() {
		Sinks.Many<DataBuffer> body = Sinks.many().unicast().onBackpressureBuffer();
		this.exchange.then(Mono.just(unauthorized(body.asFlux()))).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(this.exchange.sent()).hasSize(1);
		body.tryEmitComplete();
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(this.exchange.sent()).hasSize(2);
	}

	@Test
	@Tag("RJ-5")
	void subscribeWhenTheBodyBreaksOffThenIsSentAgainAllTheSame() {
		this.exchange.then(Mono.just(unauthorized(Flux.error(new IllegalStateException("reset")))))
			.then(Mono.just(ok()));
		assertThat(statusOf(caller())).isEqualTo(HttpStatus.OK);
	}

	@Test
	@Tag("RJ-5")
	void cancelWhenTheBodyIsBeingReleasedThenItIsCancelledAndNothingIsSent() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.exchange.then(Mono.just(unauthorized(Flux.<DataBuffer>never().doOnCancel(() -> cancelled.set(true)))));
		TestSubscriber<ClientResponse> caller = caller();
		caller.cancel();
		assertThat(cancelled).isTrue();
		assertThat(this.exchange.sent()).hasSize(1);
	}

	@Test
	@Tag("RJ-5")
	void cancelWhenTheBodyIsBeingReleasedThenItsExchangeIsCancelledAfterIt() {
		List<String> cancelled = new ArrayList<>();
		ClientResponse rejection = unauthorized(Flux.<DataBuffer>never().doOnCancel(() -> cancelled.add("body")));
		this.exchange.then(Mono.just(rejection).doOnCancel(() -> cancelled.add("exchange")));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(cancelled).isEmpty();
		caller.cancel();
		assertThat(cancelled).containsExactly("body", "exchange");
	}

	@Test
	@Tag("RJ-5")
	void cancelWhenThe401IsOnItsWayThenItsBodyIsReleasedAndNothingIsSent() {
		held();
		AtomicInteger subscribed = new AtomicInteger();
		ClientResponse rejection = unauthorized(
				Flux.<DataBuffer>empty().doOnSubscribe((subscription) -> subscribed.incrementAndGet()));
		LateExchange late = new LateExchange();
		this.exchange.then(late);
		TestSubscriber<ClientResponse> caller = caller();
		caller.cancel();
		late.answer(rejection);
		assertThat(subscribed).hasValue(1);
		assertThat(this.exchange.sent()).hasSize(1);
		assertThat(caller.getReceivedOnNext()).isEmpty();
		assertThat(caller.isTerminated()).isFalse();
	}

	@Test
	@Tag("RJ-5")
	void cancelWhenThe401IsOnItsWayAndItsBodyBreaksOffThenNobodyIsToldOfIt() {
		held();
		LateExchange late = new LateExchange();
		this.exchange.then(late);
		caller().cancel();
		try (DroppedErrors dropped = new DroppedErrors()) {
			late.answer(unauthorized(Flux.error(new IllegalStateException("reset"))));
			assertThat(dropped.errors()).isEmpty();
		}
	}

	@Test
	@Tag("RJ-5")
	void cancelWhenTheTokenIsBeingReplacedThenTheBodyIsReleasedAndNothingIsSent() {
		held();
		TestSubscriber<ClientResponse> caller = TestSubscriber.create();
		this.issuer = (request) -> Mono.fromSupplier(() -> {
			caller.cancel();
			return nextToken();
		});
		this.exchange.then(Mono.just(unauthorized()));
		mono().subscribe(caller);
		assertThat(this.released).hasValue(1);
		assertThat(this.exchange.sent()).hasSize(1);
		assertThat(caller.isTerminated()).isFalse();
	}

	@Test
	@Tag("RJ-1")
	void cancelWhenTheFirstExchangeRunsThenItIsCancelled() {
		held();
		AtomicInteger cancelled = new AtomicInteger();
		this.exchange.then(Mono.<ClientResponse>never().doOnCancel(cancelled::incrementAndGet));
		TestSubscriber<ClientResponse> caller = caller();
		caller.cancel();
		caller.cancel();
		assertThat(cancelled).hasValue(1);
	}

	@Test
	@Tag("RJ-1")
	void cancelWhenTheSecondExchangeRunsThenItIsCancelled() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.exchange.then(Mono.just(unauthorized()))
			.then(Mono.<ClientResponse>never().doOnCancel(() -> cancelled.set(true)));
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(this.exchange.sent()).hasSize(2);
		caller.cancel();
		assertThat(cancelled).isTrue();
	}

	@Test
	@Tag("SF-2")
	void cancelWhenItWaitsForTheNextTokenThenTheFlightGoesOn() {
		Sinks.One<TokenSet> answer = Sinks.one();
		held();
		this.issuer = (request) -> answer.asMono();
		this.exchange.then(Mono.just(unauthorized()));
		TestSubscriber<ClientResponse> caller = caller();
		caller.cancel();
		answer.tryEmitValue(nextToken());
		assertThat(this.exchange.sent()).hasSize(1);
		assertThat(held().accessToken().value()).isEqualTo("t2");
	}

	@ParameterizedTest
	@Tag("RJ-1")
	@ValueSource(booleans = { true, false })
	void subscribeWhenTheFirstExchangeFailsThenTheCallerSeesIt(boolean tokenIsHeld) {
		if (tokenIsHeld) {
			held();
		}
		this.exchange.then(Mono.error(new IllegalStateException("connection refused")));
		assertThat(caller().expectTerminalError()).hasMessage("connection refused");
		assertThat(this.exchange.sent()).hasSize(1);
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenTheSecondExchangeFailsThenTheCallerSeesIt() {
		this.exchange.then(Mono.just(unauthorized()))
			.then(Mono.error(new IllegalStateException("connection refused")))
			.then(Mono.just(ok()));
		assertThat(caller().expectTerminalError()).hasMessage("connection refused");
		assertThat(this.exchange.sent()).hasSize(2);
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenTheExchangeFailsAfterThe401ThenTheSecondAnswerCounts() {
		held();
		LateExchange first = new LateExchange();
		this.exchange.then(first).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = caller();
		first.answer(unauthorized());
		try (DroppedErrors dropped = new DroppedErrors()) {
			first.fail(new IllegalStateException("reset"));
			assertThat(dropped.errors()).singleElement().hasToString("java.lang.IllegalStateException: reset");
		}
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(caller.getProtocolErrors()).isEmpty();
	}

	@ParameterizedTest
	@Tag("RJ-1")
	@ValueSource(booleans = { true, false })
	void subscribeWhenTheExchangeIsEmptyThenCompletes(boolean rejectedBefore) {
		held();
		if (rejectedBefore) {
			this.exchange.then(Mono.just(unauthorized()));
		}
		this.exchange.then(Mono.empty());
		TestSubscriber<ClientResponse> caller = caller();
		assertThat(caller.isTerminatedComplete()).isTrue();
		assertThat(caller.getReceivedOnNext()).isEmpty();
	}

	@ParameterizedTest
	@Tag("FP-6")
	@ValueSource(booleans = { true, false })
	void subscribeWhenTheExchangeThrowsThenTheCallerSeesIt(boolean tokenIsHeld) {
		if (tokenIsHeld) {
			held();
		}
		this.exchange.thenThrow(new IllegalStateException("at assembly"));
		TestSubscriber<ClientResponse> caller = TestSubscriber.create();
		assertThatCode(() -> mono().subscribe(caller)).doesNotThrowAnyException();
		assertThat(caller.expectTerminalError()).hasMessage("at assembly");
		assertThat(caller.getProtocolErrors()).isEmpty();
	}

	@Test
	@Tag("RJ-1")
	void subscribeWhenTheSecondExchangeThrowsThenTheCallerSeesIt() {
		this.exchange.then(Mono.just(unauthorized())).thenThrow(new IllegalStateException("at assembly"));
		assertThat(caller().expectTerminalError()).hasMessage("at assembly");
	}

	@Test
	@Tag("SF-2")
	void subscribeWhenTheExchangeOfOneCallerThrowsThenTheOthersGetTheirTokens() {
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer = (request) -> answer.asMono();
		this.exchange.thenThrow(new IllegalStateException("at assembly")).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> first = caller();
		TestSubscriber<ClientResponse> second = caller();
		answer.tryEmitValue(nextToken());
		assertThat(first.expectTerminalError()).hasMessage("at assembly");
		assertThat(statusOf(second)).isEqualTo(HttpStatus.OK);
	}

	@Test
	@Tag("FP-6")
	void subscribeWhenNoTokenCanBeHadThenIsNotSent() {
		this.issuer = (request) -> Mono.error(new IllegalStateException("down"));
		assertThat(caller().expectTerminalError()).isInstanceOf(TransientTokenException.class);
		assertThat(this.exchange.sent()).isEmpty();
	}

	@Test
	@Tag("FP-6")
	void subscribeWhenNoSecondTokenCanBeHadThenFailsWithTheReason() {
		held();
		this.issuer = (request) -> Mono.error(new IllegalStateException("down"));
		this.exchange.then(Mono.just(unauthorized()));
		assertThat(caller().expectTerminalError()).isInstanceOf(TransientTokenException.class);
		assertThat(this.exchange.sent()).hasSize(1);
		assertThat(this.released).hasValue(1);
	}

	@ParameterizedTest
	@Tag("RJ-1")
	@ValueSource(booleans = { true, false })
	void requestWhenThereIsNoDemandThenTheAnswerWaits(boolean tokenIsHeld) {
		if (tokenIsHeld) {
			held();
		}
		this.exchange.then(Mono.just(unauthorized())).then(Mono.just(ok()));
		TestSubscriber<ClientResponse> caller = TestSubscriber.builder().initialRequest(0).build();
		mono().subscribe(caller);
		assertThat(caller.getReceivedOnNext()).isEmpty();
		assertThat(this.tokens).hasValue(1);
		caller.request(1);
		assertThat(statusOf(caller)).isEqualTo(HttpStatus.OK);
		assertThat(caller.getProtocolErrors()).isEmpty();
	}

	@Test
	@Tag("RJ-6")
	void subscribeThenAnAnswerOtherThanA401OrAnErrorAcceptsTheToken() {
		this.exchange.then(Mono.just(response(503)))
			.then(Mono.just(unauthorized()))
			.then(Mono.just(response(500)))
			.then(Mono.just(unauthorized()));
		caller();
		caller();
		assertThat(statusOf(caller())).as("t2 was never accepted").isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(this.tokens).hasValue(2);
	}

	@ParameterizedTest
	@Tag("RJ-6")
	@ValueSource(booleans = { true, false })
	void subscribeWhenTheReplacementWasAcceptedThenItIsReplacedInItsTurn(boolean bySecondAttempt) {
		this.exchange.then(Mono.just(unauthorized()))
			.then(Mono.just(response(bySecondAttempt ? 404 : 503)))
			.then(Mono.just(response(bySecondAttempt ? 503 : 404)))
			.then(Mono.just(unauthorized()))
			.then(Mono.just(ok()));
		caller();
		caller();
		assertThat(statusOf(caller())).isEqualTo(HttpStatus.OK);
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", "Bearer t2", "Bearer t2", "Bearer t2",
				"Bearer t3");
	}

	/**
	 * A 403 that asks for a stronger login, as one that asks for more scope, says that
	 * the token as such is accepted; a 401 that does says nothing of the kind.
	 */
	@ParameterizedTest
	@Tag("RJ-6")
	@Tag("RJ-4")
	@CsvSource({ "403, insufficient_user_authentication, 200", "403, insufficient_scope, 200",
			"401, insufficient_user_authentication, 401", "401, insufficient_scope, 401" })
	void subscribeWhenTheReplacementIsRefusedForAnotherReasonThenAForbiddenAcceptsIt(int status, String error,
			int last) {
		this.exchange.then(Mono.just(unauthorized()))
			.then(Mono.just(ClientResponse.create(HttpStatus.valueOf(status))
				.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=" + error)
				.build()))
			.then(Mono.just(unauthorized()))
			.then(Mono.just(ok()));
		caller();
		assertThat(statusOf(caller()).value()).isEqualTo(last);
	}

	@Test
	@Tag("RJ-6")
	void subscribeWhenTheSecondAttemptIsRejectedTooThenTheKeyIsBarred() {
		this.exchange.then(Mono.just(unauthorized()))
			.then(Mono.just(unauthorized()))
			.then(Mono.just(ok()))
			.then(Mono.just(unauthorized()))
			.then(Mono.just(ok()));
		assertThat(statusOf(caller())).isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(statusOf(caller())).isEqualTo(HttpStatus.OK);
		assertThat(statusOf(caller())).isEqualTo(HttpStatus.UNAUTHORIZED);
		assertThat(this.exchange.sent()).containsExactly("Bearer t1", "Bearer t2", "Bearer t2", "Bearer t2");
	}

	@ParameterizedTest
	@Tag("SF-7")
	@ValueSource(booleans = { true, false })
	void subscribeWithinTheIssuersCallThenIsSentWithoutATokenUnlessItNamesTheClient(boolean clientNamed) {
		this.exchange.then(Mono.just(ok()));
		ClientRequest own = clientNamed
				? ClientRequest.from(this.request).attributes(TokenAttributes.client("inventory")).build()
				: this.request;
		this.issuer = (request) -> new TokenExchangeMono(new LifecycleTokens(lifecycle()), own, this.exchange,
				RejectionPolicy.standard(), null)
			.map((response) -> nextToken());
		TestSubscriber<HeldToken> caller = TestSubscriber.create();
		lifecycle().token().subscribe(caller);
		if (clientNamed) {
			assertThat(caller.expectTerminalError()).rootCause().isInstanceOf(IllegalStateException.class);
			assertThat(this.exchange.sent()).isEmpty();
		}
		else {
			assertThat(caller.isTerminatedComplete()).isTrue();
			assertThat(this.exchange.sent()).containsExactly("none");
		}
	}

	private TokenLifecycle lifecycle() {
		return this.manager.lifecycle(KEY);
	}

	private HeldToken held() {
		HeldToken held = lifecycle().token().block(LIMIT);
		assertThat(held).isNotNull();
		return held;
	}

	private TokenSet nextToken() {
		return TokenSet.withAccessToken("t" + this.tokens.incrementAndGet()).expiresIn(Duration.ofHours(1)).build();
	}

	private Mono<ClientResponse> mono() {
		return mono((Duration) null);
	}

	private Mono<ClientResponse> mono(RejectionPolicy policy) {
		return mono(policy, null);
	}

	private Mono<ClientResponse> mono(@Nullable Duration expectedDuration) {
		return mono(RejectionPolicy.standard(), expectedDuration);
	}

	private Mono<ClientResponse> mono(RejectionPolicy policy, @Nullable Duration expectedDuration) {
		return new TokenExchangeMono(new LifecycleTokens(lifecycle()), this.request, this.exchange,
				new WarningRejectionPolicy(policy, new AtomicBoolean(), LIMIT), expectedDuration);
	}

	private TestSubscriber<ClientResponse> caller() {
		return caller(mono());
	}

	private static TestSubscriber<ClientResponse> caller(Mono<ClientResponse> mono) {
		TestSubscriber<ClientResponse> caller = TestSubscriber.create();
		mono.subscribe(caller);
		return caller;
	}

	private static HttpStatus statusOf(TestSubscriber<ClientResponse> caller) {
		assertThat(caller.isTerminatedComplete()).as("completed").isTrue();
		assertThat(caller.getReceivedOnNext()).hasSize(1);
		return HttpStatus.valueOf(caller.getReceivedOnNext().get(0).statusCode().value());
	}

	private static ClientResponse ok() {
		return response(200);
	}

	private static ClientResponse response(int status) {
		return ClientResponse.create(HttpStatus.valueOf(status)).build();
	}

	private ClientResponse unauthorized() {
		DataBuffer buffer = DefaultDataBufferFactory.sharedInstance.wrap("no".getBytes(StandardCharsets.UTF_8));
		return unauthorized(Flux.just(buffer).doOnComplete(this.released::incrementAndGet));
	}

	private static ClientResponse unauthorized(Flux<DataBuffer> body) {
		return ClientResponse.create(HttpStatus.UNAUTHORIZED).body(body).build();
	}

	/**
	 * Answers what it was told to, in this order, and remembers what it was sent.
	 */
	private static final class ScriptedExchange implements ExchangeFunction {

		private final Queue<Supplier<Mono<ClientResponse>>> script = new ArrayDeque<>();

		private final List<String> sent = new ArrayList<>();

		ScriptedExchange then(Mono<ClientResponse> answer) {
			this.script.add(() -> answer);
			return this;
		}

		ScriptedExchange thenThrow(RuntimeException ex) {
			this.script.add(() -> {
				throw ex;
			});
			return this;
		}

		List<String> sent() {
			return this.sent;
		}

		@Override
		public Mono<ClientResponse> exchange(ClientRequest request) {
			String authorization = request.headers().getFirst(HttpHeaders.AUTHORIZATION);
			this.sent.add((authorization != null) ? authorization : "none");
			return this.script.remove().get();
		}

	}

	/**
	 * An exchange whose signals come even after a cancellation, as those may that were on
	 * their way.
	 */
	private static final class LateExchange extends Mono<ClientResponse> {

		private CoreSubscriber<? super ClientResponse> subscriber;

		@Override
		public void subscribe(CoreSubscriber<? super ClientResponse> actual) {
			this.subscriber = actual;
			actual.onSubscribe(Operators.emptySubscription());
		}

		void answer(ClientResponse response) {
			this.subscriber.onNext(response);
		}

		void fail(Throwable ex) {
			this.subscriber.onError(ex);
		}

	}

}
