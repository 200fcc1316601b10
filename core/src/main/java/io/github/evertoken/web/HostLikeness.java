package io.github.evertoken.web;

import java.util.regex.Pattern;

/**
 * How far the host of a request is from that of a base URL, the nearest first.
 */
enum HostLikeness {

	/**
	 * It is the same host.
	 */
	SAME(true),

	/**
	 * It is the same host, but for dots at its end that no name has.
	 */
	DOTS(true),

	/**
	 * Both stand for the machine itself, each in its own way.
	 */
	LOOPBACK(true),

	/**
	 * One of them begins with {@code www.}.
	 */
	WWW(true),

	/**
	 * One character is another one, too much or missing, or two are the wrong way round.
	 */
	ONE_EDIT(true),

	/**
	 * One of them is the beginning of the other, as the short name of a service is in a
	 * cluster.
	 */
	SHORT(false),

	/**
	 * It is another host.
	 */
	OTHER(false);

	private static final Pattern ADDRESS = Pattern.compile("\\[.*|[0-9.]+");

	/**
	 * Of names that are shorter, any two are like each other.
	 */
	private static final int LEAST_LENGTH = 4;

	private final boolean near;

	HostLikeness(boolean near) {
		this.near = near;
	}

	/**
	 * Tell whether somebody who wrote the one has probably meant the other.
	 */
	boolean isNear() {
		return this.near;
	}

	static HostLikeness of(RequestUrl url, BaseUrl base) {
		String host = url.host();
		if (host == null) {
			return OTHER;
		}
		if (host.equals(base.host())) {
			return url.dotted() ? DOTS : SAME;
		}
		return (url.isLoopback() && base.origin().isLoopback()) ? LOOPBACK : of(host, base.host());
	}

	private static HostLikeness of(String host, String base) {
		if (host.equals("www." + base) || base.equals("www." + host)) {
			return WWW;
		}
		if (isOneEdit(host, base)) {
			return ONE_EDIT;
		}
		return (host.startsWith(base + '.') || base.startsWith(host + '.')) ? SHORT : OTHER;
	}

	/**
	 * An address that differs in a digit is another machine and no slip.
	 */
	private static boolean isOneEdit(String host, String base) {
		if (Math.max(host.length(), base.length()) < LEAST_LENGTH || ADDRESS.matcher(host).matches()
				|| ADDRESS.matcher(base).matches()) {
			return false;
		}
		int same = 0;
		while (same < Math.min(host.length(), base.length()) && host.charAt(same) == base.charAt(same)) {
			same++;
		}
		String left = host.substring(same);
		String right = base.substring(same);
		return switch (left.length() - right.length()) {
			case 1 -> left.substring(1).equals(right);
			case -1 -> right.substring(1).equals(left);
			case 0 -> left.substring(1).equals(right.substring(1)) || isSwapped(left, right);
			default -> false;
		};
	}

	private static boolean isSwapped(String left, String right) {
		return left.length() > 1 && left.charAt(0) == right.charAt(1) && left.charAt(1) == right.charAt(0)
				&& left.substring(2).equals(right.substring(2));
	}

}
