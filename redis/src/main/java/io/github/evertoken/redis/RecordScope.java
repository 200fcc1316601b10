package io.github.evertoken.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import io.github.evertoken.TokenKey;
import org.jspecify.annotations.Nullable;

/**
 * To whom the record of a key belongs, beyond the key itself, and what its access token
 * was asked for with. Replicas share a record if they name the same owner; and they use
 * each other's access tokens if they ask for the same besides.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class RecordScope {

	private static final RecordScope NONE = new RecordScope(List.of(), List.of());

	private final List<@Nullable String> owner;

	private final List<String> request;

	private RecordScope(List<@Nullable String> owner, List<String> request) {
		this.owner = owner;
		this.request = request;
	}

	/**
	 * Let the key alone say whose the record is.
	 * @return the scope of all records whose client nobody describes
	 */
	public static RecordScope none() {
		return NONE;
	}

	/**
	 * Name the owner of a record.
	 * @param issuer the authorization server, or {@code null} if it is not known
	 * @param clientId the client's identifier there, or {@code null} if it is not known
	 * @return the scope
	 */
	public static RecordScope of(@Nullable String issuer, @Nullable String clientId) {
		return new RecordScope(Arrays.asList(issuer, clientId), List.of());
	}

	/**
	 * Return the same scope for tokens that the client grants itself. Who asks for
	 * something else has a record of its own.
	 * @param request what is asked for, in any form that is the same for the same
	 * @return the scope
	 */
	public RecordScope ownGrant(List<String> request) {
		List<@Nullable String> owner = new ArrayList<>(this.owner);
		owner.addAll(request);
		return new RecordScope(owner, List.of());
	}

	/**
	 * Return the same scope for a session, which is shared whatever is asked for. Of a
	 * session that somebody has renewed who asks for something else, the refresh token is
	 * used and the access token is not.
	 * @param request what a renewal asks for
	 * @return the scope
	 */
	public RecordScope session(List<String> request) {
		return new RecordScope(this.owner, List.copyOf(request));
	}

	List<@Nullable String> owner() {
		return this.owner;
	}

	List<String> request() {
		return this.request;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RecordScope that && this.owner.equals(that.owner) && this.request.equals(that.request);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.owner, this.request);
	}

	@Override
	public String toString() {
		return "RecordScope[" + this.owner.size() + ", " + this.request.size() + "]";
	}

	/**
	 * Says to whom the record of a key belongs.
	 *
	 * @since 0.1.0
	 */
	@FunctionalInterface
	public interface Resolver {

		/**
		 * Return the scope of the record of a key.
		 * @param key the key
		 * @return the scope
		 */
		RecordScope of(TokenKey key);

	}

}
