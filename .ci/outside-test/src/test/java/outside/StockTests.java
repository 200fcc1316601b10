package outside;

import java.util.stream.Stream;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first test of a user, in ten lines.
 */
@SpringBootTest
class StockTests {

	@RegisterExtension
	static final AuthorizationServer server = AuthorizationServer.forClients("inventory");

	@Test
	void callsThenShareOneToken(@Autowired Stock stock) {
		Stream.of("pen", "ink").forEach(stock::of);
		assertThat(server).receivedTokenRequests(1).receivedResourceRequests(2);
	}

}
