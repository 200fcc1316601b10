package io.github.evertoken.test;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint that takes nothing on trust: it verifies the client's secret, or the
 * signature and every claim of its assertion (RFC 7523, section 3), once for each
 * {@code jti}. What does not hold is answered with {@code invalid_client} and the reason.
 * An assertion that is the grant itself (section 2.1) is verified likewise, and answered
 * with {@code invalid_grant}; its client is not asked who it is. So it is with its
 * revocation endpoint (RFC 7009).
 */
public final class VerifyingTokenEndpoint implements AutoCloseable {

	/**
	 * The client's identifier.
	 */
	public static final String CLIENT_ID = "orders";

	private static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

	private final MockWebServer server = TestServers.start(new Endpoint());

	private final List<Map<String, String>> forms = new ArrayList<>();

	private final List<SignedJWT> assertions = new ArrayList<>();

	private final List<String> revoked = new ArrayList<>();

	private final Set<String> usedIdentifiers = new HashSet<>();

	private String error = "invalid_client";

	private String issuer = CLIENT_ID;

	private String subject = CLIENT_ID;

	private @Nullable String audience;

	private String assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

	private @Nullable String secret;

	private @Nullable PublicKey publicKey;

	private @Nullable String keyId;

	private @Nullable String thumbprint;

	private int accepted;

	private VerifyingTokenEndpoint() {
	}

	/**
	 * Start a server on a free port of the loopback interface.
	 * @return a running server; close it
	 */
	public static VerifyingTokenEndpoint start() {
		return new VerifyingTokenEndpoint();
	}

	/**
	 * Return the token endpoint.
	 * @return the absolute URI
	 */
	public URI tokenUri() {
		return this.server.url("/token").uri();
	}

	/**
	 * Return the revocation endpoint.
	 * @return the absolute URI
	 */
	public URI revocationUri() {
		return this.server.url("/revoke").uri();
	}

	/**
	 * Accept a secret from now on, and no other: as it is, or as the key of an assertion.
	 * @param secret the secret
	 */
	public synchronized void acceptSecret(String secret) {
		this.secret = secret;
		this.publicKey = null;
	}

	/**
	 * Accept the assertions of a key from now on, and of no other.
	 * @param publicKey the key
	 * @param keyId the {@code kid} that each must name, or {@code null} for none
	 */
	public synchronized void acceptKey(PublicKey publicKey, @Nullable String keyId) {
		this.publicKey = publicKey;
		this.keyId = keyId;
		this.secret = null;
	}

	/**
	 * Require a certificate to be named from now on.
	 * @param thumbprint the {@code x5t#S256} that each assertion must have
	 */
	public synchronized void requireThumbprint(String thumbprint) {
		this.thumbprint = thumbprint;
	}

	/**
	 * Require others than the client as those who sign, and on whose behalf.
	 * @param issuer the only issuer
	 * @param subject the only subject
	 */
	public synchronized void requireIssuerAndSubject(String issuer, String subject) {
		this.issuer = issuer;
		this.subject = subject;
	}

	/**
	 * Require another audience than the URL of the token endpoint.
	 * @param audience the only audience
	 */
	public synchronized void requireAudience(String audience) {
		this.audience = audience;
	}

	/**
	 * Require another type of assertion than a JWT of RFC 7523.
	 * @param assertionType the {@code client_assertion_type}
	 */
	public synchronized void requireAssertionType(String assertionType) {
		this.assertionType = assertionType;
	}

	/**
	 * Answer another error than {@code invalid_client} to what does not hold.
	 * @param error the error
	 */
	public synchronized void refuseWith(String error) {
		this.error = error;
	}

	/**
	 * Return the forms of all requests, in their order.
	 * @return the forms
	 */
	public synchronized List<Map<String, String>> forms() {
		return List.copyOf(this.forms);
	}

	/**
	 * Return the assertions of all requests that had one, in their order, whether they
	 * held or not.
	 * @return the assertions
	 */
	public synchronized List<SignedJWT> assertions() {
		return List.copyOf(this.assertions);
	}

	/**
	 * Return the tokens that were revoked, in their order.
	 * @return the tokens
	 */
	public synchronized List<String> revoked() {
		return List.copyOf(this.revoked);
	}

	/**
	 * Return how many requests were answered with a token.
	 * @return the number
	 */
	public synchronized int accepted() {
		return this.accepted;
	}

	@Override
	public void close() {
		this.server.close();
	}

