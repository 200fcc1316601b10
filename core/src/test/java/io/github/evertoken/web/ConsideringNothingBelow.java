package io.github.evertoken.web;

/**
 * The standard policy, but for a mistake: it throws when it is asked whether it considers
 * a status below another.
 *
 * @param status the least status that does no harm
 */
record ConsideringNothingBelow(int status) implements RejectionPolicy {

	@Override
	public Decision decide(Answer answer) {
		return RejectionPolicy.standard().decide(answer);
	}

	@Override
	public boolean considers(int status) {
		if (status < this.status) {
			throw new IllegalStateException("out of order");
		}
		return RejectionPolicy.standard().considers(status);
	}

}
