package io.github.evertoken.samples.quickstart.authorization;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
 * Counts every request that reaches the token endpoint, whatever its answer will be. It
 * stands before all of Spring Security.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TokenRequestCounter extends OncePerRequestFilter {

	private final Map<String, Long> requests = new ConcurrentHashMap<>();

	long count(String clientId, String grantType) {
		return this.requests.getOrDefault(clientId + " " + grantType, 0L);
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().equals("/oauth2/token");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String clientId = clientId(request.getHeader(HttpHeaders.AUTHORIZATION));
		this.requests.merge(clientId + " " + request.getParameter("grant_type"), 1L, Long::sum);
		chain.doFilter(request, response);
	}

	private static String clientId(@Nullable String basicCredentials) {
		if (basicCredentials == null || !basicCredentials.startsWith("Basic ")) {
			return "unknown";
		}
		byte[] decoded = Base64.getDecoder().decode(basicCredentials.substring("Basic ".length()));
		return new String(decoded, StandardCharsets.UTF_8).split(":", 2)[0];
	}

}
