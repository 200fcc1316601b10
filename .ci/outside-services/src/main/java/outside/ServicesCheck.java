package outside;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the application and what it calls. Exits with 0 if and only if the calls of both
 * interfaces carried the token that the token endpoint issued once.
 */
public class ServicesCheck {

	public static void main(String[] args) throws IOException {
		String broken;
		try (RemoteServers servers = new RemoteServers()) {
			System.setProperty("outside.port", String.valueOf(servers.port()));
			broken = callTwice(servers, args);
		}
		catch (RuntimeException ex) {
			broken = ex.toString();
		}
		System.out.println((broken != null) ? "outside: " + broken : "outside: 2 calls of interfaces, 1 token request");
		System.exit((broken != null) ? 1 : 0);
	}

	private static String callTwice(RemoteServers servers, String[] args) {
		SpringApplication application = new SpringApplication(ServicesApplication.class);
		application.setMainApplicationClass(ServicesApplication.class);
		try (ConfigurableApplicationContext context = application.run(args)) {
			context.getBean(ItemService.class).item("7").orTimeout(2, TimeUnit.MINUTES).join();
			context.getBean(PriceService.class).prices(Duration.ofMinutes(1));
		}
		return servers.broken();
	}

}
