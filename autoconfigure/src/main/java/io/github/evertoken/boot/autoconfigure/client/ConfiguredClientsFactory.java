package io.github.evertoken.boot.autoconfigure.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.evertoken.TokenIssuer;
import io.github.evertoken.boot.ClientSettingsCustomizer;
import io.github.evertoken.boot.OutboundClient;
import io.github.evertoken.boot.Start;
import io.github.evertoken.boot.autoconfigure.credential.CredentialFactory;
import io.github.evertoken.boot.autoconfigure.diagnostics.BindingReport;
import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import io.github.evertoken.boot.autoconfigure.diagnostics.SecretCheck;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import io.github.evertoken.boot.autoconfigure.properties.RejectionProperties;
import io.github.evertoken.boot.autoconfigure.properties.RenewalProperties;
import io.github.evertoken.boot.autoconfigure.properties.RetryProperties;
import io.github.evertoken.dpop.DpopProofs;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.store.TokenStore;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.SubjectTokenResolver;
import org.jspecify.annotations.Nullable;

/**
 * Turns properties into {@link ConfiguredClients}, or into the report of all that is
 * wrong with them. What a value must be is known where it is set, and only there; here it
 * gets the name of its property.
 */
final class ConfiguredClientsFactory {

	private final TokenIssuerFactory issuers;

	private final CredentialFactory credentials;

	private final ClientBeans beans;

	private final List<ClientSettingsCustomizer> customizers;

	private final RegistrationSource registrations;

	private final BindingReport bindingReport;

	private final ConfigurationProblems problems = new ConfigurationProblems();

	private final Map<String, ClientProperties> clients = new LinkedHashMap<>();

	private final List<ClientSettings> settings = new ArrayList<>();

	private final ClientUrls urls;

	private final Set<String> resolving = new HashSet<>();

	private final Set<String> loggingIn = new HashSet<>();

	private final Set<String> onBehalf = new HashSet<>();

	private final Map<String, DpopProofs> dpop = new HashMap<>();

	/**
	 * Those clients whose token sets rest in the store that is for all.
	 */
	private final Map<String, ClientProperties> sharing = new LinkedHashMap<>();

	private Duration storeTimeout = Duration.ZERO;

	ConfiguredClientsFactory(TokenIssuerFactory issuers, CredentialFactory credentials,
			RegistrationSource registrations, BindingReport bindingReport, ClientBeans beans,
			List<ClientSettingsCustomizer> customizers, GroupBaseUrls groupBaseUrls) {
		this.urls = new ClientUrls(this.problems, groupBaseUrls);
		this.beans = beans;
		this.customizers = customizers;
		this.issuers = issuers;
		this.credentials = credentials;
		this.registrations = registrations;
		this.bindingReport = bindingReport;
	}

	ConfiguredClients create(EvertokenProperties properties, List<OutboundClient> beans) {
		this.bindingReport.problems().forEach(this.problems::add);
		this.storeTimeout = properties.store().timeout();
		properties.clients().forEach(this::add);
		beans.forEach((client) -> add(client, properties.clients().keySet()));
		TokenStore store = new SharedClients(properties.store(), this.problems).check(this.beans, this.sharing,
				!beans.isEmpty());
		LoginPath.check(properties.web(), this.problems);
		SilencedRules.check(properties.advice(), this.problems);
		this.problems.throwIfAny();
		logSummary(properties, beans);
		PlainHttpUrls.warn(this.clients, this.urls.ofGroups(), beans);
		this.bindingReport.logUnusedVariables(this.clients.keySet());
		this.bindingReport.logUnquoted();
		return new ConfiguredClients(Collections.unmodifiableMap(this.clients), List.copyOf(beans),
				List.copyOf(this.settings), this.urls.selector(), this.urls.ofGroups(), Set.copyOf(this.resolving),
				Set.copyOf(this.loggingIn), Set.copyOf(this.onBehalf), Map.copyOf(this.dpop), store, this.beans);
	}

