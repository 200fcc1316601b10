package io.github.evertoken.migrate;

import java.util.Arrays;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BaseUrls}.
 */
class BaseUrlsTests {

	@ParameterizedTest
	@CsvSource({ "https://a.example,https://a.example", "https://a.example/,https://a.example",
			"https://a.example/b/{id}/c,https://a.example/b", "https://a.example?b={c},https://a.example",
			"https://a.example/b?c=d,https://a.example/b", "https://a.example/b https://a.example/bc,https://a.example",
			"https://a.example/b/c https://a.example/b/d,https://a.example/b",
			"https://a.example/b https://c.example/d,https://a.example/b https://c.example/d", "${a}/b/{c},${a}/b",
			"${a:https://${b}/c}/d ${a:https://${b}/c}/e,${a:https://${b}/c}",
			"https://${a}:${b}/c/${d}/{e},https://${a}:${b}/c/${d}", "http://[::1]:8080/a,http://[::1]:8080/a" })
	void ofThenCoversAll(String urls, String expected) {
		assertThat(BaseUrls.of(Arrays.stream(urls.split(" ")).map((url) -> new CodeUse.Url(url, false)).toList()))
			.containsExactly(expected.split(" "));
	}

}
