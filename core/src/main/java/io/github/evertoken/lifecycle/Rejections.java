package io.github.evertoken.lifecycle;

/**
 * What the rejections of one key have cost in the current window. It keeps a resource
 * server that refuses every token from causing a storm of renewals.
 *
 * @param windowStart when the first rejection of the window came, by the monotonic clock
 * @param renewals how many rejected tokens have been replaced in the window
 * @param barred whether none is replaced any more in the window
 */
record Rejections(long windowStart, int renewals, boolean barred) {

	static final Rejections NONE = new Rejections(Long.MIN_VALUE, 0, false);

	/**
	 * Count one more rejection.
	 * @param token the rejected token
	 * @return the rejections with this one, {@link #barred()} if the token is not to be
	 * replaced: because the renewals of the window are spent, or because the last one was
	 * in vain, that is, it gave a token that has never been accepted
	 */
	Rejections with(HeldToken token, Moment now, ClientSettings settings) {
		Rejections current = hasPassed(now, settings) ? new Rejections(now.mono(), 0, false) : this;
		boolean inVain = current.renewals > 0 && !token.wasAccepted();
		if (current.barred || inVain || current.renewals >= settings.maxRenewals()) {
			return current.barred ? current : new Rejections(current.windowStart, current.renewals, true);
		}
		return new Rejections(current.windowStart, current.renewals + 1, false);
	}

	private boolean hasPassed(Moment now, ClientSettings settings) {
		return this.windowStart == Long.MIN_VALUE
				|| now.mono() - this.windowStart >= settings.rejectionWindow().toMillis();
	}

}
