package io.github.evertoken.samples.fleet.replica;

import io.github.evertoken.boot.TokenEndpointWebClientCustomizer;
import io.github.evertoken.store.SharedTokenStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/**
 * A service that depends on the starter, on evertoken-redis and on Spring Data Redis; its
 * clients stand in {@code application-replica.yml}. The conductor speaks to it by its
 * standard input, and is told what happens by its standard output.
 */
@SpringBootApplication
public class ReplicaApplication {

	/**
	 * Start.
	 * @param args properties
	 */
	public static void main(String[] args) {
		System.setProperty("reactor.netty.native", "false");
		SpringApplication.run(ReplicaApplication.class, args);
	}

	/**
	 * The authorization server is told which replica asks, for the sake of the show.
	 */
	@Bean
	TokenEndpointWebClientCustomizer replicaHeader(@Value("${fleet.replica}") String replica) {
		return (client, builder) -> builder.defaultHeader("X-Replica", replica);
	}

	/**
	 * The store is the one of evertoken-redis, with a switch before and after each step.
	 */
	@Bean
	static BeanPostProcessor haltingStore(ObjectProvider<HaltSwitch> haltSwitch, ObjectProvider<Report> report) {
		return new BeanPostProcessor() {

			@Override
			public Object postProcessAfterInitialization(Object bean, String beanName) {
				return (bean instanceof SharedTokenStore store)
						? new HaltingTokenStore(store, haltSwitch.getObject(), report.getObject()) : bean;
			}

		};
	}

}
