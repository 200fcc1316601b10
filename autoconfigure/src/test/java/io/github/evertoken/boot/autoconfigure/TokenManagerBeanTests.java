package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.TokenManagerBuilderCustomizer;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.server.AuthorizationServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mockito.BDDMockito;
import org.mockito.Mockito;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.annotation.Order;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications with a {@link TokenManager} of their own, with a decorator of ours, and
 * with a mock.
 */
class TokenManagerBeanTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	private static final TokenKey KEY = TokenKey.of("inventory");

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class))
		.withUserConfiguration(ListenerConfiguration.class)
		.withPropertyValues("spring.reactor.netty.shutdown-quiet-period=100ms");

	@Test
	void decoratorWhenItIsABeanThenStandsAroundTheManager() {
		this.contextRunner.withUserConfiguration(DecoratorConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "start=required"))
			.run((context) -> {
				assertThat(context).hasSingleBean(DefaultTokenManager.class);
				Recording decorator = context.getBean(Recording.class);
				assertThat(context.getBean(TokenManager.class)).isSameAs(decorator);
				assertThat(decorator.asked).containsExactly("token");
				assertThat(get(context)).isEqualTo("get with access token 1");
				this.server.revokeAccessTokens();
				assertThat(get(context)).isEqualTo("get with access token 2");
				assertThat(decorator.asked).containsExactly("token", "token", "token", "reject", "token");
				assertThatEventsArePublished(context);
			});
	}

	@Test
	void decoratorWhenContextIsClosedThenTheManagerBehindItIsClosedAndItsTokensAreRevoked() {
		this.contextRunner.withUserConfiguration(DecoratorConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory",
					"revocation-uri=" + this.server.revocationUri(), "revoke-on-shutdown=true"))
			.run((context) -> {
				TokenManager manager = context.getBean(TokenManager.class);
				assertThat(get(context)).isEqualTo("get with access token 1");
				context.close();
				assertThat(manager.token(KEY).materialize().block(TIMEOUT).getThrowable())
					.hasMessageContaining("closed");
				assertThat(this.server).receivedRevocations(1);
			});
	}

	@Test
	void decoratorWhenItIsWrappedAroundTheBeanThenIsUsed() {
		this.contextRunner.withUserConfiguration(WrappingConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "start=background"))
			.run((context) -> {
				assertThat(context.getBean(TokenManager.class)).isInstanceOf(Recording.class);
				assertThat(get(context)).isEqualTo("get with access token 1");
				assertThat(context.getBean(Recording.class).asked).contains("token");
				assertThatEventsArePublished(context);
			});
	}

	@Test
	void customizersWhenThereAreSeveralThenAllChangeTheManagerInTheirOrder() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(CustomizerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory"))
			.run((context) -> {
				assertThat(get(context)).isEqualTo("get with an access token of another server");
				assertThat(TestClients.authorization(this.server)).startsWith("Bearer second~around~first~around~");
				assertThat(this.server).receivedTokenRequests(1);
			});
	}

	@Test
	void managerOfTheApplicationWhenThereIsOneThenSendsItsTokens() {
		this.server.withPublicResource();
		this.contextRunner.withUserConfiguration(OwnManagerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory", "start=required"))
			.run((context) -> {
				assertThat(context).doesNotHaveBean(DefaultTokenManager.class).hasSingleBean(TokenManager.class);
				get(context);
				assertThat(TestClients.authorization(this.server)).isEqualTo("Bearer own-1");
				this.server.disturb(TestClients.rejection().times(1));
				get(context);
				assertThat(TestClients.authorization(this.server)).isEqualTo("Bearer own-2");
				assertThat(this.server).receivedNoTokenRequest();
				assertThatEventsArePublished(context);
			});
	}

	@Test
	void managerOfTheApplicationWhenContextIsClosedThenIsToldToRevokeItsToken() {
		this.contextRunner.withUserConfiguration(OwnManagerConfiguration.class)
			.withPropertyValues(TestClients.client(this.server, "inventory",
					"revocation-uri=" + this.server.revocationUri(), "revoke-on-shutdown=true"))
			.run((context) -> {
				TokenManager manager = context.getBean(TokenManager.class);
				context.close();
				Mockito.verify(manager).revoke(KEY);
			});
	}

	@Test
	void mockWhenNobodyHasToldItWhatToDoThenTheApplicationStartsAndEnds() {
		this.contextRunner.withBean(TokenManager.class, () -> Mockito.mock(TokenManager.class))
			.withPropertyValues(TestClients.client(this.server, "inventory", "start=required",
					"revocation-uri=" + this.server.revocationUri(), "revoke-on-shutdown=true"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.close();
			});
	}

	private static void assertThatEventsArePublished(ApplicationContext context) {
		ListenerConfiguration listener = context.getBean(ListenerConfiguration.class);
		Awaitility.await().untilAsserted(() -> assertThat(listener.events).isNotEmpty());
	}

	private String get(ApplicationContext context) {
		WebClient webClient = context.getBean(WebClient.Builder.class).build();
		return webClient.get().uri(this.server.resourceUri()).retrieve().bodyToMono(String.class).block(TIMEOUT);
	}

	static final class Recording extends DelegatingTokenManager {

		final List<String> asked = new CopyOnWriteArrayList<>();

		Recording(TokenManager delegate) {
			super(delegate);
		}

		@Override
		public Mono<AccessToken> token(TokenKey key) {
			this.asked.add("token");
			return super.token(key);
		}

		@Override
		public boolean reject(TokenKey key, AccessToken token) {
			this.asked.add("reject");
			return super.reject(key, token);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class CustomizerConfiguration {

		@Bean
		@Order(2)
		TokenManagerBuilderCustomizer second() {
			return around("second");
		}

		@Bean
		@Order(1)
		TokenManagerBuilderCustomizer first() {
			return around("first");
		}

		private static TokenManagerBuilderCustomizer around(String name) {
			return (builder) -> builder.aroundIssuers((issuer) -> (request) -> issuer.issue(request)
				.map((tokens) -> tokens.mutate().accessToken(name + "~around~" + tokens.accessToken()).build()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ListenerConfiguration {

		final List<TokenEvent> events = new CopyOnWriteArrayList<>();

		@EventListener
		void on(TokenEvent event) {
			this.events.add(event);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class DecoratorConfiguration {

		@Bean
		Recording recording(DefaultTokenManager manager) {
			return new Recording(manager);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WrappingConfiguration {

		@Bean
		static BeanPostProcessor wrapping() {
			return new BeanPostProcessor() {

				@Override
				public Object postProcessAfterInitialization(Object bean, String beanName) {
					return (bean instanceof DefaultTokenManager manager) ? new Recording(manager) : bean;
				}

			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnManagerConfiguration {

		@Bean
		TokenManager ownManager() {
			TokenManager manager = Mockito.mock(TokenManager.class);
			AccessToken first = token("own-1");
			AccessToken second = token("own-2");
			BDDMockito.given(manager.token(KEY)).willReturn(Mono.just(first));
			BDDMockito.given(manager.reject(KEY, first)).willAnswer((invocation) -> {
				BDDMockito.given(manager.token(KEY)).willReturn(Mono.just(second));
				return true;
			});
			BDDMockito.given(manager.events())
				.willReturn(Flux.just(new TokenEvent.Removed(KEY, 1, TokenEvent.Trigger.USE, Instant.EPOCH, null)));
			return manager;
		}

		private static AccessToken token(String value) {
			Instant now = Instant.now();
			return new AccessToken("Bearer", value, now, now.plusSeconds(3600));
		}

	}

}
