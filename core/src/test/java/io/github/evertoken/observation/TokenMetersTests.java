package io.github.evertoken.observation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenObserver.StoreOperation;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.HeldToken;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.test.scheduler.VirtualTimeScheduler;
import reactor.util.context.Context;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenMeters}.
 */
class TokenMetersTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final TokenMeters meters = new TokenMeters(this.registry, TokenMeterConvention.DEFAULT);

	private TokenIssuer issuer = (request) -> Mono
		.just(TokenSet.withAccessToken("t").expiresIn(Duration.ofSeconds(100)).build());

	private DefaultTokenManager manager;

	@BeforeEach
	void start() {
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.client(ClientSettings.of("inventory", (request) -> this.issuer.issue(request)).build())
			.observer(this.meters)
			.build();
		this.meters.bind(this.manager.clients(), this.manager::status);
	}

	@AfterEach
	void stop() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	void bindThenEachMeterIsThereWithTheTagsThatTheDocumentationSays() {
		this.meters.storeStepEnded("inventory", StoreOperation.LOAD, Duration.ofMillis(1), false);
		for (TokenMeterDocumentation documented : TokenMeterDocumentation.values()) {
			assertThat(this.registry.find(documented.getName()).meters()).as("%s", documented)
				.isNotEmpty()
				.allSatisfy((meter) -> {
					assertThat(meter.getId().getType()).isEqualTo(documented.getType());
					assertThat(meter.getId().getTags()).extracting(Tag::getKey)
						.containsExactlyInAnyOrder(
								Stream.of(documented.getKeyNames()).map(KeyName::asString).toArray(String[]::new));
				});
		}
		Set<String> documented = Arrays.stream(TokenMeterDocumentation.values())
			.map(TokenMeterDocumentation::getName)
			.collect(Collectors.toCollection(TreeSet::new));
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName())
			.allMatch(documented::contains);
	}

	@Test
	void closeThenAllAreGoneAndOthersStay() {
		this.registry.counter("other").increment();
		this.meters.storeStepEnded("inventory", StoreOperation.LOAD, Duration.ofMillis(1), true);
		this.meters.close();
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().getName()).containsExactly("other");
	}

	@Test
	void waitThenIsTimedByItsOutcomeAndNobodyElseIs() {
		Sinks.One<TokenSet> answer = Sinks.one();
		this.issuer = (request) -> answer.asMono();
		this.manager.token(SERVICE).subscribe();
		this.manager.token(SERVICE).subscribe();
		advance(Duration.ofMillis(250));
		assertThat(gauge("evertoken.waiting")).isEqualTo(2);
		answer.tryEmitValue(TokenSet.withAccessToken("t").expiresIn(Duration.ofSeconds(100)).build());
		advance(Duration.ZERO);
		this.manager.token(SERVICE).block();
		assertThat(this.registry.get("evertoken.wait").tag("outcome", "success").timer().count()).isEqualTo(2);
		assertThat(
				this.registry.get("evertoken.wait").tag("outcome", "success").timer().totalTime(TimeUnit.MILLISECONDS))
			.isEqualTo(500);
		assertThat(this.registry.get("evertoken.wait").tag("outcome", "transient").timer().count()).isZero();
	}

	@Test
	void waitWhenIssuerFailsThenIsTransient() {
		this.issuer = (request) -> Mono.error(new TransientTokenException(SERVICE, "busy", null));
		this.manager.token(SERVICE).subscribe((token) -> {
		}, (ex) -> {
		});
		advance(Duration.ofSeconds(10));
		assertThat(this.registry.get("evertoken.wait").tag("outcome", "transient").timer().count()).isOne();
	}

	@Test
	void gaugesThenTellHowThingsAre() {
		assertThat(gauge("evertoken.token.remaining")).isNaN();
		assertThat(gauge("evertoken.token.lifetime")).isNaN();
		assertThat(gauge("evertoken.keys")).isEqualTo(1);
		this.manager.token(SERVICE).block();
		lookAgain();
		assertThat(gauge("evertoken.token.remaining")).isEqualTo(100);
		assertThat(gauge("evertoken.token.lifetime")).isEqualTo(100);
		this.manager.put(TokenKey.of("inventory", "alice"), TokenSet.withRefreshToken("r").build()).block();
		lookAgain();
		assertThat(gauge("evertoken.keys")).isEqualTo(2);
		assertThat(signedOut("service")).isZero();
		assertThat(signedOut("subject")).isZero();
		assertThat(gauge("evertoken.cooldown")).isZero();
		assertThat(this.registry.get("evertoken.forgotten").functionCounter().count()).isZero();
	}

	@Test
	void signedOutThenTellsTheServiceFromItsSubjects() {
		TokenKey alice = TokenKey.of("inventory", "alice");
		this.manager.put(alice, TokenSet.withRefreshToken("r").build()).block();
		this.issuer = (request) -> Mono
			.error(new ReauthenticationRequiredException(request.key(), "refused", "invalid_grant", null, null));
		this.manager.token(alice).onErrorComplete().block();
		lookAgain();
		assertThat(signedOut("subject")).isEqualTo(1);
		assertThat(signedOut("service")).isZero();
		this.manager.token(SERVICE).onErrorComplete().block();
		lookAgain();
		assertThat(signedOut("subject")).isEqualTo(1);
		assertThat(signedOut("service")).isEqualTo(1);
	}

	/**
	 * Whatever flights come to, and whatever has triggered them.
	 */
	@Test
	void seriesThenAreAtMostSixtyAClient() {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(this.registry));
		FlightObservations flights = new FlightObservations(observations, null);
		for (Trigger trigger : TokenObservationDocumentation.triggers()) {
			for (TokenException failure : Arrays.asList(null, new TransientTokenException(SERVICE, "", null),
					new TokenRefusedException(SERVICE, "", null, null, null),
					new ReauthenticationRequiredException(SERVICE, "", null, null, null))) {
				flights.flightStarted(SERVICE, trigger, Context.empty())
					.ended((failure != null) ? Outcome.of(failure) : Outcome.SUCCESS, failure);
			}
			flights.flightStarted(SERVICE, trigger, Context.empty()).ended(Outcome.CANCELLED, null);
		}
		assertThat(this.registry.find("evertoken.flight").timers()).hasSize(30);
		assertThat(this.registry.getMeters()).hasSizeLessThanOrEqualTo(60);
	}

	@Test
	void renewalThenItsLeadIsTimed() {
		this.manager.token(SERVICE).block();
		advance(Duration.ofSeconds(90));
		assertThat(this.registry.get("evertoken.renewal.lead").timer().count()).isOne();
		assertThat(this.registry.get("evertoken.renewal.lead").timer().totalTime(TimeUnit.SECONDS)).isBetween(20d, 26d);
	}

	@Test
	void rejectionThenIsCountedByWhatIsMadeOfIt() {
		this.manager.token(SERVICE).block();
		HeldToken held = this.manager.lifecycle(SERVICE).usable();
		this.manager.reject(SERVICE, held);
		advance(Duration.ZERO);
		this.manager.lifecycle(SERVICE).reject(held);
		assertThat(rejections("renewed")).isEqualTo(1);
		assertThat(rejections("late")).isEqualTo(1);
		assertThat(rejections("barred")).isZero();
	}

	@Test
	void tagsThenHaveNoSubject() {
		for (int i = 0; i < 1000; i++) {
			TokenKey key = TokenKey.of("inventory", "subject-" + i);
			this.manager.put(key, TokenSet.withRefreshToken("r").build()).block();
			this.manager.token(key).block();
			this.manager.reject(key, this.manager.lifecycle(key).usable());
		}
		advance(Duration.ZERO);
		assertThat(this.registry.getMeters()).hasSizeLessThanOrEqualTo(30);
		assertThat(this.registry.getMeters()).extracting((meter) -> meter.getId().toString())
			.noneMatch((id) -> id.contains("subject-"));
	}

	@Test
	void conventionThenNamesAndTags() {
		SimpleMeterRegistry other = new SimpleMeterRegistry();
		TokenMeters named = new TokenMeters(other, new TokenMeterConvention() {
			@Override
			public String name(TokenMeterDocumentation meter) {
				return "acme." + meter.getName();
			}

			@Override
			public Tags tags(TokenMeterDocumentation meter, Tags tags) {
				return tags.and("team", "blue");
			}
		});
		named.bind(this.manager.clients(), this.manager::status);
		assertThat(other.getMeters()).isNotEmpty().extracting(Meter::getId).allSatisfy((id) -> {
			assertThat(id.getName()).startsWith("acme.evertoken.");
			assertThat(id.getTag("team")).isEqualTo("blue");
		});
	}

	private void advance(Duration duration) {
		this.time.advanceTimeBy(duration);
	}

	/**
	 * The gauges share a look for a moment of real time.
	 */
	private void lookAgain() {
		this.meters.close();
		this.meters.bind(this.manager.clients(), this.manager::status);
	}

	private double gauge(String name) {
		return this.registry.get(name).gauge().value();
	}

	private double signedOut(String key) {
		return this.registry.get("evertoken.signed.out").tag("key", key).gauge().value();
	}

	private double rejections(String decision) {
		return this.registry.get("evertoken.rejections").tag("decision", decision).counter().count();
	}

}
