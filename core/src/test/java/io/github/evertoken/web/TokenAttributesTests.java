package io.github.evertoken.web;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.util.context.Context;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenAttributes} and {@link SubjectTokenResolver}: which key a request
 * is sent with.
 */
class TokenAttributesTests {

	private static final TokenParameters WRITE = TokenParameters.builder().scope(List.of("write")).build();

	private final List<TokenKey> issued = new ArrayList<>();

	private final List<String> sent = new ArrayList<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder().client(settings()).build();

	private SubjectTokenResolver resolver = SubjectTokenResolver.contextKey("token");

	private ClientSettings settings() {
		return ClientSettings.of("inventory", (request) -> {
			this.issued.add(request.key());
			return Mono.just(TokenSet.withAccessToken("t" + this.issued.size()).build());
		}).build();
	}

	@AfterEach
	void close() {
		this.manager.close();
	}

	@Test
	void scopeThenAsksForATokenOfItsOwn() {
		assertThat(send(filter())).isEqualTo("Bearer t1");
		assertThat(send(filter(), TokenAttributes.scope("write"))).isEqualTo("Bearer t2");
		assertThat(send(filter(), TokenAttributes.scope("write"))).isEqualTo("Bearer t2");
		assertThat(send(filter())).isEqualTo("Bearer t1");
		assertThat(this.issued).containsExactly(TokenKey.of("inventory"),
				TokenKey.of("inventory").withParameters(WRITE));
	}

	@Test
	void attributesThenAreOneAfterTheOtherAddedTo() {
		send(filter(), TokenAttributes.client("inventory"), TokenAttributes.subject("alice"),
				TokenAttributes.scope("write"), TokenAttributes.audience("a", "b"),
				TokenAttributes.resource(URI.create("https://r.example")),
				TokenAttributes.expectedDuration(Duration.ofSeconds(1)), TokenAttributes.singleUseBody(),
				TokenAttributes.parameters(TokenParameters.builder().parameter("tenant", "7").build()));
		assertThat(this.issued).containsExactly(TokenKey.of("inventory", "alice")
			.withParameters(TokenParameters.builder()
				.scope(List.of("write"))
				.audience(List.of("a", "b"))
				.resource(List.of(URI.create("https://r.example")))
				.parameter("tenant", "7")
				.build()));
	}

	@Test
	void subjectTokenThenTheKeyHasIt() {
		send(filter(), TokenAttributes.subject("alice"), TokenAttributes.subjectToken("inbound"));
		assertThat(this.issued).containsExactly(TokenKey.onBehalfOf("inventory", "inbound"));
		assertThat(this.issued.get(0).subjectToken()).isEqualTo("inbound");
	}

	@Test
	void subjectWhenItComesAfterASubjectTokenThenWins() {
		send(filter(), TokenAttributes.subjectToken("inbound"), TokenAttributes.subject("alice"));
		assertThat(this.issued).containsExactly(TokenKey.of("inventory", "alice"));
	}

	@Test
	void noTokenThenTheRequestPassesUntouchedWhateverElseItNames() {
		assertThat(send(filter(), TokenAttributes.noToken())).isEqualTo("null");
		assertThat(send(filter(), TokenAttributes.noToken(), TokenAttributes.client("inventory"),
				TokenAttributes.subject("alice")))
			.isEqualTo("null");
		assertThat(send(filter(), TokenAttributes.scope("write"), TokenAttributes.noToken())).isEqualTo("null");
		assertThat(send(filterOnBehalf(), TokenAttributes.noToken())).isEqualTo("null");
		assertThat(this.issued).isEmpty();
	}

	@Test
	void requestedTokenThenNobodyIsShownTheSubjectToken() {
		ClientRequest request = request(TokenAttributes.subjectToken("inbound")).build();
		assertThat(request.attributes().toString()).doesNotContain("inbound");
	}

