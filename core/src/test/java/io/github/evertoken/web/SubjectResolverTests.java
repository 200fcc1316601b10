package io.github.evertoken.web;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenRequest;
import io.github.evertoken.TokenSet;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link SubjectResolver} and what the filter makes of it.
 */
class SubjectResolverTests {

	private final List<String> sent = new CopyOnWriteArrayList<>();

	private final List<TokenKey> asked = new CopyOnWriteArrayList<>();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.client(ClientSettings.of("inventory", this::issue).build())
		.client(ClientSettings.of("billing", this::issue).build())
		.build();

	@AfterEach
	void close() {
		this.manager.close();
	}

	private Mono<TokenSet> issue(TokenRequest request) {
		this.asked.add(request.key());
		return Mono.just(TokenSet.withAccessToken("of-" + request.key().subject()).build());
	}

	@Test
	void filterWhenThereIsNoResolverThenTheRequestIsTheServicesOwn() {
		assertThat(send(SubjectResolver.service(), null, Context.empty())).isEqualTo("Bearer of-null");
	}

	@Test
	void filterWhenContextHasTheKeyThenItsValueIsTheSubject() {
		SubjectResolver resolver = SubjectResolver.contextKey("tenant");
		assertThat(send(resolver, null, Context.of("tenant", new StringBuilder("acme")))).isEqualTo("Bearer of-acme");
		assertThat(send(resolver, null, Context.of("tenant", "other"))).isEqualTo("Bearer of-other");
		assertThat(send(resolver, null, Context.empty())).isEqualTo("Bearer of-null");
	}

	@Test
	void filterWhenRequestHasTheAttributeThenItsValueIsTheSubject() {
		SubjectResolver resolver = SubjectResolver.attribute("tenant");
		ClientRequest request = request("https://inventory").attribute("tenant", 42).build();
		assertThat(exchange(resolver, request, Context.empty())).isEqualTo("Bearer of-42");
		assertThat(send(resolver, null, Context.empty())).isEqualTo("Bearer of-null");
	}

	@Test
	void filterWhenSomebodyIsLoggedInThenThePrincipalIsTheSubject() {
		SubjectResolver resolver = SubjectResolver.securityContext();
		TestingAuthenticationToken alice = new TestingAuthenticationToken("alice", "secret", "ROLE_USER");
		assertThat(send(resolver, null, ReactiveSecurityContextHolder.withAuthentication(alice)))
			.isEqualTo("Bearer of-alice");
		assertThat(send(resolver, null, Context.empty())).isEqualTo("Bearer of-null");
		alice.setAuthenticated(false);
		assertThat(send(resolver, null, ReactiveSecurityContextHolder.withAuthentication(alice)))
			.isEqualTo("Bearer of-null");
		assertThat(
				send(resolver, null,
						ReactiveSecurityContextHolder.withAuthentication(new AnonymousAuthenticationToken("key",
								"anonymous", AuthorityUtils.createAuthorityList("ROLE_ANONYMOUS")))))
			.isEqualTo("Bearer of-null");
	}

	@Test
	void filterWhenRequestNamesItsSubjectThenTheResolverIsNotAsked() {
		SubjectResolver resolver = (request) -> Mono.error(new AssertionError("asked"));
		assertThat(send(resolver, "bob", Context.empty())).isEqualTo("Bearer of-bob");
	}

	@Test
	void filterWhenNobodyIsInTheSecurityContextThenTheRequestIsTheServicesOwn() {
		assertThat(send(SubjectResolver.securityContext(), null,
				ReactiveSecurityContextHolder.withSecurityContext(Mono.just(new SecurityContextImpl()))))
			.isEqualTo("Bearer of-null");
	}

	@Test
	void filterWhenTheContextKeyIsNoStringThenItIsTheKeyAllTheSame() {
		assertThat(send(SubjectResolver.contextKey(Context.class), null,
				Context.of(Context.class, "acme", Context.class.toString(), "other")))
			.isEqualTo("Bearer of-acme");
	}

	@Test
	void serviceThenResolvesNobody() {
		assertThat(SubjectResolver.service().resolve(request("https://inventory").build()).blockOptional()).isEmpty();
	}

	@Test
	void newWhenTheNameIsNoneThenIsRefused() {
		assertThatNullPointerException().isThrownBy(() -> SubjectResolver.attribute(null)).withMessage("name");
		assertThatNullPointerException().isThrownBy(() -> SubjectResolver.contextKey(null)).withMessage("key");
	}

