package io.github.evertoken.faults;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * What can go wrong between a client and a token endpoint, as a {@link FaultyServer} does
 * it.
 */
public enum Fault {

	/**
	 * Nothing goes wrong.
	 */
	NONE("none", Kind.ANSWER, (exchange) -> exchange.send(exchange.answer())),

	/**
	 * Nobody listens.
	 */
	REFUSED("the connection is refused", Kind.ADDRESS),

	/**
	 * The name of the host cannot be resolved.
	 */
	UNKNOWN_HOST("the host's name cannot be resolved", Kind.ADDRESS),

	/**
	 * The server does not speak TLS.
	 */
	TLS_MISSING("a plain server at an `https:` URL", Kind.TLS),

	/**
	 * The certificate is not signed by anybody who is trusted.
	 */
	TLS_UNTRUSTED("a certificate that nobody vouches for", Kind.TLS),

	/**
	 * The connection is reset before anything is read.
	 */
	RESET_BEFORE_REQUEST("reset before the request was read", Kind.CONNECTION),

	/**
	 * A connection that was kept alive is reset as the next request comes.
	 */
	RESET_WHEN_REUSED("a kept connection is reset as the request comes", Kind.ANSWER, (exchange) -> {
		if (exchange.isFirst()) {
			exchange.send(exchange.answer());
		}
		else {
			exchange.reset();
		}
	}),

	/**
	 * The connection is reset after the request was read, which nobody has looked at.
	 */
	RESET_AFTER_REQUEST("reset after the request was read, unseen", Kind.ANSWER, Exchange::reset),

	/**
	 * The connection is closed after the request was read, which nobody has looked at.
	 */
	CLOSED_AFTER_REQUEST("closed after the request was read, unseen", Kind.ANSWER, Exchange::close),

	/**
	 * The connection is reset after the request was met, with no word of the answer.
	 */
	RESET_AFTER_REDEEMING("reset after the request was met", Kind.LOSS, (exchange) -> {
		exchange.answer();
		exchange.reset();
	}),

	/**
	 * The connection is closed after the request was met, with no word of the answer.
	 */
	CLOSED_AFTER_REDEEMING("closed after the request was met", Kind.LOSS, (exchange) -> {
		exchange.answer();
		exchange.close();
	}),

	/**
	 * The answer ends within the status line.
	 */
	CUT_IN_STATUS_LINE("the answer ends in the status line", Kind.LOSS,
			(exchange) -> cut(exchange, exchange.answer().text(), 11)),

	/**
	 * The answer ends after the status line.
	 */
	CUT_AFTER_STATUS_LINE("the answer ends after the status line", Kind.LOSS, (exchange) -> {
		String text = exchange.answer().text();
		cut(exchange, text, text.indexOf("\r\n") + 2);
	}),

	/**
	 * The answer ends within the headers.
	 */
	CUT_IN_HEADERS("the answer ends in the headers", Kind.LOSS, (exchange) -> {
		String text = exchange.answer().text();
		cut(exchange, text, text.indexOf("Content-Length") + 4);
	}),

	/**
	 * The answer ends after the headers.
	 */
	CUT_BEFORE_BODY("the answer ends before the body", Kind.LOSS, (exchange) -> {
		String text = exchange.answer().text();
		cut(exchange, text, text.indexOf("\r\n\r\n") + 4);
	}),

