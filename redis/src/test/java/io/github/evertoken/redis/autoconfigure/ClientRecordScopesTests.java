package io.github.evertoken.redis.autoconfigure;

import java.util.Map;

import io.github.evertoken.TokenKey;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.redis.RecordScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClientRecordScopes}: what two versions of a configuration share.
 */
@Tag("FL-19")
class ClientRecordScopesTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey ALICE = TokenKey.of("inventory", "alice");

	@Test
	void ownGrantWhenTheScopeIsAnotherOneThenHasAnotherRecord() {
		assertThat(scope(SERVICE, Map.of("scope", "a,b"))).isEqualTo(scope(SERVICE, Map.of("scope", "b,a")))
			.isNotEqualTo(scope(SERVICE, Map.of("scope", "a")))
			.isNotEqualTo(scope(SERVICE, Map.of("scope", "a,b", "parameters.tenant", "one")));
	}

	@Test
	void sessionWhenTheScopeIsAnotherOneThenIsTheSame() {
		Map<String, String> refreshing = Map.of("grant-type", "refresh-token", "scope", "a");
		assertThat(scope(ALICE, refreshing))
			.isEqualTo(scope(ALICE, Map.of("grant-type", "refresh-token", "scope", "b")));
		assertThat(scope(SERVICE, refreshing)).isEqualTo(scope(ALICE, refreshing));
	}

	@Test
	void sessionWhenTheAudienceIsAnotherOneThenItsAccessTokenIsOfNoUse() {
		assertThat(scope(ALICE, Map.of("grant-type", "refresh-token", "audience", "a")))
			.isNotEqualTo(scope(ALICE, Map.of("grant-type", "refresh-token", "audience", "b")));
	}

	@Test
	void recordWhenTheIssuerOrTheClientIdIsAnotherOneThenIsAnotherOne() {
		assertThat(scope(SERVICE, Map.of())).isNotEqualTo(scope(SERVICE, Map.of("client-id", "billing")))
			.isNotEqualTo(scope(SERVICE, Map.of("issuer-uri", "https://other")));
	}

	@Test
	void recordWhenOnlyWhatIsOfOnesOwnIsAnotherOneThenIsTheSame() {
		assertThat(scope(SERVICE, Map.of())).isEqualTo(
				scope(SERVICE, Map.of("client-secret", "rotated", "max-wait", "3s", "base-url", "https://elsewhere")));
	}

	@Test
	void onBehalfThenIsAnOwnGrantThoughThereIsASubject() {
		assertThat(scope(ALICE, Map.of("grant-type", "token-exchange", "scope", "a")))
			.isNotEqualTo(scope(ALICE, Map.of("grant-type", "token-exchange", "scope", "b")));
	}

	@Test
	void recordWhenTheClientIsABeanThenItsNameAloneCounts() {
		assertThat(new ClientRecordScopes(Map::of).of(SERVICE)).isEqualTo(RecordScope.none());
	}

	private static RecordScope scope(TokenKey key, Map<String, String> properties) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource(
				Map.of("client.client-id", "orders", "client.issuer-uri", "https://idp"));
		properties.forEach((name, value) -> source.put("client." + name, value));
		ClientProperties client = new Binder(source).bindOrCreate("client", Bindable.of(ClientProperties.class));
		return new ClientRecordScopes(() -> Map.of("inventory", client)).of(key);
	}

}
