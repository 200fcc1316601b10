package io.github.evertoken.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenIssuer;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import io.github.evertoken.store.TokenStore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DefaultTokenManager} and its builder.
 */
class DefaultTokenManagerTests extends LifecycleFixture {

	@Test
	void clientsThenAreThoseThatWereAdded() {
		List<ClientSettings> settings = List.of(settings("inventory"), settings("orders"));
		try (DefaultTokenManager manager = DefaultTokenManager.builder().clients(settings).build()) {
			assertThat(manager.clients()).containsExactlyInAnyOrder("inventory", "orders");
		}
	}

	@Test
	void clientWhenThereIsOneOfThatNameThenIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(
					() -> DefaultTokenManager.builder().clients(List.of(settings("inventory"), settings("inventory"))))
			.withMessage("There are two clients named 'inventory'");
	}

	@Test
	@Tag("RN-1")
	void renewalsWhenNobodySaysOtherwiseThenComeAtRandom() {
		try (DefaultTokenManager manager = DefaultTokenManager.builder().client(settings("inventory")).build()) {
			List<Long> leads = IntStream.range(0, 20).mapToObj((i) -> {
				TokenKey key = TokenKey.of("inventory", "subject" + i);
				manager.put(key, TokenSet.withAccessToken("t").expiresIn(Duration.ofHours(10)).build())
					.block(Duration.ofSeconds(10));
				HeldToken held = manager.lifecycle(key).state().held();
				assertThat(held).isNotNull();
				return held.expiresAt().toEpochMilli() - held.renewalTime();
			}).toList();
			assertThat(leads).anyMatch((lead) -> !lead.equals(leads.get(0)));
		}
	}

	@Test
	void aroundIssuersThenTheLastOneSeesEveryCallFirst() {
		ScriptedIssuer issuer = new ScriptedIssuer();
		List<String> calls = new CopyOnWriteArrayList<>();
		TokenManagerBuilder builder = DefaultTokenManager.builder()
			.client(ClientSettings.of("inventory", issuer).build())
			.aroundIssuers((inner) -> around("inner", calls, inner))
			.aroundIssuers((inner) -> around("outer", calls, inner));
		TokenKey key = TokenKey.of("inventory");
		try (DefaultTokenManager manager = builder.build()) {
			manager.token(key).block(Duration.ofMinutes(1));
			manager.revoke(key).block(Duration.ofMinutes(1));
		}
		assertThat(calls).containsExactly("outer issue", "inner issue", "outer revoke", "inner revoke");
		assertThat(issuer.calls()).isEqualTo(1);
		assertThat(issuer.revoked()).containsExactly("t1 null");
	}

	private static TokenIssuer around(String name, List<String> calls, TokenIssuer inner) {
		return new TokenIssuer() {

			@Override
			public Mono<TokenSet> issue(TokenRequest request) {
				calls.add(name + " issue");
				return inner.issue(request);
			}

			@Override
			public Mono<Void> revoke(TokenKey key, TokenSet tokens) {
				calls.add(name + " revoke");
				return inner.revoke(key, tokens);
			}

		};
	}

	@Test
	void rejectWhenTheManagerIsClosedThenThereIsNoUseInSendingAgain() {
		token(ALICE);
		AccessToken token = lifecycle(ALICE).state().held();
		assertThat(token).isNotNull();
		assertThat(this.manager.reject(ALICE, token)).isTrue();
		this.manager.close();
		assertThat(this.manager.reject(ALICE, token)).isFalse();
	}

	@Test
	@Tag("LC-10")
	void changesWhenAKnownKeyIsWrittenElsewhereThenItsSetIsTaken() {
		Sinks.Many<StoreChange> changes = Sinks.many().multicast().directBestEffort();
		VersionedMapStore store = tellingOf(changes);
		use(store);
		put(ALICE, TokenSet.withAccessToken("mine").build());
		put(SERVICE, TokenSet.withAccessToken("mine").build());
		for (TokenKey key : List.of(ALICE, SERVICE)) {
			store.write(StoredTokenSet.of(key, 7, TokenSet.withAccessToken("theirs").build()));
			changes.tryEmitNext(StoreChange.of(key));
			assertThat(token(key)).isEqualTo("theirs");
		}
		assertThat(this.issuer.calls()).isZero();
	}

	@Test
	@Tag("LC-10")
	void changesWhenTheRecordIsTheOneThatIsKnownThenNothingChanges() {
		Sinks.Many<StoreChange> changes = Sinks.many().multicast().directBestEffort();
		use(tellingOf(changes));
		put(ALICE, TokenSet.withAccessToken("mine").build());
		KeyState before = lifecycle(ALICE).state();
		changes.tryEmitNext(StoreChange.of(ALICE));
		assertThat(lifecycle(ALICE).state()).isSameAs(before);
	}

	@Test
	@Tag("LC-10")
	void changesWhenTheKeyIsNotKnownThenNothingIsRead() {
		Sinks.Many<StoreChange> changes = Sinks.many().multicast().directBestEffort();
		VersionedMapStore store = tellingOf(changes);
		use(store);
		put(BOB, refreshable("r1"));
		int[] loads = new int[1];
		store.loading = (step) -> {
			loads[0]++;
			return step;
		};
		changes.tryEmitNext(StoreChange.of(ALICE));
		changes.tryEmitNext(StoreChange.of(TokenKey.of("orders")));
		assertThat(loads[0]).isZero();
		assertThat(lifecycle(SERVICE).client().size()).isEqualTo(1);
	}

	@Test
	@Tag("RN-6")
	void closeThenNobodyListensToTheStoreAnyMore() {
		Sinks.Many<StoreChange> changes = Sinks.many().multicast().directBestEffort();
		use(tellingOf(changes));
		assertThat(changes.currentSubscriberCount()).isEqualTo(1);
		this.manager.close();
		assertThat(changes.currentSubscriberCount()).isZero();
	}

	@Test
	void storeWhenAClientHasOneOfItsOwnThenTheManagersIsNotUsed() {
		VersionedMapStore own = new VersionedMapStore();
		VersionedMapStore common = new VersionedMapStore();
		use(common, (settings) -> settings.store(own));
		put(ALICE, refreshable("r1"));
		assertThat(own.refreshToken(ALICE)).isEqualTo("r1");
		assertThat(common.rests(ALICE)).isNull();
	}

	private VersionedMapStore tellingOf(Sinks.Many<StoreChange> changes) {
		return new VersionedMapStore() {
			@Override
			public Flux<StoreChange> changes() {
				return changes.asFlux();
			}
		};
	}

	private ClientSettings settings(String name) {
		return ClientSettings.of(name, this.issuer).store(TokenStore.inMemory()).build();
	}

}
