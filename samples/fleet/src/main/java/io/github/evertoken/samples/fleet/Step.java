package io.github.evertoken.samples.fleet;

/**
 * A step of the protocol at which a replica is killed.
 */
public enum Step {

	/**
	 * The record has not been claimed yet.
	 */
	BEFORE_CLAIM("before the claim", false),

	/**
	 * It is claimed, and the refresh token is not sent yet.
	 */
	AFTER_CLAIM("after the claim, before the refresh token is sent", false),

	/**
	 * The authorization server has rotated, and its answer is not sent yet.
	 */
	BEFORE_ANSWER("after the rotation, before the answer", true),

	/**
	 * The answer is there, and is not committed yet.
	 */
	BEFORE_COMMIT("after the answer, before the commit", true),

	/**
	 * It is committed, and those who wait for it do not know yet.
	 */
	AFTER_COMMIT("after the commit, before anybody is woken", false);

	private final String text;

	private final boolean inTheWindow;

	Step(String text, boolean inTheWindow) {
		this.text = text;
		this.inTheWindow = inTheWindow;
	}

	/**
	 * Tell whether whoever dies then takes the only good refresh token along.
	 * @return whether it is between the rotation and the commit
	 */
	public boolean isInTheWindow() {
		return this.inTheWindow;
	}

	@Override
	public String toString() {
		return this.text;
	}

}
