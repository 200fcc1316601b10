package io.github.evertoken.boot.autoconfigure.credential;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * Answers JWT bearer requests (RFC 7523, section 2.1) as a token endpoint does that takes
 * nothing on trust: {@code invalid_grant} unless the signature and every claim holds,
 * once for each {@code jti}.
 */
final class AssertionVerifier {

	private final Set<String> used = new HashSet<>();

	private RSAPublicKey key;

	private String issuer;

	private String subject;

	private String audience;

	AssertionVerifier(String pem, String issuer, String audience) {
		this.key = publicKey(pem);
		this.issuer = issuer;
		this.subject = issuer;
		this.audience = audience;
	}

	synchronized void requireKey(String pem) {
		this.key = publicKey(pem);
	}

	synchronized void requireIssuer(String issuer) {
		this.issuer = issuer;
	}

	synchronized void requireSubject(String subject) {
		this.subject = subject;
	}

	synchronized void requireAudience(String audience) {
		this.audience = audience;
	}

	synchronized MockResponse answer(RecordedRequest request) {
		String problem = problem(form(request));
		return json((problem != null) ? 400 : 200,
				(problem != null) ? "{\"error\":\"invalid_grant\",\"error_description\":\"" + problem + "\"}"
						: "{\"access_token\":\"token-" + this.used.size() + "\",\"expires_in\":3600}");
	}

	private @Nullable String problem(Map<String, String> form) {
		if (!"urn:ietf:params:oauth:grant-type:jwt-bearer".equals(form.get("grant_type"))) {
			return "wrong grant";
		}
		try {
			SignedJWT assertion = SignedJWT.parse(form.get("assertion"));
			return assertion.verify(new RSASSAVerifier(this.key)) ? problem(assertion.getJWTClaimsSet())
					: "wrong signature";
		}
		catch (ParseException | JOSEException ex) {
			return "not a JWT";
		}
	}

	private @Nullable String problem(JWTClaimsSet claims) {
		Instant now = Instant.now();
		if (!this.issuer.equals(claims.getIssuer())) {
			return "wrong issuer";
		}
		if (!this.subject.equals(claims.getSubject())) {
			return "wrong subject";
		}
		if (!List.of(this.audience).equals(claims.getAudience())) {
			return "wrong audience";
		}
		if (!isBetween(claims.getIssueTime(), now.minusSeconds(30), now.plusSeconds(1))
				|| !isBetween(claims.getExpirationTime(), now, now.plusSeconds(300))) {
			return "wrong time";
		}
		return (claims.getJWTID() != null && this.used.add(claims.getJWTID())) ? null : "replayed";
	}

	private static boolean isBetween(@Nullable Date date, Instant from, Instant to) {
		return date != null && !date.toInstant().isBefore(from) && !date.toInstant().isAfter(to);
	}

	private static Map<String, String> form(RecordedRequest request) {
		return Arrays.stream(Objects.requireNonNull(request.getBody()).utf8().split("&"))
			.map((pair) -> pair.split("=", 2))
			.collect(Collectors.toMap((pair) -> pair[0], (pair) -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
	}

	private static MockResponse json(int status, String json) {
		return new MockResponse.Builder().code(status).addHeader("Content-Type", "application/json").body(json).build();
	}

	private static RSAPublicKey publicKey(String pem) {
		try {
			KeyFactory factory = KeyFactory.getInstance("RSA");
			byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
			RSAPrivateCrtKey key = (RSAPrivateCrtKey) factory.generatePrivate(new PKCS8EncodedKeySpec(encoded));
			return (RSAPublicKey) factory
				.generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
