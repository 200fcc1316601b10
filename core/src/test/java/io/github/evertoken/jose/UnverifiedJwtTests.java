package io.github.evertoken.jose;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnverifiedJwt}.
 */
@Tag("SE-4")
@Tag("OB-3")
class UnverifiedJwtTests {

	private static final String HEADER = "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"k1\",\"jku\":\"https://planted\"}";

	@Test
	void readThenShowsWhatDecidesInTheOrderOfTheListAndNothingElse() {
		UnverifiedJwt jwt = read("""
				{"jti":"planted-jti","sub":"planted-subject","exp":1300,"nbf":1000,"iat":1000,"scp":["read","write"],
				"scope":"read write","client_id":"orders","azp":"orders","aud":"inventory","iss":"https://idp.internal",
				"cnf":{"jkt":"thumbprint","jwk":{"kty":"EC","x":"planted-key"}},"roles":["planted-role"]}
				""");
		assertThat(jwt.header()).containsExactly(Map.entry("alg", "RS256"), Map.entry("typ", "at+jwt"),
				Map.entry("kid", "k1"));
		assertThat(jwt.claims()).containsExactly(Map.entry("iss", "https://idp.internal"),
				Map.entry("aud", List.of("inventory")), Map.entry("azp", "orders"), Map.entry("client_id", "orders"),
				Map.entry("scope", "read write"), Map.entry("scp", List.of("read", "write")),
				Map.entry("iat", Instant.ofEpochSecond(1000)), Map.entry("nbf", Instant.ofEpochSecond(1000)),
				Map.entry("exp", Instant.ofEpochSecond(1300)), Map.entry("cnf", Map.of("jkt", "thumbprint")));
		assertThat(jwt.encrypted()).isFalse();
		assertThat(jwt.toString()).doesNotContain("planted").doesNotContain(base64("signature"));
	}

	@Test
	void readWhenFurtherClaimsMayBeSeenThenShowsThemBehindTheOthers() {
		UnverifiedJwt jwt = read(
				"{\"tenant\":{\"id\":7,\"active\":true,\"none\":null},\"roles\":[\"a\",null],\"exp\":1}", "roles",
				"tenant", "absent");
		assertThat(jwt.claims().keySet()).containsExactly("exp", "roles", "tenant");
		assertThat(jwt.claims()).containsEntry("roles", List.of("a", "null"))
			.containsEntry("tenant", Map.of("id", 7L, "active", true, "none", "null"));
	}

	@Test
	void readWhenValuesAreLongDeepOrNotPrintableThenBoundsThem() {
		String deep = "[".repeat(100) + "]".repeat(100);
		String many = String.join(",", Collections.nCopies(1000, "\"x\""));
		UnverifiedJwt jwt = read("{\"iss\":\"" + "i".repeat(10_000) + "\",\"azp\":\"a\\u0007\\n\\u202eb\",\"aud\":["
				+ many + "],\"deep\":" + deep + "}", "deep");
		assertThat((String) jwt.claims().get("iss")).hasSize(256);
		assertThat(jwt.claims()).containsEntry("azp", "a???b");
		assertThat((List<?>) jwt.claims().get("aud")).hasSize(50);
		assertThat(jwt.claims().get("deep").toString()).hasSizeLessThan(300);
	}

	@Test
	@Tag("OB-7")
	void readWhenTimesAreOddThenTellsTimesOfTheCalendarOrWhatIsThere() {
		UnverifiedJwt jwt = read("{\"iat\":\"yesterday\",\"nbf\":-1,\"exp\":9223372036854775807,\"iss\":7}");
		assertThat(jwt.claims()).containsExactly(Map.entry("iss", 7L), Map.entry("iat", "yesterday"),
				Map.entry("nbf", -1L), Map.entry("exp", Instant.parse("9999-12-31T23:59:59Z")));
		assertThat(read("{\"exp\":1000.25}").claims()).containsEntry("exp", Instant.ofEpochMilli(1_000_250));
	}

	/**
	 * Whoever explains a rejection reads the same token, and finds the same in it.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "{\"aud\":\"a\",\"scope\":\"r w\",\"iat\":1000,\"nbf\":1000.5,\"exp\":1e300}",
			"{\"aud\":[\"a\",\"b\"],\"scp\":[\"r\"],\"iat\":1,\"exp\":2}", "{\"aud\":7,\"exp\":\"x\",\"iat\":{}}",
			"{}" })
	void readThenTellsTheTimesThatTheClaimsTell(String claims) {
		TokenClaims told = Objects.requireNonNull(TokenClaims.of(jwt(claims)));
		Map<String, Object> shown = read(claims).claims();
		assertThat(told.issuedAt()).isEqualTo(instant(shown.get("iat")));
		assertThat(told.notBefore()).isEqualTo(instant(shown.get("nbf")));
		assertThat(told.expiresAt()).isEqualTo(instant(shown.get("exp")));
		assertThat(told.audience()).isEqualTo((shown.get("aud") instanceof List<?> audience) ? audience : List.of());
	}

	private static @Nullable Instant instant(@Nullable Object shown) {
		return (shown instanceof Instant instant) ? instant : null;
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "opaque", "a.b", "a.b.c", "a.b.c.d.e", "....", "eyJhbGciOiJSUzI1NiJ9.WzFd.c2ln" })
	void claimsWhenItIsNoJwtThenNoneToo(String token) {
		assertThat(TokenClaims.of(token)).isNull();
	}

	@Test
	void readWhenItIsEncryptedThenShowsTheHeaderAlone() {
		String token = base64("{\"alg\":\"RSA-OAEP\",\"enc\":\"A128GCM\",\"kid\":\"k1\"}") + ".a2V5.aXY.Y2lwaGVy.dGFn";
		UnverifiedJwt jwt = Objects.requireNonNull(UnverifiedJwt.read(token, List.of()));
		assertThat(jwt.encrypted()).isTrue();
		assertThat(jwt.header()).containsExactly(Map.entry("alg", "RSA-OAEP"), Map.entry("kid", "k1"));
		assertThat(jwt.claims()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "opaque", "a.b", "a.b.c", "a.b.c.d.e", "....", "eyJhbGciOiJSUzI1NiJ9.WzFd.c2ln",
			"eyJhbGciOiJSUzI1NiJ9.eyJpYXQiOjEwMDAsImV4cCI6MTA2MH0" })
	void readWhenItIsNoJwtThenNothing(String token) {
		assertThat(UnverifiedJwt.read(token, List.of())).isNull();
	}

	@Test
	void readWhenItIsHugeThenIsNotEvenRead() {
		assertThat(UnverifiedJwt.read(jwt("{\"iss\":\"" + "x".repeat(100_000) + "\"}"), List.of())).isNull();
	}

	private static UnverifiedJwt read(String claims, String... more) {
		return Objects.requireNonNull(UnverifiedJwt.read(jwt(claims), List.of(more)));
	}

	private static String jwt(String claims) {
		return base64(HEADER) + "." + base64(claims) + "." + base64("signature");
	}

	private static String base64(String text) {
		return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
	}

}
