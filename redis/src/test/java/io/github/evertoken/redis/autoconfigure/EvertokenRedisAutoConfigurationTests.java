package io.github.evertoken.redis.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.redis.RedisTokenStore;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisReactiveAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EvertokenRedisAutoConfiguration}. None of them needs a Redis: what is
 * configured is not connected.
 */
@ExtendWith(OutputCaptureExtension.class)
class EvertokenRedisAutoConfigurationTests {

	private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

	private static final String CLIENT = "evertoken.clients.inventory.";

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(EvertokenAutoConfiguration.class, EvertokenRedisAutoConfiguration.class,
						DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class))
		.withPropertyValues(CLIENT + "base-url=https://inventory.internal", CLIENT + "client-id=orders",
				CLIENT + "client-secret=secret", CLIENT + "token-uri=https://idp.internal/token");

	private final ApplicationContextRunner withKey = this.contextRunner.withPropertyValues(
			"evertoken.store.encryption.keys[0].id=one", "evertoken.store.encryption.keys[0].key=" + KEY);

	@Test
	@Tag("FL-11")
	void contextWhenTheModuleAndARedisAreThereThenTheStoreIsThatOfAllClients(CapturedOutput output) {
		this.withKey.run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(RedisTokenStore.class);
			assertThat(storeOfAll(context)).isSameAs(context.getBean(RedisTokenStore.class));
			assertThat(context.getBean(RedisTokenStore.class).lease()).isEqualTo(Duration.ofSeconds(35));
		});
		assertThat(output).contains("Tokens are shared in Redis, where their names begin with 'evertoken'");
	}

	@Test
	@Tag("FL-11")
	void contextWhenThereIsNoKeyThenTheStartStopsAndSaysWhatToDo() {
		this.contextRunner.run((context) -> assertThat(problem(context))
			.startsWith("evertoken.store.encryption.keys[0].key: must be set, to 32 random bytes in Base64")
			.contains("openssl rand -base64 32", "evertoken.store.encryption.keys[0].key-location", "'memory'"));
	}

	@Test
	void contextWhenThereIsNoClientThenNoKeyIsNeeded() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(EvertokenAutoConfiguration.class, EvertokenRedisAutoConfiguration.class,
							DataRedisAutoConfiguration.class, DataRedisReactiveAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(TokenManager.class));
	}

	@Test
	void contextWhenTheTypeIsMemoryThenThereIsNoStore(CapturedOutput output) {
		this.contextRunner.withPropertyValues("evertoken.store.type=memory").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(TokenStore.class);
			assertThat(storeOfAll(context)).isNull();
		});
		assertThat(output).doesNotContain("tokens are not shared");
	}

	@Test
	void contextWhenSpringDataRedisIsMissingThenSaysThatTokensAreNotShared(CapturedOutput output) {
		this.withKey.withClassLoader(new FilteredClassLoader(ReactiveRedisConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenStore.class));
		assertThat(output).contains("tokens are not shared", "spring-boot-starter-data-redis");
	}

	@Test
	@Tag("FL-11")
	void contextWhenTheTypeIsRedisAndSpringDataRedisIsMissingThenTheStartStops() {
		this.withKey.withPropertyValues("evertoken.store.type=redis")
			.withClassLoader(new FilteredClassLoader(ReactiveRedisConnectionFactory.class))
			.run((context) -> assertThat(problem(context)).startsWith("evertoken.store.type: is 'redis'")
				.contains("evertoken-redis", "spring-boot-starter-data-redis"));
	}

	@Test
	@Tag("FL-11")
	void contextWhenALeaseIsTooShortThenTheStartStopsAndSaysHowLongItMustBe() {
		this.withKey.withPropertyValues("evertoken.store.lease=20s")
			.run((context) -> assertThat(problem(context)).startsWith("evertoken.store.lease: must be at least 32s, for"
					+ " evertoken.clients.inventory.refresh-deadline is 30s, and the steps in the store take time too,"
					+ " but is 20s"));
	}

	@Test
	void contextWhenTheServerTakesARotatedRefreshTokenOnceMoreThenALeaseMayBeShort() {
		this.withKey.withPropertyValues("evertoken.store.lease=20s", CLIENT + "rotation.grace=10s")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	@Tag("FL-11")
	void contextWhenTheLeaseIsTooShortForAClientThatIsABeanThenTheStartStops() {
		this.withKey.withUserConfiguration(ClientBean.class)
			.run((context) -> assertThat(problem(context)).startsWith("evertoken.store.lease: ")
				.contains("client 'billing'"));
	}

	@Test
	void contextWhenAClientMayTakeLongerThenTheLeaseFollows() {
		this.withKey.withPropertyValues(CLIENT + "response-timeout=1m").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(RedisTokenStore.class).lease()).isGreaterThan(Duration.ofSeconds(86));
		});
	}

	@Test
	void contextWhenAClientThatIsNotSharedMayTakeLongerThenTheLeaseStaysShort() {
		this.withKey.withPropertyValues(CLIENT + "response-timeout=1m", CLIENT + "shared=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(RedisTokenStore.class).lease()).isEqualTo(Duration.ofSeconds(35));
		});
	}

	@Test
	void contextWhenAClientIsNotSharedThenItRestsInMemoryAndItsDeadlineDoesNotCount() {
		this.withKey
			.withPropertyValues("evertoken.store.lease=20s", CLIENT + "shared=false", CLIENT + "dpop.enabled=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	@Tag("FL-11")
	void contextWhenTheDpopKeyOfASharedClientIsGeneratedThenTheStartStops() {
		this.withKey.withPropertyValues(CLIENT + "dpop.enabled=true")
			.run((context) -> assertThat(problem(context))
				.startsWith("evertoken.clients.inventory.dpop.key-location: must be set")
				.contains("evertoken.clients.inventory.shared to 'false'"));
	}

	@Test
	void contextWhenTheApplicationHasAStoreThenThatOneIsUsedAndNoKeyIsNeeded() {
		this.contextRunner.withUserConfiguration(OwnStore.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(storeOfAll(context)).isSameAs(context.getBean("ownStore"));
		});
	}

	@Test
	void contextWhenAClientHasAStoreOfItsOwnThenTheOthersAreShared() {
		this.withKey.withUserConfiguration(StoreOfInventory.class)
			.withPropertyValues("evertoken.clients.billing.base-url=https://billing.internal",
					"evertoken.clients.billing.client-id=orders", "evertoken.clients.billing.client-secret=secret",
					"evertoken.clients.billing.token-uri=https://idp.internal/token")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(storeOfAll(context)).isInstanceOf(RedisTokenStore.class);
			});
	}

	@Test
	@Tag("FL-13")
	void contextWhenSeveralKeysHaveNoneThatMakesNamesThenTheStartStops() {
		this.withKey
			.withPropertyValues("evertoken.store.encryption.keys[1].id=two",
					"evertoken.store.encryption.keys[1].key=" + KEY)
			.run((context) -> assertThat(problem(context))
				.startsWith("evertoken.store.encryption.name-key: must be set")
				.contains("was the only key before"));
	}

	@Test
	void contextWhenKeysAreFilesThenTheyAreRead(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("key"), KEY + "\n");
		this.contextRunner
			.withPropertyValues("evertoken.store.encryption.keys[0].id=one",
					"evertoken.store.encryption.keys[0].key-location=" + file.toUri(),
					"evertoken.store.encryption.keys[1].id=two",
					"evertoken.store.encryption.keys[1].key-location=" + file.toUri(),
					"evertoken.store.encryption.name-key-location=" + file.toUri())
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(RedisTokenStore.class));
	}

	@ParameterizedTest
	@Tag("FL-11")
	@ValueSource(strings = { "c2hvcnQ=", "not-base64-at-all!", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWYwMTIz" })
	void contextWhenAKeyIsNoneThenTheStartStopsAndDoesNotRepeatIt(String key) {
		this.contextRunner
			.withPropertyValues("evertoken.store.encryption.keys[0].id=one",
					"evertoken.store.encryption.keys[0].key=" + key)
			.run((context) -> assertThat(problem(context))
				.startsWith("evertoken.store.encryption.keys[0].key: must be 32 random bytes in Base64")
				.doesNotContain(key));
	}

	@Test
	void contextWhenAPropertyOfAKeyIsMisspeltThenTheStartStopsAndSuggestsTheRightOne() {
		this.withKey.withPropertyValues("evertoken.store.encryption.keys[0].key-locaton=file:x")
			.run((context) -> assertThat(problem(context))
				.contains("did you mean 'evertoken.store.encryption.keys[n].key-location'?"));
	}

	@Test
	void contextWhenEvertokenIsDisabledThenThereIsNoStore() {
		this.contextRunner.withPropertyValues("evertoken.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(TokenStore.class));
	}

	/**
	 * A wrong name orders nothing, and says nothing.
	 */
	@Test
	void orderThenNamesWhatThereIs() {
		AutoConfiguration annotation = EvertokenRedisAutoConfiguration.class.getAnnotation(AutoConfiguration.class);
		assertThat(annotation.afterName()).isNotEmpty()
			.allSatisfy((name) -> assertThat(ClassUtils.isPresent(name, getClass().getClassLoader())).isTrue());
	}

	@Test
	void storeThenIsOfTheConnectionThatSpringBootMakes() {
		this.withKey.withPropertyValues("spring.data.redis.port=1")
			.run((context) -> assertThat(context.getBean(LettuceConnectionFactory.class).getPort()).isEqualTo(1));
	}

	private static Object storeOfAll(AssertableApplicationContext context) {
		return context.getBean(ConfiguredClients.class).store();
	}

	private static String problem(AssertableApplicationContext context) {
		assertThat(context).hasFailed();
		Throwable failure = NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure());
		assertThat(failure).isInstanceOf(InvalidConfigurationException.class);
		assertThat(((InvalidConfigurationException) failure).getProblems()).hasSize(1);
		return ((InvalidConfigurationException) failure).getProblems().get(0);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		@Bean
		TokenStore ownStore() {
			return new NoStore();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClientBean {

		@Bean
		OutboundClient billing() {
			return OutboundClient
				.of(ClientSettings.of("billing", (request) -> Mono.empty())
					.refreshDeadline(Duration.ofMinutes(2))
					.build())
				.baseUrl("https://billing.internal")
				.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StoreOfInventory {

		@Bean
		TokenStore inventory() {
			return new NoStore();
		}

	}

	private static final class NoStore implements TokenStore {

		@Override
		public Mono<StoredTokenSet> load(TokenKey key) {
			return Mono.empty();
		}

		@Override
		public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
			return Mono.just(SaveResult.saved(expected + 1));
		}

		@Override
		public Mono<Long> remove(TokenKey key) {
			return Mono.just(1L);
		}

	}

}
