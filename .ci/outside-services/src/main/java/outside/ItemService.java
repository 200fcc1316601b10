package outside;

import java.util.concurrent.CompletableFuture;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * Of a group that belongs to a client.
 */
interface ItemService {

	@GetExchange("/{id}")
	CompletableFuture<String> item(@PathVariable("id") String id);

}
