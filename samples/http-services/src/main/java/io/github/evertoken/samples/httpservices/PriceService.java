package io.github.evertoken.samples.httpservices;

import java.time.Duration;

import io.github.evertoken.service.ExpectedDuration;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.service.annotation.GetExchange;

/**
 * The prices, over {@code RestClient}.
 */
interface PriceService {

	@GetExchange("/{id}")
	String price(@PathVariable String id);

	@GetExchange("/all")
	String all(@ExpectedDuration Duration duration);

}
