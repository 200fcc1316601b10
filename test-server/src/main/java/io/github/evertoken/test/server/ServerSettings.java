package io.github.evertoken.test.server;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * How an authorization server behaves. Whoever changes one holds the server's lock.
 */
final class ServerSettings {

	Duration lifetime = Duration.ofHours(1);

	boolean lifetimeNamed = true;

	boolean refreshTokens;

	boolean rotation = true;

	Duration grace = Duration.ZERO;

	boolean jwts;

	boolean dpopRequired;

	boolean nonceRequired;

	boolean resourcePublic;

	boolean nonceRotated;

	@Nullable String audience;

	List<AuthorizationServer> others = new ArrayList<>();

	@Nullable String requiredScope;

	List<Fault> faults = new ArrayList<>();

	Map<String, HttpAnswer> resources = new LinkedHashMap<>();

	ServerSettings copy() {
		ServerSettings copy = new ServerSettings();
		copy.lifetime = this.lifetime;
		copy.lifetimeNamed = this.lifetimeNamed;
		copy.refreshTokens = this.refreshTokens;
		copy.rotation = this.rotation;
		copy.grace = this.grace;
		copy.jwts = this.jwts;
		copy.dpopRequired = this.dpopRequired;
		copy.nonceRequired = this.nonceRequired;
		copy.resourcePublic = this.resourcePublic;
		copy.nonceRotated = this.nonceRotated;
		copy.audience = this.audience;
		copy.others = new ArrayList<>(this.others);
		copy.requiredScope = this.requiredScope;
		copy.faults = new ArrayList<>(this.faults);
		copy.resources = new LinkedHashMap<>(this.resources);
		return copy;
	}

	/**
	 * Return the fault of the next request to an endpoint, which has happened then, or
	 * {@code null}. The last one that the server was told counts.
	 */
	@Nullable Fault nextFault(Endpoint endpoint) {
		List<Fault> latestFirst = new ArrayList<>(this.faults);
		Collections.reverse(latestFirst);
		for (Fault fault : latestFirst) {
			if (fault.isOf(endpoint)) {
				int place = this.faults.lastIndexOf(fault);
				Fault next = fault.next();
				if (next == null) {
					this.faults.remove(place);
				}
				else {
					this.faults.set(place, next);
				}
				return fault;
			}
		}
		return null;
	}

}
