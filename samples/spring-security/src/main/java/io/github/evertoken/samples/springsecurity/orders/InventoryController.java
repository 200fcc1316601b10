package io.github.evertoken.samples.springsecurity.orders;

import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * What there is to be had for a token.
 */
@RestController
class InventoryController {

	@GetMapping("/inventory/items")
	String items(@AuthenticationPrincipal Jwt token) {
		return "items for " + token.getSubject();
	}

	@GetMapping("/inventory/basket")
	String basket(@AuthenticationPrincipal Jwt token) {
		return "basket of " + token.getSubject();
	}

}
