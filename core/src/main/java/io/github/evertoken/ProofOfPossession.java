package io.github.evertoken;

import java.net.URI;

import org.jspecify.annotations.Nullable;

/**
 * What shows that a client holds the key that its tokens are bound to (DPoP, RFC 9449),
 * so that a token is of no use to whoever else gets hold of it. It is used for both the
 * token endpoint and the resource servers of a client. See
 * {@link io.github.evertoken.dpop.DpopProofs} for keys that are at hand; one that rests
 * elsewhere takes an implementation of its own.
 * <p>
 * Implementations are thread-safe, do not block, and remember the latest nonce of each
 * origin.
 *
 * @since 0.1.0
 */
public interface ProofOfPossession {

	/**
	 * The header that carries a proof, which is also the token type and the
	 * authentication scheme (RFC 9449, sections 4.1, 5 and 7.1).
	 */
	String DPOP = "DPoP";

	/**
	 * The header that brings a nonce (RFC 9449, section 8.1).
	 */
	String NONCE = "DPoP-Nonce";

	/**
	 * Make the proof for one request (RFC 9449, section 4.2), with the nonce that the
	 * request's origin gave last. It serves for one attempt: each has to have its own.
	 * @param method the HTTP method of the request, such as {@code GET}
	 * @param uri the absolute URI of the request
	 * @param accessToken the access token that is sent along, or {@code null} in a token
	 * request
	 * @return the value of the header {@value #DPOP}
	 * @throws IllegalArgumentException if it is no {@code http} or {@code https} URI
	 */
	String proof(String method, URI uri, @Nullable String accessToken);

	/**
	 * Take the nonce that a response brings, a success as well as an error (RFC 9449,
	 * section 8.2), for the next proof for its origin.
	 * @param uri the absolute URI of the request that is answered
	 * @param nonce the value of the header {@value #NONCE}, or {@code null} if there is
	 * none
	 * @return whether there is one that can be sent
	 */
	boolean takeNonce(URI uri, @Nullable String nonce);

	/**
	 * Tell whether an access token that comes from elsewhere, from a store or a login,
	 * can be sent with proofs of this key.
	 * @param tokens a token set
	 * @return whether its access token is of the type {@value #DPOP} and bound to the
	 * key, as far as that can be told
	 */
	boolean fit(TokenSet tokens);

}
