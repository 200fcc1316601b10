package io.github.evertoken.samples.fleet.issuer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import io.github.evertoken.samples.fleet.Fingerprint;
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
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Stands before the token endpoint. It counts the requests, takes its time as a server
 * far away does, may be out of order, and lets the conductor kill whoever asks between
 * the rotation and the answer.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class TokenEndpoint extends OncePerRequestFilter {

	private static final String NOBODY = "nobody";

	private final RotatingAuthorizationService sessions;

	private final Requester requester;

	private final ReentrantLock oneAtATime = new ReentrantLock(true);

	private final List<TokenRequest> requests = new CopyOnWriteArrayList<>();

	private final Random random = new Random(1);

	private volatile boolean outOfOrder;

	private volatile Duration longestDelay = Duration.ZERO;

	private volatile Predicate<Rotation> killer = (rotation) -> false;

	TokenEndpoint(RotatingAuthorizationService sessions, Requester requester) {
		this.sessions = sessions;
		this.requester = requester;
	}

	List<TokenRequest> requests() {
		return this.requests;
	}

	void outOfOrder(boolean is) {
		this.outOfOrder = is;
	}

	void longestDelay(Duration delay) {
		this.longestDelay = delay;
	}

	void killer(Predicate<Rotation> kills) {
		this.killer = kills;
	}

	@Override
	protected boolean shouldNotFilter(HttpServletRequest request) {
		return !request.getRequestURI().equals("/oauth2/token");
	}

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		String replica = (request.getHeader(Requester.HEADER) != null) ? request.getHeader(Requester.HEADER) : NOBODY;
		// All of it is read before anybody waits for it.
		String refreshToken = request.getParameter("refresh_token");
		this.requests.add(new TokenRequest(clientId(request.getHeader(HttpHeaders.AUTHORIZATION)), replica,
				(refreshToken != null) ? Fingerprint.of(refreshToken) : NOBODY, this.outOfOrder, Instant.now()));
		if (this.outOfOrder) {
			response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
			return;
		}
		delay();
		ContentCachingResponseWrapper held = new ContentCachingResponseWrapper(response);
		List<Rotation> made = answer(replica, request, held, chain);
		delay();
		if (made.stream().noneMatch(this.killer)) {
			held.copyBodyToResponse();
		}
	}

	private List<Rotation> answer(String replica, HttpServletRequest request, HttpServletResponse held,
			FilterChain chain) throws ServletException, IOException {
		this.oneAtATime.lock();
		this.requester.is(replica);
		int before = this.sessions.rotations().size();
		try {
			chain.doFilter(request, held);
			List<Rotation> all = this.sessions.rotations();
			return List.copyOf(all.subList(before, all.size()));
		}
		finally {
			this.requester.isGone();
			this.oneAtATime.unlock();
		}
	}

	private void delay() {
		long longest = this.longestDelay.toNanos();
		if (longest > 0) {
			LockSupport.parkNanos((long) (longest * this.random.nextDouble()));
		}
	}

	private static String clientId(@Nullable String basicCredentials) {
		if (basicCredentials == null || !basicCredentials.startsWith("Basic ")) {
			return NOBODY;
		}
		byte[] decoded = Base64.getDecoder().decode(basicCredentials.substring("Basic ".length()));
		return new String(decoded, StandardCharsets.UTF_8).split(":", 2)[0];
	}

}