	private void logSummary(EvertokenProperties properties, List<OutboundClient> beans) {
		StartSummary summary = new StartSummary(this.beans);
		this.clients.forEach((name, client) -> summary.log(name, client, this.urls.ofGroups(name)));
		beans.forEach(summary::log);
		boolean hasClients = !this.settings.isEmpty();
		summary.logHow(properties, hasClients, hasClients ? null : this.bindingReport.misplacedClients());
	}

	private void add(String name, ClientProperties written) {
		ConfigurationProblems.OfClient problems = this.problems.of(name);
		if (name.isBlank()) {
			problems.addForClient("the name of a client must not be empty");
			return;
		}
		if (this.bindingReport.isUnreadable(name)) {
			return;
		}
		// What is wrong with the URLs makes a look at the rest not idle.
		this.urls.add(name, written, this.problems.of(name));
		ClientProperties client = this.registrations.complete(name, written, problems);
		if (client == null) {
			return;
		}
		this.clients.put(name, client);
		DpopProofs dpop = this.credentials.dpop(client, problems);
		if (dpop != null) {
			this.dpop.put(name, dpop);
		}
		TokenIssuer issuer = this.issuers.of(name, client, dpop, problems);
		ClientSettings.Builder builder = ClientSettings.of(name, issuer).dpop(dpop);
		if (RegistrationSource.isLoginSource(client)) {
			this.loggingIn.add(name);
			builder.store(this.registrations.store(client, problems));
		}
		else {
			builder.store(store(name, client));
		}
		ClientSettings settings = settings(name, builder, client, problems);
		if (settings != null) {
			this.settings.add(settings);
		}
		if (isResolving(name, client)) {
			this.resolving.add(name);
		}
		if (this.issuers.isOnBehalf(name, client) || this.beans.hasOwn(SubjectTokenResolver.class, name)) {
			this.onBehalf.add(name);
			requireLazy(client, problems);
		}
	}

	/**
	 * Return the store that is the client's own, or {@code null} if it is the one that is
	 * for all.
	 */
	private @Nullable TokenStore store(String name, ClientProperties client) {
		TokenStore own = this.beans.own(TokenStore.class, name);
		if (own == null && !client.shared()) {
			return TokenStore.inMemory();
		}
		if (own == null) {
			this.sharing.put(name, client);
		}
		return own;
	}

	private void add(OutboundClient client, Set<String> configured) {
		String name = client.name();
		ConfigurationProblems.OfClient problems = this.problems.of(name);
		if (configured.contains(name) || this.settings.stream().anyMatch((other) -> other.name().equals(name))) {
			problems.addForClient("is the name of an OutboundClient bean, and of another client too; leave it to one");
			return;
		}
		if (client.baseUrls().isEmpty()) {
			problems.addForClient("is an OutboundClient bean without a base URL: tokens go nowhere else");
		}
		this.urls.add(client, problems);
		this.settings.add(client.settings());
		if (client.resolveSubjects()) {
			this.resolving.add(name);
		}
		if (this.beans.hasOwn(SubjectTokenResolver.class, name)) {
			this.onBehalf.add(name);
		}
	}

	/**
	 * There is nobody at the start on whose behalf a token could be obtained.
	 */
	private static void requireLazy(ClientProperties client, ConfigurationProblems.OfClient problems) {
		if (client.start() != Start.LAZY) {
			problems.add("start", "must be 'lazy', for the client's tokens are obtained on behalf of whoever calls,"
					+ " unless " + problems.name("subject-token.location") + " is set");
		}
	}

	/**
	 * A resolved subject for which no token can ever be had would only turn the client's
	 * working requests into failures.
	 */
	private boolean isResolving(String name, ClientProperties client) {
		Boolean resolve = client.subjects().resolve();
		return (resolve != null) ? resolve
				: this.issuers.isForSubjects(name, client) || this.beans.hasOwn(SubjectResolver.class, name);
	}

