package io.github.evertoken.web;

import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A view of a request with an {@code Authorization} header.
 */
final class AuthorizedRequest extends RequestView {

	private final String authorization;

	private final RejectionPolicy policy;

	private AuthorizedRequest(ClientRequest request, String authorization, RejectionPolicy policy) {
		super(request);
		this.authorization = authorization;
		this.policy = policy;
	}

	static ClientRequest of(ClientRequest request, AccessToken token, RejectionPolicy policy) {
		return new AuthorizedRequest(request, token.headerValue(), policy);
	}

	/**
	 * Return the view for a second attempt, whose body is watched.
	 * @param failure why there is no other token than the one that was rejected,
	 * {@code null} if there is
	 */
	static ClientRequest onceMore(ClientRequest request, AccessToken token, @Nullable TokenException failure,
			BodyWatch watch) {
		return new Watched(request, token.headerValue(), failure, watch);
	}

	@Override
	void set(HttpHeaders headers) {
		headers.set(HttpHeaders.AUTHORIZATION, this.authorization);
	}

	/**
	 * Only a filter further down that copies the request asks for this. It may replace
	 * the header in its copy, and what is rejected then is not the token.
	 */
	@Override
	public @Nullable Consumer<ClientHttpRequest> httpRequest() {
		Consumer<ClientHttpRequest> own = super.httpRequest();
		return (this.policy instanceof WarningRejectionPolicy filter) ? (sent) -> {
			if (own != null) {
				own.accept(sent);
			}
			if (!this.authorization.equals(sent.getHeaders().getFirst(HttpHeaders.AUTHORIZATION))) {
				filter.tokenReplaced(url());
			}
		} : own;
	}

	private static final class Watched extends RequestView {

		private final String authorization;

		private final @Nullable TokenException failure;

		private final BodyWatch watch;

		Watched(ClientRequest request, String authorization, @Nullable TokenException failure, BodyWatch watch) {
			super(request);
			this.authorization = authorization;
			this.failure = failure;
			this.watch = watch;
		}

		@Override
		BodyWatch watch() {
			return this.watch;
		}

		@Override
		void set(HttpHeaders headers) {
			headers.set(HttpHeaders.AUTHORIZATION, this.authorization);
		}

		@Override
		public Map<String, Object> attributes() {
			return (this.failure != null) ? TokenAttributes.withRenewalFailure(super.attributes(), this.failure)
					: super.attributes();
		}

	}

}