	private synchronized MockResponse answer(RecordedRequest request) {
		Map<String, String> form = form(request);
		this.forms.add(form);
		boolean granting = "urn:ietf:params:oauth:grant-type:jwt-bearer".equals(form.get("grant_type"));
		String problem = granting ? verify(String.valueOf(form.get("assertion"))) : verifyClient(request, form);
		if (problem != null) {
			return json(granting ? 400 : 401,
					Map.of("error", granting ? "invalid_grant" : this.error, "error_description", problem));
		}
		if (request.getUrl().encodedPath().equals("/revoke")) {
			this.revoked.add(form.get("token"));
			return new MockResponse.Builder().build();
		}
		this.accepted++;
		return json(200, Map.of("access_token", "token-" + this.accepted, "token_type", "Bearer", "expires_in", 3600));
	}

	private @Nullable String verifyClient(RecordedRequest request, Map<String, String> form) {
		return form.containsKey("client_assertion") ? verifyAssertion(request, form) : verifySecret(request, form);
	}

	private @Nullable String verifySecret(RecordedRequest request, Map<String, String> form) {
		String credentials = CLIENT_ID + ":" + this.secret;
		String basic = "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
		boolean known = this.secret != null && (basic.equals(request.getHeaders().get("Authorization"))
				|| credentials.equals(form.get("client_id") + ":" + form.get("client_secret")));
		return known ? null : "wrong secret";
	}

	private @Nullable String verifyAssertion(RecordedRequest request, Map<String, String> form) {
		if (!this.assertionType.equals(form.get("client_assertion_type"))) {
			return "wrong type";
		}
		if (!CLIENT_ID.equals(form.get("client_id"))) {
			return "wrong client";
		}
		return verify(form.get("client_assertion"));
	}

	private @Nullable String verify(String jwt) {
		try {
			SignedJWT assertion = SignedJWT.parse(jwt);
			this.assertions.add(assertion);
			return verify(assertion, (this.audience != null) ? this.audience : tokenUri().toString());
		}
		catch (ParseException | JOSEException | GeneralSecurityException ex) {
			return "not a JWT";
		}
	}

	private @Nullable String verify(SignedJWT assertion, String audience)
			throws ParseException, JOSEException, GeneralSecurityException {
		if (this.keyId != null && !this.keyId.equals(assertion.getHeader().getKeyID())) {
			return "wrong kid";
		}
		Base64URL named = assertion.getHeader().getX509CertSHA256Thumbprint();
		if (this.thumbprint != null && !this.thumbprint.equals(String.valueOf(named))) {
			return "wrong thumbprint";
		}
		return isSignedByClient(assertion) ? verify(assertion.getJWTClaimsSet(), audience) : "wrong signature";
	}

	private boolean isSignedByClient(SignedJWT assertion) throws JOSEException, GeneralSecurityException {
		if (this.secret != null) {
			return assertion.verify(new MACVerifier(this.secret));
		}
		if (this.publicKey instanceof RSAPublicKey rsa) {
			return assertion.verify(new RSASSAVerifier(rsa));
		}
		if (this.publicKey instanceof ECPublicKey ec) {
			return assertion.verify(new ECDSAVerifier(ec));
		}
		Signature signature = Signature.getInstance("Ed25519");
		signature.initVerify(this.publicKey);
		signature.update(assertion.getSigningInput());
		return signature.verify(assertion.getSignature().decode());
	}

	private @Nullable String verify(JWTClaimsSet claims, String audience) {
		Instant now = Instant.now();
		if (!this.issuer.equals(claims.getIssuer()) || !this.subject.equals(claims.getSubject())) {
			return "wrong issuer or subject";
		}
		if (!List.of(audience).equals(claims.getAudience())) {
			return "wrong audience";
		}
		if (!isBetween(claims.getIssueTime(), now.minusSeconds(30), now.plusSeconds(1))) {
			return "wrong iat";
		}
		if (!isBetween(claims.getExpirationTime(), now, now.plus(LONGEST_LIFETIME))) {
			return "expired, or valid for too long";
		}
		return (claims.getJWTID() != null && this.usedIdentifiers.add(claims.getJWTID())) ? null : "replayed";
	}

	private static boolean isBetween(@Nullable Date date, Instant from, Instant to) {
		return date != null && !date.toInstant().isBefore(from) && !date.toInstant().isAfter(to);
	}

	private static Map<String, String> form(RecordedRequest request) {
		Map<String, String> form = new HashMap<>();
		String body = (request.getBody() != null) ? request.getBody().utf8() : "";
		for (String pair : body.split("&")) {
			String[] nameAndValue = pair.split("=", 2);
			String before = form.put(decode(nameAndValue[0]), decode(nameAndValue[nameAndValue.length - 1]));
			if (before != null) {
				throw new IllegalStateException("Sent twice: " + nameAndValue[0]);
			}
		}
		return form;
	}

	private static String decode(String text) {
		return URLDecoder.decode(text, StandardCharsets.UTF_8);
	}

	private static MockResponse json(int status, Map<String, ?> json) {
		return new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.body(JSONObjectUtils.toJSONString(json))
			.build();
	}

	private final class Endpoint extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return answer(request);
		}

	}

}
