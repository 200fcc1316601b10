package io.github.evertoken.grpc;

import java.util.Map;

import io.github.evertoken.test.server.AuthorizationServer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.GrpcChannelFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A channel that Spring gRPC makes in an application.
 */
class SpringChannelTests {

	@RegisterExtension
	private final AuthorizationServer tokens = AuthorizationServer.forClients("inventory");

	private final Stock stock = new Stock(this.tokens);

	@AfterEach
	void stop() {
		this.stock.close();
	}

	private ConfigurableApplicationContext start(String... more) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(Map.of("spring.main.banner-mode", "off",
				"evertoken.clients.inventory.base-url", "http://127.0.0.1:" + this.stock.port(),
				"evertoken.clients.inventory.token-uri", this.tokens.tokenUri(),
				"evertoken.clients.inventory.client-id", "inventory", "evertoken.clients.inventory.client-secret",
				this.tokens.clientSecret("inventory"), "evertoken.clients.inventory.max-wait", "30s",
				"evertoken.clients.inventory.response-timeout", "30s"));
		return application.run(more);
	}

	private String get(ConfigurableApplicationContext context, String message) {
		return get(channel(context), message);
	}

	private Channel channel(ConfigurableApplicationContext context) {
		return context.getBean(GrpcChannelFactory.class).createChannel("dns:///127.0.0.1:" + this.stock.port());
	}

	private static String get(Channel channel, String message) {
		return ClientCalls.blockingUnaryCall(channel, Stock.GET, CallOptions.DEFAULT, message);
	}

	@Test
	@Tag("GR-5")
	void channelOfSpringGrpcThenSendsTokensAndMeetsARefusal() {
		try (ConfigurableApplicationContext context = start()) {
			assertThat(get(context, "one")).isEqualTo("Bearer t1 one");
			this.stock.refuse("Bearer t1");
			assertThat(get(context, "two")).isEqualTo("Bearer t2 two");
		}
	}

	@Test
	@Tag("GR-5")
	void channelOfSpringGrpcWhenEvertokenIsSwitchedOffThenSendsNone() {
		try (ConfigurableApplicationContext context = start("--evertoken.enabled=false")) {
			assertThat(get(context, "one")).isEqualTo("none one");
		}
	}

	@Test
	@Tag("GR-5")
	void channelOfSpringGrpcWhenChannelsAreLeftAloneThenSendsNoneUnlessItIsGivenTheInterceptor() {
		try (ConfigurableApplicationContext context = start("--evertoken.apply-to-grpc-channels=false")) {
			assertThat(get(context, "one")).isEqualTo("none one");
			assertThat(
					get(ClientInterceptors.intercept(channel(context), context.getBean(TokenClientInterceptor.class)),
							"two"))
				.isEqualTo("Bearer t1 two");
		}
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
