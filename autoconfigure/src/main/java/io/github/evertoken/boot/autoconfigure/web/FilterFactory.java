package io.github.evertoken.boot.autoconfigure.web;

import io.github.evertoken.TokenManager;
import io.github.evertoken.boot.autoconfigure.client.ClientBeans;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.web.RejectionPolicy;
import io.github.evertoken.web.SubjectResolver;
import io.github.evertoken.web.SubjectTokenResolver;
import io.github.evertoken.web.TokenExchangeFilterFunction;
import org.jspecify.annotations.Nullable;

/**
 * Makes the filter, with the beans that there are for each client or for all.
 */
final class FilterFactory {

	private final ConfiguredClients clients;

	private final ClientBeans beans;

	private final InboundTokens inboundTokens;

	FilterFactory(ConfiguredClients clients, InboundTokens inboundTokens) {
		this.clients = clients;
		this.beans = clients.contracts();
		this.inboundTokens = inboundTokens;
	}

	TokenExchangeFilterFunction create(TokenManager manager) {
		TokenExchangeFilterFunction.Builder filter = TokenExchangeFilterFunction.builder(manager,
				this.clients.selector());
		addPolicies(filter);
		this.clients.dpop().forEach(filter::dpop);
		this.clients.clients().forEach((name, client) -> filter.tokenType(name, client.tokenType()));
		SubjectResolver forAll = this.beans.forAll(SubjectResolver.class);
		this.clients.resolving().forEach((client) -> filter.subjectResolver(client, resolver(client, forAll)));
		SubjectTokenResolver tokensForAll = this.beans.forAll(SubjectTokenResolver.class);
		this.clients.onBehalf().forEach((client) -> {
			SubjectTokenResolver own = this.beans.own(SubjectTokenResolver.class, client);
			SubjectTokenResolver other = (tokensForAll != null) ? tokensForAll : this.inboundTokens.resolver();
			filter.subjectTokenResolver(client, (own != null) ? own : other);
		});
		return filter.build();
	}

	private void addPolicies(TokenExchangeFilterFunction.Builder filter) {
		RejectionPolicy forAll = this.beans.forAll(RejectionPolicy.class);
		if (forAll != null) {
			filter.rejectionPolicy(forAll);
		}
		this.clients.settings().forEach((settings) -> {
			RejectionPolicy own = this.beans.own(RejectionPolicy.class, settings.name());
			if (own != null) {
				filter.rejectionPolicy(settings.name(), own);
			}
		});
	}

	private SubjectResolver resolver(String client, @Nullable SubjectResolver forAll) {
		SubjectResolver own = this.beans.own(SubjectResolver.class, client);
		if (own != null) {
			return own;
		}
		if (forAll != null) {
			return forAll;
		}
		return this.clients.loggingIn().contains(client) ? SubjectResolver.securityContext()
				: SubjectResolver.service();
	}

}
