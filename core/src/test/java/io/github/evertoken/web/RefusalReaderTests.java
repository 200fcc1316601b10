package io.github.evertoken.web;

import java.net.URI;
import java.time.Instant;
import java.util.List;

import io.github.evertoken.AccessToken;
import io.github.evertoken.lifecycle.Refusal;
import io.github.evertoken.lifecycle.Refusal.Complaint;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.util.context.Context;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.ClientRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RefusalReader}.
 */
@Tag("OB-20")
class RefusalReaderTests {

	private static final String SENT = "short-token";

	@Test
	void readThenHasWhatTheChallengeOfTheTokenSays() {
		Refusal refusal = read("Basic realm=\"x\"",
				"Bearer error=\"invalid_token\", error_description=\"The token expired\", scope=\"a b\"");
		assertThat(refusal.complaint()).isEqualTo(new Complaint("invalid_token", "The token expired", "a b"));
		assertThat(refusal.date()).isEqualTo(Instant.parse("2026-11-23T20:00:00Z"));
		assertThat(refusal.place().origin()).isEqualTo("https://inventory.example:443");
	}

	@Test
	void readWhenTheChallengeSaysNothingThenThereIsNoComplaint() {
		assertThat(read("Bearer realm=\"x\"").complaint()).isEqualTo(Complaint.NONE);
		assertThat(read().complaint()).isEqualTo(Complaint.NONE);
		assertThat(read("rubbish \"=,").complaint()).isEqualTo(Complaint.NONE);
	}

	@Test
	@Tag("SE-2")
	void readWhenTheServerSmugglesTokensAndControlCharactersThenTheyAreNotRepeated() {
		String jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJlMTIzNDU2Nzg5MA";
		Refusal refusal = read("Bearer error=\"" + SENT + "\", error_description=\"no \r\nforged \u001b[31m " + jwt
				+ " " + SENT + " cookie-secret\", scope=\"a " + SENT + "\"");
		String all = refusal.toString();
		assertThat(all).contains("no ??forged ?[31m eyJhbGciOiJSUzI1NiJ9.***")
			.doesNotContain(SENT, "cookie-secret", jwt.substring(jwt.indexOf('.')))
			.doesNotContainPattern("\\p{Cntrl}");
	}

	@Test
	void readWhenTheServerWritesVeryMuchThenIsCut() {
		assertThat(
				read("Bearer error=\"invalid_token\", error_description=\"" + "x y ".repeat(10_000) + "\"").complaint()
					.description())
			.hasSize(256);
	}

	private static Refusal read(String... challenges) {
		ClientRequest request = ClientRequest.create(HttpMethod.GET, URI.create("https://inventory.example/items?a=b"))
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + SENT)
			.header(HttpHeaders.COOKIE, "cookie-secret")
			.build();
		HttpHeaders answer = new HttpHeaders();
		answer.addAll(HttpHeaders.WWW_AUTHENTICATE, List.of(challenges));
		answer.set(HttpHeaders.DATE, "Mon, 23 Nov 2026 20:00:00 GMT");
		Instant now = Instant.now();
		return RefusalReader.read(new AccessToken("Bearer", SENT, now, now.plusSeconds(60)), request, answer,
				Context.empty());
	}

}
