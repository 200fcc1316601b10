package io.github.evertoken.faults;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.evertoken.test.support.DeafPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Frame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import reactor.core.scheduler.Scheduler;

/**
 * A server over loopback HTTP that does to its answers, and to its connections, whatever
 * {@link Fault} it is told to. It is found by a name of its own, with its
 * {@link #resolver()}, so that a client can fail to find it or to connect.
 * <p>
 * All servers share two threads. They are thread-safe.
 */
public final class FaultyServer implements AutoCloseable {

	/**
	 * The header that tells one attempt from the other.
	 */
	public static final String ATTEMPT = "x-attempt";

	private static final EventLoopGroup LOOPS = new MultiThreadIoEventLoopGroup(2,
			new DefaultThreadFactory("faulty-server", true), NioIoHandler.newFactory());

	private static final int BACKLOG = 4096;

	private static final int MOST_BYTES = 1 << 20;

	private static final SslContext UNTRUSTED = untrusted();

	private final Responder responder;

	private final Scheduler scheduler;

	private final Runnable changed;

	private final boolean http2;

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	// By the attempts, whether a part of the answer was sent.
	private final Map<String, Boolean> held = new ConcurrentHashMap<>();

	private final Channel channel;

	private volatile Fault.Source faults = Fault.Source.always(Fault.NONE);

	/**
	 * Start a server.
	 * @param responder what answers
	 * @param http2 whether it speaks HTTP/2, with prior knowledge, instead of HTTP/1.1
	 * @param scheduler what delays answers
	 * @param changed called, on any thread, when it has begun or ended to hold a request
	 */
	public FaultyServer(Responder responder, boolean http2, Scheduler scheduler, Runnable changed) {
		this.responder = responder;
		this.http2 = http2;
		this.scheduler = scheduler;
		this.changed = changed;
		this.channel = new ServerBootstrap().group(LOOPS)
			.channel(NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.childHandler(new Connections())
			.bind(InetAddress.getLoopbackAddress(), 0)
			.syncUninterruptibly()
			.channel();
	}

	/**
	 * Do something wrong from now on.
	 * @param faults says what
	 */
	public void faults(Fault.Source faults) {
		this.faults = faults;
	}

	/**
	 * Tell whether an attempt is being held: nothing will happen to it before the time
	 * goes on.
	 * @param attempt what its header {@link #ATTEMPT} says
	 * @param begun whether the client has seen the beginning of the answer
	 * @return whether it is held, and the client has seen all that it can
	 */
	public boolean holds(String attempt, boolean begun) {
		Boolean sent = this.held.get(attempt);
		return sent != null && (begun || !sent);
	}

	/**
	 * Return what finds this server, by whatever name.
	 * @return the resolver
	 */
	public AddressResolverGroup<InetSocketAddress> resolver() {
		return new AddressResolverGroup<>() {

			@Override
			protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
				return new Resolver(executor);
			}

		};
	}

	@Override
	public void close() {
		this.channel.close().syncUninterruptibly();
		this.channels.close();
	}

