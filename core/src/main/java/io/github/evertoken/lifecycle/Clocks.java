package io.github.evertoken.lifecycle;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What time it was when a token was refused, by the clock of the server if it says, and
 * in words how that clock stands to ours and to the issuer's.
 */
final class Clocks {

	/**
	 * Clocks that are not further apart count as the same: a {@code Date} is cut off to
	 * the second, and was some time on its way.
	 */
	private static final long SAME = 2000;

	private final Moment now;

	private final @Nullable Long serverAhead;

	private final @Nullable Long issuerAhead;

	/**
	 * Compare clocks.
	 * @param date what the server says that time it is, or {@code null}
	 * @param now what we say
	 * @param issuer what is known of the issuer's
	 */
	Clocks(@Nullable Instant date, Moment now, IssuerClock issuer) {
		this.now = now;
		this.serverAhead = (date != null) ? IssuerClock.ahead(date, now) : null;
		this.issuerAhead = issuer.ahead();
	}

	/**
	 * Return for how many milliseconds an instant has passed by the server's clock, or
	 * else by ours; negative if it is to come.
	 */
	long since(Instant instant) {
		return this.now.wall() + ((this.serverAhead != null) ? this.serverAhead : 0) - Moment.wallOf(instant);
	}

	/**
	 * Return by which clock that is.
	 */
	String words() {
		if (this.serverAhead == null) {
			return "by our clock, for the server does not tell its own" + issuer(0);
		}
		if (isSame(this.serverAhead)) {
			return "by the server's clock, which agrees with ours" + issuer(this.serverAhead);
		}
		return "by the server's clock, which is " + difference(this.serverAhead) + " ours" + issuer(this.serverAhead);
	}

	private String issuer(long reference) {
		if (this.issuerAhead == null) {
			return "";
		}
		boolean ours = isSame(this.issuerAhead);
		if (isSame(reference)) {
			return ours ? "" : "; the issuer's is " + difference(this.issuerAhead) + " ours";
		}
		if (isSame(this.issuerAhead - reference)) {
			return ", and so is the issuer's";
		}
		return ours ? " and of the issuer's" : "; the issuer's is " + difference(this.issuerAhead) + " ours";
	}

	private static boolean isSame(long difference) {
		return Math.abs(difference) < SAME;
	}

	private static String difference(long ahead) {
		return span(ahead) + ((ahead > 0) ? " ahead of" : " behind");
	}

	/**
	 * Return a time in words, whichever its sign.
	 */
	static String span(long millis) {
		long seconds = Math.round(Math.abs((double) millis) / 1000);
		if (seconds < 120) {
			return seconds + " s";
		}
		long minutes = Math.round(seconds / 60.0);
		if (minutes < 120) {
			return minutes + " min";
		}
		long hours = Math.round(minutes / 60.0);
		return (hours < 48) ? hours + " h" : Math.round(hours / 24.0) + " days";
	}

}
