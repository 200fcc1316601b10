package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.github.evertoken.AccessToken;
import io.github.evertoken.TokenException;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.advice.Advisor;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.http.Redactor;
import io.github.evertoken.lifecycle.ClientStatus;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.KeyStatus;
import io.github.evertoken.lifecycle.RenewalAnswer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Turns what a manager knows into what may be shown of it.
 */
final class Reporter {

	/**
	 * What varies a key and is no secret, as in {@link TokenParameters#toString()}.
	 */
	private static final Set<String> SHOWN_PARAMETERS = Set.of("scope", "audience", "resource");

	private final @Nullable DefaultTokenManager manager;

	private final ConfiguredClients clients;

	private final Collection<String> claims;

	private final Advisor advisor;

	Reporter(@Nullable DefaultTokenManager manager, ConfiguredClients clients, Collection<String> claims,
			Advisor advisor) {
		this.manager = manager;
		this.clients = clients;
		this.claims = claims;
		this.advisor = advisor;
	}

	private Set<String> names() {
		return (this.manager != null) ? this.manager.clients() : Set.of();
	}

	Overview overview() {
		Map<String, ClientSummary> summaries = new TreeMap<>();
		names().forEach((client) -> summaries.put(client, summary(status(client))));
		Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
		return new Overview(now, summaries, AdviceReport.of(this.advisor.advice(), now));
	}

	private ClientSummary summary(ClientStatus client) {
		KeyReport key = key(client.service());
		boolean degraded = key.condition() == KeyCondition.WELL && client.storeAwaySince() != null;
		return new ClientSummary(degraded ? KeyCondition.DEGRADED : key.condition(), key.phase(), key.generation(),
				key.expires(), key.cooldown(), (key.signedOut() != null) ? key.signedOut() : key.failure(),
				client.waiting(), new TreeMap<>(client.subjects()), client.forgotten());
	}

	/**
	 * Ask the store for what {@link #client} is to show.
	 */
	Mono<StoredVersions> stored(String client, @Nullable String subject) {
		List<KeyStatus> keys = new ArrayList<>(List.of(status(client).service()));
		keys.addAll((subject != null) ? allKnown(client, subject) : List.of());
		return StoredVersions.of(this.manager, keys.stream().map(KeyStatus::key));
	}

	ClientReport client(String client, @Nullable String subject, StoredVersions stored) {
		ClientStatus status = status(client);
		return new ClientReport(client, status.service().at(), ShownSettings.of(client, this.clients),
				key(status.service(), stored), status.waiting(), new TreeMap<>(status.subjects()), status.forgotten(),
				AdviceReport.of(this.advisor.advice(client), status.service().at()),
				TimePoint.ofNullable(status.storeAwaySince(), status.service().at()),
				(subject != null) ? subject(subject, allKnown(client, subject), stored) : null);
	}

	private SubjectReport subject(String subject, List<KeyStatus> keys, StoredVersions stored) {
		KeyReport own = keys.stream()
			.filter((key) -> key.key().parameters().isEmpty())
			.map((key) -> key(key, stored))
			.findFirst()
			.orElse(null);
		return new SubjectReport(subject, own,
				keys.stream()
					.filter((key) -> !key.key().parameters().isEmpty())
					.map((key) -> new VariedKeyReport(parameters(key.key().parameters()), key(key, stored)))
					.toList());
	}

	private static Map<String, List<String>> parameters(TokenParameters parameters) {
		Map<String, List<String>> shown = new LinkedHashMap<>();
		parameters.form()
			.forEach((name, values) -> shown.put(name, SHOWN_PARAMETERS.contains(name)
					? values.stream().map(Redactor::printable).toList() : List.of("***")));
		parameters.headers().keySet().forEach((name) -> shown.put(name, List.of("***")));
		return shown;
	}

	KeyReport key(KeyStatus key) {
		return key(key, StoredVersions.NONE);
	}

	private KeyReport key(KeyStatus key, StoredVersions stored) {
		Instant now = key.at();
		AccessToken token = key.token();
		Redactor redactor = ClientSecrets.redactor(this.clients.clients().get(key.key().client()), token);
		KeyStatus.Failing failing = key.failing();
		TokenException signedOut = key.signedOut();
		KeyStatus.Flying flight = key.flight();
		return new KeyReport(KeyCondition.of(key), key.phase(), key.generation(), stored.of(key.key()), key.trigger(),
				(token != null) ? TimePoint.of(token.obtainedAt(), now) : null,
				TimePoint.ofNullable(key.renewsAt(), now),
				(token != null) ? TimePoint.of(token.expiresAt(), now) : null,
				(token != null) ? TimeSpan.of(key.lifetime()) : null, key.grantedScope(), key.hasRefreshToken(),
				TimePoint.ofNullable(key.refreshTokenExpiresAt(), now), key.waiting(),
				(flight != null)
						? new FlightReport(flight.trigger(), TimePoint.of(flight.since(), now), flight.attempts())
						: null,
				LeaseReport.ofNullable(key.elsewhere(), now), TimePoint.ofNullable(key.restsUntil(), now),
				(failing != null) ? FailureReport.of(failing.last(), redactor, failing.count(),
						TimePoint.ofNullable(failing.since(), now)) : null,
				(signedOut != null) ? FailureReport.of(signedOut, redactor, null, null) : null,
				RejectionReport.ofNullable(key.lastRejection(), now),
				(token != null) ? TokenReport.of(token, this.claims, now) : null,
				key.lately().stream().map((each) -> transition(each, now)).toList());
	}

	private static TransitionReport transition(KeyStatus.Transited each, Instant now) {
		return new TransitionReport(TimePoint.of(each.at(), now), each.event(), each.from(), each.to(),
				each.generation());
	}

	RenewalReport renewal(KeyStatus before, RenewalAnswer answer) {
		KeyStatus after = (this.manager != null) ? this.manager.status(before.key()) : null;
		KeyReport key = key((after != null) ? after : before);
		return new RenewalReport(before.key().client(), before.key().subject(), answer,
				RenewalReport.words(answer, key.cooldown()), key);
	}

	/**
	 * Return how a key is, which has to be known.
	 * @throws UnknownTokenException if it is not
	 */
	KeyStatus known(String client, @Nullable String subject) {
		return (subject != null) ? allKnown(client, subject).get(0) : status(client).service();
	}

	/**
	 * Return how the keys of a subject are, of which one has to be known at least.
	 * @throws UnknownTokenException if none is
	 */
	List<KeyStatus> allKnown(String client, String subject) {
		status(client);
		List<KeyStatus> keys = keys(client, subject);
		if (keys.isEmpty()) {
			throw UnknownTokenException.subject(client, subject, names());
		}
		return keys;
	}

	/**
	 * What cannot be a subject is one of which nothing is held.
	 */
	private List<KeyStatus> keys(String client, String subject) {
		try {
			return (this.manager != null) ? this.manager.status(client, subject) : List.of();
		}
		catch (IllegalArgumentException ex) {
			return List.of();
		}
	}

	private ClientStatus status(String client) {
		if (this.manager == null || !names().contains(client)) {
			throw UnknownTokenException.client(client, names());
		}
		return this.manager.status(client);
	}

}
