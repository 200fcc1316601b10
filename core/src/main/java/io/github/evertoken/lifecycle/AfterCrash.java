package io.github.evertoken.lifecycle;

/**
 * What is done with a refresh token that another replica may have redeemed, which has not
 * said so: it has died, or has been cut off, while it had the lease.
 *
 * @since 0.1.0
 */
public enum AfterCrash {

	/**
	 * Redeem it: it may be good still, or the authorization server may take it once more
	 * for a while. If it does neither, the session is lost as it would be otherwise.
	 */
	RETRY,

	/**
	 * Do not redeem it, and have somebody log in: for authorization servers that punish
	 * the second use of a refresh token by more than the end of its session.
	 */
	SIGN_OUT

}
