package io.github.evertoken.web;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.evertoken.TokenEvent.Rejected;
import io.netty.buffer.PooledByteBufAllocator;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import mockwebserver3.junit5.StartStop;
import okio.ByteString;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientRequestException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Stories of request bodies that are sent twice, and of those that cannot be, over real
 * HTTP and with each connector. The resource is a {@code MockWebServer}, which keeps what
 * has come byte for byte.
 */
@Tag("RJ-7")
class BodyScenarioTests {

	private static final Duration LIMIT = Duration.ofMinutes(1);

	private static final String LONG_TEXT = "0123456789abcdef, \u00e9\u20ac\r\n".repeat(10_000);

	private static final String POOLED = "a pooled buffer";

	private static final Set<Object> COPYING = Set.of(Connector.JDK, Connector.APACHE);

	@TempDir
	static Path directory;

	@StartStop
	private final MockWebServer server = new MockWebServer();

	private RefusingFixture fixture;

	@BeforeEach
	void open() {
		this.fixture = new RefusingFixture(this.server).patientWithBodies();
	}

	@AfterEach
	void close() {
		this.fixture.close();
	}

	private WebClient webClient(Connector connector) {
		return this.fixture.webClient(connector.webClient(), RejectionPolicy.standard());
	}

	private static Mono<ResponseEntity<String>> post(WebClient webClient,
			BodyInserter<?, ? super ClientHttpRequest> body, Consumer<Map<String, Object>> attributes) {
		return webClient.post()
			.uri("/items")
			.attributes(attributes)
			.body(body)
			.exchangeToMono((response) -> response.toEntity(String.class));
	}

	private static ResponseEntity<String> post(WebClient webClient, BodyInserter<?, ? super ClientHttpRequest> body) {
		return post(webClient, body, (attributes) -> {
		}).block(LIMIT);
	}

	private void answerWithA401() {
		this.fixture.answer(401, "expired!", "Bearer error=\"invalid_token\"");
	}

	// Bodies that can be sent again

	static Stream<Arguments> repeatableBodies() throws Exception {
		Path file = Files.writeString(directory.resolve("upload.txt"), LONG_TEXT);
		MultipartBodyBuilder parts = new MultipartBodyBuilder();
		parts.part("text", "a, b");
		parts.part("file", new FileSystemResource(file));
		parts.asyncPart("chunks", Flux.just("c", "d").delayElements(Duration.ofMillis(5)), String.class);
		MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
		form.add("name", "a&b=c \u00e9");
		Map<String, BodyInserter<?, ? super ClientHttpRequest>> bodies = Map.of( //
				"nothing", BodyInserters.empty(), //
				"a value in memory", BodyInserters.fromValue(LONG_TEXT), //
				"a resource in memory",
				BodyInserters.fromResource(new ByteArrayResource(LONG_TEXT.getBytes(StandardCharsets.UTF_8))), //
				"a file", BodyInserters.fromResource(new FileSystemResource(file)), //
				"a form", BodyInserters.fromFormData(form), //
				"a multipart form", BodyInserters.fromMultipartData(parts.build()), //
				"a cold publisher",
				BodyInserters.fromPublisher(Flux.range(0, 500)
					.map((i) -> LONG_TEXT.substring(i, i + 50))
					.delayElements(Duration.ofNanos(100)), String.class),
				"cold pieces", flushed(Flux.just(Flux.range(0, 20).map((i) -> buffer("a" + i)))), //
				"cold buffers", BodyInserters
					.fromDataBuffers(DataBufferUtils.read(file, DefaultDataBufferFactory.sharedInstance, 1000)));
		return Stream.of(Connector.values()).flatMap((connector) -> everywhere(bodies, connector));
	}

