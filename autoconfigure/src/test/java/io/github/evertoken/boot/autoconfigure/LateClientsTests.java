package io.github.evertoken.boot.autoconfigure;

import java.time.Duration;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients of which nothing is known when the conditions of auto-configurations are
 * decided. See {@link MockitoBeanTests} for those that a test adds.
 */
class LateClientsTests {

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	@Test
	@CompileWithForkedClassLoader
	void requestWhenTheApplicationWasBuiltAheadOfTimeWithoutAnyClientThenCarriesItsToken() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Application.class);
		TestGenerationContext generationContext = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generationContext);
		generationContext.writeGeneratedContent();
		TestCompiler.forSystem().with(generationContext).compile((compiled) -> {
			GenericApplicationContext built = new GenericApplicationContext();
			initializer(compiled.getInstance(ApplicationContextInitializer.class)).initialize(built);
			TestPropertyValues.of(TestClients.client(this.server, "inventory", "start=required")).applyTo(built);
			built.refresh();
			assertThat(this.server).receivedTokenRequests(1);
			assertThat(get(built)).isEqualTo("get with access token 1");
			built.close();
		});
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> initializer(Object initializer) {
		return (ApplicationContextInitializer<GenericApplicationContext>) initializer;
	}

	@Test
	void requestWhenTheClientsComeAfterTheConditionsWereDecidedThenCarriesItsToken() {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Application.class, LatePropertiesConfiguration.class);
		context.registerBean("server", AuthorizationServer.class, () -> this.server);
		context.refresh();
		assertThat(get(context)).isEqualTo("get with access token 1");
		context.close();
	}

	private String get(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class)
			.build()
			.get()
			.uri(this.server.resourceUri())
			.retrieve()
			.bodyToMono(String.class)
			.block(Duration.ofMinutes(1));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ EvertokenAutoConfiguration.class, WebClientAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class LatePropertiesConfiguration {

		@Bean
		static BeanFactoryPostProcessor lateProperties(ConfigurableEnvironment environment) {
			return (beanFactory) -> {
				AuthorizationServer server = beanFactory.getBean(AuthorizationServer.class);
				TestPropertyValues.of(TestClients.client(server, "inventory")).applyTo(environment);
			};
		}

	}

}