	@Test
	void subjectTokenResolverThenEachTokenHasAKeyOfItsOwn() {
		TokenExchangeFilterFunction filter = filterOnBehalf();
		assertThat(send(filter, Context.of("token", "a"))).isEqualTo("Bearer t1");
		assertThat(send(filter, Context.of("token", "b"), TokenAttributes.scope("write"))).isEqualTo("Bearer t2");
		assertThat(send(filter, Context.of("token", "a"))).isEqualTo("Bearer t1");
		assertThat(this.issued).containsExactly(TokenKey.onBehalfOf("inventory", "a"),
				TokenKey.onBehalfOf("inventory", "b").withParameters(WRITE));
	}

	@Test
	void subjectTokenResolverWhenThereIsNoTokenThenRequestIsNotSent() {
		StepVerifier.create(filterOnBehalf().filter(request().build(), this::respond))
			.expectErrorSatisfies((ex) -> assertThat(ex).isInstanceOf(ReauthenticationRequiredException.class)
				.hasMessageContaining("for subject 'anonymous'")
				.hasMessageContaining("there is no subject token"))
			.verify(Duration.ofMinutes(1));
		assertThat(this.sent).isEmpty();
		assertThat(this.issued).isEmpty();
		assertThat(send(filterOnBehalf(), Context.of("token", "a"))).isEqualTo("Bearer t1");
	}

	@Test
	void securityContextThenTakesTheTokenOfTheInboundRequest() {
		this.resolver = SubjectTokenResolver.securityContext();
		OAuth2AccessToken inbound = new OAuth2AccessToken(TokenType.BEARER, "inbound", null, null);
		Context context = Context.of(ReactiveSecurityContextHolder
			.withAuthentication(new TestingAuthenticationToken("alice", inbound, "USER")));
		send(filterOnBehalf(), context);
		assertThat(this.issued).extracting(TokenKey::subjectToken).containsExactly("inbound");
	}

	@Test
	void attributeThenTakesTheTokenFromTheRequest() {
		this.resolver = SubjectTokenResolver.attribute("token");
		send(filterOnBehalf(), (attributes) -> attributes.put("token", "inbound"));
		assertThat(this.issued).extracting(TokenKey::subjectToken).containsExactly("inbound");
	}

	@Test
	void attributesWhenWrongThenFailAtAssembly() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.scope("two words"));
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.audience(""));
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.resource(URI.create("/relative")));
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.subjectToken(" "));
	}

	@SafeVarargs
	private String send(TokenExchangeFilterFunction filter, Consumer<Map<String, Object>>... attributes) {
		return send(filter, Context.empty(), attributes);
	}

	@SafeVarargs
	private String send(TokenExchangeFilterFunction filter, Context context,
			Consumer<Map<String, Object>>... attributes) {
		filter.filter(request(attributes).build(), this::respond).contextWrite(context).block(Duration.ofMinutes(1));
		return this.sent.get(this.sent.size() - 1);
	}

	private Mono<ClientResponse> respond(ClientRequest request) {
		this.sent.add(String.valueOf(request.headers().getFirst(HttpHeaders.AUTHORIZATION)));
		return Mono.just(ClientResponse.create(HttpStatus.OK).build());
	}

	@SafeVarargs
	private static ClientRequest.Builder request(Consumer<Map<String, Object>>... attributes) {
		ClientRequest.Builder request = ClientRequest.create(HttpMethod.GET, URI.create("https://inventory/items"));
		for (Consumer<Map<String, Object>> each : attributes) {
			request.attributes(each);
		}
		return request;
	}

	private TokenExchangeFilterFunction filter() {
		return new TokenExchangeFilterFunction(this.manager, selector());
	}

	private TokenExchangeFilterFunction filterOnBehalf() {
		return TokenExchangeFilterFunction.builder(this.manager, selector())
			.subjectTokenResolver("inventory", this.resolver)
			.build();
	}

	private static ClientSelector selector() {
		return ClientSelector.builder().add(BaseUrl.of("https://inventory"), "inventory").build();
	}

}
