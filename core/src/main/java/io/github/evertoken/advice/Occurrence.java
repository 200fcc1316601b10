package io.github.evertoken.advice;

/**
 * What is counted of a client, for an hour.
 */
enum Occurrence {

	/**
	 * The issuer has answered a flight with a token set.
	 */
	ISSUED,

	/**
	 * Of those: the token before it was not at its renewal time yet.
	 */
	ISSUED_OUT_OF_TURN,

	/**
	 * Of those: it was the renewal time.
	 */
	ISSUED_AT_RENEWAL_TIME,

	/**
	 * Of those: a resource server had refused the token before it.
	 */
	ISSUED_AFTER_REJECTION,

	/**
	 * A request that was sent once more with a new token was accepted.
	 */
	RESEND_ACCEPTED,

	/**
	 * A request that was sent once more with a new token was refused again.
	 */
	RESEND_REJECTED,

	/**
	 * A refusal was passed on, for the renewals that refusals may cost are spent.
	 */
	REJECTION_BARRED,

	/**
	 * A refusal was passed on, for the place refuses what others accept.
	 */
	REJECTION_PASSED,

	/**
	 * Flights have begun to fail, so that a cooldown came.
	 */
	TROUBLE,

	/**
	 * A subject was forgotten with its refresh token because there are too many.
	 */
	FORGOTTEN,

	/**
	 * A subject has to log in again because its token has ended, and no refresh token had
	 * come with it.
	 */
	ENDED_WITHOUT_REFRESH_TOKEN

}
