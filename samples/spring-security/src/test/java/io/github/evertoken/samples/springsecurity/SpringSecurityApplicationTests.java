package io.github.evertoken.samples.springsecurity;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.samples.springsecurity.authorization.TokenRequestCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.ReactiveOAuth2AuthorizedClientService;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Uses the sample as a browser does.
 */
class SpringSecurityApplicationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final int HASTY_ROUNDS = 1000;

	private static final Pattern CSRF_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

	private static final TokenKey ALICE = TokenKey.of("basket", "alice");

	private final SpringSecurityApplication application = SpringSecurityApplication.start();

	/**
	 * Without the offer of HTTP/2 in clear text, which no browser makes.
	 */
	private final HttpClient browser = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.cookieHandler(new CookieManager())
		.followRedirects(HttpClient.Redirect.ALWAYS)
		.build();

	@AfterEach
	void stop() {
		this.application.close();
	}

	@Test
	void servicesOwnTokenWhenBothFiltersAreThereThenEachObtainsItsOwnByOneRegistration() throws Exception {
		assertThat(get("/service/spring-security")).isEqualTo("items for orders-service");
		assertThat(tokenRequests("client_credentials")).isEqualTo(1);
		assertThat(get("/service/evertoken")).isEqualTo("items for orders-service");
		assertThat(get("/service/evertoken")).isEqualTo("items for orders-service");
		assertThat(tokenRequests("client_credentials")).isEqualTo(2);
	}

	@Test
	void requestWhenSpringSecurityHasSetATokenThenEvertokenLeavesItAlone() throws Exception {
		assertThat(get("/service/both-named")).isEqualTo("items for orders-service");
		assertThat(tokenRequests("client_credentials")).isEqualTo(1);
		assertThat(get("/service/spring-security")).isEqualTo("items for orders-service");
		assertThat(tokenRequests("client_credentials")).as("Spring Security's token was used").isEqualTo(1);
		assertThat(get("/service/both")).isEqualTo("items for orders-service");
		assertThat(tokenRequests("client_credentials")).as("Evertoken's own").isEqualTo(2);
	}

	@Test
	void usersTokenWhenLoggedInThenIsSharedAndRenewedForBoth() throws Exception {
		assertThat(logIn("/basket/evertoken")).isEqualTo("basket of alice");
		assertThat(get("/basket/spring-security")).isEqualTo("basket of alice");
		assertThat(tokenRequests("authorization_code")).isEqualTo(1);
		assertThat(tokenRequests("refresh_token")).isZero();

		TokenManager manager = this.application.orders().getBean(TokenManager.class);
		AccessToken first = Objects.requireNonNull(manager.token(ALICE).block(TIMEOUT));
		assertThat(first.headerValue()).isEqualTo("Bearer " + savedToken());
		manager.reject(ALICE, first);

		assertThat(get("/basket/evertoken")).isEqualTo("basket of alice");
		assertThat(get("/basket/spring-security")).isEqualTo("basket of alice");
		assertThat(tokenRequests("refresh_token")).isEqualTo(1);
		AccessToken second = Objects.requireNonNull(manager.token(ALICE).block(TIMEOUT));
		assertThat(second.headerValue()).isEqualTo("Bearer " + savedToken()).isNotEqualTo(first.headerValue());
	}

	/**
	 * Without {@code keepReadingFromConnections()} the connection stalls in one of some
	 * hundred rounds.
	 */
	@Test
	void requestWhenSentRightAfterAnAnswerThenIsRead() throws Exception {
		CookieManager sessions = new CookieManager();
		HttpClient hastyBrowser = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.cookieHandler(sessions)
			.build();
		for (int i = 0; i < HASTY_ROUNDS; i++) {
			sessions.getCookieStore().removeAll();
			for (String path : List.of("/basket/evertoken", "/oauth2/authorization/shop", "/basket/evertoken")) {
				HttpRequest request = HttpRequest.newBuilder(URI.create(this.application.ordersUrl() + path))
					.timeout(TIMEOUT)
					.build();
				assertThat(hastyBrowser.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(302);
			}
		}
	}

	private String savedToken() {
		OAuth2AuthorizedClient client = this.application.orders()
			.getBean(ReactiveOAuth2AuthorizedClientService.class)
			.loadAuthorizedClient("shop", "alice")
			.block(TIMEOUT);
		return Objects.requireNonNull(client).getAccessToken().getTokenValue();
	}

	private long tokenRequests(String grantType) {
		return this.application.authorizationServer().getBean(TokenRequestCounter.class).count(grantType);
	}

	private String get(String path) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(this.application.ordersUrl() + path))).body();
	}

	/**
	 * Ask for a page that needs a login, and go where that leads.
	 */
	private String logIn(String path) throws IOException, InterruptedException {
		HttpResponse<String> loginPage = send(
				HttpRequest.newBuilder(URI.create(this.application.ordersUrl() + path)).header("Accept", "text/html"));
		Matcher csrfToken = CSRF_TOKEN.matcher(loginPage.body());
		assertThat(csrfToken.find()).as(loginPage.uri() + ": " + loginPage.body()).isTrue();
		String form = "username=alice&password=wonderland&_csrf="
				+ URLEncoder.encode(csrfToken.group(1), StandardCharsets.UTF_8);
		return send(HttpRequest.newBuilder(loginPage.uri())
			.header("Content-Type", "application/x-www-form-urlencoded")
			.header("Accept", "text/html")
			.POST(HttpRequest.BodyPublishers.ofString(form))).body();
	}

	private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
		return this.browser.send(request.timeout(TIMEOUT.multipliedBy(2)).build(), BodyHandlers.ofString());
	}

}
