package io.github.evertoken;

import java.util.Locale;

/**
 * The sections of the reference that say of a failure what has happened, and what to do.
 * The message of each exception of Evertoken's ends with the address of its section.
 *
 * @since 0.1.0
 */
public enum Troubleshooting {

	/**
	 * {@link TransientTokenException}.
	 */
	TRANSIENT_TOKEN,

	/**
	 * {@link TokenRefusedException}.
	 */
	TOKEN_REFUSED,

	/**
	 * {@link ReauthenticationRequiredException}.
	 */
	REAUTHENTICATION_REQUIRED,

	/**
	 * {@link LeaseNotCoveredException}.
	 */
	LEASE_NOT_COVERED,

	/**
	 * {@link TokenRevocationException}.
	 */
	TOKEN_REVOCATION,

	/**
	 * {@link TokenStoreException}.
	 */
	TOKEN_STORE,

	/**
	 * {@link CredentialException}.
	 */
	CREDENTIAL,

	/**
	 * An issuer waits for the token that it is to obtain.
	 */
	CIRCULAR_WAIT,

	/**
	 * A client is named that there is not, or a subject of which nothing is held.
	 */
	UNKNOWN_CLIENT,

	/**
	 * A client is named whose tokens must not go where the request goes.
	 */
	ORIGIN_NOT_ALLOWED,

	/**
	 * A blocking call is made on a thread that must not wait.
	 */
	EVENT_LOOP,

	/**
	 * The configuration is wrong, and the application does not start.
	 */
	INVALID_CONFIGURATION,

	/**
	 * The application does not start without a first token.
	 */
	REQUIRED_TOKEN,

	/**
	 * A bean of Evertoken's is needed, and Evertoken is switched off.
	 */
	SWITCHED_OFF,

	/**
	 * A {@code RestClient.Builder} is needed, and there is none.
	 */
	NO_REST_CLIENT_BUILDER,

	/**
	 * The manager of Evertoken's is needed, and another bean has taken its place.
	 */
	REPLACED_MANAGER;

	private static final String PAGE = "https://github.com/evertoken/evertoken/blob/main/docs/reference/troubleshooting.adoc";

	/**
	 * Return where the section is.
	 * @return an address that a browser can open
	 */
	public String address() {
		return PAGE + "#" + name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Return what a message has at its end.
	 * @return the address in parentheses, with a blank before them
	 */
	public String reference() {
		return " (see " + address() + ")";
	}

}