	private static SslContext untrusted() {
		try (InputStream certificate = key(); InputStream key = key()) {
			return SslContextBuilder.forServer(certificate, key).build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * A certificate that signs itself, and its key
	 * ({@code openssl req -x509 -newkey ec}).
	 */
	private static InputStream key() {
		return Objects.requireNonNull(FaultyServer.class.getResourceAsStream("/untrusted.pem"));
	}

	/**
	 * What answers requests.
	 */
	@FunctionalInterface
	public interface Responder {

		/**
		 * Answer a request.
		 * @param request the request
		 * @return the answer
		 */
		HttpAnswer answer(Request request);

	}

	/**
	 * One request.
	 *
	 * @param path the path
	 * @param headers the headers, by their names in lower case
	 * @param body the body
	 */
	public record Request(String path, Map<String, String> headers, String body) {

		static Request of(FullHttpRequest request) {
			Map<String, String> headers = new HashMap<>();
			request.headers().forEach((header) -> headers.put(lowerCase(header.getKey()), header.getValue()));
			return new Request(request.uri(), headers, request.content().toString(StandardCharsets.US_ASCII));
		}

		static Request of(Http2Headers http2Headers) {
			Map<String, String> headers = new HashMap<>();
			http2Headers.forEach((header) -> headers.put(header.getKey().toString(), header.getValue().toString()));
			return new Request(headers.getOrDefault(":path", "/"), headers, "");
		}

		private static String lowerCase(String text) {
			return text.toLowerCase(Locale.ROOT);
		}

		Request with(ByteBuf content) {
			return new Request(this.path, this.headers, this.body + content.toString(StandardCharsets.US_ASCII));
		}

	}

	private final class Resolver extends AbstractAddressResolver<InetSocketAddress> {

		Resolver(EventExecutor executor) {
			super(executor, InetSocketAddress.class);
		}

		@Override
		protected boolean doIsResolved(InetSocketAddress address) {
			return !address.isUnresolved();
		}

		@Override
		protected void doResolve(InetSocketAddress address, Promise<InetSocketAddress> promise)
				throws UnknownHostException {
			promise.setSuccess(find(address.getHostString()));
		}

		@Override
		protected void doResolveAll(InetSocketAddress address, Promise<List<InetSocketAddress>> promise)
				throws UnknownHostException {
			promise.setSuccess(List.of(find(address.getHostString())));
		}

		private InetSocketAddress find(String host) throws UnknownHostException {
			Fault fault = FaultyServer.this.faults.next(Fault.Stage.ADDRESS);
			if (fault == Fault.UNKNOWN_HOST) {
				throw new UnknownHostException(host);
			}
			return (fault == Fault.REFUSED) ? DeafPort.address()
					: (InetSocketAddress) FaultyServer.this.channel.localAddress();
		}

	}

	private final class Connections extends ChannelInitializer<Channel> {

		@Override
		protected void initChannel(Channel channel) {
			FaultyServer.this.channels.add(channel);
			Fault fault = FaultyServer.this.faults.next(Fault.Stage.CONNECTION);
			if (fault == Fault.RESET_BEFORE_REQUEST) {
				channel.pipeline().addLast(new Reset());
				return;
			}
			if (fault == Fault.TLS_UNTRUSTED) {
				channel.pipeline().addLast(UNTRUSTED.newHandler(channel.alloc()));
			}
			if (FaultyServer.this.http2) {
				channel.pipeline()
					.addLast(
							Http2FrameCodecBuilder.forServer().initialSettings(Http2Settings.defaultSettings()).build(),
							new Http2Requests());
			}
			else {
				channel.pipeline()
					.addLast(new HttpRequestDecoder(), new HttpObjectAggregator(MOST_BYTES), new HttpRequests());
			}
		}

	}

	/**
	 * Resets the connection as soon as a request comes. Earlier, and a client might not
	 * even have connected.
	 */
	private static final class Reset extends SimpleChannelInboundHandler<ByteBuf> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
			reset(context.channel());
		}

	}

	private static void reset(Channel channel) {
		channel.config().setOption(ChannelOption.SO_LINGER, 0);
		channel.close();
	}

	private final class HttpRequests extends SimpleChannelInboundHandler<FullHttpRequest> {

		private int requests;

		@Override
		protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
			if (!request.decoderResult().isSuccess()) {
				context.writeAndFlush(Unpooled.copiedBuffer(HttpAnswer.of(400).text(), StandardCharsets.US_ASCII))
					.addListener(ChannelFutureListener.CLOSE);
				return;
			}
			boolean keepAlive = !"close".equalsIgnoreCase(request.headers().get("Connection"));
			FaultyServer.this.faults.next(Fault.Stage.REQUEST)
				.meet(new HttpExchange(context.channel(), Request.of(request), ++this.requests == 1, keepAlive));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	/**
	 * What all exchanges have in common.
	 */
	private abstract class AbstractExchange implements Fault.Exchange {

		protected final Channel channel;

		private final Request request;

		AbstractExchange(Channel channel, Request request) {
			this.channel = channel;
			this.request = request;
		}

		/**
		 * Tell whether a part of the answer was sent.
		 */
		abstract boolean hasBegun();

		private String attempt() {
			return this.request.headers().getOrDefault(ATTEMPT, "");
		}

		@Override
		public HttpAnswer answer() {
			return FaultyServer.this.responder.answer(this.request);
		}

