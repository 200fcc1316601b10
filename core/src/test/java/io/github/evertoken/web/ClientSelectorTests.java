package io.github.evertoken.web;

import java.net.URI;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ClientSelector} and {@link BaseUrl}.
 */
@Tag("SE-1")
class ClientSelectorTests {

	private final ClientSelector selector = ClientSelector.builder()
		.add(BaseUrl.of("https://shop.internal/api"), "shop")
		.add(BaseUrl.of("https://shop.internal/api/admin/"), "admin")
		.add(BaseUrl.of("https://shop.internal:8443"), "other-port")
		.add(BaseUrl.of("HTTP://my_service:8080"), "underscore")
		.add(BaseUrl.of("http://[::1]:9000/v1"), "ipv6")
		.add(BaseUrl.of("https://dots.internal/x/../v1"), "dots")
		.add(BaseUrl.of("https://xn--bcher-kva.internal/v1"), "letters")
		.add(BaseUrl.of("https://escaped.internal/a%2Fb;v=1"), "escaped")
		.build();

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://shop.internal/api,                    shop
			https://shop.internal/api/items?q=/x,         shop
			https://SHOP.internal:443/api/items,          shop
			HTTPS://shop.internal/api/items,              shop
			https://shop.internal/api/admin,              admin
			https://shop.internal/api/admin/users,        admin
			https://shop.internal/api/administration,     shop
			https://shop.internal/api/x/../admin/users,   admin
			https://shop.internal/api/../public,
			https://shop.internal/apis,
			https://shop.internal/,
			https://shop.internal,
			http://shop.internal/api,
			https://shop.internal:444/api,
			https://shop.internal:8443/any/thing,         other-port
			https://shop.internal.evil.example/api,
			https://shop.internal@evil.example/api,
			https://evil.example/https://shop.internal/api,
			http://my_service:8080/x,                     underscore
			http://my_service/x,
			http://my_service@evil_host:8080/x,
			http://my_service:8080@evil_host/x,
			http://me@my_service:8080/x,                  underscore
			https://dots.internal/v1/x,                   dots
			https://dots.internal/x/v1,
			http://[::1]:9000/v1/x,                       ipv6
			http://[0:0:0:0:0:0:0:1]:9000/v1/x,           ipv6
			http://[::0001]:9000/v1/x,                    ipv6
			http://[::2]:9000/v1/x,
			https://shop.internal.:443/api/items,         shop
			https://SHOP.internal./api/items,             shop
			https://shop.internal../api/items,
			https://bücher.internal/v1/x,                 letters
			https://b%C3%BCcher.internal/v1/x,            letters
			https://BÜCHER.internal:443/v1/x,             letters
			https://XN--BCHER-KVA.internal./v1/x,         letters
			https://bucher.internal/v1/x,
			https://shop%2Einternal/api,                  shop
			https://shop.internal%2F@evil.example/api,
			https://shop.internal%40evil.example/api,
			https://shop.internal／.evil.example/api,
			https://shop.internal/api/%2e%2e/public,
			https://shop.internal/api/%2E./public,
			https://shop.internal/api/.%2e/admin/x,
			https://shop.internal/%2e/api/x,              shop
			https://shop.internal/public/%2e%2e/api/x,    shop
			https://shop.internal/api/x/%2e%2e/admin/y,   admin
			https://shop.internal/api/..%2fpublic,
			https://shop.internal/api/%2e%2e%2Fpublic,
			https://shop.internal/api/..%5Cpublic,
			https://shop.internal/api/..;a=b/public,
			https://shop.internal/api/%2e%2e;/public,
			https://shop.internal/api/x%2F..%2Fy,         shop
			https://shop.internal/api/a%2Fb;c=d/%20,      shop
			https://shop.internal/api;v=1/x,
			https://escaped.internal/a%2Fb;v=1/x,         escaped
			https://escaped.internal/a%2Fb;v=1/..%2f..,
			https://escaped.internal/a/b/x,
			mailto:shop@shop.internal,
			/api,
			""")
	void selectThenTheLongestBaseUrlThatCoversTheRequest(String url, @Nullable String client) {
		assertThat(this.selector.select(URI.create(url))).isEqualTo(client);
	}

	@Test
	void allowsThenTheOriginAloneCounts() {
		assertThat(this.selector.allows("shop", URI.create("https://shop.internal/elsewhere"))).isTrue();
		assertThat(this.selector.allows("shop", URI.create("https://shop.internal:8443/api"))).isFalse();
		assertThat(this.selector.allows("shop", URI.create("http://shop.internal/api"))).isFalse();
		assertThat(this.selector.allows("nobody", URI.create("https://shop.internal/api"))).isFalse();
	}

	@Test
	void addWhenTwoClientsShareABaseUrlThenIsRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> ClientSelector.builder()
				.add(BaseUrl.of("https://shop.internal/api"), "a")
				.add(BaseUrl.of("https://shop.internal:443/api/"), "b"))
			.withMessageContaining("client 'a'")
			.withMessageContaining("client 'b'");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			ftp://host/,              must be an absolute http or https URL
			/api,                     must be an absolute http or https URL
			host:8080,                must be an absolute http or https URL
			https:///api,             must name a host
			https://host/api?x=1,     must not contain a query
			https://host/api#x,       must not contain a fragment
			https://me:pw@host/api,   must not contain user information
			https://my_me@my_host/,   must not contain user information
			https://ho st/,           must be a URL
			http://my_host:80a/,      must have a host and at most a port number
			http://my_host:123456/,   must have a host and at most a port number
			http://my_host:-1/,       must have a host and at most a port number
			https://host:65536/,      must have a host and at most a port number
			https://straße.example/,  must have a host of letters
			https://a／b.example/,     must have a host of letters
			https://a%2Fb.example/,   must have a host of letters
			http://a:b:c/,            must have a host and at most a port number
			""")
	void ofWhenItIsNoBaseUrlThenSaysWhatIsWrong(String url, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> BaseUrl.of(url)).withMessageContaining(message);
	}

}
