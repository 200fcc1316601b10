package io.github.evertoken.dpop;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import io.github.evertoken.Origin;
import io.github.evertoken.ProofOfPossession;
import io.github.evertoken.TokenSet;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

import org.springframework.util.function.SingletonSupplier;

/**
 * Makes the proofs by which a client shows that it holds the key that its tokens are
 * bound to (DPoP, RFC 9449), so that a token is of no use to whoever else gets hold of
 * it. One is enough for all tokens of a client, and is used for both its token endpoint
 * and its resource servers.
 * <p>
 * Instances are thread-safe. They remember the latest nonce that each origin has given.
 * Neither the key nor a nonce appears in {@link #toString()}.
 *
 * @since 0.1.0
 */
public final class DpopProofs implements ProofOfPossession {

	private static final int LONGEST_JWT = 64 * 1024;

	private final Supplier<DpopKey> key;

	private final boolean keyGenerated;

	private final Clock clock;

	private final DpopNonces nonces = new DpopNonces();

	DpopProofs(Supplier<DpopKey> key, boolean keyGenerated, Clock clock) {
		this.key = key;
		this.keyGenerated = keyGenerated;
		this.clock = clock;
	}

	/**
	 * Make proofs with a key of this instance's own, which is generated when it is first
	 * needed, and is never written down: no token that is bound to it survives this
	 * instance.
	 * @param algorithm {@code ES256}, {@code ES384} or {@code ES512}
	 * @return the proofs
	 * @throws IllegalArgumentException if the algorithm is another; the message goes on
	 * where the name of what was set ends
	 */
	public static DpopProofs withGeneratedKey(String algorithm) {
		JWSAlgorithm generable = DpopKey.requireGenerable(algorithm);
		return new DpopProofs(SingletonSupplier.of(() -> DpopKey.generate(generable)), true, Clock.systemUTC());
	}

	/**
	 * Make proofs with a given key, which other instances and later ones may use as well.
	 * @param key an EC, Ed25519 or RSA key with its public half
	 * @param algorithm the algorithm, or {@code null} for the one that the key is meant
	 * for, or else fits it
	 * @return the proofs
	 * @throws IllegalArgumentException if the key cannot be used, or not with the
	 * algorithm; the message goes on where the name of what was set ends
	 */
	public static DpopProofs withKey(SigningKey key, @Nullable String algorithm) {
		DpopKey dpopKey = DpopKey.of(key, algorithm);
		return new DpopProofs(() -> dpopKey, false, Clock.systemUTC());
	}

	@Override
	public String proof(String method, URI uri, @Nullable String accessToken) {
		return this.key.get()
			.sign(new JWTClaimsSet.Builder().jwtID(UUID.randomUUID().toString())
				.claim("htm", method)
				.claim("htu", htu(uri))
				.issueTime(Date.from(this.clock.instant()))
				.claim("ath", (accessToken != null) ? hash(accessToken) : null)
				.claim("nonce", this.nonces.of(uri))
				.build());
	}

	/**
	 * Return the URI without query and fragment, and with the host as it is sent, for
	 * that is what a server compares it with. Syntax and scheme are normalised (RFC 9449,
	 * section 4.3; RFC 3986, section 6.2.3).
	 */
	private static String htu(URI uri) {
		Origin origin = Origin.of(uri);
		String host = (uri.getHost() != null) ? uri.getHost().toLowerCase(Locale.ROOT) : origin.host();
		String port = (origin.port() != (origin.isSecure() ? 443 : 80)) ? ":" + origin.port() : "";
		String path = uri.getRawPath();
		return origin.scheme() + "://" + host + port + ((path != null && !path.isEmpty()) ? path : "/");
	}

	private static String hash(String accessToken) {
		try {
			MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
			return Base64URL.encode(sha256.digest(accessToken.getBytes(StandardCharsets.US_ASCII))).toString();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public boolean takeNonce(URI uri, @Nullable String nonce) {
		return this.nonces.take(uri, nonce);
	}

	/**
	 * Tell whether an access token that comes from elsewhere, from a store or a login,
	 * can be sent with proofs of this key. It has to be of the type {@value #DPOP}. A JWT
	 * says which key it is bound to ({@code cnf.jkt}, RFC 9449, section 6.1). Any other
	 * is taken to be bound to a configured key, and never to a generated one, which
	 * nobody else has had.
	 * @param tokens a token set
	 * @return whether its access token can be used
	 */
	@Override
	public boolean fit(TokenSet tokens) {
		String accessToken = tokens.accessToken();
		if (accessToken == null || !DPOP.equalsIgnoreCase(tokens.tokenType())) {
			return false;
		}
		Object boundTo = confirmation(accessToken);
		return (boundTo != null) ? boundTo.equals(this.key.get().thumbprint()) : !this.keyGenerated;
	}

	private static @Nullable Object confirmation(String accessToken) {
		if (accessToken.length() > LONGEST_JWT) {
			return null;
		}
		try {
			JWTClaimsSet claims = JWTParser.parse(accessToken).getJWTClaimsSet();
			Map<String, Object> confirmation = (claims != null) ? claims.getJSONObjectClaim("cnf") : null;
			return (confirmation != null) ? confirmation.get("jkt") : null;
		}
		catch (ParseException | IllegalArgumentException ex) {
			return null;
		}
	}

	@Override
	public String toString() {
		return "DpopProofs[key=" + (this.keyGenerated ? "generated" : "configured") + "]";
	}

}
