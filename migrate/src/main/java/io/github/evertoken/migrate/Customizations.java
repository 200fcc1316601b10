package io.github.evertoken.migrate;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import org.jspecify.annotations.Nullable;

/**
 * What the code has taught Spring Security's OAuth 2 client, with what does so in
 * Evertoken.
 */
final class Customizations {

	private static final Set<String> MANAGERS = Set.of("ReactiveOAuth2AuthorizedClientManager",
			"OAuth2AuthorizedClientManager", "DefaultReactiveOAuth2AuthorizedClientManager",
			"DefaultOAuth2AuthorizedClientManager", "AuthorizedClientServiceReactiveOAuth2AuthorizedClientManager",
			"AuthorizedClientServiceOAuth2AuthorizedClientManager");

	private static final Set<String> GROUP_CONFIGURERS = Set.of("OAuth2WebClientHttpServiceGroupConfigurer",
			"OAuth2RestClientHttpServiceGroupConfigurer");

	private static final String IN_CODE = "Registrations that the code makes are not read. Name each with"
			+ " registration-id in a client of Evertoken, or write it down there.";

	private static final String TOKEN_REQUESTS = "Token requests of its own: what they add goes into parameters, headers,"
			+ " audience or resource of the client, and its connection into ssl, proxy and the time-outs. A grant that"
			+ " Evertoken has not is a TokenIssuer bean with the client's name.";

	private static final String SESSION = "Authorized clients in sessions cannot be taken over: a token is renewed for all"
			+ " requests of a user and in none of them. Keep them in an AuthenticatedPrincipal(Server)OAuth2Authorized"
			+ "ClientRepository, or put each login's token set in with TokenManager.put.";

	private static final String KEY = "The key that signs the client's assertion is made by code: set"
			+ " client-assertion.key-location (PEM or JWK) or client-assertion.ssl-bundle of the client.";

	private static final String CLOCK_SKEW = "Evertoken renews at 80 % of a token's life, in the background; expiry-margin"
			+ " says how long before its end at the latest (10s).";

	private static final String RENEWAL = "Evertoken renews a token that is rejected with a 401, and sends the request once"
			+ " more; a RejectionPolicy bean decides otherwise.";

	private static final String AUTHORIZED_CLIENTS = "Whoever loads authorized clients for their tokens gets them from the"
			+ " TokenManager bean: token(TokenKey.of(client, user)).";

	private static final Map<String, String> ADVICE = advice();

	private final SourceIndex index;

	private final TextReader texts;

	private final CodeUse use;

	Customizations(SourceIndex index, TextReader texts, CodeUse use) {
		this.index = index;
		this.texts = texts;
		this.use = use;
	}

	private static Map<String, String> advice() {
		Map<String, String> advice = new LinkedHashMap<>();
		for (String name : Set.of("InMemoryClientRegistrationRepository",
				"InMemoryReactiveClientRegistrationRepository", "withRegistrationId", "withClientRegistration",
				"fromIssuerLocation", "fromOidcIssuerLocation")) {
			advice.put(name, IN_CODE);
		}
		for (String grant : Set.of("ClientCredentials", "RefreshToken", "JwtBearer", "TokenExchange")) {
			for (String prefix : Set.of("WebClientReactive", "RestClient", "Default")) {
				advice.put(prefix + grant + "TokenResponseClient", TOKEN_REQUESTS);
			}
		}
		for (String name : Set.of("addParametersConverter", "setParametersConverter", "setParametersCustomizer",
				"addHeadersConverter", "setHeadersConverter")) {
			advice.put(name, TOKEN_REQUESTS);
		}
		for (String name : Set.of("WebSessionServerOAuth2AuthorizedClientRepository",
				"HttpSessionOAuth2AuthorizedClientRepository")) {
			advice.put(name, SESSION);
		}
		advice.put("NimbusJwtClientAuthenticationParametersConverter", KEY);
		advice.put("setClockSkew", CLOCK_SKEW);
		advice.put("clockSkew", CLOCK_SKEW);
		advice.put("setAuthorizationFailureHandler", RENEWAL);
		advice.put("RemoveAuthorizedClientReactiveOAuth2AuthorizationFailureHandler", RENEWAL);
		advice.put("RemoveAuthorizedClientOAuth2AuthorizationFailureHandler", RENEWAL);
		advice.put("setSubjectTokenResolver", "A SubjectTokenResolver bean finds the token that is exchanged.");
		advice.put("setJwtAssertionResolver", "A SubjectTokenResolver bean finds the assertion that is shown.");
		advice.put("setActorTokenResolver", "The actor's token is that of a file: actor-token.location.");
		advice.put("setPrincipalResolver", "A SubjectResolver bean says on whose behalf a request is made.");
		advice.put("setContextAttributesMapper",
				"What varies a token goes with the request: attributes(TokenAttributes.scope(..)), audience(..),"
						+ " resource(..).");
		advice.put("loadAuthorizedClient", AUTHORIZED_CLIENTS);
		return advice;
	}

	void read() {
		Set<String> said = new HashSet<>();
		for (SourceIndex.Named named : this.index.names()) {
			String advice = ADVICE.get(named.name());
			if (advice != null && said.add(named.place().file() + advice)) {
				this.use.byHand(named.place(), advice);
			}
		}
		boolean authorizes = false;
		for (Chain chain : this.index.chains()) {
			readRequest(chain);
			String root = chain.rootName();
			if (root != null && chain.call("authorize") != null && isManager(root, chain.scope())) {
				authorizes = true;
				this.use.byHand(chain.place(),
						"Whoever asks the manager for a token gets it from the TokenManager bean:"
								+ " token(TokenKey.of(client)).");
			}
		}
		deleteBeans(authorizes);
	}

	private void readRequest(Chain chain) {
		Chain.Call call = chain.call("withClientRegistrationId");
		Text id = (call != null) ? this.texts.read(call.argument(), chain.scope()) : Text.UNKNOWN;
		if (call != null && id.whole()) {
			this.use.use(id.known(), call.place());
		}
	}

	private static boolean isManager(String name, Scope scope) {
		VariableTree local = SourceType.local(scope.method(), name);
		VariableTree variable = (local != null) ? local : scope.type().field(name);
		return variable != null && MANAGERS.contains(SourceType.simpleName(variable.getType()));
	}

	private void deleteBeans(boolean authorizes) {
		for (SourceType type : this.index.types()) {
			for (MethodTree method : type.methods()) {
				String returned = SourceType.simpleName(method.getReturnType());
				String what = GROUP_CONFIGURERS.contains(returned) ? "which sends the tokens of HTTP services"
						: (MANAGERS.contains(returned) && !authorizes) ? "which nobody else asks for tokens" : null;
				if (what != null) {
					this.use.delete(type.file().place(method), "the method " + method.getName() + "(..), " + what);
				}
			}
		}
	}

	/**
	 * Return the place where a class or annotation is named that only an application on
	 * servlets has, or {@code null}.
	 */
	static @Nullable Place servlet(SourceIndex index) {
		Set<String> names = Set.of("HttpSecurity", "EnableWebSecurity", "SecurityFilterChain", "HttpServletRequest");
		return index.names()
			.stream()
			.filter((named) -> names.contains(named.name()))
			.map(SourceIndex.Named::place)
			.findFirst()
			.orElse(null);
	}

}
