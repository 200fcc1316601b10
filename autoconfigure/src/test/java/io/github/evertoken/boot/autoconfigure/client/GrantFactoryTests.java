package io.github.evertoken.boot.autoconfigure.client;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.TestClients;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenAttributes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.autoconfigure.HttpClientAutoConfiguration;
import org.springframework.boot.http.client.autoconfigure.reactive.ReactiveHttpClientAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.webclient.autoconfigure.WebClientAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.context.ReactiveSecurityContextHolder;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AccessToken.TokenType;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the grants as they are configured, from the properties to the token request.
 */
class GrantFactoryTests {

	private static final Duration TIMEOUT = Duration.ofMinutes(1);

	@RegisterExtension
	private final AuthorizationServer server = TestClients.server();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(HttpClientAutoConfiguration.class, ReactiveHttpClientAutoConfiguration.class,
					WebClientAutoConfiguration.class, EvertokenAutoConfiguration.class));

	@Test
	void tokenExchangeThenExchangesTheTokenThatTheApplicationWasCalledWith() {
		String token = this.server.userToken("alice");
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=token_exchange",
				"audience=stock", "resource=https://stock.example", "scope=read",
				"parameters.requested_token_type=urn:ietf:params:oauth:token-type:access_token", "headers.x-tenant=7"))
			.run((context) -> {
				OAuth2AccessToken inbound = new OAuth2AccessToken(TokenType.BEARER, token, null, null);
				call(context, Context.of(ReactiveSecurityContextHolder
					.withAuthentication(new TestingAuthenticationToken("alice", inbound, "USER"))));
				assertThat(TestClients.form(this.server, 0)).containsOnly(
						entry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
						entry("subject_token", token),
						entry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
						entry("audience", "stock"), entry("resource", "https://stock.example"), entry("scope", "read"),
						entry("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"));
				assertThat(this.server.requests(Endpoint.TOKEN).get(0).headers("x-tenant")).containsExactly("7");
			});
	}

	@Test
	void tokenExchangeWhenThereAreTwoUsersThenEachHasATokenOfTheirOwn() {
		String alice = this.server.userToken("alice");
		String bob = this.server.userToken("bob");
		this.contextRunner.withBean(SubjectTokenResolver.class, () -> SubjectTokenResolver.contextKey("token"))
			.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=token_exchange"))
			.run((context) -> {
				call(context, Context.of("token", alice));
				call(context, Context.of("token", bob));
				call(context, Context.of("token", alice));
				assertThat(this.server).receivedTokenRequests(2);
				assertThat(TestClients.form(this.server, 1)).containsEntry("subject_token", bob);
			});
	}

	@Test
	void tokenExchangeWhenNobodyCalledThenRequestIsNotSent() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=token_exchange"))
			.run((context) -> {
				assertThatExceptionOfType(ReauthenticationRequiredException.class)
					.isThrownBy(() -> call(context, Context.empty()))
					.withMessageContaining("no subject token");
				assertThat(this.server).receivedNoTokenRequest();
			});
	}

	@Test
	void jwtBearerWhenFileIsReplacedThenTheNextRequestShowsTheNewAssertion(@TempDir Path directory) throws IOException {
		String first = this.server.userToken("alice");
		String second = this.server.userToken("alice");
		Path file = Files.writeString(directory.resolve("assertion"), first + "\n");
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=jwt_bearer",
					"subject-token.location=" + file.toUri()))
			.run((context) -> {
				call(context, Context.empty());
				Files.writeString(file, second + "\n");
				TokenManager manager = context.getBean(TokenManager.class);
				manager.remove(TokenKey.of("inventory")).block(TIMEOUT);
				call(context, Context.empty());
				assertThat(TestClients.form(this.server, 0)).containsExactlyInAnyOrderEntriesOf(
						Map.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", first));
				assertThat(TestClients.form(this.server, 1)).containsEntry("assertion", second);
			});
	}

	@Test
	void tokenExchangeWhenSubjectAndActorComeFromFilesThenShowsBoth(@TempDir Path directory) throws IOException {
		String ofAlice = this.server.userToken("alice");
		String ofService = this.server.userToken("orders");
		Path subject = Files.writeString(directory.resolve("subject"), ofAlice);
		Path actor = Files.writeString(directory.resolve("actor"), ofService);
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "grant-type=token_exchange",
				"subject-token.location=" + subject.toUri(), "subject-token.type=urn:ietf:params:oauth:token-type:jwt",
				"actor-token.location=" + actor.toUri(), "start=required"))
			.run((context) -> assertThat(TestClients.form(this.server, 0)).containsEntry("subject_token", ofAlice)
				.containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
				.containsEntry("actor_token", ofService)
				.containsEntry("actor_token_type", "urn:ietf:params:oauth:token-type:access_token"));
	}

	@Test
	void scopeWhenRequestAsksForAnotherThenGetsATokenOfItsOwn() {
		this.contextRunner.withPropertyValues(TestClients.client(this.server, "inventory", "scope=read"))
			.run((context) -> {
				call(context, Context.empty());
				webClient(context).get()
					.uri(this.server.resourceUri() + "/items")
					.attributes(TokenAttributes.scope("write"))
					.retrieve()
					.toBodilessEntity()
					.block(TIMEOUT);
				assertThat(TestClients.form(this.server, 0)).containsEntry("scope", "read");
				assertThat(TestClients.form(this.server, 1)).containsEntry("scope", "write");
			});
	}

	@Test
	void tokenWhenMuchIsAskedForThenAllIsSentAndARequestCanReplaceEachPart() {
		this.contextRunner
			.withPropertyValues(TestClients.client(this.server, "inventory", "scope=read", "audience=stock",
					"resource=https://a.example", "authorization-details=[{\"type\":\"configured\"}]",
					"parameters.tenant=configured", "parameters.kept=yes", "headers.x-tenant=configured",
					"headers.x-kept=yes"))
			.run((context) -> {
				call(context, Context.empty());
				assertThat(TestClients.form(this.server, 0)).containsOnly(entry("grant_type", "client_credentials"),
						entry("scope", "read"), entry("audience", "stock"), entry("resource", "https://a.example"),
						entry("authorization_details", "[{\"type\":\"configured\"}]"), entry("tenant", "configured"),
						entry("kept", "yes"));
				assertThat(headers(0)).containsExactly("configured", "yes");
				TokenParameters other = TokenParameters.builder()
					.scope(List.of("write"))
					.audience(List.of("prices"))
					.resource(List.of(URI.create("https://b.example")))
					.authorizationDetails("[{\"type\":\"requested\"}]")
					.parameter("tenant", "requested")
					.header("x-tenant", "requested")
					.build();
				for (int i = 0; i < 2; i++) {
					webClient(context).get()
						.uri(this.server.resourceUri() + "/items")
						.attributes(TokenAttributes.parameters(other))
						.retrieve()
						.toBodilessEntity()
						.block(TIMEOUT);
				}
				assertThat(TestClients.form(this.server, 1)).containsOnly(entry("grant_type", "client_credentials"),
						entry("scope", "write"), entry("audience", "prices"), entry("resource", "https://b.example"),
						entry("authorization_details", "[{\"type\":\"requested\"}]"), entry("tenant", "requested"),
						entry("kept", "yes"));
				assertThat(headers(1)).containsExactly("requested", "yes");
				assertThat(this.server).receivedTokenRequests(2);
			});
	}

	private List<String> headers(int index) {
		return Stream.of("x-tenant", "x-kept")
			.flatMap((name) -> this.server.requests(Endpoint.TOKEN).get(index).headers(name).stream())
			.toList();
	}

	private void call(ApplicationContext context, Context callers) {
		Mono<?> call = webClient(context).get().uri(this.server.resourceUri() + "/items").retrieve().toBodilessEntity();
		call.contextWrite(callers).block(TIMEOUT);
	}

	private static WebClient webClient(ApplicationContext context) {
		return context.getBean(WebClient.Builder.class).build();
	}

}
