package io.github.evertoken.grpc;

import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import com.google.common.util.concurrent.ListenableFuture;
import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.Fault;
import io.github.evertoken.test.server.ReceivedRequest;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.scheduler.Schedulers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Calls of a real gRPC channel to a real server. The tokens are {@code t1}, {@code t2}
 * and so on.
 */
class TokenCallScenarioTests {

	@RegisterExtension
	private final AuthorizationServer tokens = AuthorizationServer.forClients("inventory");

	private final Stock stock = new Stock(this.tokens);

	private final DefaultTokenManager manager = Managers.of(this.tokens, "inventory", "secure");

	private final TokenCallCredentials credentials = new TokenCallCredentials(TokenExchangeFilterFunction
		.builder(this.manager,
				ClientSelector.builder()
					.add(BaseUrl.of("http://127.0.0.1:" + this.stock.port() + "/inventory.Stock"), "inventory")
					.add(BaseUrl.of("https://127.0.0.1:" + this.stock.port()), "secure")
					.build())
		.build());

	private final ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", this.stock.port())
		.usePlaintext()
		.intercept(new TokenClientInterceptor(this.credentials))
		.build();

	private final List<ManagedChannel> channels = new CopyOnWriteArrayList<>();

	@AfterEach
	void stop() {
		this.channels.forEach(ManagedChannel::shutdownNow);
		this.channel.shutdownNow();
		this.stock.close();
		this.manager.close();
	}

	private String get(String message) {
		return get(message, CallOptions.DEFAULT);
	}

	private String get(String message, CallOptions options) {
		return ClientCalls.blockingUnaryCall(this.channel, Stock.GET, options, message);
	}

	private static Status failure(ThrowingCallable call) {
		return catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
	}

	@Test
	@Tag("GR-1")
	void callThenCarriesTheTokenThatAllHave() {
		assertThat(get("one")).isEqualTo("Bearer t1 one");
		assertThat(get("two")).isEqualTo("Bearer t1 two");
		assertThat(this.tokens).issuedAccessTokens(1);
	}

	@Test
	@Tag("GR-1")
	void callWhenItSaysMoreOfItsTokenThenThatCounts() {
		CallOptions alice = alice();
		assertThat(get("one", alice)).isEqualTo("Bearer t1 one");
		this.stock.refuse("Bearer t1");
		assertThat(get("two", alice)).isEqualTo("Bearer t2 two");
		assertThat(this.tokens.requests(Endpoint.TOKEN)).extracting(ReceivedRequest::subject)
			.containsExactly("alice", "alice");
	}

	/**
	 * Log somebody in.
	 */
	private CallOptions alice() {
		this.manager
			.put(TokenKey.of("inventory", "alice"),
					TokenSet.withRefreshToken(this.tokens.newSession("inventory", "alice")).build())
			.block(Duration.ofMinutes(1));
		return CallOptions.DEFAULT.withCallCredentials(this.credentials.attributes(TokenAttributes.subject("alice")));
	}

	@Test
	@Tag("GR-1")
	void callWhenTheTokenMustNotGoThereThenFailsAndIsNotSent() {
		Status status = failure(() -> get("secret", CallOptions.DEFAULT
			.withCallCredentials(this.credentials.attributes(TokenAttributes.client("secure")))));
		assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(status.getDescription()).contains("evertoken.clients.secure.origins");
		assertThat(this.stock.shown()).isEmpty();
		assertThat(this.tokens).issuedAccessTokens(0);
	}

