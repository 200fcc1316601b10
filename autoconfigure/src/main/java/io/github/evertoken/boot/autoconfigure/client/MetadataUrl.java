package io.github.evertoken.boot.autoconfigure.client;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.evertoken.boot.autoconfigure.diagnostics.Urls;
import org.jspecify.annotations.Nullable;

/**
 * The URL where an issuer's metadata is, which many a provider shows beside its other
 * addresses, and which is easily taken for one of them.
 *
 * @param issuer the issuer that has its metadata there, as it may be printed
 * @param wellKnown what was added to the issuer (RFC 8414, section 3.1; OpenID Connect
 * Discovery, section 4)
 */
record MetadataUrl(String issuer, String wellKnown) {

	private static final Pattern PATTERN = Pattern
		.compile("(https?://[^?#]+?)(/\\.well-known/(?:openid-configuration|oauth-authorization-server))(/[^?#]*)?");

	/**
	 * Look at a URL.
	 * @return what it tells, or {@code null} if it is none of metadata
	 */
	static @Nullable MetadataUrl of(String url) {
		Matcher matcher = PATTERN.matcher(url);
		if (!matcher.matches()) {
			return null;
		}
		String issuer = matcher.group(1) + ((matcher.group(3) != null) ? matcher.group(3) : "");
		return new MetadataUrl(Urls.withoutSecrets(issuer), matcher.group(2));
	}

}
