package io.github.evertoken.lifecycle;

import java.time.Instant;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;

import io.github.evertoken.Diagnosis;
import io.github.evertoken.Diagnosis.Reason;
import io.github.evertoken.TokenKey;
import io.github.evertoken.jose.TokenClaims;
import io.github.evertoken.lifecycle.Acceptances.Acceptance;
import io.github.evertoken.lifecycle.Refusal.Complaint;
import org.jspecify.annotations.Nullable;

/**
 * Says why the tokens of one client were refused: the surest reason first, in the order
 * of {@link Reason}.
 */
final class Diagnostician {

	private final IssuerClock issuerClock;

	private final Acceptances acceptances = new Acceptances();

	private final ScopeNumbers scopes;

	Diagnostician(IssuerClock issuerClock, ScopeNumbers scopes) {
		this.issuerClock = issuerClock;
		this.scopes = scopes;
	}

	Acceptances acceptances() {
		return this.acceptances;
	}

	/**
	 * Say why a token was refused.
	 * @param refusal how it was, or {@code null} if that is not known
	 */
	Diagnosis of(TokenKey key, HeldToken token, @Nullable Refusal refusal, Moment now) {
		return new Case(token, refusal, now, this.acceptances.of(key, token)).diagnosis();
	}

	/**
	 * One refusal, with all that is known of it.
	 */
	private final class Case {

		private final HeldToken token;

		private final Complaint complaint;

		private final @Nullable String origin;

		private final Moment now;

		private final @Nullable Acceptance acceptance;

		private final Clocks clocks;

		private final @Nullable TokenClaims claims;

		Case(HeldToken token, @Nullable Refusal refusal, Moment now, @Nullable Acceptance acceptance) {
			this.token = token;
			this.complaint = (refusal != null) ? refusal.complaint() : Complaint.NONE;
			this.origin = (refusal != null) ? refusal.place().origin() : null;
			this.now = now;
			this.acceptance = acceptance;
			this.clocks = new Clocks((refusal != null) ? refusal.date() : null, now, Diagnostician.this.issuerClock);
			this.claims = TokenClaims.of(token.value());
		}

		Diagnosis diagnosis() {
			if ("insufficient_scope".equals(this.complaint.error())) {
				return new Diagnosis(Reason.INSUFFICIENT_SCOPE, scope());
			}
			Diagnosis found = time();
			if (found == null && this.token.wasAccepted() && !wasAcceptedElsewhere()) {
				found = new Diagnosis(Reason.REVOKED,
						accepted() + ": revoked, or the server cannot verify it any more");
			}
			if (found == null && isStated()) {
				return new Diagnosis(Reason.STATED, stated());
			}
			return withStatement((found != null) ? found : guess());
		}

		private @Nullable Diagnosis time() {
			TokenClaims claims = this.claims;
			Instant expiresAt = (claims != null) ? claims.expiresAt() : null;
			long ours = this.now.wall() - this.token.expiresAt().toEpochMilli();
			if (expiresAt == null && ours >= 0) {
				return new Diagnosis(Reason.EXPIRED,
						"expired " + Clocks.span(ours) + " ago by our clock and the lifetime that is known of it");
			}
			if (expiresAt != null && this.clocks.since(expiresAt) >= 0) {
				return new Diagnosis(Reason.EXPIRED,
						"expired " + Clocks.span(this.clocks.since(expiresAt)) + " ago " + this.clocks.words());
			}
			return (claims != null) ? tooEarly(claims) : null;
		}

		private @Nullable Diagnosis tooEarly(TokenClaims claims) {
			Instant notBefore = claims.notBefore();
			if (notBefore != null && this.clocks.since(notBefore) < 0) {
				return new Diagnosis(Reason.NOT_YET_VALID, "not valid before " + notBefore + " (nbf), which is "
						+ Clocks.span(this.clocks.since(notBefore)) + " from now " + this.clocks.words());
			}
			Instant issuedAt = claims.issuedAt();
			if (issuedAt != null && this.clocks.since(issuedAt) < 0) {
				return new Diagnosis(Reason.NOT_YET_VALID, "issued at " + issuedAt + " (iat), which is "
						+ Clocks.span(this.clocks.since(issuedAt)) + " from now " + this.clocks.words());
			}
			return null;
		}

		/**
		 * What may be the reason where nothing is known for sure.
		 */
		private Diagnosis guess() {
			TokenClaims claims = this.claims;
			if (claims != null && !claims.audience().isEmpty() && this.origin != null
					&& !isNamed(claims.audience(), host(this.origin))) {
				return new Diagnosis(Reason.AUDIENCE, "possibly its audience: the token is for aud "
						+ quoted(claims.audience()) + ", the request went to " + host(this.origin));
			}
			if (wasAcceptedElsewhere()) {
				return new Diagnosis(Reason.ACCEPTED_ELSEWHERE, accepted() + ", and never by " + this.origin
						+ " as far as is known: possibly it is no token for that server");
			}
			return (claims != null)
					? new Diagnosis(Reason.UNKNOWN, "valid by all that can be read in it, " + this.clocks.words())
					: new Diagnosis(Reason.OPAQUE, "opaque: nothing can be told from it");
		}

		private boolean wasAcceptedElsewhere() {
			Acceptance acceptance = this.acceptance;
			return acceptance != null && this.origin != null && !acceptance.origin().equals(this.origin);
		}

		private String accepted() {
			Acceptance acceptance = this.acceptance;
			if (acceptance == null) {
				return "accepted before";
			}
			return "accepted " + Clocks.span(this.now.mono() - acceptance.at()) + " ago by "
					+ (acceptance.origin().equals(this.origin) ? "the same server" : acceptance.origin());
		}

		private boolean isStated() {
			String error = this.complaint.error();
			return this.complaint.description() != null || (error != null && !error.equals("invalid_token"));
		}

		private String stated() {
			String error = this.complaint.error();
			String description = this.complaint.description();
			return "the challenge says: "
					+ ((error != null) ? error + ((description != null) ? ", " + description : "") : description);
		}

		private Diagnosis withStatement(Diagnosis found) {
			return isStated() ? new Diagnosis(found.reason(), found.sentence() + "; " + stated()) : found;
		}

		private String scope() {
			Set<String> answered = Diagnostician.this.scopes.scope(this.token.scopeNumber());
			Collection<String> granted = (this.claims != null && !this.claims.scope().isEmpty()) ? this.claims.scope()
					: answered;
			return ((this.complaint.scope() != null) ? "scope '" + this.complaint.scope() + "' is asked for"
					: "another scope is asked for")
					+ ((granted != null) ? ", granted is " + quoted(granted) : ", what was granted is not known");
		}

		private static String quoted(Collection<String> words) {
			return "'" + String.join(" ", words) + "'";
		}

		private static String host(String origin) {
			int scheme = origin.indexOf("://");
			String authority = (scheme >= 0) ? origin.substring(scheme + 3) : origin;
			int port = authority.lastIndexOf(':');
			return (port > authority.lastIndexOf(']')) ? authority.substring(0, port) : authority;
		}

		private static boolean isNamed(Collection<String> audience, String host) {
			return audience.stream().anyMatch((name) -> name.toLowerCase(Locale.ROOT).contains(host));
		}

	}

}
