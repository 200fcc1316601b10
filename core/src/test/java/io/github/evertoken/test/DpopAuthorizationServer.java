package io.github.evertoken.test;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.jspecify.annotations.Nullable;

/**
 * A token endpoint that verifies DPoP proofs and binds its tokens, JWTs named
 * {@code token-1} and so on, to the key of the proof (RFC 9449, sections 5 and 6).
 */
public final class DpopAuthorizationServer implements AutoCloseable {

	private static final byte[] KEY = "a secret of the servers of the tests alone".getBytes(StandardCharsets.US_ASCII);

	private final MockWebServer server = TestServers.start(new TokenEndpoint());

	private final DpopVerifier verifier = new DpopVerifier();

	private final Set<String> revoked = new HashSet<>();

	private @Nullable String otherThumbprint;

	private String tokenType = "DPoP";

	private int requests;

	private int issued;

	/**
	 * Return the token endpoint.
	 * @return the absolute URI
	 */
	public URI tokenUri() {
		return this.server.url("/token").uri();
	}

	/**
	 * Return what verifies the proofs of token requests.
	 * @return the verifier
	 */
	public DpopVerifier verifier() {
		return this.verifier;
	}

	/**
	 * Bind the tokens that are issued from now on to another key than the one of the
	 * proof.
	 * @param thumbprint the thumbprint of the other key
	 */
	public synchronized void bindTo(String thumbprint) {
		this.otherThumbprint = thumbprint;
	}

	/**
	 * Name another token type from now on.
	 * @param tokenType the type
	 */
	public synchronized void tokenType(String tokenType) {
		this.tokenType = tokenType;
	}

	/**
	 * Revoke all tokens that were issued up to now.
	 */
	public synchronized void revokeAll() {
		for (int i = 1; i <= this.issued; i++) {
			this.revoked.add("token-" + i);
		}
	}

	/**
	 * Return how many requests have come.
	 * @return the number
	 */
	public synchronized int requests() {
		return this.requests;
	}

	/**
	 * Return how many tokens were issued.
	 * @return the number
	 */
	public synchronized int issued() {
		return this.issued;
	}

	/**
	 * Verify an access token.
	 * @param accessToken the token
	 * @param thumbprint the thumbprint of the key that has signed the proof
	 * @return its name, or {@code null} if it is not valid, or not bound to that key
	 */
	public synchronized @Nullable String nameOf(String accessToken, String thumbprint) {
		try {
			SignedJWT jwt = SignedJWT.parse(accessToken);
			JWTClaimsSet claims = jwt.getJWTClaimsSet();
			boolean valid = jwt.verify(new MACVerifier(KEY)) && !this.revoked.contains(claims.getSubject())
					&& Map.of("jkt", thumbprint).equals(claims.getJSONObjectClaim("cnf"));
			return valid ? claims.getSubject() : null;
		}
		catch (ParseException | JOSEException ex) {
			return null;
		}
	}

	@Override
	public void close() {
		this.server.close();
	}

	private synchronized MockResponse answer(RecordedRequest request) {
		this.requests++;
		try {
			String thumbprint = this.verifier.verify(request, null);
			Map<String, Object> response = new LinkedHashMap<>();
			response.put("access_token",
					accessToken((this.otherThumbprint != null) ? this.otherThumbprint : thumbprint));
			response.put("token_type", this.tokenType);
			response.put("expires_in", 3600);
			response.put("refresh_token", "refresh-" + this.issued);
			return json(200, response);
		}
		catch (DpopVerifier.Refusal ex) {
			return json(400, Map.of("error", ex.error(), "error_description", String.valueOf(ex.getMessage())));
		}
	}

	private String accessToken(String thumbprint) {
		SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256),
				new JWTClaimsSet.Builder().subject("token-" + ++this.issued)
					.expirationTime(Date.from(Instant.now().plusSeconds(3600)))
					.claim("cnf", Map.of("jkt", thumbprint))
					.build());
		try {
			jwt.sign(new MACSigner(KEY));
			return jwt.serialize();
		}
		catch (JOSEException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private MockResponse json(int status, Map<String, ?> json) {
		MockResponse.Builder response = new MockResponse.Builder().code(status)
			.addHeader("Content-Type", "application/json")
			.body(JSONObjectUtils.toJSONString(json));
		String nonce = this.verifier.nonce();
		return ((nonce != null) ? response.addHeader("DPoP-Nonce", nonce) : response).build();
	}

	private final class TokenEndpoint extends Dispatcher {

		@Override
		public MockResponse dispatch(RecordedRequest request) {
			return answer(request);
		}

	}

}