	@Test
	@Tag("GR-1")
	void callWhenNoTokenCanBeHadThenFailsWithWhyAndIsNotSent() {
		this.tokens.disturb(Fault.status(503));
		Status status = failure(() -> get("one"));
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getCause()).isInstanceOf(TransientTokenException.class);
		assertThat(this.stock.shown()).isEmpty();
	}

	@Test
	@Tag("GR-1")
	void callWhenItHasOtherCredentialsThenIsLeftAsItIs() {
		CallCredentials own = new CallCredentials() {

			@Override
			public void applyRequestMetadata(RequestInfo call, java.util.concurrent.Executor executor,
					MetadataApplier applier) {
				Metadata headers = new Metadata();
				headers.put(Stock.AUTHORIZATION, "Bearer own");
				applier.apply(headers);
			}

		};
		this.stock.refuse("Bearer own");
		assertThat(failure(() -> get("one", CallOptions.DEFAULT.withCallCredentials(own))).getCode())
			.isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(this.stock.shown()).containsExactly("Bearer own");
	}

	@Test
	@Tag("GR-1")
	void callWhenItHasCredentialsAndNoInterceptorThenCarriesTheToken() {
		ManagedChannel plain = NettyChannelBuilder.forAddress("127.0.0.1", this.stock.port()).usePlaintext().build();
		CallOptions options = CallOptions.DEFAULT.withCallCredentials(this.credentials);
		assertThat(ClientCalls.blockingUnaryCall(plain, Stock.GET, options, "one")).isEqualTo("Bearer t1 one");
		this.stock.refuse("all");
		assertThat(failure(() -> ClientCalls.blockingUnaryCall(plain, Stock.GET, options, "two")).getCode())
			.isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(this.stock.shown()).hasSize(2);
		plain.shutdownNow();
	}

	@Test
	@Tag("GR-2")
	void callWhenItsTokenIsRefusedThenIsMadeOnceMoreWithTheNext() {
		get("one");
		this.stock.refuse("Bearer t1");
		assertThat(get("two")).isEqualTo("Bearer t2 two");
		assertThat(this.stock.shown()).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
		assertThat(this.stock.received()).containsExactly("one", "two");
	}

	@Test
	@Tag("GR-2")
	void callWhenTheSecondTokenIsRefusedTooThenTheSecondAnswerPassesOn() {
		get("one");
		this.stock.refuse("all");
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> get("two"));
		assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(failure.getStatus().getDescription()).isEqualTo("refused");
		assertThat(failure.getTrailers().get(Stock.CHALLENGE)).isEqualTo("Bearer error=\"invalid_token\"");
		assertThat(this.stock.shown()).hasSize(3);
	}

	@Test
	@Tag("GR-2")
	void callsWhenAcceptedTokensAreRefusedLaterThenEachIsReplaced() {
		for (int i = 1; i <= 3; i++) {
			assertThat(get("one")).isEqualTo("Bearer t" + i + " one");
			this.stock.refuse("Bearer t" + i);
		}
	}

	@Test
	@Tag("GR-2")
	void callsWhenEveryTokenIsRefusedThenCauseNoStorm() {
		this.stock.refuse("all");
		for (int i = 0; i < 10; i++) {
			failure(() -> get("one"));
		}
		assertThat(this.tokens.issuedAccessTokens()).isLessThanOrEqualTo(2);
		assertThat(this.stock.shown()).hasSizeLessThanOrEqualTo(11);
	}

	@Test
	@Tag("GR-2")
	void callsWhenTheirTokenIsRevokedUnderThemThenNoneFailsAndOneRenewal() {
		get("one");
		this.stock.refuse("Bearer t1");
		List<ListenableFuture<String>> answers = IntStream.range(0, 50)
			.mapToObj((i) -> ClientCalls.futureUnaryCall(this.channel.newCall(Stock.GET, CallOptions.DEFAULT), "m" + i))
			.toList();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.get(1, TimeUnit.MINUTES)).startsWith("Bearer t2"));
		assertThat(this.tokens).issuedAccessTokens(2);
		assertThat(this.stock.received()).hasSize(51);
	}

	@Test
	@Tag("GR-2")
	void callWhenTheScopeIsInsufficientThenPassesOnAndTheTokenStays() {
		this.stock.refuse("all");
		this.stock.refuseWith(Status.UNAUTHENTICATED, "Bearer error=\"insufficient_scope\"");
		assertThat(failure(() -> get("one")).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		this.stock.refuseWith(Status.PERMISSION_DENIED, "Bearer error=\"insufficient_scope\"");
		assertThat(failure(() -> get("two")).getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
		assertThat(this.stock.shown()).containsExactly("Bearer t1", "Bearer t1");
	}

	@Test
	@Tag("GR-2")
	void callWhenItWasAnsweredBeforeItWasRefusedThenIsNotMadeAgain() {
		this.stock.answerFirst();
		this.stock.refuse("all");
		assertThat(failure(() -> get("one")).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(this.stock.shown()).hasSize(1);
	}

	@Test
	@Tag("GR-2")
	void callWhenTheNextTokenCannotBeHadThenFailsWithWhy() {
		this.manager.token(TokenKey.of("inventory")).block(Duration.ofMinutes(1));
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.refused("invalid_client"));
		Status status = failure(() -> get("two"));
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(status.getCause()).isInstanceOf(TokenRefusedException.class);
		assertThat(this.stock.shown()).hasSize(1);
	}

	@Test
	@Tag("GR-2")
	void callWhenTheRenewalIsRefusedThenTheSecondAnswerSaysWhyThereIsNoOtherToken() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.refused("invalid_client"));
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> get("two"));
		assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(failure.getStatus().getDescription()).isEqualTo("refused");
		assertThat(failure).hasCauseInstanceOf(TokenRefusedException.class);
		assertThat(failure.getCause()).hasMessageContaining("invalid_client");
		assertThat(failure.getTrailers().get(Stock.CHALLENGE)).isEqualTo("Bearer error=\"invalid_token\"");
		assertThat(this.stock.shown()).containsExactly("Bearer t1", "Bearer t1", "Bearer t1");
	}

	@Test
	@Tag("GR-2")
	void callWhenTheRenewalOfASubjectFailsThenTheSecondAnswerSaysWhyThereIsNoOtherToken() {
		CallOptions alice = alice();
		get("one", alice);
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.status(503));
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, () -> get("two", alice));
		assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(failure).hasCauseInstanceOf(TransientTokenException.class);
		assertThat(failure.getCause()).hasMessageContaining("'alice'").hasMessageContaining("503");
	}

	@Test
	@Tag("GR-2")
	void callWhenSomebodyMustLogInAgainThenFailsWithThatAndIsNotMadeAgain() {
		CallOptions alice = alice();
		get("one", alice);
		this.stock.refuse("Bearer t1");
		this.tokens.endSessions();
		Status status = failure(() -> get("two", alice));
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(status.getCause()).isInstanceOf(ReauthenticationRequiredException.class);
		assertThat(this.stock.shown()).containsExactly("Bearer t1", "Bearer t1");
	}

	@Test
	@Tag("GR-2")
	void callWhenARefusedTokenIsAcceptedAgainThenIsAnswered() {
		get("one");
		this.stock.refuseOnce("Bearer t1");
		this.tokens.disturb(Fault.refused("invalid_client"));
		assertThat(get("two")).isEqualTo("Bearer t1 two");
	}

	@Test
	@Tag("GR-3")
	void streamWhenItsTokenIsRefusedThenIsNotMadeAgainAndTheNextHasAnother() {
		assertThat(watch("one").next()).isEqualTo("Bearer t1 one");
		this.stock.refuse("Bearer t1");
		assertThat(failure(() -> watch("two").next()).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(this.stock.shown()).hasSize(2);
		assertThat(watch("three").next()).isEqualTo("Bearer t2 three");
	}

	@Test
	@Tag("GR-3")
	void talkWhenItsTokenIsRefusedThenIsNotMadeAgainAndTheNextHasAnother() {
		assertThat(talk().received).containsExactly("a", "b");
		this.stock.refuse("Bearer t1");
		assertThat(Status.fromThrowable(talk().failure).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(this.stock.shown()).hasSize(2);
		assertThat(talk().received).containsExactly("a", "b");
		assertThat(this.stock.shown()).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
	}

	private Iterator<String> watch(String message) {
		return ClientCalls.blockingServerStreamingCall(this.channel, Stock.WATCH, CallOptions.DEFAULT, message);
	}

	private Talk talk() {
		Talk talk = new Talk();
		StreamObserver<String> messages = ClientCalls
			.asyncBidiStreamingCall(this.channel.newCall(Stock.TALK, CallOptions.DEFAULT), talk);
		messages.onNext("a");
		messages.onNext("b");
		messages.onCompleted();
		assertThat(talk.ended).succeedsWithin(60, TimeUnit.SECONDS);
		return talk;
	}

	@Test
	@Tag("GR-4")
	void callWhenItsDeadlinePassesBetweenTheAttemptsThenEnds() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.hanging());
		Status status = failure(() -> get("two", CallOptions.DEFAULT.withDeadlineAfter(3, TimeUnit.SECONDS)));
		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
	}

	@Test
	@Tag("GR-4")
	void callWhenItIsCancelledBetweenTheAttemptsThenEnds() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.hanging());
		Talk answers = new Talk();
		io.grpc.ClientCall<String, String> call = this.channel.newCall(Stock.GET, CallOptions.DEFAULT);
		ClientCalls.asyncUnaryCall(call, "two", answers);
		Awaitility.await().untilAsserted(() -> assertThat(this.tokens).receivedTokenRequests(2));
		call.cancel("planted", null);
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(Status.fromThrowable(answers.failure).getCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	@Tag("GR-4")
	void callWhenItIsCancelledWhileItWaitsForItsTokenThenEnds() {
		this.tokens.disturb(Fault.hanging());
		Talk answers = new Talk();
		io.grpc.ClientCall<String, String> call = this.channel.newCall(Stock.GET, CallOptions.DEFAULT);
		ClientCalls.asyncUnaryCall(call, "one", answers);
		Awaitility.await().untilAsserted(() -> assertThat(this.tokens).receivedTokenRequests(1));
		call.cancel("planted", null);
		Awaitility.await().until(answers.ended::isDone);
		assertThat(this.stock.shown()).isEmpty();
	}

	@Test
	@Tag("GR-4")
	void callWhenItIsCancelledWhileItWaitsForItsTokenThenNobodyWaitsAnyMore() {
		this.tokens.disturb(Fault.hanging());
		Talk answers = new Talk();
		io.grpc.ClientCall<String, String> call = this.channel.newCall(Stock.GET, CallOptions.DEFAULT);
		ClientCalls.asyncUnaryCall(call, "one", answers);
		Awaitility.await().until(() -> this.manager.status("inventory").waiting() == 1);
		call.cancel("planted", null);
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		Awaitility.await().until(() -> this.manager.status("inventory").waiting() == 0);
	}

	@Test
	@Tag("GR-4")
	void callWhenItIsMadeOnceMoreThenIsInTheContextOfItsCallerStill() {
		Context.Key<String> key = Context.key("caller");
		List<String> seen = new CopyOnWriteArrayList<>();
		Channel observed = ClientInterceptors.intercept(observed((call) -> seen.add("attempt of " + key.get())),
				new TokenClientInterceptor(this.credentials));
		get("one");
		this.stock.refuse("Bearer t1");
		Talk answers = new Talk() {

			@Override
			public void onNext(String message) {
				seen.add("answer to " + key.get());
				super.onNext(message);
			}

		};
		Context.current()
			.withValue(key, "alice")
			.run(() -> ClientCalls.asyncUnaryCall(observed.newCall(Stock.GET, CallOptions.DEFAULT), "two", answers));
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(answers.received).containsExactly("Bearer t2 two");
		assertThat(seen).containsExactly("attempt of alice", "attempt of alice", "answer to alice");
	}

	/**
	 * Return a channel that shows each attempt.
	 */
	private Channel observed(Consumer<MethodDescriptor<?, ?>> observer) {
		ManagedChannel plain = NettyChannelBuilder.forAddress("127.0.0.1", this.stock.port()).usePlaintext().build();
		this.channels.add(plain);
		return ClientInterceptors.intercept(plain, new ClientInterceptor() {

			@Override
			public <Q, R> io.grpc.ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options,
					Channel next) {
				observer.accept(method);
				return next.newCall(method, options);
			}

		});
	}

	@Test
	@Tag("GR-4")
	void callWhenItsContextIsCancelledBetweenTheAttemptsThenEnds() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.hanging());
		Talk answers = new Talk();
		CancellableContext context = Context.current().withCancellation();
		context.run(
				() -> ClientCalls.asyncUnaryCall(this.channel.newCall(Stock.GET, CallOptions.DEFAULT), "two", answers));
		Awaitility.await().untilAsserted(() -> assertThat(this.tokens).receivedTokenRequests(2));
		context.cancel(new IllegalStateException("planted"));
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(Status.fromThrowable(answers.failure).getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(answers.failure).hasRootCauseMessage("planted");
	}

	@Test
	@Tag("GR-4")
	void callWhenTheDeadlineOfItsContextPassesBetweenTheAttemptsThenEnds() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.hanging());
		Talk answers = new Talk();
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		Context.current()
			.withDeadlineAfter(3, TimeUnit.SECONDS, timer)
			.run(() -> ClientCalls.asyncUnaryCall(this.channel.newCall(Stock.GET, CallOptions.DEFAULT), "two",
					answers));
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(Status.fromThrowable(answers.failure).getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		timer.shutdownNow();
	}

	@Test
	@Tag("GR-4")
	void callWhenItEndsBetweenTheAttemptsThenItsListenerMayBlock() {
		AtomicReference<Boolean> mustNotBlock = new AtomicReference<>();
		CallOptions alice = alice();
		get("one", alice);
		this.stock.refuse("Bearer t1");
		this.tokens.endSessions();
		Talk answers = new Talk() {

			@Override
			public void onError(Throwable ex) {
				mustNotBlock.set(Schedulers.isInNonBlockingThread());
				super.onError(ex);
			}

		};
		ClientCalls.asyncUnaryCall(this.channel.newCall(Stock.GET, alice), "two", answers);
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(answers.failure).hasCauseInstanceOf(ReauthenticationRequiredException.class);
		assertThat(mustNotBlock).hasValue(false);
	}

	@Test
	@Tag("GR-2")
	void callWhenTheSecondAttemptCannotBeMadeThenFailsWithWhy() {
		AtomicInteger attempts = new AtomicInteger();
		Channel observed = ClientInterceptors.intercept(observed((call) -> {
			if (attempts.incrementAndGet() == 2) {
				throw new IllegalStateException("planted");
			}
		}), new TokenClientInterceptor(this.credentials));
		get("one");
		this.stock.refuse("Bearer t1");
		StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class,
				() -> ClientCalls.blockingUnaryCall(observed, Stock.GET,
						CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS), "two"));
		assertThat(failure).hasRootCauseMessage("planted");
		assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
	}

	/**
	 * A listener that waits for another thread which looks at the call.
	 */
	@Test
	@Tag("GR-4")
	void callWhenItIsAnsweredByTheThreadThatMakesItThenItsListenerHoldsNobodyUp() {
		Stock near = new Stock(this.tokens, "near");
		TokenCallCredentials toNear = new TokenCallCredentials(new TokenExchangeFilterFunction(this.manager,
				ClientSelector.builder().add(BaseUrl.of("https://localhost"), "inventory").build()));
		ManagedChannel direct = InProcessChannelBuilder.forName("near")
			.directExecutor()
			.intercept(new TokenClientInterceptor(toNear))
			.build();
		this.channels.add(direct);
		assertThat(ClientCalls.blockingUnaryCall(direct, Stock.GET, CallOptions.DEFAULT, "one"))
			.isEqualTo("Bearer t1 one");
		near.refuse("Bearer t1");
		io.grpc.ClientCall<String, String> call = direct.newCall(Stock.GET, CallOptions.DEFAULT);
		AtomicReference<Boolean> seen = new AtomicReference<>();
		Talk answers = new Talk() {

			@Override
			public void onNext(String message) {
				CompletableFuture<Boolean> looked = CompletableFuture.supplyAsync(call::isReady);
				seen.set(looked.handle((ready, ex) -> true).completeOnTimeout(false, 20, TimeUnit.SECONDS).join());
				super.onNext(message);
			}

		};
		ClientCalls.asyncUnaryCall(call, "two", answers);
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(answers.received).containsExactly("Bearer t2 two");
		assertThat(seen).hasValue(true);
		near.close();
	}

	@Test
	@Tag("GR-4")
	void callWhenItsChannelIsShutDownBetweenTheAttemptsThenEnds() {
		get("one");
		this.stock.refuse("Bearer t1");
		this.tokens.disturb(Fault.slow(Duration.ofSeconds(1)));
		Talk answers = new Talk();
		ClientCalls.asyncUnaryCall(this.channel.newCall(Stock.GET, CallOptions.DEFAULT), "two", answers);
		Awaitility.await().untilAsserted(() -> assertThat(this.tokens).receivedTokenRequests(2));
		this.channel.shutdownNow();
		assertThat(answers.ended).succeedsWithin(60, TimeUnit.SECONDS);
		assertThat(Status.fromThrowable(answers.failure).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	/**
	 * Takes what a call is answered.
	 */
	private static class Talk implements StreamObserver<String> {

		private final List<String> received = new CopyOnWriteArrayList<>();

		private final CompletableFuture<Void> ended = new CompletableFuture<>();

		volatile Throwable failure;

		@Override
		public void onNext(String message) {
			this.received.add(message);
		}

		@Override
		public void onError(Throwable ex) {
			this.failure = ex;
			this.ended.complete(null);
		}

		@Override
		public void onCompleted() {
			this.ended.complete(null);
		}

	}

}
