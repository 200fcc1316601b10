package io.github.evertoken.grpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenAttributes;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ServerCredentials;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Calls of gRPC channels with TLS and without, of clients whose URLs begin with
 * {@code https}, to two servers that have the same host.
 */
class TlsScenarioTests {

	private static final HeldCertificate CERTIFICATE = new HeldCertificate.Builder().commonName("localhost")
		.addSubjectAlternativeName("localhost")
		.build();

	@RegisterExtension
	private final AuthorizationServer tokens = AuthorizationServer.forClients("inventory");

	private final Stock secure = new Stock(this.tokens, serverCredentials());

	private final Stock plain = new Stock(this.tokens);

	private final DefaultTokenManager manager = Managers.of(this.tokens, "inventory");

	private final TokenCallCredentials credentials = new TokenCallCredentials(TokenExchangeFilterFunction
		.builder(this.manager,
				ClientSelector.builder()
					.add(BaseUrl.of("https://localhost:" + this.secure.port() + "/inventory.Stock"), "inventory")
					.add(BaseUrl.of("https://localhost:" + this.plain.port()), "inventory")
					.build())
		.build());

	private final ManagedChannel tls = channel(this.secure, channelCredentials());

	private final ManagedChannel plaintext = channel(this.plain, InsecureChannelCredentials.create());

	private ManagedChannel channel(Stock stock, ChannelCredentials credentials) {
		return NettyChannelBuilder.forAddress("localhost", stock.port(), credentials)
			.intercept(new TokenClientInterceptor(this.credentials))
			.build();
	}

	private static ServerCredentials serverCredentials() {
		try {
			return TlsServerCredentials.create(stream(CERTIFICATE.certificatePem()),
					stream(CERTIFICATE.privateKeyPkcs8Pem()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ChannelCredentials channelCredentials() {
		try {
			return TlsChannelCredentials.newBuilder().trustManager(stream(CERTIFICATE.certificatePem())).build();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static InputStream stream(String text) {
		return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
	}

	@AfterEach
	void stop() {
		this.tls.shutdownNow();
		this.plaintext.shutdownNow();
		this.secure.close();
		this.plain.close();
		this.manager.close();
	}

	private static String get(ManagedChannel channel, CallOptions options) {
		return ClientCalls.blockingUnaryCall(channel, Stock.GET, options, "one");
	}

	@Test
	@Tag("GR-1")
	@Tag("GR-2")
	void callWhenTheChannelHasTlsThenCarriesTheTokenAndMeetsARefusal() {
		assertThat(get(this.tls, CallOptions.DEFAULT)).isEqualTo("Bearer t1 one");
		this.secure.refuse("Bearer t1");
		assertThat(get(this.tls, CallOptions.DEFAULT)).isEqualTo("Bearer t2 one");
		assertThat(this.secure.shown()).containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
	}

	@Test
	@Tag("GR-1")
	void callWhenTheChannelHasNoTlsAndNoClientSaysHttpThenCarriesNoTokenOnTheSameHostEither() {
		assertThat(get(this.plaintext, CallOptions.DEFAULT)).isEqualTo("none one");
		CallOptions named = CallOptions.DEFAULT
			.withCallCredentials(this.credentials.attributes(TokenAttributes.client("inventory")));
		Status status = catchThrowableOfType(StatusRuntimeException.class, () -> get(this.plaintext, named))
			.getStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(status.getDescription()).contains("http://localhost:" + this.plain.port(),
				"evertoken.clients.inventory.origins");
		assertThat(this.plain.shown()).containsExactly("none");
		assertThat(this.tokens).receivedNoTokenRequest();
	}

}
