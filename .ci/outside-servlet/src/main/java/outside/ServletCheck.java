package outside;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts the service and what it calls, and is its user. Exits with 0 if and only if both
 * its calls carried the token that the token endpoint issued once.
 */
public class ServletCheck {

	public static void main(String[] args) throws IOException, InterruptedException {
		String broken;
		try (RemoteServers servers = new RemoteServers()) {
			System.setProperty("outside.port", String.valueOf(servers.port()));
			System.setProperty("server.port", "0");
			broken = callTwice(servers, args);
		}
		catch (RuntimeException ex) {
			broken = ex.toString();
		}
		System.out.println((broken != null) ? "outside: " + broken : "outside: 2 blocking calls, 1 token request");
		System.exit((broken != null) ? 1 : 0);
	}

	private static String callTwice(RemoteServers servers, String[] args) throws IOException, InterruptedException {
		SpringApplication application = new SpringApplication(ServletApplication.class);
		application.setMainApplicationClass(ServletApplication.class);
		try (ConfigurableApplicationContext context = application.run(args)) {
			String port = context.getEnvironment().getRequiredProperty("local.server.port");
			for (String path : new String[] { "/rest-client", "/rest-template" }) {
				HttpResponse<String> answer = HttpClient.newHttpClient()
					.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
						.timeout(Duration.ofMinutes(2))
						.build(), HttpResponse.BodyHandlers.ofString());
				if (answer.statusCode() != 200) {
					return path + " was answered with " + answer.statusCode();
				}
			}
		}
		return servers.broken();
	}

}
