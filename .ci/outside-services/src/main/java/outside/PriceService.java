package outside;

import java.time.Duration;

import io.github.evertoken.service.ExpectedDuration;
import io.github.evertoken.service.TokenClient;

import org.springframework.web.service.annotation.GetExchange;

/**
 * Names its client itself.
 */
@TokenClient("inventory")
interface PriceService {

	@GetExchange
	String prices(@ExpectedDuration Duration duration);

}
