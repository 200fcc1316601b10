package io.github.evertoken.lifecycle;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import io.github.evertoken.store.TokenStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the times that anybody is told of keys: each is one of a calendar, whatever
 * phase a key is in and whatever an issuer says.
 */
class ShownTimesTests extends LifecycleFixture {

	private static final Duration FOREVER = Duration.ofSeconds(Long.MAX_VALUE);

	private static final Instant FIRST = Instant.parse("0000-01-01T00:00:00Z");

	private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

	private static final Duration LONGEST = Duration.between(FIRST, LAST);

	private final Set<KeyPhase> phases = EnumSet.noneOf(KeyPhase.class);

	// Events are told by another thread.
	private final List<Object> told = new CopyOnWriteArrayList<>();

	@Test
	@Tag("OB-7")
	void timesThenAreOfTheCalendarInEachPhase() {
		observe();
		look();
		token(SERVICE);
		look();
		failFromNowOn();
		advance(Duration.ofSeconds(85));
		look();
		HeldToken held = lifecycle(SERVICE).usable();
		held.accepted();
		lifecycle(SERVICE).reject(held);
		look();
		advance(Duration.ofSeconds(4));
		assertThat(lifecycle(SERVICE).state().servesSuspect()).isTrue();
		assertThat(service().renewsAt()).isBetween(service().at(), service().at().plusSeconds(60));
		look();
		advance(Duration.ofHours(1));
		look();
		put(SERVICE, TokenSet.withAccessToken("t9").expiresIn(ScriptedIssuer.LIFETIME).refreshToken("r9").build());
		look();
		checkAll();
		assertThat(this.phases).containsExactlyInAnyOrder(KeyPhase.EMPTY, KeyPhase.FRESH, KeyPhase.DUE,
				KeyPhase.SUSPECT, KeyPhase.EXPIRED);
	}

	@Test
	@Tag("OB-7")
	void timesWhenSomebodyMustLogInOrTheManagerIsClosedThenAreOfTheCalendar() {
		observe();
		put(SERVICE, TokenSet.withAccessToken("t9").expiresIn(ScriptedIssuer.LIFETIME).refreshToken("r9").build());
		this.issuer.thenRefuse().thenRefuse();
		this.manager.renew(SERVICE);
		advance(Duration.ZERO);
		look();
		this.manager.close();
		look();
		checkAll();
		assertThat(this.phases).containsExactlyInAnyOrder(KeyPhase.SIGNED_OUT, KeyPhase.CLOSED);
	}

	@Test
	@Tag("OB-7")
	void timesWhenAnIssuerKnowsNoBoundsThenAreOfTheCalendar() {
		observe();
		TokenSet endless = TokenSet.withAccessToken("t1")
			.expiresIn(FOREVER)
			.refreshToken("r1")
			.refreshTokenExpiresAt(Instant.MAX)
			.issuerTime(Instant.MAX)
			.build();
		TokenSet ended = TokenSet.withAccessToken("t2")
			.obtainedAt(Instant.MIN)
			.refreshToken("r2")
			.refreshTokenExpiresAt(Instant.MIN)
			.issuerTime(Instant.MIN)
			.build();
		this.issuer.then(Mono.just(endless)).then(Mono.just(ended)).then(Mono.just(endless));
		assertThat(token(SERVICE)).isEqualTo("t1");
		look();
		this.manager.renew(SERVICE);
		advance(Duration.ZERO);
		look();
		assertThat(token(ALICE)).isEqualTo("t1");
		put(ALICE, ended);
		put(SERVICE, endless);
		look();
		failFromNowOn();
		lifecycle(SERVICE).reject(lifecycle(SERVICE).usable());
		advance(Duration.ofDays(1));
		look();
		checkAll();
	}

	/**
	 * A flight that cannot even wait has nobody who says when the next one may start.
	 */
	@Test
	@Tag("OB-7")
	void retryWhenNothingSaysWhenThenIsNow() {
		observe();
		advance(Duration.ofSeconds(1));
		Flight flight = lifecycle(SERVICE).prepare(lifecycle(SERVICE).state(), Trigger.USE, lifecycle(SERVICE).now());
		this.manager.client("inventory")
			.events(SERVICE)
			.failed(flight, lifecycle(SERVICE).state(), new TransientTokenException(SERVICE, "broken", null),
					Long.MIN_VALUE);
		checkAll();
	}

	private void failFromNowOn() {
		IntStream.range(0, 10_000)
			.forEach((i) -> this.issuer.thenFail(new TransientTokenException(SERVICE, "busy", null)));
	}

	private void look() {
		ClientStatus status = this.manager.status("inventory");
		this.phases.add(status.service().phase());
		this.told.add(status.service());
		this.told.addAll(status.service().lately());
		this.told.addAll(
				Stream
					.of(status.service().flight(), status.service().failing(), status.service().token(),
							status.service().lastRejection())
					.filter((each) -> each != null)
					.toList());
	}

	private void checkAll() {
		Awaitility.await().until(() -> this.told.stream().anyMatch(TokenEvent.class::isInstance));
		assertThat(this.told).allSatisfy((told) -> {
			for (Method method : told.getClass().getMethods()) {
				if (method.getParameterCount() == 0) {
					check(method, told);
				}
			}
		});
	}

	private static void check(Method method, Object told) throws ReflectiveOperationException {
		if (method.getReturnType() == Instant.class) {
			method.setAccessible(true);
			Instant instant = (Instant) method.invoke(told);
			if (instant != null) {
				assertThat(instant).as(method + " of " + told).isBetween(FIRST, LAST);
			}
		}
		else if (method.getReturnType() == Duration.class) {
			method.setAccessible(true);
			Duration duration = (Duration) method.invoke(told);
			if (duration != null) {
				assertThat(duration.abs()).as(method + " of " + told).isLessThanOrEqualTo(LONGEST);
			}
		}
	}

	private KeyStatus service() {
		return this.manager.status("inventory").service();
	}

	private void observe() {
		this.manager.close();
		this.manager = DefaultTokenManager.builder()
			.virtualTime(this.time)
			.random(() -> 0.5)
			.store(TokenStore.inMemory())
			.client(ClientSettings.of("inventory", this.issuer).build())
			.observer(new TokenObserver() {

				@Override
				public FlightObserver flightStarted(TokenKey key, Trigger trigger, ContextView starter) {
					return new FlightObserver() {

						@Override
						public void issued(IssuerAnswer answer) {
							ShownTimesTests.this.told.add(answer);
						}
					};
				}

			})
			.build();
		this.manager.events().subscribe(this.told::add);
	}

}
