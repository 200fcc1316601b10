package io.github.evertoken.web;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/**
 * Decides what follows when a resource server refuses a request that was sent with a
 * token: whether a new token can help.
 * <p>
 * {@link #standard()} decides by the status and the error code (RFC 6750, section 3.1) of
 * the challenge:
 * <table border="1">
 * <caption>The standard decisions</caption>
 * <tr>
 * <th>error code</th>
 * <th>401</th>
 * <th>403</th>
 * </tr>
 * <tr>
 * <td>no challenge, or no error code in it</td>
 * <td>renew</td>
 * <td>pass on</td>
 * </tr>
 * <tr>
 * <td>{@code invalid_token}</td>
 * <td>renew</td>
 * <td>pass on</td>
 * </tr>
 * <tr>
 * <td>{@code insufficient_scope}, {@code invalid_request}</td>
 * <td>pass on</td>
 * <td>pass on</td>
 * </tr>
 * <tr>
 * <td>{@code invalid_dpop_proof}, {@code use_dpop_nonce} (RFC 9449)</td>
 * <td>pass on</td>
 * <td>pass on</td>
 * </tr>
 * <tr>
 * <td>{@code insufficient_user_authentication} (RFC 9470, section 3)</td>
 * <td>step up</td>
 * <td>step up</td>
 * </tr>
 * <tr>
 * <td>any other</td>
 * <td>renew</td>
 * <td>pass on</td>
 * </tr>
 * </table>
 * Every other status passes on without being looked at, unless a policy of one's own
 * {@linkplain #considers considers} it.
 * <p>
 * A policy is not asked about a 401 with {@code use_dpop_nonce} and a nonce for a client
 * with DPoP, unless the nonce has been sent in vain: the request is sent once more with
 * the same token and the nonce (RFC 9449, section 9), and its answer is decided upon.
 * That may be a rejection, so that a call comes to three attempts at the most:
 * <table border="1">
 * <caption>The attempts of a call with DPoP</caption>
 * <tr>
 * <th>first answer</th>
 * <th>second answer</th>
 * <th>third answer</th>
 * </tr>
 * <tr>
 * <td>401 {@code use_dpop_nonce}: the same token with the nonce</td>
 * <td>401 {@code invalid_token}: renew</td>
 * <td>passes on</td>
 * </tr>
 * <tr>
 * <td>401 {@code invalid_token}: renew</td>
 * <td>401 {@code use_dpop_nonce}: the new token with the nonce</td>
 * <td>passes on</td>
 * </tr>
 * <tr>
 * <td>401 {@code use_dpop_nonce}: the same token with the nonce</td>
 * <td>401 {@code use_dpop_nonce}: passes on</td>
 * <td></td>
 * </tr>
 * </table>
 * Of several challenges those count that speak of the token that was sent: those of the
 * scheme {@code Bearer} if one of them has an error code, else those of {@code DPoP}, and
 * those of other schemes only if there is neither a {@code Bearer} nor a {@code DPoP}
 * challenge. Where their error codes disagree, renewing goes before stepping up, and that
 * before passing on: the renewal happens once, and the second answer is decided upon as
 * well.
 * <p>
 * A policy of one's own may be a lambda that leaves to the standard what it does not know
 * better:
 *
 * <pre class="code">
 * RejectionPolicy policy = (answer) -&gt; {
 *     if (answer.status() != 403) {
 *         return RejectionPolicy.standard().decide(answer);
 *     }
 *     if (answer.body() == null) {
 *         return Decision.READ_BODY;
 *     }
 *     return answer.body().contains("\"token_expired\"") ? Decision.RENEW_AND_RESEND : Decision.PASS_ON;
 * };
 * </pre>
 *
 * An implementation must be thread-safe and must not block. If it throws, the answer is
 * released and the caller's request fails with what was thrown.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RejectionPolicy {

	/**
	 * Decide upon an answer.
	 * @param answer the answer of the resource server, with a status that this policy
	 * {@linkplain #considers considers}
	 * @return the decision
	 */
	Decision decide(Answer answer);

	/**
	 * Tell whether answers of a status are to be decided upon. All others pass on
	 * untouched, and show that the token was accepted unless they are a server error.
	 * @param status the HTTP status, whatever it is: some servers redirect whoever shows
	 * them an old token to a login page, and some answer 200 and say in the body that it
	 * was no success
	 * @return whether to call {@link #decide}, by default for 401 and 403
	 */
	default boolean considers(int status) {
		return status == HttpStatus.UNAUTHORIZED.value() || status == HttpStatus.FORBIDDEN.value();
	}

	/**
	 * Return the policy of the table above.
	 * @return the standard policy
	 */
	static RejectionPolicy standard() {
		return StandardRejectionPolicy.INSTANCE;
	}

	/**
	 * What follows.
	 *
	 * @since 0.1.0
	 */
	enum Decision {

		/**
		 * The token counts as rejected: it is renewed, and the request sent once more.
		 * The answer to a second attempt passes on to the caller in any case.
		 */
		RENEW_AND_RESEND,

		/**
		 * The caller gets the answer as it is, and the token stays in use.
		 */
		PASS_ON,

		/**
		 * The caller gets the answer as it is, the token stays in use, and a
		 * {@link io.github.evertoken.TokenEvent.StepUpRequired} tells what the resource
		 * server asks for.
		 */
		STEP_UP,

		/**
		 * Status and headers do not say it: the policy is called again with the beginning
		 * of the body, or with what has come of it in half a second. Whatever it then
		 * decides, a caller to whom the answer passes on gets the body whole. As the
		 * second decision it means {@link #PASS_ON}.
		 */
		READ_BODY

	}

	/**
	 * The answer of a resource server, as far as a policy sees it.
	 * <p>
	 * Instances are immutable.
	 *
	 * @since 0.1.0
	 */
	final class Answer {

		private final int status;

		private final HttpHeaders headers;

		private final @Nullable String body;

		private Answer(int status, HttpHeaders headers, @Nullable String body) {
			this.status = status;
			this.headers = headers;
			this.body = body;
		}

		/**
		 * Create an answer.
		 * @param status the HTTP status
		 * @param headers the headers
		 * @param body the beginning of the body, or {@code null} if it was not read
		 * @return the answer
		 */
		public static Answer of(int status, HttpHeaders headers, @Nullable String body) {
			return new Answer(status, Objects.requireNonNull(headers, "headers"), body);
		}

		/**
		 * Return the HTTP status.
		 * @return the status
		 */
		public int status() {
			return this.status;
		}

		/**
		 * Return the headers.
		 * @return the headers
		 */
		public HttpHeaders headers() {
			return this.headers;
		}

		/**
		 * Return the challenges of the {@code WWW-Authenticate} header lines, which are
		 * read anew with each call.
		 * @return the challenges in their order, unmodifiable
		 * @see Challenge#read
		 */
		public List<Challenge> challenges() {
			return Challenge.read(this.headers.getOrEmpty(HttpHeaders.WWW_AUTHENTICATE));
		}

		/**
		 * Return the beginning of the body, if an earlier decision was
		 * {@link Decision#READ_BODY}.
		 * @return up to 8 KiB of the body as text, less if no more has come in half a
		 * second, or {@code null} if it was not read
		 */
		public @Nullable String body() {
			return this.body;
		}

		@Override
		public String toString() {
			return "Answer[" + this.status + "]";
		}

	}

}
