package io.github.evertoken.benchmarks.contender;

import java.util.stream.Stream;

import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import io.github.evertoken.observation.FlightObservations;
import io.github.evertoken.observation.TokenMeterConvention;
import io.github.evertoken.observation.TokenMeters;
import io.github.evertoken.web.BaseUrl;
import io.github.evertoken.web.ClientSelector;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFunction;

/**
 * Evertoken with its defaults, as the starter wires it for one client.
 */
public final class EvertokenFilter implements Authorizer {

	private static final String CLIENT = "inventory";

	private final DefaultTokenManager manager;

	private final TokenExchangeFilterFunction filter;

	EvertokenFilter(TokenSource source, String baseUrl) {
		this(settings(source).build(), baseUrl, Schedulers.parallel());
	}

	private EvertokenFilter(ClientSettings settings, String baseUrl, Scheduler scheduler, TokenObserver... observers) {
		TokenManagerBuilder builder = DefaultTokenManager.builder().client(settings).scheduler(scheduler);
		Stream.of(observers).forEach(builder::observer);
		this.manager = builder.build();
		this.filter = new TokenExchangeFilterFunction(this.manager,
				ClientSelector.builder().add(BaseUrl.of(baseUrl), CLIENT).build());
	}

	/**
	 * Create a filter all of whose tokens are rejected, and replaced without end, on the
	 * thread of the caller.
	 * @param source where its tokens come from
	 * @param baseUrl where its requests go
	 * @return the filter
	 */
	public static EvertokenFilter forRejections(TokenSource source, String baseUrl) {
		return new EvertokenFilter(settings(source).maxRenewals(Integer.MAX_VALUE).build(), baseUrl,
				new InlineScheduler(Schedulers.parallel()));
	}

	/**
	 * Create a filter whose tokens are measured and whose flights are observed, as the
	 * starter wires it where there is Micrometer.
	 * @param source where its tokens come from
	 * @param baseUrl where its requests go
	 * @return the filter
	 */
	static EvertokenFilter withMetrics(TokenSource source, String baseUrl) {
		MeterRegistry registry = new SimpleMeterRegistry();
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
		TokenMeters meters = new TokenMeters(registry, TokenMeterConvention.DEFAULT);
		EvertokenFilter filter = new EvertokenFilter(settings(source).build(), baseUrl, Schedulers.parallel(), meters,
				new FlightObservations(observations, null));
		meters.bind(filter.manager.clients(), filter.manager::status);
		return filter;
	}

	private static ClientSettings.Builder settings(TokenSource source) {
		return ClientSettings.of(CLIENT, (request) -> source.call()
			.map((token) -> TokenSet.withAccessToken(token.value()).expiresIn(token.lifetime()).build()));
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		return this.filter.filter(request, next);
	}

	@Override
	public void close() {
		this.manager.close();
	}

}
