package outside;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/**
 * A servlet application as a user writes it: the starters, some YAML, an ordinary
 * {@link RestClient} and an ordinary {@link RestTemplate}.
 */
@SpringBootApplication
@RestController
public class ServletApplication {

	private final RestClient restClient;

	private final RestTemplate restTemplate;

	private final String uri;

	ServletApplication(RestClient.Builder restClient, RestTemplateBuilder restTemplate,
			@Value("http://127.0.0.1:${outside.port}/api/items/7") String uri) {
		this.restClient = restClient.build();
		this.restTemplate = restTemplate.build();
		this.uri = uri;
	}

	public static void main(String[] args) {
		SpringApplication.run(ServletApplication.class, args);
	}

	@GetMapping("/rest-client")
	String restClient() {
		return this.restClient.get().uri(this.uri).retrieve().body(String.class);
	}

	@GetMapping("/rest-template")
	String restTemplate() {
		return this.restTemplate.getForObject(this.uri, String.class);
	}

}
