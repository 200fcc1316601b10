package io.github.evertoken.site;

import java.net.URI;
import java.time.Clock;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.grpc.TokenCallCredentials;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.web.RequestExplainer;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.github.evertoken.web.TokenExchangeInterceptor;
import io.grpc.stub.AbstractStub;
import org.slf4j.Logger;
import reactor.core.publisher.Flux;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * What the blocks of Java on the pages name, and what the reader knows without being
 * told. Nothing of it is ever run.
 */
@SuppressWarnings("NullAway.Init")
public abstract class SnippetFixtures {

	protected Logger logger;

	protected WebClient webClient;

	protected WebClient.Builder builder;

	protected WebClient.Builder webClientBuilder;

	protected RestClient restClient;

	protected RestClient.Builder restClientBuilder;

	protected RestTemplate restTemplate;

	protected TokenManager tokenManager;

	protected TokenExchangeFilterFunction tokenExchangeFilterFunction;

	protected TokenExchangeInterceptor tokenExchangeInterceptor;

	protected ExchangeFilterFunction springSecurityFilter;

	protected RequestExplainer explainer;

	protected TokenIssuer issuer;

	protected TokenKey key;

	protected AccessToken refusedToken;

	protected String accessToken;

	protected String refreshToken;

	protected URI url;

	protected String id;

	protected Clock clock;

	protected Flux<DataBuffer> content;

	protected Flux<Page> allPages;

	protected Stock stock;

	protected AuthorizationServer server;

	protected TokenCallCredentials credentials;

	protected AbstractStub<?> stub;

	/**
	 * What a service answers.
	 */
	public record Item(String id) {
	}

	/**
	 * Some of many.
	 */
	public record Page(List<Item> items) {
	}

	/**
	 * What a service calls for, with a reactive client.
	 */
	public interface Stock {

		String of(String item);

	}

	/**
	 * What it does with a blocking one.
	 */
	public interface BlockingStock extends Stock {

	}

	/**
	 * An HTTP service interface.
	 */
	public interface StockService {

	}

	/**
	 * What is sent.
	 */
	public record Reservation(String id) {
	}

	/**
	 * What comes.
	 */
	public record Prices(List<String> prices) {
	}

	/**
	 * A bean of the application.
	 */
	public interface AuditLog {

	}

	/**
	 * Another one.
	 */
	public static class AuditedTokenManager extends DelegatingTokenManager {

		public AuditedTokenManager(TokenManager delegate, AuditLog log) {
			super(delegate);
		}

	}

	/**
	 * Where a reader's own store keeps what it is given.
	 */
	public static class MyDatabase {

	}

	/**
	 * A reader's own store.
	 */
	public interface MyStore extends SharedTokenStore {

		static MyStore in(MyDatabase database) {
			throw new UnsupportedOperationException("Nothing of it is ever run, with " + database);
		}

	}

}