	private static Stream<Arguments> everywhere(Map<String, BodyInserter<?, ? super ClientHttpRequest>> bodies,
			Connector connector) {
		return bodies.entrySet().stream().map((body) -> Arguments.of(connector, body.getKey(), body.getValue()));
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("repeatableBodies")
	void callWhenItsBodyCanBeSentAgainThenIsTheSameByteForByte(Connector connector, String name,
			BodyInserter<?, ? super ClientHttpRequest> body) {
		answerWithA401();
		this.fixture.answer(200, "ok");
		assertThat(post(webClient(connector), body).getBody()).isEqualTo("ok");
		RecordedRequest first = this.fixture.takeRequest();
		RecordedRequest second = this.fixture.takeRequest();
		assertThat(this.fixture.accessToken(first)).isEqualTo(1);
		assertThat(this.fixture.accessToken(second)).isEqualTo(2);
		assertThat(bytes(second)).isEqualTo(bytes(first));
		assertThat(first.getBodySize() > 0).isEqualTo(!name.equals("nothing"));
		assertThat(second.getHeaders().get(HttpHeaders.CONTENT_LENGTH))
			.isEqualTo(first.getHeaders().get(HttpHeaders.CONTENT_LENGTH));
	}

	/**
	 * Return the bytes of a body, in which the boundary of a multipart form is a new one
	 * with each writing.
	 */
	private static ByteString bytes(RecordedRequest request) {
		ByteString body = (request.getBody() != null) ? request.getBody() : ByteString.EMPTY;
		String type = request.getHeaders().get(HttpHeaders.CONTENT_TYPE);
		if (type == null || !type.contains("boundary=")) {
			return body;
		}
		String boundary = type.replaceFirst(".*boundary=\"?([^;\"]+).*", "$1");
		String text = body.string(StandardCharsets.ISO_8859_1);
		assertThat(text).contains(boundary);
		return ByteString.encodeString(text.replace(boundary, "boundary"), StandardCharsets.ISO_8859_1);
	}

	// Bodies that cannot

	static Stream<Arguments> singleUseBodies() {
		// The connectors of the JDK and of Apache copy a pooled buffer and do not release
		// it, so that it can be sent again.
		return Stream.of(Connector.values())
			.flatMap((connector) -> everywhere(singleUse(), connector))
			.filter((arguments) -> !COPYING.contains(arguments.get()[0]) || !arguments.get()[1].equals(POOLED));
	}

	private static Map<String, BodyInserter<?, ? super ClientHttpRequest>> singleUse() {
		return Map.of( //
				"a publisher for one subscriber", BodyInserters.fromPublisher(unicast(), String.class), //
				"a publisher that fails late",
				BodyInserters.fromPublisher(Flux.concat(Flux.just("begin "), unicast()), String.class), //
				"a Java stream", BodyInserters.fromPublisher(Flux.fromStream(Stream.of("a", "b")), String.class), //
				"an input stream",
				BodyInserters.fromResource(new InputStreamResource(new ByteArrayInputStream(new byte[] { 1, 2, 3 }))), //
				POOLED,
				BodyInserters.fromDataBuffers(Mono.fromSupplier(SingletonSupplier.of(BodyScenarioTests::pooledBuffer))), //
				"pieces of a publisher for one subscriber", flushed(unicast().map((text) -> Mono.just(buffer(text)))), //
				"a piece that is a publisher for one subscriber",
				flushed(Flux.just(unicast().map(BodyScenarioTests::buffer))), //
				"an inserter that throws", throwingWhen((attempt) -> attempt > 1));
	}

	private static Flux<String> unicast() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		sink.tryEmitNext("a");
		sink.tryEmitNext("b");
		sink.tryEmitComplete();
		return sink.asFlux();
	}

	/**
	 * It is released by whoever sends it. One that nobody sends must not be made: who
	 * looks for leaks would find it.
	 */
	private static DataBuffer pooledBuffer() {
		return new NettyDataBufferFactory(PooledByteBufAllocator.DEFAULT).allocateBuffer(16)
			.write("pooled", StandardCharsets.UTF_8);
	}

	/**
	 * Return a body each of whose pieces is flushed, as that of a stream of objects is.
	 */
	private static BodyInserter<Object, ClientHttpRequest> flushed(
			Flux<? extends Publisher<? extends DataBuffer>> pieces) {
		return (request, context) -> request.writeAndFlushWith(pieces);
	}

