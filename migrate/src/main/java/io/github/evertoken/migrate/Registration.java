package io.github.evertoken.migrate;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A registration as Spring Boot's properties have it, with placeholders as they are
 * written. It is bound as a JavaBean.
 */
final class Registration {

	private @Nullable String provider;

	private @Nullable String clientId;

	private @Nullable String clientSecret;

	private @Nullable String clientAuthenticationMethod;

	private @Nullable String authorizationGrantType;

	private Set<String> scope = new LinkedHashSet<>();

	@Nullable String getProvider() {
		return this.provider;
	}

	void setProvider(@Nullable String provider) {
		this.provider = provider;
	}

	@Nullable String getClientId() {
		return this.clientId;
	}

	void setClientId(@Nullable String clientId) {
		this.clientId = clientId;
	}

	@Nullable String getClientSecret() {
		return this.clientSecret;
	}

	void setClientSecret(@Nullable String clientSecret) {
		this.clientSecret = clientSecret;
	}

	@Nullable String getClientAuthenticationMethod() {
		return this.clientAuthenticationMethod;
	}

	void setClientAuthenticationMethod(@Nullable String clientAuthenticationMethod) {
		this.clientAuthenticationMethod = clientAuthenticationMethod;
	}

	@Nullable String getAuthorizationGrantType() {
		return this.authorizationGrantType;
	}

	void setAuthorizationGrantType(@Nullable String authorizationGrantType) {
		this.authorizationGrantType = authorizationGrantType;
	}

	Set<String> getScope() {
		return this.scope;
	}

	void setScope(Set<String> scope) {
		this.scope = scope;
	}

}
