package io.github.evertoken.benchmarks.contender;

import java.time.ZoneOffset;

import com.azure.core.credential.AccessToken;
import com.azure.core.credential.AccessTokenCache;
import com.azure.core.credential.TokenRequestContext;
import reactor.core.publisher.Mono;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * The token cache of the Azure SDK, asked as its own bearer-token policy asks it. It
 * refreshes a token that still works at most every 30 seconds, which cannot be set.
 */
final class AzureCoreFilter implements Authorizer {

	private static final TokenRequestContext CONTEXT = new TokenRequestContext().addScopes("inventory.read");

	private final AccessTokenCache tokens;

	AzureCoreFilter(TokenSource source) {
		this.tokens = new AccessTokenCache((context) -> source.call()
			.map((token) -> new AccessToken(token.value(), token.expiresAt().atOffset(ZoneOffset.UTC))));
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return this.tokens.getToken(CONTEXT, false)
			.flatMap((token) -> next.exchange(ConstantCopy.authorized(request, token.getToken())));
	}

}
