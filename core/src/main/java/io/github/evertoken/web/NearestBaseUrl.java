package io.github.evertoken.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.web.Explanation.Difference;
import org.jspecify.annotations.Nullable;

/**
 * The base URL that comes nearest to a request which none covers, and in what the two
 * differ.
 *
 * @param baseUrl the base URL
 * @param client whose base URL it is
 * @param host how far the hosts are from each other
 * @param differences in what the request differs from it
 * @param likeness how many characters the two have in common
 */
record NearestBaseUrl(BaseUrl baseUrl, String client, HostLikeness host, Set<Difference> differences, int likeness) {

	private static final Comparator<NearestBaseUrl> NEAREST_FIRST = Comparator
		.comparing((NearestBaseUrl near) -> !near.isNearMiss())
		.thenComparing((near) -> !near.isTrusting())
		.thenComparing((near) -> !near.host().isNear())
		.thenComparing((near) -> near.host() == HostLikeness.OTHER)
		.thenComparing((near) -> near.differences().size())
		.thenComparing(Comparator.comparingInt(NearestBaseUrl::likeness).reversed())
		.thenComparing(NearestBaseUrl::host)
		.thenComparing(NearestBaseUrl::client);

	static @Nullable NearestBaseUrl to(RequestUrl url, ClientSelector selector) {
		List<NearestBaseUrl> all = new ArrayList<>();
		selector.forEach((baseUrl, client) -> all.add(of(url, baseUrl, client)));
		return all.stream().min(NEAREST_FIRST).orElse(null);
	}

	private static NearestBaseUrl of(RequestUrl url, BaseUrl baseUrl, String client) {
		HostLikeness host = HostLikeness.of(url, baseUrl);
		Set<Difference> differences = EnumSet.noneOf(Difference.class);
		if (!url.scheme().equals(baseUrl.origin().scheme())) {
			differences.add(Difference.SCHEME);
		}
		if (host != HostLikeness.SAME) {
			differences.add(Difference.HOST);
		}
		if (isOtherPort(url, baseUrl)) {
			differences.add(Difference.PORT);
		}
		if (!baseUrl.coversPath(url.path())) {
			differences.add(Difference.PATH);
		}
		return new NearestBaseUrl(baseUrl, client, host, differences, inCommon(url, baseUrl, host));
	}

	/**
	 * Where neither names its port, the scheme makes the difference and nothing else.
	 */
	private static boolean isOtherPort(RequestUrl url, BaseUrl baseUrl) {
		boolean defaults = isDefault(url.scheme(), url.port()) && isDefault(baseUrl.origin().scheme(), baseUrl.port());
		return url.port() >= 0 && url.port() != baseUrl.port() && !defaults;
	}

	private static boolean isDefault(String scheme, int port) {
		return port == (scheme.equals("https") ? 443 : 80);
	}

	/**
	 * Of one host, the path tells which base URL was meant; of others, the domain does.
	 */
	private static int inCommon(RequestUrl url, BaseUrl baseUrl, HostLikeness host) {
		if (host != HostLikeness.OTHER) {
			return common(url.path(), baseUrl.path());
		}
		String name = (url.host() != null) ? url.host() : "";
		return common(new StringBuilder(name).reverse(), new StringBuilder(baseUrl.host()).reverse());
	}

	private static int common(CharSequence one, CharSequence other) {
		int same = 0;
		while (same < Math.min(one.length(), other.length()) && one.charAt(same) == other.charAt(same)) {
			same++;
		}
		return same;
	}

	/**
	 * Tell whether the client's tokens may go to the request's origin.
	 */
	boolean isTrusting() {
		return this.differences.isEmpty() || this.differences.equals(EnumSet.of(Difference.PATH));
	}

	/**
	 * Tell whether the request was probably meant for this base URL: what listens on
	 * another port of another host is another service.
	 */
	boolean isNearMiss() {
		return this.host == HostLikeness.SAME || (this.host.isNear() && !this.differences.contains(Difference.PORT));
	}

}
