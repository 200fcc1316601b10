package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.function.Supplier;

import io.github.evertoken.TokenException;
import io.github.evertoken.boot.autoconfigure.properties.WorstHealth;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.lifecycle.ClientStatus;
import io.github.evertoken.lifecycle.KeyStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * The health of one client, by the service's own key: that of a subject, who may log in
 * again, is no concern of the application's.
 */
final class ClientHealthIndicator implements HealthIndicator {

	private final Supplier<ClientStatus> client;

	private final WorstHealth worst;

	private final Redactor redactor;

	ClientHealthIndicator(Supplier<ClientStatus> client, WorstHealth worst, Redactor redactor) {
		this.client = client;
		this.worst = worst;
		this.redactor = redactor;
	}

	@Override
	public Health health() {
		ClientStatus client = this.client.get();
		KeyStatus key = client.service();
		KeyCondition condition = KeyCondition.of(key);
		boolean down = condition == KeyCondition.FAILING && this.worst == WorstHealth.DOWN;
		Health.Builder health = Health.status(down ? Status.DOWN : Status.UP).withDetail("phase", key.phase());
		if (key.token() != null) {
			health.withDetail("expires", key.token().expiresAt());
		}
		if (client.storeAwaySince() != null) {
			health.withDetail("storeAwaySince", client.storeAwaySince());
		}
		boolean wrong = condition != KeyCondition.WELL;
		if (!down && (wrong || client.storeAwaySince() != null)) {
			health.withDetail("degraded", true);
		}
		if (wrong) {
			addFailure(health, key);
		}
		return health.build();
	}

	private void addFailure(Health.Builder health, KeyStatus key) {
		TokenException failure = failure(key);
		KeyStatus.Failing failing = key.failing();
		if (failure != null) {
			FailureReport report = FailureReport.of(failure, this.redactor, null, null);
			health.withDetail("kind", report.kind()).withDetail("failure", report.message());
		}
		if (failing != null && failing.since() != null) {
			health.withDetail("since", failing.since()).withDetail("count", failing.count());
		}
	}

	private static @Nullable TokenException failure(KeyStatus key) {
		if (key.signedOut() != null) {
			return key.signedOut();
		}
		return (key.failing() != null) ? key.failing().last() : key.barred();
	}

}
