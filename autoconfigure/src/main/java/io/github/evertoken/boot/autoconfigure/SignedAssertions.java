package io.github.evertoken.boot.autoconfigure;

import java.security.KeyStore;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.EvertokenProperties.ClientAssertion;
import io.github.evertoken.boot.autoconfigure.EvertokenProperties.ClientAuthenticationMethod;
import io.github.evertoken.grant.ClientAuthentication;
import io.github.evertoken.grant.CredentialFile;
import io.github.evertoken.grant.JwtClientAuthentication;
import io.github.evertoken.grant.SigningKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Makes the authentication of one client that signs its assertions. What is made of a
 * file or an SSL bundle is made anew when it has changed.
 */
final class SignedAssertions {

	private static final String PREFIX = "client-assertion.";

	private final String clientId;

	private final ClientAssertion properties;

	private final @Nullable String issuer;

	private final ConfigurationProblems.OfClient problems;

	SignedAssertions(String clientId, ClientAssertion properties, @Nullable String issuer,
			ConfigurationProblems.OfClient problems) {
		this.clientId = clientId;
		this.properties = properties;
		this.issuer = issuer;
		this.problems = problems;
	}

	/**
	 * Return what makes an authentication with a secret.
	 */
	Function<String, ClientAuthentication> bySecret() {
		// Any secret will do to find out whether all else is right.
		boolean right = check(JwtClientAuthentication.clientSecretJwt(this.clientId, "unknown"));
		return (secret) -> right ? build(JwtClientAuthentication.clientSecretJwt(this.clientId, secret))
				: ClientAuthentication.none(this.clientId);
	}

	/**
	 * Make an authentication with the key that the properties name.
	 */
	@Nullable ClientAuthentication byKey(CredentialFiles files, @Nullable SslBundles sslBundles) {
		List<String> sources = Stream.of("key", "key-location", "ssl-bundle").filter(this::isSet).toList();
		if (sources.isEmpty()) {
			this.problems.add(PREFIX + "key-location",
					"must be set, to the location of the private key such as"
							+ " file:/run/secrets/orders.pem, or else " + name("key") + " or " + name("ssl-bundle")
							+ ", for " + this.problems.name("client-authentication-method") + " is '"
							+ ClientAuthentications.nameOf(ClientAuthenticationMethod.PRIVATE_KEY_JWT) + "'");
			return null;
		}
		if (sources.size() > 1) {
			this.problems.add(PREFIX + sources.get(1),
					"must not be set beside " + name(sources.get(0)) + "; leave one of them out");
			return null;
		}
		return switch (sources.get(0)) {
			case "key" -> byValue(String.valueOf(this.properties.getKey()));
			case "key-location" -> byFile(files, String.valueOf(this.properties.getKeyLocation()));
			default -> byBundle(sslBundles, String.valueOf(this.properties.getSslBundle()));
		};
	}

	private boolean isSet(String source) {
		return StringUtils.hasText(switch (source) {
			case "key" -> this.properties.getKey();
			case "key-location" -> this.properties.getKeyLocation();
			default -> this.properties.getSslBundle();
		});
	}

	private @Nullable ClientAuthentication byValue(String text) {
		return checked("key", () -> parse(text)) ? privateKeyJwt(parse(text)) : null;
	}

	private @Nullable ClientAuthentication byFile(CredentialFiles files, String location) {
		CredentialFile file = files.of(PREFIX + "key-location", location, this.problems);
		if (file == null || !checked("key-location", () -> parse(file.get()))) {
			return null;
		}
		return this.problems.check(PREFIX + "key-location",
				() -> ClientAuthentication.reloading(name("key-location"), file, (text) -> privateKeyJwt(parse(text))));
	}

	private @Nullable ClientAuthentication byBundle(@Nullable SslBundles sslBundles, String bundle) {
		if (sslBundles == null || !sslBundles.getBundleNames().contains(bundle)) {
			this.problems.add(PREFIX + "ssl-bundle",
					"must be the name of an SSL bundle below spring.ssl.bundle, but there is none named '" + bundle
							+ "'");
			return null;
		}
		if (!checked("ssl-bundle", () -> key(sslBundles.getBundle(bundle)))) {
			return null;
		}
		return ClientAuthentication.reloading(name("ssl-bundle"), () -> sslBundles.getBundle(bundle),
				(current) -> privateKeyJwt(key(current)));
	}

