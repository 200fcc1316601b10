package io.github.evertoken.web;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.web.Explanation.Difference;
import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.HttpMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RequestExplainer}, {@link Explanation} and what they are made of.
 */
class RequestExplainerTests {

	private final RequestExplainer explainer = new RequestExplainer(ClientSelector.builder()
		.add(BaseUrl.of("https://shop.internal/api"), "shop")
		.add(BaseUrl.of("https://shop.internal/admin"), "admin")
		.add(BaseUrl.of("http://localhost:8081/api"), "local")
		.add(BaseUrl.of("http://[::1]:9000"), "ipv6")
		.add(BaseUrl.of("https://10.0.0.1:8443"), "address")
		.add(BaseUrl.of("http://inventory:8080"), "inventory")
		.add(BaseUrl.of("https://www.partner.example"), "partner")
		.build(), Map.of("admin", "DPoP"));

	private Explanation explain(String url) {
		return this.explainer.explain(HttpMethod.GET, URI.create(url), null);
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://shop.internal/api/items, shop,  Bearer
			https://SHOP.internal.:443/api,  shop,  Bearer
			https://shop.internal/admin/x,   admin, DPoP
			http://localhost:8081/api?x=1,   local, Bearer
			http://[0::1]:9000/any,          ipv6,  Bearer
			""")
	@Tag("OB-44")
	void explainWhenAClientCoversTheRequestThenNamesItAndTheHeader(String url, String client, String scheme) {
		Explanation explanation = explain(url);
		assertThat(explanation.reason()).isEqualTo(Reason.COVERED);
		assertThat(explanation.client()).isEqualTo(client);
		assertThat(explanation.header()).isEqualTo("Authorization");
		assertThat(explanation.scheme()).isEqualTo(scheme);
		assertThat(explanation.isTrusted()).isTrue();
		assertThat(explanation.isNearMiss()).isFalse();
		assertThat(explanation.nearestClient()).isNull();
		assertThat(explanation.differences()).isEmpty();
		assertThat(explanation.message()).isEqualTo("carries the token of client '" + client + "'");
		assertThat(explanation.advice()).contains("WebClient.Builder");
	}

	/**
	 * What is written in place of what was meant, one slip a line.
	 */
	@ParameterizedTest
	@CsvSource(textBlock = """
			http://shop.internal/api/items,          shop,      SCHEME,      true
			http://shop.internal:443/api,            shop,      SCHEME,      true
			https://localhost:8081/api,              local,     SCHEME,      true
			https://shop.internal:8443/api,          shop,      PORT,        true
			http://localhost/api,                    local,     PORT,        true
			https://shop.internal/apis,              shop,      PATH,        true
			https://shop.internal/administration,    admin,     PATH,        true
			https://shop.internal/api/../x,          shop,      PATH,        true
			https://shop.internal/api/%2e%2e/x,      shop,      PATH,        true
			https://shop.internal,                   admin,     PATH,        true
			http://shop.internal:8080/,              admin,     SCHEME PORT PATH, true
			http://127.0.0.1:8081/api,               local,     HOST,        true
			http://127.1.2.3:8081/api,               local,     HOST,        true
			http://[::1]:8081/api,                   local,     HOST,        true
			http://app.localhost:8081/api,           local,     HOST,        true
			https://127.0.0.1:8081/api,              local,     SCHEME HOST, true
			http://127.0.0.1:8081/other,             local,     HOST PATH,   true
			http://localhost:9001/x,                 local,     PORT PATH,   true
			http://localhost:9000/x,                 ipv6,      HOST,        true
			http://127.0.0.1:9000/x,                 ipv6,      HOST,        true
			https://shop.internal../api,             shop,      HOST,        true
			https://www.shop.internal/api,           shop,      HOST,        true
			https://partner.example/x,               partner,   HOST,        true
			http://partner.example/x,                partner,   SCHEME HOST, true
			https://shpo.internal/api,               shop,      HOST,        true
			https://shop.interna/api,                shop,      HOST,        true
			https://shopp.internal/api,              shop,      HOST,        true
			https://shop-internal/api,               shop,      HOST,        true
			http://inventori:8080/x,                 inventory, HOST,        true
			https://shpo.internal:8443/api,          shop,      HOST PORT,   false
			http://127.0.0.1:7000/api,               local,     HOST PORT,   false
			https://10.0.0.2:8443/x,                 address,   HOST,        false
			http://inventory.default.svc:8080/x,     inventory, HOST,        false
			https://shop.internal.evil.example/api,  shop,      HOST,        false
			https://other.internal/api,              shop,      HOST,        false
			https://api.example/x,                   partner,   HOST,        false
			""")
	@Tag("OB-41")
	void explainWhenNoClientCoversTheRequestThenTellsTheNearestAndTheDifferences(String url, String nearest,
			String differences, boolean nearMiss) {
		Explanation explanation = explain(url);
		assertThat(explanation.reason()).isEqualTo(Reason.NO_CLIENT);
		assertThat(explanation.client()).isNull();
		assertThat(explanation.header()).isNull();
		assertThat(explanation.scheme()).isNull();
		assertThat(explanation.nearestClient()).isEqualTo(nearest);
		assertThat(explanation.differences()).isEqualTo(differences(differences));
		assertThat(explanation.isNearMiss()).isEqualTo(nearMiss);
		assertThat(explanation.isTrusted()).isEqualTo(differences.equals("PATH"));
		assertThat(explanation.message()).contains("Nearest is client '" + nearest + "' with ")
			.contains(String.valueOf(explanation.nearestBaseUrl()));
		assertThat(explanation.advice()).isNotBlank();
	}

	private static Set<Difference> differences(String names) {
		Set<Difference> differences = EnumSet.noneOf(Difference.class);
		Arrays.stream(names.split(" ")).map(Difference::valueOf).forEach(differences::add);
		return differences;
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					http://127.0.0.1:8081/api | the host is 127.0.0.1 and not localhost | add http://127.0.0.1:8081 to evertoken.clients.local.origins
					https://localhost:8081/api | the scheme is https and not http | evertoken.clients.local.base-url
					https://shop.internal:8443/api | the port is 8443 and not 443 | add https://shop.internal:8443 to evertoken.clients.shop.origins
					https://shop.internal/apis | the path is not below /api | attributes(client("shop"))
					https://shpo.internal/api | which differ in one place: a slip? | evertoken.clients.shop.base-url
					https://shop.internal../api | the host is shop.internal.. and not shop.internal | Correct the host
					https://other.example/ | the host is other.example and not | write a client for it below evertoken.clients
					""")
	@Tag("OB-41")
	void explainThenSaysWhatDiffersAndWhatToChange(String url, String message, String advice) {
		Explanation explanation = explain(url);
		assertThat(explanation.message()).contains(message);
		assertThat(explanation.advice()).contains(advice);
	}

