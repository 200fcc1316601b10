package io.github.evertoken.grant;

import java.net.URI;
import java.util.Objects;
import java.util.regex.Pattern;

import io.github.evertoken.TokenRequest;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.util.MultiValueMap;

/**
 * Token exchange (RFC 8693).
 */
final class TokenExchangeGrant implements AuthorizationGrant {

	/**
	 * What servers say of a token that they do not accept, and not of its type or of
	 * whether one may be shown at all.
	 */
	private static final Pattern ABOUT_THE_TOKEN = Pattern.compile(
			"\\b(invalid|expired|revoked|inactive|unknown) ((subject|actor|access|id|security)[ _])?token\\b(?! type)"
					+ "|\\b(subject_|actor_)?token\\b\\W+((is|was|has|been|could|cannot|be|not|no longer) )*"
					+ "(valid|invalid|active|inactive|expired|revoked|accepted|unacceptable|verified|validated|validation)\\b",
			Pattern.CASE_INSENSITIVE);

	private final SecurityTokenSource subjectToken;

	private final String subjectTokenType;

	private final @Nullable SecurityTokenSource actorToken;

	private final @Nullable String actorTokenType;

	TokenExchangeGrant(SecurityTokenSource subjectToken, URI subjectTokenType) {
		this.subjectToken = Objects.requireNonNull(subjectToken, "subjectToken");
		this.subjectTokenType = subjectTokenType.toString();
		this.actorToken = null;
		this.actorTokenType = null;
	}

	TokenExchangeGrant(SecurityTokenSource subjectToken, URI subjectTokenType, SecurityTokenSource actorToken,
			URI actorTokenType) {
		this.subjectToken = Objects.requireNonNull(subjectToken, "subjectToken");
		this.subjectTokenType = subjectTokenType.toString();
		this.actorToken = Objects.requireNonNull(actorToken, "actorToken");
		this.actorTokenType = actorTokenType.toString();
	}

	@Override
	public Mono<MultiValueMap<String, String>> parameters(TokenRequest request) {
		Mono<MultiValueMap<String, String>> form = this.subjectToken.token(request).map(this::withSubject);
		SecurityTokenSource actorToken = this.actorToken;
		return (actorToken == null) ? form : form.zipWith(actorToken.token(request), this::withActor);
	}

	private MultiValueMap<String, String> withSubject(String token) {
		MultiValueMap<String, String> form = FormParameters.of("grant_type",
				"urn:ietf:params:oauth:grant-type:token-exchange");
		form.set("subject_token", token);
		form.set("subject_token_type", this.subjectTokenType);
		return form;
	}

	private MultiValueMap<String, String> withActor(MultiValueMap<String, String> form, String token) {
		form.set("actor_token", token);
		form.set("actor_token_type", this.actorTokenType);
		return form;
	}

	/**
	 * RFC 8693, section 2.2.2: a token that is not, or no longer, accepted is an
	 * {@code invalid_request}. So is a feature that is switched off or an audience that
	 * does not exist, which no log-in can help: only the description tells one from the
	 * other.
	 */
	@Override
	public boolean isRefusedWith(String error, @Nullable String description) {
		return switch (error) {
			case "invalid_token" -> true;
			case "invalid_request" -> description != null && ABOUT_THE_TOKEN.matcher(description).find();
			default -> AuthorizationGrant.super.isRefusedWith(error, description);
		};
	}

}
