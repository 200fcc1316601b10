package io.github.evertoken.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.test.server.AuthorizationServer;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;

/**
 * A gRPC server on a port of its own, which answers with the token that it was shown and
 * with what it was sent. The tokens of an authorization server are {@code t1}, {@code t2}
 * and so on to it.
 */
final class Stock implements AutoCloseable {

	static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("Authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	static final Metadata.Key<String> CHALLENGE = Metadata.Key.of("WWW-Authenticate", Metadata.ASCII_STRING_MARSHALLER);

	static final MethodDescriptor<String, String> GET = method(MethodType.UNARY, "Get");

	static final MethodDescriptor<String, String> WATCH = method(MethodType.SERVER_STREAMING, "Watch");

	static final MethodDescriptor<String, String> TALK = method(MethodType.BIDI_STREAMING, "Talk");

	private static final Context.Key<String> SHOWN = Context.key("shown");

	private final AuthorizationServer tokens;

	private final List<String> shown = new CopyOnWriteArrayList<>();

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();

	private volatile Status refusal = Status.UNAUTHENTICATED.withDescription("refused");

	private volatile String challenge = "Bearer error=\"invalid_token\"";

	private volatile boolean answerFirst;

	private final Server server;

	/**
	 * Start a server without TLS.
	 * @param tokens the authorization server that issues its tokens
	 */
	Stock(AuthorizationServer tokens) {
		this(tokens, InsecureServerCredentials.create());
	}

	/**
	 * Start a server.
	 * @param tokens the authorization server that issues its tokens
	 * @param credentials whether with TLS
	 */
	Stock(AuthorizationServer tokens, ServerCredentials credentials) {
		this(tokens, NettyServerBuilder.forPort(0, credentials));
	}

	/**
	 * Start a server in this process, which answers on the thread of the caller.
	 * @param tokens the authorization server that issues its tokens
	 * @param name by which channels find it
	 */
	Stock(AuthorizationServer tokens, String name) {
		this(tokens, InProcessServerBuilder.forName(name).directExecutor());
	}

	private Stock(AuthorizationServer tokens, ServerBuilder<?> builder) {
		this.tokens = tokens;
		ServerServiceDefinition service = ServerServiceDefinition.builder("inventory.Stock")
			.addMethod(GET, ServerCalls.asyncUnaryCall((String message, StreamObserver<String> answers) -> {
				this.received.add(message);
				answers.onNext(SHOWN.get() + " " + message);
				answers.onCompleted();
			}))
			.addMethod(WATCH, ServerCalls.asyncServerStreamingCall((String message, StreamObserver<String> answers) -> {
				this.received.add(message);
				answers.onNext(SHOWN.get() + " " + message);
				answers.onCompleted();
			}))
			.addMethod(TALK, ServerCalls.asyncBidiStreamingCall((answers) -> answers))
			.build();
		try {
			this.server = builder.addService(ServerInterceptors.intercept(service, new Guard())).build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static MethodDescriptor<String, String> method(MethodType type, String name) {
		return MethodDescriptor.<String, String>newBuilder()
			.setType(type)
			.setFullMethodName("inventory.Stock/" + name)
			.setRequestMarshaller(new TextMarshaller())
			.setResponseMarshaller(new TextMarshaller())
			.build();
	}

	int port() {
		return this.server.getPort();
	}

	private String named(String authorization) {
		String[] schemeAndToken = authorization.split(" ", 2);
		int number = (schemeAndToken.length == 2) ? this.tokens.accessTokenNumber(schemeAndToken[1]) : 0;
		return (number != 0) ? schemeAndToken[0] + " t" + number : authorization;
	}

	/**
	 * What the calls have shown as {@code Authorization}.
	 */
	List<String> shown() {
		return this.shown;
	}

	/**
	 * The messages of the calls that were not refused.
	 */
	List<String> received() {
		return this.received;
	}

	void refuse(String authorization) {
		this.refused.add(authorization);
	}

	/**
	 * Refuse the next call with a token, and no other.
	 */
	void refuseOnce(String authorization) {
		this.refusedOnce.add(authorization);
	}

	void refuseWith(Status refusal, String challenge) {
		this.refusal = refusal;
		this.challenge = challenge;
	}

	/**
	 * Refuse calls when they have been answered.
	 */
	void answerFirst() {
		this.answerFirst = true;
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

	/**
	 * Looks at tokens.
	 */
	private final class Guard implements ServerInterceptor {

		@Override
		public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
				ServerCallHandler<Q, R> next) {
			String authorization = headers.get(AUTHORIZATION);
			String shown = (authorization != null) ? named(authorization) : "none";
			Stock.this.shown.add(shown);
			boolean refused = Stock.this.refusedOnce.remove(shown) || Stock.this.refused.contains(shown)
					|| Stock.this.refused.contains("all");
			if (!refused) {
				return Contexts.interceptCall(Context.current().withValue(SHOWN, shown), call, headers, next);
			}
			if (Stock.this.answerFirst) {
				call.sendHeaders(new Metadata());
				@SuppressWarnings("unchecked")
				R answer = (R) "early";
				call.sendMessage(answer);
			}
			Metadata trailers = new Metadata();
			trailers.put(CHALLENGE, Stock.this.challenge);
			call.close(Stock.this.refusal, trailers);
			return new ServerCall.Listener<>() {
			};
		}

	}

	/**
	 * Messages are text.
	 */
	private static final class TextMarshaller implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String text) {
			return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
