package io.github.evertoken.web;

import java.net.URI;

import io.github.evertoken.Origin;
import io.github.evertoken.ProofOfPossession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.client.ClientRequest;

/**
 * A view of a request with a {@code DPoP} header. The proof is made when the request is
 * written, so that no time goes by until it is sent, and so that a connector which sends
 * a request twice by itself does not send one proof twice.
 */
final class ProvenRequest extends RequestView {

	private final ProofOfPossession proofs;

	private final String accessToken;

	private final @Nullable BodyWatch watch;

	/**
	 * Create a view.
	 * @param request the request, which has the token in its {@code Authorization} header
	 * @param proofs makes the proof
	 * @param accessToken the token that the proof is for
	 * @param watch what watches the body, or {@code null} for nothing
	 */
	ProvenRequest(ClientRequest request, ProofOfPossession proofs, String accessToken, @Nullable BodyWatch watch) {
		super(request);
		this.proofs = proofs;
		this.accessToken = accessToken;
		this.watch = watch;
	}

	@Override
	@Nullable BodyWatch watch() {
		return this.watch;
	}

	@Override
	void set(HttpHeaders headers) {
		set(headers, method(), url());
	}

	private void set(HttpHeaders headers, HttpMethod method, URI url) {
		headers.set(ProofOfPossession.DPOP, this.proofs.proof(method.name(), url, this.accessToken));
	}

	/**
	 * A redirect to another origin carries neither the token nor a proof (rule SE-1). One
	 * within the origin needs a proof for the URL that it leads to.
	 */
	@Override
	void prepare(ClientHttpRequest httpRequest) {
		Redirect redirect = Redirect.of(httpRequest);
		if (redirect == null) {
			set(httpRequest.getHeaders());
		}
		else if (redirect.staysIn(Origin.of(url()))) {
			set(httpRequest.getHeaders(), redirect.method(), redirect.url());
		}
	}

}
