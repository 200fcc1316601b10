package io.github.evertoken.grpc;

import java.util.Objects;

import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;

/**
 * Sends the calls of a channel with tokens, and a unary call once more if the server
 * refuses the token with {@code UNAUTHENTICATED}, as
 * {@link io.github.evertoken.web.TokenExchangeFilterFunction} does it for
 * {@code WebClient}.
 * <p>
 * A call with credentials of another kind is left as it is; one with
 * {@link TokenCallCredentials} of its own is sent with those. A call is made a second
 * time only if it is unary and nothing but the status has been answered: its message is
 * then written a second time, which one that is a stream itself does not allow. The
 * second answer is what the caller gets. If no other token could be had for now, the
 * second attempt is made with the one that has been accepted before, and a status that
 * refuses it again has the library's exception as its cause. Of any other call the token
 * is replaced for the next one.
 * <p>
 * No thread waits for a token. The deadline of a call includes the time that its token
 * and its second attempt take.
 * <p>
 * Interceptors that are to see each call once go before this one, and those that are to
 * see each attempt behind it.
 *
 * @since 0.1.0
 */
public final class TokenClientInterceptor implements ClientInterceptor {

	private final TokenCallCredentials credentials;

	/**
	 * Create an interceptor.
	 * @param credentials those of calls without credentials of their own
	 */
	public TokenClientInterceptor(TokenCallCredentials credentials) {
		this.credentials = Objects.requireNonNull(credentials, "credentials");
	}

	@Override
	public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
		CallCredentials own = options.getCredentials();
		if (own != null && !(own instanceof TokenCallCredentials)) {
			return next.newCall(method, options);
		}
		return new TokenCall<>(method, options, next,
				(own instanceof TokenCallCredentials given) ? given : this.credentials);
	}

}
