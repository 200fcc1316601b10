package io.github.evertoken.samples.quickstart.shared;

import java.time.Duration;
import java.util.Map;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Starts one of the applications, with the YAML of its profile and the beans of its
 * package. Whoever starts them closes them, in an order that suits them all.
 */
public final class Application {

	private Application() {
	}

	/**
	 * Start an application.
	 * @param main its class, annotated with {@code @SpringBootApplication}
	 * @param profiles its name, as in {@code application-<profile>.yml}, and what else it
	 * is to have, separated by commas
	 * @param properties properties that are known at run time only
	 * @param shared objects that it shares with other applications
	 * @return its context
	 */
	public static ConfigurableApplicationContext start(Class<?> main, String profiles, Map<String, Object> properties,
			Object... shared) {
		return new SpringApplicationBuilder(main).profiles(profiles.split(","))
			.properties(properties)
			.registerShutdownHook(false)
			.initializers((context) -> {
				for (Object object : shared) {
					context.getBeanFactory().registerSingleton(object.getClass().getName(), object);
				}
			})
			.run();
	}

	/**
	 * Return threads for a service that shares its JVM with others, but neither threads
	 * nor their end.
	 * @return the resources of its clients and its server
	 */
	public static ReactorResourceFactory ownThreads() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setShutdownQuietPeriod(Duration.ZERO);
		return resources;
	}

}
