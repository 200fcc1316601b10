package outside;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.test.boot.EvertokenTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tokens that nobody has issued.
 */
@SpringBootTest
@EvertokenTest
class StaticTokensTests {

	@Test
	void tokenThenIsThere(@Autowired TokenManager manager) {
		assertThat(manager.token(TokenKey.of("inventory")).block().value()).isEqualTo("inventory-token");
	}

}
