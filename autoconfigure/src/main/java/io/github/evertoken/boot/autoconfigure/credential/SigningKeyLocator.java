package io.github.evertoken.boot.autoconfigure.credential;

import java.security.KeyStore;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.evertoken.authentication.ClientAuthentication;
import io.github.evertoken.authentication.CredentialFile;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SslBundleFailures;
import io.github.evertoken.boot.autoconfigure.properties.SignedJwtProperties;
import io.github.evertoken.jose.SigningKey;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/**
 * Finds the private key of a JWT that a client signs: as a value, in a file or in an SSL
 * bundle.
 */
final class SigningKeyLocator {

	private final CredentialFileLocator files;

	private final Supplier<@Nullable SslBundles> sslBundles;

	SigningKeyLocator(CredentialFileLocator files, Supplier<@Nullable SslBundles> sslBundles) {
		this.files = files;
		this.sslBundles = sslBundles;
	}

	/**
	 * Return what is set of the properties of a JWT, by its name. A default counts as not
	 * set.
	 */
	static Map<String, @Nullable Object> values(String prefix, SignedJwtProperties properties) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		values.put(prefix + "algorithm", properties.algorithm());
		values.put(prefix + "key", properties.key());
		values.put(prefix + "key-location", properties.keyLocation());
		values.put(prefix + "key-password", properties.keyPassword());
		values.put(prefix + "key-id", properties.keyId());
		values.put(prefix + "ssl-bundle", properties.sslBundle());
		values.put(prefix + "key-alias", properties.keyAlias());
		values.put(prefix + "audience", properties.audience());
		values.put(prefix + "lifetime", unlessDefault(properties.lifetime()));
		return values;
	}

	private static @Nullable Duration unlessDefault(Duration lifetime) {
		return lifetime.equals(DurationStyle.detectAndParse(SignedJwtProperties.DEFAULT_LIFETIME)) ? null : lifetime;
	}

	/**
	 * Find where the key is.
	 * @param prefix what stands before the names of the properties
	 * @param reason why there must be a key
	 * @return the source, {@code null} only if something is wrong. The key that is in it
	 * has not been looked at yet.
	 */
	@Nullable Source<?> find(String prefix, SignedJwtProperties properties, String reason,
			ConfigurationProblems.OfClient problems) {
		requireCompanions(prefix, properties, problems);
		List<String> set = Stream.of("key", "key-location", "ssl-bundle")
			.filter((source) -> StringUtils.hasText(value(properties, source)))
			.toList();
		if (set.isEmpty()) {
			problems.add(prefix + "key-location",
					"must be set, to the location of the private key such as file:/run/secrets/orders.pem, or else "
							+ problems.name(prefix + "key") + " or " + problems.name(prefix + "ssl-bundle") + ", for "
							+ reason);
			return null;
		}
		if (set.size() > 1) {
			problems.add(prefix + set.get(1),
					"must not be set beside " + problems.name(prefix + set.get(0)) + "; leave one of them out");
			return null;
		}
		return new Finder(prefix, properties, problems).find(set.get(0));
	}

	private static @Nullable String value(SignedJwtProperties properties, String source) {
		return switch (source) {
			case "key" -> properties.key();
			case "key-location" -> properties.keyLocation();
			default -> properties.sslBundle();
		};
	}

	private static void requireCompanions(String prefix, SignedJwtProperties properties,
			ConfigurationProblems.OfClient problems) {
		boolean inBundle = StringUtils.hasText(properties.sslBundle());
		if (StringUtils.hasText(properties.keyAlias()) && !inBundle) {
			requireCompanion(prefix + "key-alias", prefix + "ssl-bundle", problems);
		}
		if (StringUtils.hasText(properties.keyPassword()) && inBundle) {
			requireCompanion(prefix + "key-password", prefix + "key-location", problems);
		}
	}

	private static void requireCompanion(String property, String companion, ConfigurationProblems.OfClient problems) {
		problems.add(property, "must not be set without " + problems.name(companion) + ", for which it is meant");
	}

	/**
	 * Where a key is, and how it is read there.
	 *
	 * @param <T> what stands there: text, or an SSL bundle
	 * @param property the property that says where
	 * @param name its full name
	 * @param credential what stands there now
	 * @param parser makes a key of it
	 * @param updates lets others know of a change of it, {@code null} where nobody tells
	 */
	record Source<T>(String property, String name, Supplier<T> credential, Function<T, SigningKey> parser,
			@Nullable Consumer<Runnable> updates) {

		/**
		 * Read the key that is there now. It may block.
		 */
		SigningKey read() {
			return this.parser.apply(this.credential.get());
		}

		/**
		 * Authenticate with the key, and with another one when it has been replaced.
		 */
		ClientAuthentication authentication(Function<SigningKey, ClientAuthentication> method) {
			Supplier<ClientAuthentication> source = () -> ClientAuthentication.reloading(this.name, this.credential,
					this.parser.andThen(method));
			return (this.updates != null) ? new UpdatedClientAuthentication(updated(source, this.updates))
					: source.get();
		}

		/**
		 * Return what has the key of the moment. Where nobody tells of a change, it is
		 * read each time.
		 */
		Supplier<SigningKey> key() {
			return (this.updates != null) ? updated(this::read, this.updates) : this::read;
		}

		private <S> Updated<S> updated(Supplier<S> source, Consumer<Runnable> updates) {
			Updated<S> updated = new Updated<>(this.name, source);
			updates.accept(updated::update);
			return updated;
		}

	}

	/**
	 * Finds the key of one JWT.
	 */
	private final class Finder {

		private final String prefix;

		private final SignedJwtProperties properties;

		private final ConfigurationProblems.OfClient problems;

		private Finder(String prefix, SignedJwtProperties properties, ConfigurationProblems.OfClient problems) {
			this.prefix = prefix;
			this.properties = properties;
			this.problems = problems;
		}

		private @Nullable Source<?> find(String property) {
			String value = String.valueOf(value(this.properties, property));
			return switch (property) {
				case "key" -> source(property, () -> value, this::parse);
				case "key-location" -> inFile(property, value);
				default -> inBundle(property, value);
			};
		}

		private <T> Source<T> source(String property, Supplier<T> credential, Function<T, SigningKey> parser) {
			return new Source<>(this.prefix + property, name(property), credential, parser, null);
		}

		private @Nullable Source<?> inFile(String property, String location) {
			CredentialFile file = SigningKeyLocator.this.files.of(this.prefix + property, location, this.problems);
			return (file != null) ? source(property, file, this::parse) : null;
		}

		private @Nullable Source<?> inBundle(String property, String bundle) {
			SslBundles bundles = SigningKeyLocator.this.sslBundles.get();
			if (bundles == null || !bundles.getBundleNames().contains(bundle)) {
				this.problems.add(this.prefix + property,
						"must be the name of an SSL bundle below spring.ssl.bundle, but there is none named '" + bundle
								+ "'");
				return null;
			}
			return new Source<>(this.prefix + property, name(property), () -> bundles.getBundle(bundle), this::key,
					(update) -> bundles.addBundleUpdateHandler(bundle, (updated) -> update.run()));
		}

		private SigningKey parse(String text) {
			String password = StringUtils.hasText(this.properties.keyPassword()) ? this.properties.keyPassword() : null;
			if (KeyTextReader.isEncrypted(text) && password == null) {
				throw new IllegalArgumentException(
						"is an encrypted private key, so " + name("key-password") + " must be set");
			}
			if (!KeyTextReader.isEncrypted(text) && password != null) {
				throw new IllegalArgumentException(
						"is no encrypted private key, so " + name("key-password") + " must not be set");
			}
			try {
				return KeyTextReader.read(text, password);
			}
			catch (IllegalArgumentException ex) {
				throw (password == null) ? ex : new IllegalArgumentException(
						ex.getMessage() + " (the password is that of " + name("key-password") + ")");
			}
		}

		private SigningKey key(SslBundle bundle) {
			String alias = StringUtils.hasText(this.properties.keyAlias()) ? this.properties.keyAlias()
					: bundle.getKey().getAlias();
			KeyStore keyStore = keyStore(bundle);
			if (keyStore == null) {
				throw new IllegalArgumentException("names an SSL bundle without a key store, and so without a key");
			}
			String password = bundle.getKey().getPassword();
			return SigningKey.of(keyStore, alias,
					(password != null) ? password : bundle.getStores().getKeyStorePassword());
		}

		/**
		 * Spring Boot's own message may repeat what it could not read.
		 */
		private static @Nullable KeyStore keyStore(SslBundle bundle) {
			try {
				return bundle.getStores().getKeyStore();
			}
			catch (IllegalStateException ex) {
				throw new IllegalArgumentException("names an SSL bundle whose key store cannot be read: "
						+ SslBundleFailures.reasonWithoutContent(ex));
			}
		}

		private String name(String property) {
			return this.problems.name(this.prefix + property);
		}

	}

}
