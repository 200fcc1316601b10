package io.github.evertoken.grpc;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.grpc.CallCredentials;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Sends calls of gRPC with the token of the client that they belong to.
 * <p>
 * A call is a request of HTTP/2, and the client is chosen as for any other: by the base
 * URL that covers {@code https://authority/package.Service/Method}, with {@code http} for
 * a channel without TLS, or by {@link #attributes}. A token goes to no other authority,
 * and over a channel without TLS only if a client says so with an {@code http} URL.
 * Credentials are called by grpc-java when the connection is there, so that the token is
 * the one of that moment; no thread waits for it.
 * <p>
 * By themselves, credentials do not learn how a call ends. With
 * {@link TokenClientInterceptor}, a token that is refused is replaced, and a unary call
 * is made once more.
 *
 * <pre class="code">
 * stub.withCallCredentials(credentials.attributes(subject("alice")))
 * </pre>
 *
 * @since 0.1.0
 */
public final class TokenCallCredentials extends CallCredentials {

	private final TokenExchangeFilterFunction filter;

	private final Consumer<Map<String, Object>> attributes;

	/**
	 * Create credentials.
	 * @param filter what they do the same as
	 */
	public TokenCallCredentials(TokenExchangeFilterFunction filter) {
		this(Objects.requireNonNull(filter, "filter"), (attributes) -> {
		});
	}

	private TokenCallCredentials(TokenExchangeFilterFunction filter, Consumer<Map<String, Object>> attributes) {
		this.filter = filter;
		this.attributes = attributes;
	}

	/**
	 * Return credentials whose calls say more of their token.
	 * @param attributes what they say, see
	 * {@link io.github.evertoken.web.TokenAttributes}, or for a resolver
	 * @return the credentials; these stay as they are
	 */
	public TokenCallCredentials attributes(Consumer<Map<String, Object>> attributes) {
		return new TokenCallCredentials(this.filter, this.attributes.andThen(attributes));
	}

	/**
	 * Give a call its token. If none can be had, or it must not go there, the call fails
	 * with {@code UNAVAILABLE}, {@code UNAUTHENTICATED} or {@code INTERNAL}, with the
	 * library's exception as its cause.
	 */
	@Override
	public void applyRequestMetadata(RequestInfo call, Executor executor, MetadataApplier applier) {
		exchange(CallRequest.of(call, this.attributes), (request) -> {
			applier.apply(CallRequest.metadata(request));
			return Mono.empty();
		}).subscribe((answer) -> {
		}, (ex) -> applier.fail(CallStatus.of(ex)));
	}

	/**
	 * Return the exchange of a call, for whoever learns how it ends.
	 */
	Mono<Void> exchange(ClientRequest call, ExchangeFunction next) {
		return Mono.defer(() -> this.filter.filter(call, next)).then();
	}

	/**
	 * Return what calls say of their token.
	 */
	Consumer<Map<String, Object>> attributes() {
		return this.attributes;
	}

}
