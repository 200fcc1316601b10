package io.github.evertoken;

import java.net.URI;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Origin}.
 */
@Tag("SE-1")
class OriginTests {

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://shop.internal,                  https://shop.internal:443
			HTTPS://me:pw@SHOP.Internal/a?b#c,      https://shop.internal:443
			https://shop.internal:/a,               https://shop.internal:443
			https://shop.internal.:443,             https://shop.internal:443
			http://shop.internal:8080,              http://shop.internal:8080
			http://shop.internal,                   http://shop.internal:80
			http://My_Service,                      http://my_service:80
			http://me@my_service.:8080/x,           http://my_service:8080
			http://my_service:/x,                   http://my_service:80
			https://bücher.example,                 https://xn--bcher-kva.example:443
			https://BÜCHER.example.:8443,           https://xn--bcher-kva.example:8443
			https://b%c3%bccher.example/x,          https://xn--bcher-kva.example:443
			https://xn--BCHER-kva.example,          https://xn--bcher-kva.example:443
			https://bücher。example,                 https://xn--bcher-kva.example:443
			https://shop%2Dcart.internal,           https://shop-cart.internal:443
			http://10.0.0.1,                        http://10.0.0.1:80
			http://[::1],                           http://[::1]:80
			http://[0:0:0:0:0:0:0:1]:80,            http://[::1]:80
			http://[0000::0001],                    http://[::1]:80
			http://[::],                            http://[::]:80
			http://[2001:DB8:0:0:1:0:0:1],          http://[2001:db8::1:0:0:1]:80
			http://[2001:db8:0:1:0:0:0:1],          http://[2001:db8:0:1::1]:80
			http://[2001:0db8::ab:0],               http://[2001:db8::ab:0]:80
			http://[::ffff:127.0.0.1],              http://[::ffff:127.0.0.1]:80
			http://[::FFFF:7f00:1],                 http://[::ffff:127.0.0.1]:80
			http://[FE80:0::1%25eth0],              http://[fe80::1%eth0]:80
			http://[fe80::1%eth0],                  http://[fe80::1%eth0]:80
			""")
	void ofThenIsOneOriginHoweverItIsWritten(String url, String origin) {
		Origin read = Origin.of(URI.create(url));
		assertThat(read).hasToString(origin).isEqualTo(Origin.of(URI.create(origin)));
		assertThat(read.hashCode()).isEqualTo(Origin.of(URI.create(origin)).hashCode());
		assertThat(read.includes(URI.create(url))).isTrue();
		assertThat(read.includes(URI.create(origin))).isTrue();
		assertThat(Origin.of(URI.create(origin)).includes(URI.create(url))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://shop.internal", "https://shop.internal:8443", "https://shop.internal..",
			"https://shop.internal.evil.example", "https://shop-internal", "https://shop.internal@evil.example",
			"https://shop.internal%2F.evil.example", "https://shop.internal%00", "https://shop_internal",
			"ftp://shop.internal", "//shop.internal", "/shop.internal", "mailto:me@shop.internal" })
	void includesWhenItIsAnotherOriginThenFalse(String url) {
		assertThat(Origin.of(URI.create("https://shop.internal")).includes(URI.create(url))).isFalse();
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			ftp://host/,               must be an absolute http or https URL
			/api,                      must be an absolute http or https URL
			https:///api,              must name a host
			https://:8443/api,         must name a host
			http://my_host:80a/,       must have a host and at most a port number
			http://my_host:123456/,    must have a host and at most a port number
			http://host:65536/,        must have a host and at most a port number
			http://a:b:c/,             must have a host and at most a port number
			https://straße.example/,   must have a host of letters
			https://a／b.example/,      must have a host of letters
			https://a%2Fb.example/,    must have a host of letters
			https://a%FF.example/,     must have a host of letters
			https://x..,               must have a host of letters
			""")
	void ofWhenItIsNoneThenSaysWhatIsWrongWithoutRepeatingIt(String url, String message) {
		assertThatIllegalArgumentException().isThrownBy(() -> Origin.of(URI.create(url)))
			.withMessageContaining(message)
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain(url));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			http://localhost,               true
			http://LOCALHOST.:8080,         true
			http://api.localhost,           true
			http://127.0.0.1,               true
			http://127.8.9.1,               true
			http://[::1],                   true
			http://[0:0:0:0:0:0:0:1],       true
			http://[0::1],                  true
			http://[::ffff:127.0.0.1],      true
			http://localhost.evil.example,  false
			http://127.0.0.1.evil.example,  false
			http://notlocalhost,            false
			http://[::2],                   false
			http://10.0.0.1,                false
			""")
	void isLoopbackThenTellsWhatStaysOnTheMachine(String url, boolean loopback) {
		assertThat(Origin.of(URI.create(url)).isLoopback()).isEqualTo(loopback);
	}

	@Test
	void hostOfWhenThereIsNoneThenNull() {
		assertThat(Origin.hostOf(URI.create("/api"))).isNull();
		assertThat(Origin.hostOf(URI.create("mailto:me@shop.internal"))).isNull();
	}

}
