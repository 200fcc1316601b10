package io.github.evertoken.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.test.TestWebClients;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpHeaders;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client whose tokens are {@code t1}, {@code t2} and so on, and a server that answers
 * with what it was told to.
 */
class RefusingFixture implements AutoCloseable {

	static final TokenKey KEY = TokenKey.of("inventory");

	final MockWebServer server;

	final AtomicInteger tokens = new AtomicInteger();

	final List<TokenEvent> events = new CopyOnWriteArrayList<>();

	final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", (request) -> Mono.fromSupplier(this::nextToken))
			.maxRenewals(100_000)
			.build())
		.build();

	RefusingFixture(MockWebServer server) {
		this.server = server;
		this.manager.events().subscribe(this.events::add);
	}

	private TokenSet nextToken() {
		return TokenSet.withAccessToken("t" + this.tokens.incrementAndGet()).expiresIn(Duration.ofHours(1)).build();
	}

	WebClient webClient(RejectionPolicy policy) {
		return webClient(TestWebClients.builder(1), policy);
	}

	WebClient webClient(WebClient.Builder builder, RejectionPolicy policy) {
		return builder.filter(filter(policy)).baseUrl(this.server.url("/").toString()).build();
	}

	TokenExchangeFilterFunction filter(RejectionPolicy policy) {
		return TokenExchangeFilterFunction
			.builder(this.manager,
					ClientSelector.builder().add(BaseUrl.of(this.server.url("/").toString()), "inventory").build())
			.rejectionPolicy(policy)
			.build();
	}

	void answer(int status, String body, String... challenges) {
		MockResponse.Builder response = new MockResponse.Builder().code(status).body(body);
		for (String challenge : challenges) {
			response.addHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
		}
		this.server.enqueue(response.build());
	}

	RecordedRequest takeRequest() {
		try {
			RecordedRequest request = this.server.takeRequest(10, TimeUnit.SECONDS);
			assertThat(request).isNotNull();
			return request;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	String currentToken() {
		return this.manager.token(KEY).block(Duration.ofMinutes(1)).value();
	}

	<T extends TokenEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	@Override
	public void close() {
		this.manager.close();
	}

}
