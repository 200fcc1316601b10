package outside;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Starts the service and what it calls. Exits with 0 if and only if both its calls
 * carried the token that the token endpoint issued once.
 */
public class OutsideCheck {

	public static void main(String[] args) throws IOException {
		String broken;
		try (RemoteServers servers = new RemoteServers()) {
			System.setProperty("outside.port", String.valueOf(servers.port()));
			broken = callTwice(servers, args);
		}
		catch (RuntimeException ex) {
			broken = ex.toString();
		}
		System.out.println((broken != null) ? "outside: " + broken : "outside: 2 calls, 1 token request");
		System.exit((broken != null) ? 1 : 0);
	}

	private static String callTwice(RemoteServers servers, String[] args) {
		SpringApplication application = new SpringApplication(OutsideApplication.class);
		application.setMainApplicationClass(OutsideApplication.class);
		try (ConfigurableApplicationContext context = application.run(args)) {
			WebClient webClient = context.getBean(WebClient.Builder.class).build();
			String uri = "http://127.0.0.1:" + servers.port() + "/api/items/7";
			call(webClient, uri);
			call(webClient, uri);
		}
		return servers.broken();
	}

	private static void call(WebClient webClient, String uri) {
		webClient.get().uri(uri).retrieve().bodyToMono(String.class).toFuture().orTimeout(20, TimeUnit.SECONDS).join();
	}

}
