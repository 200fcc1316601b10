package io.github.evertoken.samples.fleet.issuer;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * The protected resource that the replicas call: it takes any access token that has not
 * expired. It shares a JVM with the authorization server, to save one.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Orders extends OncePerRequestFilter {

	private static final String BEARER = "Bearer ";

	private final RotatingAuthorizationService sessions;

	Orders(RotatingAuthorizationService sessions) {
		this.sessions = sessions;
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().startsWith("/orders/");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		if (isGood(request.getHeader(HttpHeaders.AUTHORIZATION))) {
			response.getOutputStream().print("orders");
		}
		else {
			response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
			response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"");
		}
	}

	private boolean isGood(@Nullable String authorization) {
		return authorization != null && authorization.startsWith(BEARER)
				&& this.sessions.isGood(authorization.substring(BEARER.length()));
	}

}
