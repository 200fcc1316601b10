package io.github.evertoken.lifecycle;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for keys that something else varies than their subject.
 */
class VariedKeysTests {

	private static final TokenKey SERVICE = TokenKey.of("inventory");

	private static final TokenKey WRITE = SERVICE
		.withParameters(TokenParameters.builder().scope(List.of("write")).build());

	private static final TokenKey ON_BEHALF = TokenKey.onBehalfOf("inventory", "inbound");

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final ScriptedIssuer issuer = new ScriptedIssuer();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.random(() -> 0)
		.client(ClientSettings.of("inventory", this.issuer).maximumSubjects(1).build())
		.build();

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	void tokenWhenParametersDifferThenIsAnother() {
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(token(WRITE)).isEqualTo("t2");
		assertThat(token(SERVICE)).isEqualTo("t1");
		assertThat(token(WRITE)).isEqualTo("t2");
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactly(SERVICE, WRITE);
	}

	@Test
	void tokenWhenAnythingThatIsAskedForDiffersThenIsAnother() {
		List<TokenKey> keys = Stream.of(TokenParameters.builder().scope(List.of("read")),
				TokenParameters.builder().scope(List.of("write")), TokenParameters.builder().audience(List.of("read")),
				TokenParameters.builder().resource(List.of(URI.create("urn:a"))),
				TokenParameters.builder().resource(List.of(URI.create("urn:a"), URI.create("urn:b"))),
				TokenParameters.builder().authorizationDetails("[{\"type\":\"a\"}]"),
				TokenParameters.builder().authorizationDetails("[{\"type\":\"b\"}]"),
				TokenParameters.builder().parameter("tenant", "a"), TokenParameters.builder().parameter("tenant", "b"),
				TokenParameters.builder().header("tenant", "a"), TokenParameters.builder().header("tenant", "b"))
			.map((parameters) -> SERVICE.withParameters(parameters.build()))
			.toList();
		List<String> tokens = keys.stream().map(this::token).toList();
		assertThat(tokens).hasSize(11).doesNotContain("none").doesNotHaveDuplicates();
		assertThat(this.issuer.requests()).extracting(TokenRequest::key).containsExactlyElementsOf(keys);
	}

	@Test
	@Tag("RN-1")
	void renewalWhenServicesOwnTokenVariesThenIsInTheBackground() {
		token(WRITE);
		this.time.advanceTimeBy(ScriptedIssuer.LIFETIME.multipliedBy(8).dividedBy(10));
		assertThat(this.issuer.calls()).isEqualTo(2);
		assertThat(this.manager.lifecycle(WRITE).usable().accessToken().value()).isEqualTo("t2");
	}

	@Test
	void evictionThenLeavesNoTimerBehind() {
		token(WRITE);
		TokenLifecycle evicted = this.manager.lifecycle(WRITE);
		for (int i = 0; i < 100; i++) {
			token(TokenKey.of("inventory", "subject" + i));
		}
		evicted.client().size();
		assertThat(evicted.state().closed()).isTrue();
		int calls = this.issuer.calls();
		this.time.advanceTimeBy(ScriptedIssuer.LIFETIME);
		assertThat(this.issuer.calls()).isEqualTo(calls);
	}

	@Test
	void tokenWhenOnBehalfThenEachFlightKnowsTheSubjectToken() {
		token(ON_BEHALF);
		this.time.advanceTimeBy(ScriptedIssuer.LIFETIME.plus(Duration.ofSeconds(1)));
		token(ON_BEHALF);
		assertThat(this.issuer.requests()).extracting((request) -> request.key().subjectToken())
			.containsExactly("inbound", "inbound");
	}

	@Test
	void tokenWhenKeyBeganWithoutItsSubjectTokenThenLearnsIt() {
		this.manager.remove(TokenKey.of("inventory", ON_BEHALF.subject())).block();
		token(ON_BEHALF);
		assertThat(this.issuer.requests()).extracting((request) -> request.key().subjectToken())
			.containsExactly("inbound");
	}

	private String token(TokenKey key) {
		CompletableFuture<String> caller = this.manager.token(key).map(AccessToken::value).toFuture();
		this.time.advanceTimeBy(Duration.ofMillis(1));
		return caller.getNow("none");
	}

}
