package io.github.evertoken;

import java.net.IDN;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Where a URL leads: scheme, host and port (RFC 6454). It is here that URLs are read, so
 * that all who compare two of them agree.
 * <p>
 * One origin can be written in many ways. Letter case and the default port of the scheme
 * make no difference, and neither do a dot at the end of the host, the spelling of an
 * IPv6 address, and a name in its own letters, with them escaped or in punycode (RFC
 * 3490). A host may have an underscore, as the service names of container networks do.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class Origin {

	private static final int MAX_PORT = 65535;

	private static final Pattern NAME_AND_PORT = Pattern.compile("(?<host>[^:\\[\\]]+)(:(?<port>[0-9]{0,5}))?");

	private static final Pattern NAME = Pattern.compile("[a-z0-9._-]*[a-z0-9_-]");

	/**
	 * Characters that {@link IDN} maps to others, while those who register names do not:
	 * two names that are not the same host would be one.
	 */
	private static final Pattern AMBIGUOUS = Pattern.compile("[\u00DF\u1E9E\u03C2\u200C\u200D]");

	private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?:$|:)");

	private static final Pattern LOOPBACK = Pattern
		.compile("(.*\\.)?localhost|127\\.\\d+\\.\\d+\\.\\d+|\\[::1]|\\[::ffff:127\\.\\d+\\.\\d+\\.\\d+]");

	private final String scheme;

	private final String host;

	private final int port;

	private Origin(String scheme, String host, int port) {
		this.scheme = scheme;
		this.host = host;
		this.port = port;
	}

	/**
	 * Return the origin of a URL. User information, path, query and fragment do not
	 * matter.
	 * @param url an absolute {@code http} or {@code https} URL
	 * @return the origin
	 * @throws IllegalArgumentException if it is none, with a message that reads on from
	 * the name of what was set, and does not repeat the URL
	 */
	public static Origin of(URI url) {
		String scheme = (url.getScheme() != null) ? url.getScheme().toLowerCase(Locale.ROOT) : "";
		if (!scheme.equals("http") && !scheme.equals("https")) {
			throw new IllegalArgumentException("must be an absolute http or https URL such as https://host/path");
		}
		if (hostAndPort(url).isEmpty() || hostAndPort(url).startsWith(":")) {
			throw new IllegalArgumentException("must name a host, as in https://host/path");
		}
		int port = port(url, scheme);
		if (port < 0 || port > MAX_PORT) {
			throw new IllegalArgumentException(
					"must have a host and at most a port number, as in https://host:8443/path");
		}
		String host = hostOf(url);
		if (host == null && hostAndPort(url).indexOf('*') >= 0) {
			throw new IllegalArgumentException("must name one host, without a wildcard");
		}
		if (host == null) {
			throw new IllegalArgumentException(
					"must have a host of letters, digits, '-', '_' and '.', or an IP address;"
							+ " write other letters in punycode (xn--...)");
		}
		return new Origin(scheme, host, port);
	}

	/**
	 * Return the host of a URL in the one spelling that is compared, also where
	 * {@link URI#getHost} has none because of an underscore or of other letters than
	 * those of ASCII.
	 * @param url the URL
	 * @return the host in lower case, an IPv6 address in brackets, or {@code null} if
	 * there is none or none that can be told
	 */
	public static @Nullable String hostOf(URI url) {
		String host = url.getHost();
		if (host == null) {
			Matcher matcher = NAME_AND_PORT.matcher(hostAndPort(url));
			host = matcher.matches() ? matcher.group("host") : "";
		}
		return isPlain(host) ? host : canonical(host);
	}

	private static String hostAndPort(URI url) {
		String authority = url.getRawAuthority();
		return (authority != null) ? authority.substring(authority.lastIndexOf('@') + 1) : "";
	}

	/**
	 * Nearly every host is written as it is compared.
	 */
	private static boolean isPlain(String host) {
		for (int i = 0; i < host.length(); i++) {
			char c = host.charAt(i);
			if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '.' && c != '-') {
				return false;
			}
		}
		return !host.isEmpty() && host.charAt(host.length() - 1) != '.';
	}

	private static @Nullable String canonical(String host) {
		try {
			return (!host.isEmpty() && host.charAt(0) == '[') ? address(host) : name(host);
		}
		catch (IllegalArgumentException | UnknownHostException ex) {
			return null;
		}
	}

	private static @Nullable String name(String host) {
		String name = (host.indexOf('%') >= 0) ? URLDecoder.decode(host, StandardCharsets.UTF_8) : host;
		if (!StandardCharsets.US_ASCII.newEncoder().canEncode(name)) {
			name = AMBIGUOUS.matcher(name).find() ? "" : IDN.toASCII(name);
		}
		name = name.toLowerCase(Locale.ROOT);
		name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		return NAME.matcher(name).matches() ? name : null;
	}

	/**
	 * RFC 5952. A zone is left as it is: it says something on one machine only.
	 */
	private static String address(String host) throws UnknownHostException {
		int zone = (host.indexOf('%') >= 0) ? host.indexOf('%') : host.length() - 1;
		// An address in brackets is never looked up.
		InetAddress address = InetAddress.getByName(host.substring(0, zone) + ']');
		String text = address.getHostAddress();
		return '[' + ((address instanceof Inet4Address) ? "::ffff:" + text : withoutMostZeros(text))
				+ host.substring(zone).replaceFirst("^%25", "%");
	}

	private static String withoutMostZeros(String address) {
		String longest = ZEROS.matcher(address)
			.results()
			.map((zeros) -> zeros.group())
			.reduce("", (one, other) -> (other.length() > one.length()) ? other : one);
		return longest.isEmpty() ? address : address.replaceFirst(Pattern.quote(longest), "::");
	}

	private static int port(URI url, String scheme) {
		int port = (url.getHost() != null) ? url.getPort() : writtenPort(url);
		return (port != -1) ? port : scheme.equals("https") ? 443 : 80;
	}

	/**
	 * Return the port of an authority that {@link URI} does not take apart.
	 */
	private static int writtenPort(URI url) {
		Matcher matcher = NAME_AND_PORT.matcher(hostAndPort(url));
		if (!matcher.matches()) {
			return Integer.MAX_VALUE;
		}
		String port = matcher.group("port");
		return (port != null && !port.isEmpty()) ? Integer.parseInt(port) : -1;
	}

	/**
	 * Return the scheme.
	 * @return {@code http} or {@code https}
	 */
	public String scheme() {
		return this.scheme;
	}

	/**
	 * Return the host.
	 * @return the host in lower case, an IPv6 address in brackets
	 */
	public String host() {
		return this.host;
	}

	/**
	 * Return the port.
	 * @return the port, which is that of the scheme where none is written
	 */
	public int port() {
		return this.port;
	}

	/**
	 * Return whether requests go over TLS.
	 * @return whether the scheme is {@code https}
	 */
	public boolean isSecure() {
		return this.scheme.equals("https");
	}

	/**
	 * Return whether requests stay on the machine.
	 * @return whether the host is an address of the loopback interface, or a name that
	 * stands for it (RFC 6761, section 6.3)
	 */
	public boolean isLoopback() {
		return LOOPBACK.matcher(this.host).matches();
	}

	/**
	 * Tell whether this is the origin of a URL. It costs nothing where the URL is written
	 * as this origin is.
	 * @param url any URL
	 * @return whether scheme, host and port are those of this origin
	 */
	public boolean includes(URI url) {
		return isSame(this.scheme, url.getScheme()) && includesHost(url) && this.port == port(url, this.scheme);
	}

	private boolean includesHost(URI url) {
		return this.host.equals(url.getHost()) || this.host.equals(hostOf(url));
	}

	/**
	 * Nearly every URL is written in lower case, and equality costs less than similarity.
	 */
	private static boolean isSame(String lowerCase, @Nullable String text) {
		return lowerCase.equals(text) || lowerCase.equalsIgnoreCase(text);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof Origin that && this.scheme.equals(that.scheme)
				&& this.host.equals(that.host) && this.port == that.port);
	}

	@Override
	public int hashCode() {
		return (this.scheme.hashCode() * 31 + this.host.hashCode()) * 31 + this.port;
	}

	/**
	 * Return the origin as it can be configured, always with its port.
	 */
	@Override
	public String toString() {
		return this.scheme + "://" + this.host + ":" + this.port;
	}

}
