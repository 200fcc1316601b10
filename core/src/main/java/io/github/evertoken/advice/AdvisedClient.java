package io.github.evertoken.advice;

import java.util.List;
import java.util.Objects;

/**
 * What the configuration of a client has in it that somebody would better change.
 *
 * @param name the name of the client
 * @param plainHttp the names of its properties that have an {@code http:} URL beyond
 * loopback
 * @param plainSecrets the names of its properties that have a secret as it is in a
 * configuration file
 * @since 0.1.0
 */
public record AdvisedClient(String name, List<String> plainHttp, List<String> plainSecrets) {

	/**
	 * Take copies of the lists.
	 * @param name the name of the client
	 * @param plainHttp properties that have an {@code http:} URL beyond loopback
	 * @param plainSecrets properties that have a secret as it is
	 */
	public AdvisedClient {
		Objects.requireNonNull(name, "name");
		plainHttp = List.copyOf(plainHttp);
		plainSecrets = List.copyOf(plainSecrets);
	}

	/**
	 * Return a client about whose configuration there is nothing to say.
	 */
	static AdvisedClient named(String name) {
		return new AdvisedClient(name, List.of(), List.of());
	}

}