	/**
	 * The answer ends within the body.
	 */
	CUT_IN_BODY("the answer ends in the body", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		cut(exchange, answer.text(), answer.text().length() - half(answer));
	}),

	/**
	 * The connection is reset within the body.
	 */
	RESET_IN_BODY("reset in the body", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.text().substring(0, answer.text().length() - half(answer)));
		exchange.reset();
	}),

	/**
	 * The answer ends with the last but one byte of the body.
	 */
	CUT_BEFORE_LAST_BYTE("the answer ends one byte too early", Kind.LOSS, (exchange) -> {
		String text = exchange.answer().text();
		cut(exchange, text, text.length() - 1);
	}),

	/**
	 * The answer ends within a chunk.
	 */
	CUT_IN_CHUNK("the answer ends in a chunk", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		String text = answer.chunked();
		cut(exchange, text, text.length() - half(answer) / 2);
	}),

	/**
	 * The answer ends between two chunks.
	 */
	CUT_BETWEEN_CHUNKS("the answer ends between two chunks", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		String text = answer.chunked();
		String firstHalf = answer.body().substring(0, half(answer));
		cut(exchange, text, text.indexOf(firstHalf) + firstHalf.length() + 2);
	}),

	/**
	 * The answer ends after all its chunks, without the empty one that ends it.
	 */
	CUT_BEFORE_LAST_CHUNK("the answer ends before the last, empty chunk", Kind.LOSS, (exchange) -> {
		String text = exchange.answer().chunked();
		cut(exchange, text, text.length() - "0\r\n\r\n".length());
	}),

	/**
	 * The answer has no length, and ends within the body.
	 */
	CUT_WITHOUT_LENGTH("an answer without a length ends in the body", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.head("Connection: close"));
		exchange.write(answer.body().substring(0, half(answer)));
		exchange.close();
	}),

	/**
	 * The answer comes after a second.
	 */
	SLOW_BY_1_S("slow by 1 s", Kind.SLOW, (exchange) -> slow(exchange, Duration.ofSeconds(1))),

	/**
	 * The answer comes after six seconds.
	 */
	SLOW_BY_6_S("slow by 6 s", Kind.SLOW, (exchange) -> slow(exchange, Duration.ofSeconds(6))),

	/**
	 * The body comes six seconds after the headers.
	 */
	SLOW_BODY("the body is slow by 6 s", Kind.SLOW, (exchange) -> {
		String text = exchange.answer().text();
		int body = text.indexOf("\r\n\r\n") + 4;
		exchange.write(text.substring(0, body));
		exchange.later(Duration.ofSeconds(6), () -> exchange.write(text.substring(body)));
	}),

	/**
	 * The request is taken, and nothing else happens.
	 */
	HANGS("hangs before the request is met", Kind.ANSWER, Exchange::hold),

	/**
	 * The request is met, and no answer comes.
	 */
	HANGS_AFTER_REDEEMING("hangs after the request was met", Kind.LOSS, (exchange) -> {
		exchange.answer();
		exchange.hold();
	}),

	/**
	 * The answer stops within the body.
	 */
	HANGS_IN_BODY("hangs in the body", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.text().substring(0, answer.text().length() - half(answer)));
		exchange.hold();
	}),

	/**
	 * Too many requests.
	 */
	BUSY("429", Kind.ANSWER, (exchange) -> exchange.send(HttpAnswer.of(429))),

	/**
	 * Too many requests, for a short while.
	 */
	BUSY_FOR_2_S("429, `Retry-After: 2`", Kind.ANSWER,
			(exchange) -> exchange.send(HttpAnswer.of(429).with("Retry-After", "2"))),

	/**
	 * Too many requests, for long.
	 */
	BUSY_FOR_60_S("429, `Retry-After: 60`", Kind.ANSWER,
			(exchange) -> exchange.send(HttpAnswer.of(429).with("Retry-After", "60"))),

	/**
	 * Out of order.
	 */
	BROKEN("500", Kind.ANSWER, (exchange) -> exchange.send(HttpAnswer.of(500))),

	/**
	 * Out of order, for a short while.
	 */
	BROKEN_FOR_2_S("500, `Retry-After: 2`", Kind.ANSWER,
			(exchange) -> exchange.send(HttpAnswer.of(500).with("Retry-After", "2"))),

	/**
	 * Out of service.
	 */
	UNAVAILABLE("503", Kind.ANSWER, (exchange) -> exchange.send(HttpAnswer.of(503))),

	/**
	 * Out of service, for a short while.
	 */
	UNAVAILABLE_FOR_2_S("503, `Retry-After: 2`", Kind.ANSWER,
			(exchange) -> exchange.send(HttpAnswer.of(503).with("Retry-After", "2"))),

	/**
	 * Out of service, for long.
	 */
	UNAVAILABLE_FOR_60_S("503, `Retry-After: 60`", Kind.ANSWER,
			(exchange) -> exchange.send(HttpAnswer.of(503).with("Retry-After", "60"))),

	/**
	 * The body is shorter than {@code Content-Length} says, and the connection stays.
	 */
	LENGTH_TOO_LARGE("`Content-Length` too large", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.head("Content-Length: " + (answer.body().length() + 1)) + answer.body());
		exchange.hold();
	}),

	/**
	 * The body is longer than {@code Content-Length} says.
	 */
	LENGTH_TOO_SMALL("`Content-Length` too small", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.with("Connection", "close").head("Content-Length: " + half(answer)) + answer.body());
	}),

	/**
	 * {@code Content-Length} is not a number.
	 */
	LENGTH_NOT_A_NUMBER("`Content-Length` is not a number", Kind.LOSS, (exchange) -> {
		HttpAnswer answer = exchange.answer();
		exchange.write(answer.head("Content-Length: some") + answer.body());
	}),

	/**
	 * The answer is a page.
	 */
	HTML("an HTML page with 200", Kind.ANSWER,
			(exchange) -> exchange
				.send(HttpAnswer.json(200, "<html>Maintenance</html>").with("Content-Type", "text/html"))),

	/**
	 * The answer is empty.
	 */
	EMPTY("an empty answer with 200", Kind.ANSWER, (exchange) -> exchange.send(HttpAnswer.of(200))),

	/**
	 * The answer leads to a login page.
	 */
	REDIRECT("a redirect", Kind.ANSWER, (exchange) -> exchange.send(HttpAnswer.of(302).with("Location", "/login"))),

	/**
	 * The request is met, and a gateway answers with a page in place of the answer.
	 */
	PAGE_AFTER_REDEEMING("an HTML page with 200 after the request was met", Kind.LOSS, (exchange) -> {
		exchange.answer();
		exchange.send(HttpAnswer.json(200, "<html>Sorry</html>").with("Content-Type", "text/html"));
	}),

	/**
	 * The request is met, and a gateway has not waited for the answer.
	 */
	GATEWAY_TIMEOUT_AFTER_REDEEMING("504 after the request was met", Kind.LOSS, (exchange) -> {
		exchange.answer();
		exchange.send(HttpAnswer.of(504));
	}),

	/**
	 * HTTP/2: the server is about to go, answers the request and takes no other on this
	 * connection.
	 */
	GOAWAY_ANSWERED("GOAWAY, and the answer", Kind.HTTP2, (exchange) -> {
		exchange.goAway(true);
		exchange.send(exchange.answer());
		exchange.close();
	}),

	/**
	 * HTTP/2: the server goes and says that it has not looked at the request.
	 */
	GOAWAY_UNSEEN("GOAWAY, the request unseen", Kind.HTTP2, (exchange) -> {
		exchange.goAway(false);
		exchange.close();
	}),

	/**
	 * HTTP/2: the server goes after it has met the request, without an answer.
	 */
	GOAWAY_AFTER_REDEEMING("GOAWAY after the request was met", Kind.HTTP2_LOSS, (exchange) -> {
		exchange.answer();
		exchange.goAway(true);
		exchange.close();
	});

	private final String description;

	private final Kind kind;

	private final Consumer<Exchange> behaviour;

	Fault(String description, Kind kind) {
		this(description, kind, (exchange) -> exchange.send(exchange.answer()));
	}

	Fault(String description, Kind kind, Consumer<Exchange> behaviour) {
		this.description = description;
		this.kind = kind;
		this.behaviour = behaviour;
	}

	private static void cut(Exchange exchange, String text, int length) {
		exchange.write(text.substring(0, length));
		exchange.close();
	}

	private static int half(HttpAnswer answer) {
		return answer.body().length() / 2;
	}

	private static void slow(Exchange exchange, Duration duration) {
		HttpAnswer answer = exchange.answer();
		exchange.later(duration, () -> exchange.send(answer));
	}

	/**
	 * Return what goes wrong.
	 * @return some words
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Return of which kind the fault is.
	 * @return the kind
	 */
	public Kind kind() {
		return this.kind;
	}

	/**
	 * Tell whether the request may have been met, and its answer is lost all the same: a
	 * refresh token may have been redeemed then, and nobody has the next one.
	 * @return whether an answer gets lost
	 */
	public boolean losesAnswer() {
		return this.kind == Kind.LOSS || this.kind == Kind.HTTP2_LOSS;
	}

	void meet(Exchange exchange) {
		this.behaviour.accept(exchange);
	}

	/**
	 * Where a fault happens, and what it means for a refresh token that was sent.
	 */
	public enum Kind {

		/**
		 * Before there is a connection.
		 */
		ADDRESS(Stage.ADDRESS),

		/**
		 * Before a request was read.
		 */
		CONNECTION(Stage.CONNECTION),

		/**
		 * Before there is a secure connection.
		 */
		TLS(Stage.CONNECTION),

		/**
		 * In place of the answer: the request is not met.
		 */
		ANSWER(Stage.REQUEST),

		/**
		 * On the way of an answer that comes, but late.
		 */
		SLOW(Stage.REQUEST),

		/**
		 * On the way of an answer that is lost: the request was met.
		 */
		LOSS(Stage.REQUEST),

		/**
		 * With HTTP/2 alone, in place of the answer.
		 */
		HTTP2(Stage.REQUEST),

		/**
		 * With HTTP/2 alone, on the way of an answer that is lost.
		 */
		HTTP2_LOSS(Stage.REQUEST);

		private final Stage stage;

		Kind(Stage stage) {
			this.stage = stage;
		}

		/**
		 * Return when the fault comes about.
		 * @return the stage
		 */
		public Stage stage() {
			return this.stage;
		}

	}

	/**
	 * When faults come about.
	 */
	public enum Stage {

		/**
		 * When the address of the server is looked up.
		 */
		ADDRESS,

		/**
		 * When the server accepts a connection.
		 */
		CONNECTION,

		/**
		 * When the server has read a request.
		 */
		REQUEST

	}

	/**
	 * Says what goes wrong, each time that something can.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Return what goes wrong now. Called on any thread.
		 * @param stage what is about to happen
		 * @return a fault of that stage, or {@link Fault#NONE}
		 */
		Fault next(Stage stage);

		/**
		 * Return a source of one fault, over and over again.
		 * @param fault the fault
		 * @return the source
		 */
		static Source always(Fault fault) {
			return (stage) -> (fault.kind().stage() == stage) ? fault : NONE;
		}

	}

	/**
	 * One request, and what a fault can do about it.
	 */
	public interface Exchange {

		/**
		 * Have the request met as it should be.
		 * @return the answer, which is not sent yet
		 */
		HttpAnswer answer();

		/**
		 * Tell whether the request is the first one on its connection.
		 * @return whether there was none before
		 */
		boolean isFirst();

		/**
		 * Send a whole answer.
		 * @param answer the answer
		 */
		void send(HttpAnswer answer);

		/**
		 * Send a part of an answer, as it is.
		 * @param text the text, US-ASCII
		 */
		void write(String text);

		/**
		 * Close the connection.
		 */
		void close();

		/**
		 * Reset the connection.
		 */
		void reset();

		/**
		 * Leave the request alone, for good.
		 */
		void hold();

		/**
		 * Leave the request alone, for a while.
		 * @param duration how long
		 * @param then what to do then
		 */
		void later(Duration duration, Runnable then);

		/**
		 * HTTP/2: take no more requests on this connection.
		 * @param taken whether this one was taken
		 */
		void goAway(boolean taken);

	}

}
