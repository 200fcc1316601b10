package io.github.evertoken.endpoint;

/**
 * What can help after a token endpoint has answered with an error. It is what the types
 * of {@link io.github.evertoken.TokenException} say.
 *
 * @since 0.1.0
 */
public enum FailureKind {

	/**
	 * Somebody who logs in again: a
	 * {@link io.github.evertoken.ReauthenticationRequiredException}. What a client grants
	 * itself, without a user, is refused instead.
	 */
	REAUTHENTICATION,

	/**
	 * Another configuration: a {@link io.github.evertoken.TokenRefusedException}.
	 */
	REFUSED,

	/**
	 * Time: a {@link io.github.evertoken.TransientTokenException}.
	 */
	TRANSIENT

}
