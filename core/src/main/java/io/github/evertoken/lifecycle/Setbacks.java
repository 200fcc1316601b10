package io.github.evertoken.lifecycle;

import io.github.evertoken.ReauthenticationRequiredException;
import org.jspecify.annotations.Nullable;

/**
 * What has gone wrong with one key lately. Nearly every key shares {@link #NONE}.
 *
 * @param cooldown the time in which no flight may start
 * @param signedOut why somebody must log in again, {@code null} if nobody must
 * @param rejections what rejected tokens have cost lately
 */
record Setbacks(Cooldown cooldown, @Nullable ReauthenticationRequiredException signedOut, Rejections rejections) {

	static final Setbacks NONE = new Setbacks(Cooldown.NONE, null, Rejections.NONE);

	/**
	 * A flight has landed: the failures before it are forgotten, the rejections are not.
	 */
	Setbacks landed() {
		return (this.rejections != Rejections.NONE) ? new Setbacks(Cooldown.NONE, null, this.rejections) : NONE;
	}

	/**
	 * A flight has failed for now.
	 */
	Setbacks failed(Cooldown cooldown) {
		return new Setbacks(cooldown, null, this.rejections);
	}

	/**
	 * The last usable grant was refused.
	 */
	Setbacks signedOut(ReauthenticationRequiredException reason) {
		return new Setbacks(Cooldown.NONE, reason, this.rejections);
	}

	/**
	 * A token was rejected.
	 */
	Setbacks rejected(Rejections rejections) {
		return new Setbacks(this.cooldown, this.signedOut, rejections);
	}

}