	private SigningKey parse(String text) {
		String password = StringUtils.hasText(this.properties.getKeyPassword()) ? this.properties.getKeyPassword()
				: null;
		if (SigningKey.isEncrypted(text) && password == null) {
			throw new IllegalArgumentException(
					"is an encrypted private key, so " + name("key-password") + " must be set");
		}
		if (!SigningKey.isEncrypted(text) && password != null) {
			throw new IllegalArgumentException(
					"is no encrypted private key, so " + name("key-password") + " must not be set");
		}
		try {
			return SigningKey.parse(text, password);
		}
		catch (IllegalArgumentException ex) {
			throw (password == null) ? ex : new IllegalArgumentException(
					ex.getMessage() + " (the password is that of " + name("key-password") + ")");
		}
	}

	private SigningKey key(SslBundle bundle) {
		String alias = StringUtils.hasText(this.properties.getKeyAlias()) ? this.properties.getKeyAlias()
				: bundle.getKey().getAlias();
		KeyStore keyStore = keyStore(bundle);
		if (keyStore == null) {
			throw new IllegalArgumentException("names an SSL bundle without a key store, and so without a key");
		}
		String password = bundle.getKey().getPassword();
		return SigningKey.of(keyStore, alias, (password != null) ? password : bundle.getStores().getKeyStorePassword());
	}

	/**
	 * Spring Boot's own message may repeat what it could not read.
	 */
	private static @Nullable KeyStore keyStore(SslBundle bundle) {
		try {
			return bundle.getStores().getKeyStore();
		}
		catch (IllegalStateException ex) {
			throw new IllegalArgumentException(
					"names an SSL bundle whose key store cannot be read: see its properties below spring.ssl.bundle");
		}
	}

	/**
	 * Tell whether a key, and all that is set for its use, is right.
	 */
	private boolean checked(String property, Supplier<SigningKey> source) {
		SigningKey key = this.problems.check(PREFIX + property, source);
		return key != null && check(JwtClientAuthentication.privateKeyJwt(this.clientId, key));
	}

	private boolean check(JwtClientAuthentication.Builder builder) {
		boolean algorithm = this.problems.check(PREFIX + "algorithm", () -> builder.algorithm(algorithm())) != null;
		boolean lifetime = this.problems.check(PREFIX + "lifetime",
				() -> builder.lifetime(this.properties.getLifetime())) != null;
		boolean audience = this.problems.check(PREFIX + "audience", () -> setAudience(builder)) != null;
		boolean keyId = this.problems.check(PREFIX + "key-id",
				() -> builder.keyId(Secrets.require(this.properties.getKeyId()))) != null;
		return algorithm && lifetime && audience && keyId;
	}

	private ClientAuthentication privateKeyJwt(SigningKey key) {
		return build(JwtClientAuthentication.privateKeyJwt(this.clientId, key));
	}

	private ClientAuthentication build(JwtClientAuthentication.Builder builder) {
		return setAudience(builder).algorithm(algorithm())
			.lifetime(this.properties.getLifetime())
			.keyId(this.properties.getKeyId())
			.build();
	}

	private @Nullable String algorithm() {
		return this.properties.getAlgorithm();
	}

	private JwtClientAuthentication.Builder setAudience(JwtClientAuthentication.Builder builder) {
		String audience = Secrets.require(this.properties.getAudience());
		if ("issuer".equals(audience) && this.issuer == null) {
			throw new IllegalArgumentException("must be 'token-endpoint', or the identifier of the authorization server"
					+ " itself, for no issuer is configured, but is 'issuer'");
		}
		if ("token-endpoint".equals(audience)) {
			return builder.audienceOfTokenEndpoint();
		}
		return builder.audience("issuer".equals(audience) ? this.issuer : audience);
	}

	private String name(String property) {
		return this.problems.name(PREFIX + property);
	}

}
