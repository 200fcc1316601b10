package io.github.evertoken.samples.quickstart.inventory;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * What there is to be had for a token.
 */
@RestController
class InventoryController {

	@GetMapping("/items/{number}")
	String item(@PathVariable long number) {
		return "item " + number;
	}

	@GetMapping("/reports/{number}")
	String report(@PathVariable long number) {
		return "report " + number;
	}

	@GetMapping("/baskets/mine")
	String basket(@AuthenticationPrincipal Jwt token) {
		return "basket of " + token.getSubject();
	}

}
