package io.github.evertoken.samples.springsecurity.authorization;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Counts the requests that reach the token endpoint. It stands before all of Spring
 * Security.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class TokenRequestCounter extends OncePerRequestFilter {

	private final Map<String, Long> requests = new ConcurrentHashMap<>();

	/**
	 * Return how many requests have come for a grant.
	 * @param grantType the {@code grant_type}
	 * @return the number
	 */
	public long count(String grantType) {
		return this.requests.getOrDefault(grantType, 0L);
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().equals("/oauth2/token");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		this.requests.merge(String.valueOf(request.getParameter("grant_type")), 1L, Long::sum);
		chain.doFilter(request, response);
	}

}
