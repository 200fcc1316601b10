package io.github.evertoken.boot.autoconfigure.credential;

import java.util.List;
import java.util.function.Supplier;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.grant.AuthorizationGrant;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundles;
import org.springframework.core.io.ResourceLoader;

/**
 * Makes from the properties of a client whatever it proves something with. What is wrong
 * with them is reported, and {@code null} returned in its place.
 */
public final class CredentialFactory {

	private final CredentialFileLocator files;

	private final ClientAuthenticationFactory clientAuthenticationFactory;

	private final JwtBearerGrantFactory jwtBearerGrantFactory;

	private final DpopProofsFactory dpopProofsFactory;

	/**
	 * Create a factory.
	 * @param resourceLoader finds the files that properties name
	 * @param sslBundles the SSL bundles of the application, asked for when one is named;
	 * {@code null} if there are none
	 */
	public CredentialFactory(ResourceLoader resourceLoader, Supplier<@Nullable SslBundles> sslBundles) {
		this.files = new CredentialFileLocator(resourceLoader);
		SigningKeyLocator keys = new SigningKeyLocator(this.files, sslBundles);
		this.clientAuthenticationFactory = new ClientAuthenticationFactory(this.files, keys);
		this.jwtBearerGrantFactory = new JwtBearerGrantFactory(keys);
		this.dpopProofsFactory = new DpopProofsFactory(this.files);
	}

	/**
	 * Make what a client authenticates with.
	 */
	public @Nullable ClientAuthentication clientAuthentication(ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		return this.clientAuthenticationFactory.of(client, client.issuerUri(), problems);
	}

	/**
	 * Make what binds the tokens of a client to a key.
	 * @return the proofs; {@code null} for bearer tokens too
	 */
	public @Nullable DpopProofs dpop(ClientProperties client, ConfigurationProblems.OfClient problems) {
		return this.dpopProofsFactory.of(client, problems);
	}

	/**
	 * Make the grant of a client that signs its assertion itself.
	 */
	public @Nullable AuthorizationGrant jwtBearer(ClientProperties client, ConfigurationProblems.OfClient problems) {
		return this.jwtBearerGrantFactory.of(client, problems);
	}

	/**
	 * Find the file that a property names.
	 */
	public @Nullable CredentialFile file(String property, String location, ConfigurationProblems.OfClient problems) {
		return this.files.of(property, location, problems);
	}

	/**
	 * Tell whether the grant of a client is an assertion that it signs itself, and not
	 * one that it is given.
	 */
	public static boolean signsAssertion(ClientProperties client) {
		return JwtBearerGrantFactory.isMeantBy(client);
	}

	/**
	 * Return the names of all that is set for the assertion that a client signs.
	 */
	public static List<String> assertionProperties(ClientProperties client) {
		return JwtBearerGrantFactory.setProperties(client);
	}

}
