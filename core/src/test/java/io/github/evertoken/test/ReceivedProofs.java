package io.github.evertoken.test;

import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.SignedJWT;
import io.github.evertoken.test.server.AuthorizationServer;
import io.github.evertoken.test.server.Endpoint;
import io.github.evertoken.test.server.ReceivedRequest;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The DPoP proofs that have come to an {@link AuthorizationServer}, which has verified
 * those of the requests that it has granted.
 */
public final class ReceivedProofs {

	private ReceivedProofs() {
	}

	/**
	 * Return the proofs of all requests to an endpoint, granted or not. Each has one,
	 * with nothing of its key but what a verifier needs.
	 * @param server the server
	 * @param endpoint the endpoint
	 * @return the proofs in their order
	 */
	public static List<SignedJWT> of(AuthorizationServer server, Endpoint endpoint) {
		return server.requests(endpoint).stream().map(ReceivedProofs::of).toList();
	}

	/**
	 * Return one claim of these proofs.
	 * @param server the server
	 * @param endpoint the endpoint
	 * @param name the name of the claim
	 * @return the values, {@code null} where a proof does not have the claim
	 */
	public static List<@Nullable Object> claims(AuthorizationServer server, Endpoint endpoint, String name) {
		List<@Nullable Object> values = new ArrayList<>();
		of(server, endpoint).forEach((proof) -> values.add(proof.getPayload().toJSONObject().get(name)));
		return values;
	}

	private static SignedJWT of(ReceivedRequest request) {
		assertThat(request.headers("DPoP")).hasSize(1);
		try {
			SignedJWT proof = SignedJWT.parse(request.header("DPoP"));
			JWK key = proof.getHeader().getJWK();
			assertThat(key.toJSONObject().keySet()).isEqualTo(key.getRequiredParams().keySet());
			return proof;
		}
		catch (ParseException ex) {
			throw new AssertionError(ex);
		}
	}

}
