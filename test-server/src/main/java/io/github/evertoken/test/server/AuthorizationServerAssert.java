package io.github.evertoken.test.server;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.ListAssert;

/**
 * Assertions about what an {@link AuthorizationServer} has received and done in this
 * test. A failure lists the requests that have come, without a secret.
 *
 * @since 0.1.0
 */
public final class AuthorizationServerAssert extends AbstractAssert<AuthorizationServerAssert, AuthorizationServer> {

	AuthorizationServerAssert(AuthorizationServer actual) {
		super(actual, AuthorizationServerAssert.class);
	}

	/**
	 * Verify the number of token requests, whatever they were answered with.
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedTokenRequests(int count) {
		return received(count, "token requests", Endpoint.TOKEN, (request) -> true);
	}

	/**
	 * Verify the number of token requests with a grant, whatever they were answered with.
	 * @param grantType the {@code grant_type}, such as {@code refresh_token}
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedTokenRequests(String grantType, int count) {
		return received(count, "token requests with the grant " + grantType, Endpoint.TOKEN,
				(request) -> grantType.equals(request.grantType()));
	}

	/**
	 * Verify the number of token requests with a value of a parameter. The value is in no
	 * failure.
	 * @param name the name of the parameter, such as {@code scope}
	 * @param value its value
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedTokenRequestsWith(String name, String value, int count) {
		return received(count, "token requests with that " + name, Endpoint.TOKEN,
				(request) -> value.equals(request.parameter(name)));
	}

	/**
	 * Verify how often a refresh token has come.
	 * @param refreshToken its value, which is in no failure
	 * @param count how many token requests had it
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedRefreshToken(String refreshToken, int count) {
		return receivedTokenRequestsWith("refresh_token", refreshToken, count);
	}

	/**
	 * Verify that no token request has come.
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedNoTokenRequest() {
		return receivedTokenRequests(0);
	}

	/**
	 * Verify the number of revocation requests, whatever they were answered with.
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedRevocations(int count) {
		return received(count, "revocation requests", Endpoint.REVOCATION, (request) -> true);
	}

	/**
	 * Verify the number of requests to the resource, whatever they were answered with.
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedResourceRequests(int count) {
		return received(count, "resource requests", Endpoint.RESOURCE, (request) -> true);
	}

	/**
	 * Verify with which access tokens the requests to the resource have come.
	 * @param accessTokens the number of each, in the order of the requests; 0 for a
	 * request without an access token of this server
	 * @return these assertions
	 */
	public AuthorizationServerAssert receivedResourceRequestsWithAccessTokens(int... accessTokens) {
		int[] received = received(Endpoint.RESOURCE).stream().mapToInt(ReceivedRequest::accessToken).toArray();
		if (!Arrays.equals(received, accessTokens)) {
			throw unexpected("Expected the resource requests to have come with the access tokens %s, and not %s",
					Arrays.toString(accessTokens), Arrays.toString(received));
		}
		return this;
	}

	/**
	 * Verify that the resource has answered no request with 401.
	 * @return these assertions
	 */
	public AuthorizationServerAssert refusedNoAccessToken() {
		return received(0, "resource requests that were answered with 401", Endpoint.RESOURCE,
				(request) -> request.status() == 401);
	}

	/**
	 * Verify that no refresh token was redeemed again, later than the grace allows.
	 * @return these assertions
	 */
	public AuthorizationServerAssert sawNoReuse() {
		return reusedRefreshTokens(0);
	}

	/**
	 * Verify how often a refresh token was redeemed again, later than the grace allows.
	 * @param count how often
	 * @return these assertions
	 */
	public AuthorizationServerAssert reusedRefreshTokens(int count) {
		return counted(count, this.actual.reusedRefreshTokens(), "redeemed refresh tokens to have come again");
	}

	/**
	 * Verify how many sessions have ended.
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert endedSessions(int count) {
		return counted(count, this.actual.endedSessions(), "sessions to have ended");
	}

	/**
	 * Verify how many access tokens were issued.
	 * @param count how many
	 * @return these assertions
	 */
	public AuthorizationServerAssert issuedAccessTokens(int count) {
		return counted(count, this.actual.issuedAccessTokens(), "access tokens to have been issued");
	}

	/**
	 * Go on with the requests to an endpoint.
	 * @param endpoint the endpoint
	 * @return assertions about them, in the order in which they were answered
	 */
	public ListAssert<ReceivedRequest> requests(Endpoint endpoint) {
		return org.assertj.core.api.Assertions.assertThat(received(endpoint)).as("requests to %s", endpoint);
	}

	private List<ReceivedRequest> received(Endpoint endpoint) {
		isNotNull();
		return this.actual.requests(endpoint);
	}

	private AuthorizationServerAssert received(int count, String what, Endpoint endpoint,
			Predicate<ReceivedRequest> which) {
		long received = received(endpoint).stream().filter(which).count();
		if (received != count) {
			throw unexpected("Expected %s %s, and not %s", count, what, received);
		}
		return this;
	}

	private AuthorizationServerAssert counted(int expected, int counted, String what) {
		if (counted != expected) {
			throw unexpected("Expected %s %s, and not %s", expected, what, counted);
		}
		return this;
	}

	/**
	 * Return a failure. What it lists may have any character in it, so that nothing of it
	 * is a format.
	 */
	private AssertionError unexpected(String message, Object... arguments) {
		List<ReceivedRequest> requests = this.actual.requests();
		String list = requests.isEmpty() ? " nothing"
				: IntStream.range(0, requests.size())
					.mapToObj((i) -> System.lineSeparator() + "  " + (i + 1) + ". " + requests.get(i))
					.collect(Collectors.joining());
		return failure("%s%s", message.formatted(arguments), System.lineSeparator() + "Received:" + list);
	}

}