	private @Nullable ClientSettings settings(String name, ClientSettings.Builder builder, ClientProperties client,
			ConfigurationProblems.OfClient problems) {
		RenewalProperties renewal = client.renewal();
		RetryProperties retry = client.retry();
		RejectionProperties rejection = client.rejection();
		builder.keepAlive(renewal.keepAlive()).afterCrash(client.rotation().afterCrash());
		problems.check("rotation.grace", () -> builder.rotationGrace(client.rotation().grace()));
		if (isPositive(this.storeTimeout)) {
			builder.storeTimeout(this.storeTimeout);
		}
		problems.check("refresh-token", () -> builder.refreshToken(SecretCheck.require(client.refreshToken())));
		problems.check("default-lifetime", () -> builder.defaultLifetime(client.defaultLifetime()));
		problems.check("expiry-margin", () -> builder.expiryMargin(client.expiryMargin()));
		problems.check("response-timeout", () -> builder.responseTimeout(client.responseTimeout()));
		problems.check("max-concurrent-requests", () -> builder.maxConcurrentRequests(client.maxConcurrentRequests()));
		problems.check("max-wait", () -> builder.maxWait(client.maxWait()));
		problems.check("max-lease", () -> builder.maxLease(client.maxLease()));
		problems.check("renewal.at", () -> builder.renewAt(renewal.at()));
		problems.check("renewal.jitter", () -> builder.renewalJitter(renewal.jitter()));
		problems.check("retry.patience", () -> builder.patience(retry.patience()));
		problems.check("retry.initial-backoff", () -> builder.initialBackoff(retry.initialBackoff()));
		problems.check("retry.max-backoff", () -> builder.maxBackoff(retry.maxBackoff()));
		problems.check("rejection.max-renewals", () -> builder.maxRenewals(rejection.maxRenewals()));
		problems.check("await-sign-in", () -> builder.awaitSignIn(client.awaitSignIn()));
		problems.check("session-warning", () -> builder.sessionWarning(client.sessionWarning()));
		problems.check("subjects.maximum-size", () -> builder.maximumSubjects(client.subjects().maximumSize()));
		problems.check("subjects.expire-after-idle",
				() -> builder.subjectExpireAfterIdle(client.subjects().expireAfterIdle()));
		problems.check("rejection.window", () -> builder.rejectionWindow(rejection.window()));
		requireFlights(client, builder, problems);
		if (renewal.jitter() >= renewal.at()) {
			problems.add("renewal.jitter", "must be less than " + problems.name("renewal.at") + ", which is "
					+ renewal.at() + ", but is " + renewal.jitter());
		}
		if (retry.initialBackoff().compareTo(retry.maxBackoff()) > 0) {
			problems.add("retry.initial-backoff", "must not exceed " + problems.name("retry.max-backoff")
					+ ", which is " + retry.maxBackoff() + ", but is " + retry.initialBackoff());
		}
		return problems.isEmpty() ? customized(name, builder, problems) : null;
	}

	/**
	 * What the properties say is right by now, so that only a customizer can be wrong.
	 */
	private @Nullable ClientSettings customized(String name, ClientSettings.Builder builder,
			ConfigurationProblems.OfClient problems) {
		try {
			this.customizers.forEach((customizer) -> customizer.customize(name, builder));
			return builder.build();
		}
		catch (IllegalArgumentException ex) {
			problems.addForClient("a ClientSettingsCustomizer bean sets what makes no sense: " + ex.getMessage());
			return null;
		}
	}

	private static void requireFlights(ClientProperties client, ClientSettings.Builder builder,
			ConfigurationProblems.OfClient problems) {
		if (!isPositive(client.startTimeout())) {
			problems.add("start-timeout", "must be positive, but is " + client.startTimeout());
		}
		Duration refreshDeadline = client.refreshDeadline();
		if (refreshDeadline == null) {
			return;
		}
		problems.check("refresh-deadline", () -> builder.refreshDeadline(refreshDeadline));
		if (isPositive(refreshDeadline) && refreshDeadline.compareTo(client.responseTimeout()) < 0) {
			problems.add("refresh-deadline", "must not be less than " + problems.name("response-timeout")
					+ ", which is " + client.responseTimeout() + ", but is " + refreshDeadline);
		}
	}

	private static boolean isPositive(Duration duration) {
		return !duration.isZero() && !duration.isNegative();
	}

}
