package io.github.evertoken.dashboard;

import java.time.Instant;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.csrf.CookieServerCsrfTokenRepository;
import org.springframework.security.web.server.csrf.CsrfToken;
import org.springframework.security.web.server.csrf.ServerCsrfTokenRequestAttributeHandler;
import org.springframework.web.server.WebFilter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Spring Security protects of the endpoint, it protects of the page.
 */
class ProtectedPageTests {

	private static final String SERVERS = "spring.autoconfigure.exclude=org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.tomcat.autoconfigure.actuate.web.server.TomcatReactiveManagementContextAutoConfiguration";

	private static final String BASIC = "Basic dXNlcjpwYXNzd29yZA==";

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/" })
	void pageWhenEndpointsAreProtectedOnServletsThenIsProtected(String basePath) throws Exception {
		assertProtected(WebApplicationType.SERVLET, ServletApplication.class, basePath);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator", "/" })
	void pageWhenEndpointsAreProtectedOnWebFluxThenIsProtected(String basePath) throws Exception {
		assertProtected(WebApplicationType.REACTIVE, ReactiveApplication.class, basePath);
	}

	private void assertProtected(WebApplicationType type, Class<?> application, String basePath) throws Exception {
		try (Issuer issuer = new Issuer(300);
				ConfigurableApplicationContext context = TestApplication.start(type, issuer, List.of(application),
						List.of(SERVERS, "management.endpoints.web.exposure.include=evertoken",
								"management.endpoints.web.base-path=" + basePath, "spring.security.user.name=user",
								"spring.security.user.password=password"))) {
			Http http = Http.of(context);
			String endpoint = (basePath.equals("/") ? "" : basePath) + "/evertoken";
			for (String path : List.of("", "/ui", "/ui/", "/ui/main.js", "/events", "/ui/nothing.js")) {
				assertThat(http.get(endpoint + path).statusCode()).as(path).isEqualTo(401);
			}
			assertThat(http.get("/not-an-endpoint").statusCode()).isEqualTo(404);
			assertThat(http.get(endpoint + "/ui/", "Authorization", BASIC).statusCode()).isEqualTo(200);
			assertThat(http.get(endpoint + "/events", "Authorization", BASIC).body()).contains("\"next\"");
			try (Http.Stream stream = http.stream(endpoint + "/events", "Authorization", BASIC)) {
				stream.until("event: hello");
				context.getBean(EventRing.class).add(DashboardEvent.of("test", Instant.EPOCH, "inventory"));
				stream.until("\"type\":\"test\"");
			}
		}
	}

	@Test
	void streamWhenTheBrowserIsNobodyThenIsRefused() throws Exception {
		try (Issuer issuer = new Issuer(300);
				ConfigurableApplicationContext context = TestApplication.start(WebApplicationType.SERVLET, issuer,
						List.of(ServletApplication.class),
						List.of(SERVERS, "management.endpoints.web.exposure.include=evertoken"));
				Http.Stream stream = Http.of(context).stream("/actuator/evertoken/events")) {
			assertThat(stream.status()).contains("401");
			assertThat(context.getBean(EventStreams.class).size()).isZero();
		}
	}

	@Test
	void renewWhenFormsAreGuardedOnServletsThenThePageSeesTheCookieThatLetsItThrough() throws Exception {
		assertCookieLetsThrough(WebApplicationType.SERVLET, ServletApplication.class,
				"server.servlet.context-path=/shop");
	}

	@Test
	void renewWhenFormsAreGuardedOnWebFluxThenThePageSeesTheCookieThatLetsItThrough() throws Exception {
		assertCookieLetsThrough(WebApplicationType.REACTIVE, ReactiveApplication.class,
				"spring.webflux.base-path=/shop");
	}

	/**
	 * The page reads the cookie, for which its path has to be at or below the cookie's.
	 */
	private void assertCookieLetsThrough(WebApplicationType type, Class<?> application, String contextPath)
			throws Exception {
		try (Issuer issuer = new Issuer(300);
				ConfigurableApplicationContext context = TestApplication.start(type, issuer, List.of(application),
						List.of(SERVERS, contextPath, "management.endpoints.web.exposure.include=evertoken",
								"management.endpoints.web.base-path=/manage", "spring.security.user.name=user",
								"spring.security.user.password=password"))) {
			Http http = Http.of(context);
			String endpoint = "/shop/manage/evertoken";
			String cookie = http.get(endpoint + "/ui/", "Authorization", BASIC)
				.headers()
				.firstValue("Set-Cookie")
				.orElseThrow();
			assertThat(cookie).startsWith("XSRF-TOKEN=").doesNotContainIgnoringCase("httponly");
			String path = cookie.replaceAll(".*(?i:; path=)([^;]*).*", "$1");
			assertThat(endpoint + "/ui/").startsWith(path);
			String value = cookie.substring("XSRF-TOKEN=".length(), cookie.indexOf(';'));
			String[] without = { "Authorization", BASIC, "Content-Type", "application/json", "Cookie",
					"XSRF-TOKEN=" + value };
			assertThat(http.ask("POST", endpoint + "/inventory", "{}", without).statusCode()).isEqualTo(403);
			String[] with = { "Authorization", BASIC, "Content-Type", "application/json", "Cookie",
					"XSRF-TOKEN=" + value, "X-XSRF-TOKEN", value };
			assertThat(http.ask("POST", endpoint + "/inventory", "{}", with).statusCode()).isEqualTo(200);
			assertThat(http.ask("DELETE", endpoint + "/inventory", null, with).statusCode()).isEqualTo(200);
		}
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ServletApplication {

		@Bean
		SecurityFilterChain endpoints(HttpSecurity http) {
			return http
				.authorizeHttpRequests((requests) -> requests
					.requestMatchers(org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest
						.to("evertoken"))
					.authenticated()
					.anyRequest()
					.permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.spa())
				.build();
		}

	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class ReactiveApplication {

		@Bean
		SecurityWebFilterChain endpoints(ServerHttpSecurity http) {
			return http
				.authorizeExchange(
						(exchanges) -> exchanges
							.matchers(
									org.springframework.boot.security.autoconfigure.actuate.web.reactive.EndpointRequest
										.to("evertoken"))
							.authenticated()
							.anyExchange()
							.permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.csrfTokenRepository(CookieServerCsrfTokenRepository.withHttpOnlyFalse())
					.csrfTokenRequestHandler(new ServerCsrfTokenRequestAttributeHandler()))
				.build();
		}

		/**
		 * The cookie is set when somebody asks for the token.
		 */
		@Bean
		WebFilter csrfCookie() {
			return (exchange, chain) -> exchange
				.<Mono<CsrfToken>>getAttributeOrDefault(CsrfToken.class.getName(), Mono.empty())
				.then(chain.filter(exchange));
		}

	}

}