	@Test
	void explainWhenThereIsNoClientAtAllThenSaysSo() {
		Explanation explanation = new RequestExplainer(ClientSelector.builder().build(), Map.of())
			.explain(HttpMethod.GET, URI.create("https://shop.internal/api"), null);
		assertThat(explanation.reason()).isEqualTo(Reason.NO_CLIENT);
		assertThat(explanation.nearestClient()).isNull();
		assertThat(explanation.isNearMiss()).isFalse();
		assertThat(explanation.message()).isEqualTo("carries no token: there is no client");
		assertThat(explanation.advice()).contains("evertoken.clients");
	}

	@Test
	@Tag("OB-44")
	void explainWhenItIsForASubjectThenSaysSo() {
		URI url = URI.create("https://shop.internal/api");
		Explanation explanation = this.explainer.explain(HttpMethod.POST, url, "alice");
		assertThat(explanation.method()).isEqualTo("POST");
		assertThat(explanation.subject()).isEqualTo("alice");
		assertThat(explanation.message()).isEqualTo("carries the token of client 'shop' for subject 'alice'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.explainer.explain(HttpMethod.GET, url, " "));
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			https://planted@other.internal/x?planted=planted#planted, https://other.internal:443/x
			https://other.internal/x;session=planted/y,               https://other.internal:443/x;***/y
			https://other.internal/hook/planted0123456789abcdefghij,  https://other.internal:443/hook/***
			https://me:planted@bad..host_/x?planted,                  https://bad..host_:443/x
			mailto:planted@other.internal,                            mailto://?
			//planted@other.internal/x,                               ://other.internal/x
			/x?planted,                                               ://?/x
			""")
	@Tag("OB-43")
	@Tag("SE-2")
	void explainThenRepeatsNothingThatMayBeSecret(String url, String shown) {
		Explanation explanation = explain(url);
		assertThat(explanation.url()).isEqualTo(shown);
		assertThat(explanation + explanation.message() + explanation.advice() + explanation.url())
			.doesNotContain("planted");
	}

	@ParameterizedTest
	@CsvSource(textBlock = """
			x,        254
			%41,      254
			%41,      253
			%41,      252
			\uD83D\uDE00, 254
			\uD83D\uDE00, 255
			""")
	void explainWhenThePathIsLongThenIsCutWithoutCuttingACharacter(@Nullable String end, int length) {
		String path = "/api" + "a".repeat(length - 4) + end + "/..;x/%2e%2e/" + "b".repeat(300);
		Explanation explanation = explain("https://shop.internal" + path);
		assertThat(explanation.nearestClient()).isEqualTo("shop");
		assertThat(explanation.url()).hasSizeLessThan(300).doesNotContain("\uFFFD");
	}

}