		@Override
		public void close() {
			// After all that was written.
			this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
		}

		@Override
		public void reset() {
			this.channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener((done) -> FaultyServer.reset(this.channel));
		}

		@Override
		public void hold() {
			FaultyServer.this.held.put(attempt(), hasBegun());
			this.channel.closeFuture().addListener((closed) -> FaultyServer.this.held.remove(attempt()));
			FaultyServer.this.changed.run();
		}

		@Override
		public void later(Duration duration, Runnable then) {
			FaultyServer.this.scheduler.schedule(() -> {
				FaultyServer.this.held.remove(attempt());
				this.channel.eventLoop().execute(then);
			}, duration.toNanos(), TimeUnit.NANOSECONDS);
			hold();
		}

	}

	private final class HttpExchange extends AbstractExchange {

		private final boolean first;

		private final boolean keepAlive;

		private boolean begun;

		HttpExchange(Channel channel, Request request, boolean first, boolean keepAlive) {
			super(channel, request);
			this.first = first;
			this.keepAlive = keepAlive;
		}

		@Override
		boolean hasBegun() {
			return this.begun;
		}

		@Override
		public boolean isFirst() {
			return this.first;
		}

		@Override
		public void send(HttpAnswer answer) {
			write(answer.text());
			if (!this.keepAlive) {
				close();
			}
		}

		@Override
		public void write(String text) {
			this.begun = true;
			this.channel.writeAndFlush(Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII));
		}

		@Override
		public void goAway(boolean taken) {
			throw new UnsupportedOperationException();
		}

	}

	private final class Http2Requests extends SimpleChannelInboundHandler<Http2Frame> {

		private final Map<Http2FrameStream, Request> begun = new HashMap<>();

		@Override
		protected void channelRead0(ChannelHandlerContext context, Http2Frame frame) {
			if (frame instanceof Http2HeadersFrame headers) {
				this.begun.put(headers.stream(), Request.of(headers.headers()));
				if (headers.isEndStream()) {
					meet(context, headers.stream());
				}
			}
			else if (frame instanceof Http2DataFrame data) {
				this.begun.computeIfPresent(data.stream(), (stream, request) -> request.with(data.content()));
				if (data.isEndStream()) {
					meet(context, data.stream());
				}
			}
		}

		private void meet(ChannelHandlerContext context, Http2FrameStream stream) {
			Request request = Objects.requireNonNull(this.begun.remove(stream));
			FaultyServer.this.faults.next(Fault.Stage.REQUEST).meet(new Http2Exchange(context, request, stream));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	private final class Http2Exchange extends AbstractExchange {

		private static final int GOAWAY = 7;

		private final ChannelHandlerContext context;

		private final Http2FrameStream stream;

		Http2Exchange(ChannelHandlerContext context, Request request, Http2FrameStream stream) {
			super(context.channel(), request);
			this.context = context;
			this.stream = stream;
		}

		@Override
		boolean hasBegun() {
			return false;
		}

		@Override
		public boolean isFirst() {
			return this.stream.id() == 1;
		}

		@Override
		public void send(HttpAnswer answer) {
			DefaultHttp2Headers headers = new DefaultHttp2Headers();
			headers.status(String.valueOf(answer.status()));
			answer.headers().forEach((name, value) -> headers.set(name.toLowerCase(Locale.ROOT), value));
			this.context.write(new DefaultHttp2HeadersFrame(headers, false).stream(this.stream));
			ByteBuf body = Unpooled.copiedBuffer(answer.body(), StandardCharsets.US_ASCII);
			this.context.writeAndFlush(new DefaultHttp2DataFrame(body, true).stream(this.stream));
		}

		@Override
		public void write(String text) {
			throw new UnsupportedOperationException();
		}

		/**
		 * The frame of RFC 9113, section 6.8, as it is: Netty's own never leaves out a
		 * stream that it has seen.
		 */
		@Override
		public void goAway(boolean taken) {
			ByteBuf frame = Unpooled.buffer();
			frame.writeMedium(Integer.BYTES * 2).writeByte(GOAWAY).writeByte(0).writeInt(0);
			frame.writeInt(taken ? this.stream.id() : 0).writeInt(0);
			this.context.writeAndFlush(frame);
		}

	}

}
