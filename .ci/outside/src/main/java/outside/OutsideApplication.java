package outside;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service as a user writes it: the starter, some YAML, an ordinary
 * {@link org.springframework.web.reactive.function.client.WebClient}.
 */
@SpringBootApplication
public class OutsideApplication {

	public static void main(String[] args) {
		SpringApplication.run(OutsideApplication.class, args);
	}

}
