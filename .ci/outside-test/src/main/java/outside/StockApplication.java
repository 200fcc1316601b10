package outside;

import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A service as a user writes it.
 */
@SpringBootApplication
public class StockApplication {

}
