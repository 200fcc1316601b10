package io.github.evertoken;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenParameters}.
 */
class TokenParametersTests {

	@Test
	void buildWhenEveryKindIsSetThenEachHasItsFormParameter() {
		TokenParameters parameters = TokenParameters.builder()
			.scope(List.of("read", "write"))
			.audience(List.of("stock", "prices"))
			.resource(List.of(URI.create("https://a.example/x"), URI.create("urn:b")))
			.authorizationDetails("[{\"type\":\"payment\"}]")
			.parameter("tenant", "7")
			.header("X-Tenant", "7")
			.build();
		assertThat(parameters.form()).containsEntry("scope", List.of("read write"))
			.containsEntry("audience", List.of("stock", "prices"))
			.containsEntry("resource", List.of("https://a.example/x", "urn:b"))
			.containsEntry("authorization_details", List.of("[{\"type\":\"payment\"}]"))
			.containsEntry("tenant", List.of("7"))
			.hasSize(5);
		assertThat(parameters.headers()).containsExactlyEntriesOf(Map.of("x-tenant", "7"));
	}

	@Test
	void withThenOtherWinsNameByName() {
		TokenParameters configured = TokenParameters.builder().scope(List.of("read")).audience(List.of("a")).build();
		TokenParameters wanted = TokenParameters.builder().scope(List.of("write")).header("x", "1").build();
		TokenParameters both = configured.with(wanted);
		assertThat(both.form()).containsEntry("scope", List.of("write")).containsEntry("audience", List.of("a"));
		assertThat(both.headers()).containsEntry("x", "1");
		assertThat(configured.with(TokenParameters.none())).isSameAs(configured);
	}

	@Test
	void equalsWhenNamesAreSetInAnotherOrderThenIsTrue() {
		TokenParameters one = TokenParameters.builder().parameter("a", "1").parameter("b", "2").build();
		TokenParameters other = TokenParameters.builder().parameter("b", "2").parameter("a", "1").build();
		assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
		assertThat(one).isNotEqualTo(TokenParameters.builder().parameter("a", "1").parameter("b", "3").build());
	}

	@Test
	void equalsWhenValueIsHeaderInsteadOfParameterThenIsFalse() {
		assertThat(TokenParameters.builder().parameter("a", "1").build())
			.isNotEqualTo(TokenParameters.builder().header("a", "1").build());
	}

	@Test
	void buildWhenNothingIsSetThenIsNone() {
		assertThat(TokenParameters.builder().scope(List.of()).build()).isSameAs(TokenParameters.none());
		assertThat(TokenParameters.none().isEmpty()).isTrue();
	}

	@Test
	void toStringThenShowsNoValueThatMayBeSecret() {
		TokenParameters parameters = TokenParameters.builder()
			.audience(List.of("stock"))
			.parameter("pin", "sesame")
			.header("x-key", "sesame")
			.authorizationDetails("[{\"type\":\"sesame\"}]")
			.build();
		assertThat(parameters.toString()).isEqualTo("[audience=[stock], pin, authorization_details, x-key]")
			.doesNotContain("sesame");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "two words", "quo\"te", "line\nbreak", "ä" })
	void scopeWhenNoScopeTokenThenIsRefused(String scope) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().scope(List.of(scope)))
			.withMessageContaining("RFC 6749, section 3.3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/relative", "https://a.example/#fragment" })
	void resourceWhenRelativeOrWithFragmentThenIsRefused(String resource) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TokenParameters.builder().resource(List.of(URI.create(resource))))
			.withMessageContaining("RFC 8707")
			.withMessageContaining(resource);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{}", "[1]", "[{\"kind\":\"a\"}]", "[{\"type\":1}]", "[{\"type\":\"a\"}", "null" })
	void authorizationDetailsWhenNoArrayOfTypedObjectsThenIsRefused(String json) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().authorizationDetails(json))
			.withMessageContaining("RFC 9396");
	}

	@ParameterizedTest
	@ValueSource(strings = { "grant_type", "scope", "refresh_token", "client_secret", "client_assertion", "assertion",
			"subject_token", "actor_token" })
	void parameterWhenItHasAPlaceOfItsOwnThenIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().parameter(name, "x"))
			.withMessage("'" + name + "' cannot be an extra parameter");
	}

	@ParameterizedTest
	@ValueSource(strings = { "Authorization", "content-type", "Host", "DPoP" })
	void headerWhenItHasAPlaceOfItsOwnThenIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().header(name, "x"))
			.withMessage("'" + name + "' cannot be an extra header");
	}

	@Test
	void headerWhenItCouldSplitTheRequestThenIsRefusedWithoutItsValue() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TokenParameters.builder().header("x", "secret\r\nhost: evil"))
			.withMessageNotContaining("secret");
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().header("x y", "1"));
	}

	@Test
	void audienceWhenEmptyThenIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> TokenParameters.builder().audience(List.of(" ")));
	}

}