	private static DataBuffer buffer(String text) {
		return DefaultDataBufferFactory.sharedInstance.wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	private static BodyInserter<String, ClientHttpRequest> throwingWhen(IntPredicate attemptOfFailure) {
		AtomicInteger attempts = new AtomicInteger();
		return (request, context) -> {
			if (attemptOfFailure.test(attempts.incrementAndGet())) {
				throw new IllegalStateException("there is one body");
			}
			return BodyInserters.fromValue("x").insert(request, context);
		};
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("singleUseBodies")
	void callWhenItsBodyFailsTheSecondTimeThenTheCallerGetsTheOriginal401(Connector connector, String name,
			BodyInserter<?, ? super ClientHttpRequest> body) {
		answerWithA401();
		ResponseEntity<String> answer = post(webClient(connector), body);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("expired!");
		assertThat(answer.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE)).contains("invalid_token");
		assertThat(this.fixture.currentToken()).isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenItsBodyFailsAndTheFilterBelowHasCopiedItThenTheCallerGetsTheOriginal401(Connector connector) {
		answerWithA401();
		WebClient copying = webClient(connector).mutate()
			.filter((request, next) -> next.exchange(ClientRequest.from(request).build()))
			.build();
		assertThat(post(copying, BodyInserters.fromPublisher(unicast(), String.class)).getStatusCode().value())
			.isEqualTo(401);
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenItsBodyFailsThenTheNextCallHasAConnection(Connector connector) {
		WebClient webClient = webClient(connector);
		for (int i = 0; i < 5; i++) {
			answerWithA401();
			post(webClient, BodyInserters.fromPublisher(unicast(), String.class));
		}
		this.server.enqueue(new MockResponse.Builder().body("ok").build());
		this.server.enqueue(new MockResponse.Builder().body("ok").build());
		assertThat(post(webClient, BodyInserters.fromValue("x")).getBody()).isEqualTo("ok");
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenItsBodyFailsAndThe401IsLongThenItsBodyIsEmpty(Connector connector) {
		this.fixture.answer(401, "x".repeat(KeptAnswer.MAX_LENGTH + 1), "Bearer");
		ResponseEntity<String> answer = post(webClient(connector),
				BodyInserters.fromPublisher(unicast(), String.class));
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isNull();
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenItsBodyFailsTheFirstTimeThenTheCallerSeesTheFailure(Connector connector) {
		BodyInserter<?, ? super ClientHttpRequest> broken = BodyInserters
			.fromPublisher(Flux.error(new IllegalArgumentException("broken")), String.class);
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> post(webClient(connector), broken))
			.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("broken"));
	}

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenTheConnectionBreaksTheSecondTimeThenTheCallerSeesTheFailure(Connector connector) {
		answerWithA401();
		for (int i = 0; i < 3; i++) {
			this.server.enqueue(
					new MockResponse.Builder().onResponseStart(new SocketEffect.CloseSocket()).body("lost").build());
		}
		assertThatExceptionOfType(WebClientRequestException.class)
			.isThrownBy(() -> post(webClient(connector), BodyInserters.fromValue("x")));
	}

	/**
	 * It is the writing that fails then, and not the body.
	 */
	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenTheConnectionBreaksInTheBodyTheSecondTimeThenTheCallerSeesTheFailure(Connector connector) {
		answerWithA401();
		for (int i = 0; i < 3; i++) {
			this.server
				.enqueue(new MockResponse.Builder().onRequestBody(new SocketEffect.CloseSocket()).body("lost").build());
		}
		assertThatExceptionOfType(WebClientRequestException.class)
			.isThrownBy(() -> post(webClient(connector), BodyInserters.fromValue(new byte[8 * 1024 * 1024])));
	}

	// Bodies that are said to be of single use

	@ParameterizedTest
	@EnumSource(Connector.class)
	void callWhenItsBodyIsOfSingleUseThenPassesThe401OnAndTheNextCallHasANewToken(Connector connector) {
		AtomicInteger subscriptions = new AtomicInteger();
		Supplier<BodyInserter<?, ? super ClientHttpRequest>> body = () -> BodyInserters.fromPublisher(
				Flux.just("a").doOnSubscribe((subscription) -> subscriptions.incrementAndGet()), String.class);
		WebClient webClient = webClient(connector);
		answerWithA401();
		ResponseEntity<String> answer = post(webClient, body.get(), TokenAttributes.singleUseBody()).block(LIMIT);
		assertThat(answer.getStatusCode().value()).isEqualTo(401);
		assertThat(answer.getBody()).isEqualTo("expired!");
		assertThat(this.server.getRequestCount()).isEqualTo(1);
		assertThat(subscriptions).hasValue(1);
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.fixture.events(Rejected.class)).extracting(Rejected::renewing)
				.isEqualTo(List.of(true)));
		this.fixture.answer(200, "ok");
		assertThat(post(webClient, body.get(), TokenAttributes.singleUseBody()).block(LIMIT).getBody()).isEqualTo("ok");
		this.fixture.takeRequest();
		assertThat(this.fixture.accessToken(this.fixture.takeRequest())).isEqualTo(2);
	}

}
