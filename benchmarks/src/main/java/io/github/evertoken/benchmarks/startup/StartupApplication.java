package io.github.evertoken.benchmarks.startup;

import java.lang.management.ManagementFactory;
import java.util.Map;

import com.sun.management.OperatingSystemMXBean;
import io.github.evertoken.benchmarks.harness.Fork;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * A service with a {@code WebClient}, which says when it is ready. Nothing in it knows of
 * Evertoken, which may be on its class path or not.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class StartupApplication {

	static final String READY = "readyMs";

	static final String CPU = "cpuMs";

	static final String THREAD_CPU = "threadCpuMs";

	static final String CLASSES = "classes";

	static final String THREADS = "threads";

	static final String FILTERS = "filters";

	/**
	 * Start, report and exit.
	 * @param arguments the properties of the application
	 */
	public static void main(String[] arguments) {
		SpringApplication application = new SpringApplication(StartupApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setLogStartupInfo(false);
		try (ConfigurableApplicationContext context = application.run(arguments)) {
			long ready = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
			OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
			double cpu = process.getProcessCpuTime() / 1e6;
			double classes = ManagementFactory.getClassLoadingMXBean().getTotalLoadedClassCount();
			double threadCpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e6;
			Fork.report(Map.of(READY, (double) ready, CPU, cpu, THREAD_CPU, threadCpu, CLASSES, classes, THREADS,
					(double) ownThreads(), FILTERS, (double) filters(context.getBean(WebClient.class))));
		}
		System.exit(0);
	}

	/**
	 * Return the number of threads that are not the JVM's.
	 */
	private static int ownThreads() {
		Thread[] threads = new Thread[Thread.activeCount()];
		return Thread.currentThread().getThreadGroup().enumerate(threads);
	}

	private static int filters(WebClient webClient) {
		int[] count = new int[1];
		webClient.mutate().filters((filters) -> count[0] = filters.size());
		return count[0];
	}

	@Bean
	WebClient webClient(WebClient.Builder builder) {
		return builder.build();
	}

}
