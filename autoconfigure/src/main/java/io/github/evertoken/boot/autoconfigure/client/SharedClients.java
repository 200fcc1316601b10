package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;
import java.util.Map;

import io.github.evertoken.boot.InvalidConfigurationException;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.StoreProperties;
import io.github.evertoken.boot.autoconfigure.properties.StoreType;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.TokenStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.StringUtils;

/**
 * Checks that the clients whose token sets rest where all instances share them can be
 * shared.
 */
final class SharedClients {

	/**
	 * By so much a lease lasts longer than what has to be done within it takes at most:
	 * the manager asks for as much.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(1);

	private static final String TYPE = "evertoken.store.type";

	private static final String LEASE = "evertoken.store.lease";

	private final StoreProperties properties;

	private final ConfigurationProblems problems;

	SharedClients(StoreProperties properties, ConfigurationProblems problems) {
		this.properties = properties;
		this.problems = problems;
	}

	/**
	 * Find the store that is for all clients, and check those that rest there.
	 * @param clients the properties of those that do
	 * @param others whether there are others that may, of which no properties are known
	 * @return the store, or {@code null} if there is none or nobody uses it
	 */
	@Nullable TokenStore check(ClientBeans beans, Map<String, ClientProperties> clients, boolean others) {
		if (!isPositive(this.properties.timeout())) {
			this.problems.add("evertoken.store.timeout", "must be positive, but is " + this.properties.timeout());
			return null;
		}
		TokenStore store = (others || !clients.isEmpty()) ? find(beans) : null;
		SharedTokenStore shared = (store != null) ? SharedTokenStore.of(store) : null;
		if (shared != null) {
			clients.forEach((name, client) -> check(shared, name, client));
		}
		return store;
	}

	private @Nullable TokenStore find(ClientBeans beans) {
		try {
			TokenStore store = beans.forAll(TokenStore.class);
			if (store == null && this.properties.type() == StoreType.REDIS) {
				this.problems.add(TYPE,
						"is 'redis', but there is no connection to it: add" + " io.github.evertoken:evertoken-redis and"
								+ " org.springframework.boot:spring-boot-starter-data-redis, whose spring.data.redis.*"
								+ " say where it is");
			}
			return store;
		}
		catch (BeanCreationException ex) {
			if (NestedExceptionUtils.getMostSpecificCause(ex) instanceof InvalidConfigurationException invalid) {
				this.problems.addAll(invalid.getProblems());
				return null;
			}
			throw ex;
		}
	}

	private void check(SharedTokenStore store, String name, ClientProperties client) {
		ConfigurationProblems.OfClient ofClient = this.problems.of(name);
		if (client.dpop().enabled() && !StringUtils.hasText(client.dpop().keyLocation())) {
			ofClient.add("dpop.key-location",
					"must be set, to a file with the key that all instances have: they share the client's tokens,"
							+ " and one that is bound to the key that one of them generates is of no use to the"
							+ " others; or set " + ofClient.name("shared") + " to 'false'");
		}
		Duration deadline = refreshDeadline(client);
		Duration least = least(deadline, this.properties.timeout());
		if (client.rotation().grace().isZero() && store.lease().compareTo(least) < 0) {
			this.problems.add(LEASE,
					"must be at least " + inMillis(least) + ", for " + ofClient.name("refresh-deadline") + " is "
							+ inMillis(deadline) + ", and the steps in the store take time too, but is "
							+ inMillis(store.lease()) + "; or " + ofClient.name("rotation.grace") + " set, if the"
							+ " authorization server takes a rotated refresh token once more");
		}
	}

	/**
	 * Return for how long a refresh token of a client may be on its way.
	 */
	static Duration refreshDeadline(ClientProperties client) {
		Duration deadline = client.refreshDeadline();
		return (deadline != null) ? deadline : ClientSettings.refreshDeadlineAfter(client.responseTimeout());
	}

	/**
	 * Return how long a lease is to last at least: what is claimed is redeemed, and
	 * committed.
	 */
	static Duration least(Duration refreshDeadline, Duration timeout) {
		return refreshDeadline.plus(timeout.multipliedBy(2)).plus(MARGIN);
	}

	private static String inMillis(Duration duration) {
		return (duration.toMillisPart() == 0) ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isZero() && !duration.isNegative();
	}

}
