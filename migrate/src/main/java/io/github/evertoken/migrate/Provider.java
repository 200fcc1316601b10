package io.github.evertoken.migrate;

import org.jspecify.annotations.Nullable;

/**
 * What Spring Boot's properties say of a provider, as far as tokens come from it, with
 * placeholders as they are written. It is bound as a JavaBean.
 */
final class Provider {

	private @Nullable String tokenUri;

	private @Nullable String issuerUri;

	@Nullable String getTokenUri() {
		return this.tokenUri;
	}

	void setTokenUri(@Nullable String tokenUri) {
		this.tokenUri = tokenUri;
	}

	@Nullable String getIssuerUri() {
		return this.issuerUri;
	}

	void setIssuerUri(@Nullable String issuerUri) {
		this.issuerUri = issuerUri;
	}

}
