package io.github.evertoken.samples.httpservices;

import io.github.evertoken.service.TokenScope;
import reactor.core.publisher.Mono;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PutExchange;

/**
 * The inventory, over {@code WebClient}. Nothing is said of the token but where it has to
 * be another one.
 */
@HttpExchange("/items/{id}")
interface InventoryService {

	@GetExchange
	Mono<String> item(@PathVariable String id);

	@PutExchange
	@TokenScope("reserve")
	Mono<String> reserve(@PathVariable String id);

}