	@Test
	void filterWhenTheRequestNamesItsClientThenItsResolverIsAsked() {
		ClientRequest request = request("https://inventory").attributes(TokenAttributes.client("inventory")).build();
		assertThat(exchange(SubjectResolver.contextKey("tenant"), request, Context.of("tenant", "acme")))
			.isEqualTo("Bearer of-acme");
	}

	@Test
	void filterThenTheResolverIsAskedAtEachSubscription() {
		AtomicInteger users = new AtomicInteger();
		TokenExchangeFilterFunction filter = TokenExchangeFilterFunction.builder(this.manager, selector("inventory"))
			.subjectResolver("inventory", (request) -> Mono.just("user-" + users.incrementAndGet()))
			.build();
		Mono<ClientResponse> exchange = filter.filter(request("https://inventory").build(), this::respond);
		assertThat(users).hasValue(0);
		exchange.block();
		exchange.block();
		assertThat(this.sent).containsExactly("Bearer of-user-1", "Bearer of-user-2");
	}

	@Test
	void filterWhenClientHasNoResolverThenTheRequestIsTheServicesOwn() {
		ClientRequest request = request("https://billing").build();
		assertThat(exchange(SubjectResolver.contextKey("tenant"), request, Context.of("tenant", "acme")))
			.isEqualTo("Bearer of-null");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1025 })
	void filterWhenResolvedSubjectIsNoneThenFailsAndSendsNothing(int length) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> send((request) -> Mono.just("x".repeat(length)), null, Context.empty()))
			.withMessageContaining("subject of a token key must not be");
		assertThat(this.sent).isEmpty();
		assertThat(this.asked).isEmpty();
	}

	@Test
	@Tag("FP-6")
	void filterWhenResolverFailsThenSendsNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> send((request) -> {
			throw new IllegalArgumentException("who");
		}, null, Context.empty())).withMessage("who");
		assertThat(this.sent).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1025 })
	void subjectWhenItIsNoneThenIsRefusedAtAssembly(int length) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenAttributes.subject("x".repeat(length)))
			.withMessageContaining("subject of a token key must not be");
	}

	@Test
	@Tag("SF-7")
	void filterWhenRequestIsTheTokenCallForASubjectThenPassesUntouched() {
		TokenExchangeFilterFunction[] filter = new TokenExchangeFilterFunction[1];
		try (DefaultTokenManager manager = DefaultTokenManager.builder()
			.client(ClientSettings
				.of("inventory",
						(request) -> filter[0].filter(request("https://inventory/token").build(), this::respond)
							.thenReturn(TokenSet.withAccessToken("t").build()))
				.build())
			.build()) {
			filter[0] = new TokenExchangeFilterFunction(manager, selector("inventory"));
			filter[0]
				.filter(request("https://inventory/items").attributes(TokenAttributes.subject("alice")).build(),
						this::respond)
				.block();
			assertThat(this.sent).containsExactly("none", "Bearer t");
		}
	}

	private String send(SubjectResolver resolver, @Nullable String subject, Context context) {
		ClientRequest.Builder request = request("https://inventory/items");
		if (subject != null) {
			request.attributes(TokenAttributes.subject(subject));
		}
		return exchange(resolver, request.build(), context);
	}

	private String exchange(SubjectResolver resolver, ClientRequest request, Context context) {
		TokenExchangeFilterFunction filter = TokenExchangeFilterFunction
			.builder(this.manager, selector("inventory", "billing"))
			.subjectResolver("inventory", resolver)
			.build();
		filter.filter(request, this::respond).contextWrite(context).block();
		return this.sent.get(this.sent.size() - 1);
	}

	private Mono<ClientResponse> respond(ClientRequest request) {
		String authorization = request.headers().getFirst(HttpHeaders.AUTHORIZATION);
		this.sent.add((authorization != null) ? authorization : "none");
		return Mono.just(ClientResponse.create(HttpStatus.OK).build());
	}

	private static ClientRequest.Builder request(String url) {
		return ClientRequest.create(HttpMethod.GET, URI.create(url));
	}

	private static ClientSelector selector(String... clients) {
		ClientSelector.Builder selector = ClientSelector.builder();
		for (String client : clients) {
			selector.add(BaseUrl.of("https://" + client), client);
		}
		return selector.build();
	}

}
