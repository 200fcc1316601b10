package io.github.evertoken.grpc;

import java.net.URI;
import java.util.Map;
import java.util.function.Consumer;

import io.github.evertoken.ProofOfPossession;
import io.grpc.CallCredentials.RequestInfo;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A call as the request of HTTP that it is.
 */
final class CallRequest {

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of(HttpHeaders.AUTHORIZATION,
			Metadata.ASCII_STRING_MARSHALLER);

	private static final Metadata.Key<String> PROOF = Metadata.Key.of(ProofOfPossession.DPOP,
			Metadata.ASCII_STRING_MARSHALLER);

	private CallRequest() {
	}

	/**
	 * Return the request of a call.
	 * @param call the call
	 * @param attributes what it says of its token
	 */
	static ClientRequest of(RequestInfo call, Consumer<Map<String, Object>> attributes) {
		String scheme = (call.getSecurityLevel() == SecurityLevel.PRIVACY_AND_INTEGRITY) ? "https" : "http";
		URI url = URI
			.create(scheme + "://" + call.getAuthority() + "/" + call.getMethodDescriptor().getFullMethodName());
		return ClientRequest.create(HttpMethod.POST, url).attributes(attributes).build();
	}

	/**
	 * Return what a call is to carry beside its own metadata.
	 * @param request the request with its token
	 */
	static Metadata metadata(ClientRequest request) {
		Metadata metadata = new Metadata();
		HttpHeaders headers = request.headers();
		put(metadata, AUTHORIZATION, headers.getFirst(HttpHeaders.AUTHORIZATION));
		put(metadata, PROOF, headers.getFirst(ProofOfPossession.DPOP));
		return metadata;
	}

	private static void put(Metadata metadata, Metadata.Key<String> key, @Nullable String value) {
		if (value != null) {
			metadata.put(key, value);
		}
	}

}
