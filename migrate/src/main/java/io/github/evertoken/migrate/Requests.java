package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import org.jspecify.annotations.Nullable;

/**
 * The requests that the code makes with a token: by the default of their client, or
 * because they say so.
 */
final class Requests {

	private static final String[] METHODS = { "get", "head", "post", "put", "patch", "delete", "options", "method" };

	private final SourceIndex index;

	private final TextReader texts;

	private final HttpClients clients;

	private final CodeUse use;

	/**
	 * What clients say for all of their requests.
	 */
	private final Set<MethodInvocationTree> defaults = new HashSet<>();

	Requests(SourceIndex index, TextReader texts, HttpClients clients, CodeUse use) {
		this.index = index;
		this.texts = texts;
		this.clients = clients;
		this.use = use;
	}

	void read() {
		for (Chain chain : this.index.chains()) {
			Chain.Call call = chain.call("defaultRequest");
			MethodInvocationTree attributes = (call != null) ? attribute(call, "attributes") : null;
			if (attributes != null) {
				this.defaults.add(attributes);
			}
		}
		this.index.chains().forEach(this::read);
		this.index.variables().forEach(this::readParameter);
	}

	private void read(Chain chain) {
		if (this.defaults.contains(chain.tree())) {
			return;
		}
		if (chain.target() != null && continuation(chain) != null) {
			return;
		}
		Chain begin = beginning(chain);
		Chain.Call uri = begin.call("uri");
		HttpClientSite client = (uri != null || begin.call(METHODS) != null) ? this.clients.of(begin) : null;
		boolean named = false;
		for (Chain.Call call : chain.calls()) {
			for (MethodInvocationTree attribute : attributes(call)) {
				String registration = registration(attribute, chain.scope(), call);
				named = true;
				if (registration != null) {
					this.use.choose(registration, call);
					send(registration, uri, client, chain);
				}
			}
		}
		if (uri != null && client != null && !named) {
			for (TokenFilter filter : client.filters) {
				filter.registrations().forEach((registration) -> send(registration, uri, client, chain));
				if (filter.login()) {
					send(CodeUse.LOGIN, uri, client, chain);
				}
			}
		}
	}

	/**
	 * A request may be made in two statements, of which the second says whose token it
	 * carries.
	 */
	private @Nullable Chain continuation(Chain chain) {
		return this.index.chains()
			.stream()
			.filter((other) -> chain.call("uri") != null && other.call("uri") == null
					&& Objects.equals(chain.target(), other.rootName()) && other.scope().isSameMethod(chain.scope())
					&& other.calls().stream().anyMatch((call) -> !attributes(call).isEmpty()))
			.findFirst()
			.orElse(null);
	}

	private Chain beginning(Chain chain) {
		return this.index.chains()
			.stream()
			.filter((other) -> other.target() != null && continuation(other) == chain)
			.findFirst()
			.orElse(chain);
	}

	private void send(String registration, Chain.@Nullable Call uri, @Nullable HttpClientSite client, Chain chain) {
		Place place = (uri != null) ? uri.place() : chain.place();
		Text text = (uri != null) ? this.texts.read(uri.argument(), chain.scope()) : Text.UNKNOWN;
		Text baseUrl = (client != null) ? client.baseUrl : null;
		if (client != null) {
			String kind = this.clients.kind(client);
			if (kind != null) {
				this.use.addKind(kind);
			}
			this.clients.reportOwnBuilder(client, null);
		}
		if (text.isAbsolute()) {
			this.use.send(registration, url(text), place);
		}
		else if (baseUrl != null && baseUrl.whole() && baseUrl.isAbsolute()) {
			this.use.send(registration, new CodeUse.Url(baseUrl.known(), true), place);
		}
		else {
			this.use.send(registration, null, place);
		}
	}

	/**
	 * What the code adds at the end may belong to the last segment.
	 */
	private static CodeUse.@Nullable Url url(Text text) {
		if (text.whole()) {
			return new CodeUse.Url(text.known(), false);
		}
		String known = text.known().substring(0, text.known().lastIndexOf('/') + 1);
		return (known.startsWith("${") || known.matches("(?i)https?://[^/]+/.*")) ? new CodeUse.Url(known, false)
				: null;
	}

	/**
	 * Return what a call says of the registration of a request.
	 */
	private static List<MethodInvocationTree> attributes(Chain.Call call) {
		if (!call.name().equals("attributes")) {
			return List.of();
		}
		return Stream.of(attribute(call, "clientRegistrationId"), attribute(call, "oauth2AuthorizedClient"))
			.filter(Objects::nonNull)
			.toList();
	}

	/**
	 * Return the first call of a method in the arguments of another, or {@code null} if
	 * there is none.
	 */
	static @Nullable MethodInvocationTree attribute(Chain.Call call, String method) {
		List<MethodInvocationTree> found = new ArrayList<>();
		new TreeScanner<@Nullable Void, @Nullable Void>() {

			@Override
			public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
				if (SourceType.simpleName(tree.getMethodSelect()).equals(method)) {
					found.add(tree);
				}
				return super.visitMethodInvocation(tree, nothing);
			}

		}.scan(call.arguments(), null);
		return found.isEmpty() ? null : found.get(0);
	}

	private @Nullable String registration(MethodInvocationTree attribute, Scope scope, Chain.Call call) {
		ExpressionTree argument = attribute.getArguments().isEmpty() ? null : attribute.getArguments().get(0);
		if (SourceType.simpleName(attribute.getMethodSelect()).equals("clientRegistrationId")) {
			Text id = this.texts.read(argument, scope);
			if (id.whole()) {
				return id.known();
			}
			this.use.byHand(call.place(), "Which registration is meant is decided when the code runs. Evertoken goes by"
					+ " the URL of a request, or by attributes(TokenAttributes.client(..)).");
			return null;
		}
		String name = SourceType.fieldName(argument);
		VariableTree variable = (name != null) ? SourceType.local(scope.method(), name) : null;
		AnnotationTree annotation = (variable != null)
				? SourceType.annotation(variable.getModifiers(), "RegisteredOAuth2AuthorizedClient") : null;
		Text id = (annotation != null) ? registration(annotation, scope) : Text.UNKNOWN;
		if (!id.whole()) {
			this.use.byHand(call.place(),
					"The authorized client comes from elsewhere in the code. Evertoken finds the token"
							+ " by the URL of the request, and the user as the subject: leave this out, or name the client with"
							+ " attributes(TokenAttributes.client(..)).");
		}
		return id.whole() ? id.known() : null;
	}

	private Text registration(AnnotationTree annotation, Scope scope) {
		ExpressionTree value = SourceType.element(annotation, "registrationId", "value");
		return (value != null) ? this.texts.read(value, scope) : Text.of(CodeUse.LOGIN);
	}

	/**
	 * A parameter that is there for {@code attributes(oauth2AuthorizedClient(..))} alone
	 * is needed no more.
	 */
	private void readParameter(SourceIndex.Declared declared) {
		VariableTree variable = declared.tree();
		AnnotationTree annotation = SourceType.annotation(variable.getModifiers(), "RegisteredOAuth2AuthorizedClient");
		MethodTree method = declared.scope().method();
		if (annotation == null || method == null) {
			return;
		}
		Place place = declared.scope().file().place(variable);
		Text id = registration(annotation, declared.scope());
		if (id.whole()) {
			this.use.use(id.known(), place);
		}
		if (isForAttributesAlone(variable, method)) {
			this.use.delete(place, "the parameter " + variable.getName());
			return;
		}
		String key = (id.whole() && !id.known().isEmpty()) ? "\"" + id.known() + "\"" : "..";
		this.use.byHand(id.whole() ? id.known() : CodeUse.LOGIN, place,
				"Whoever reads the token of " + variable.getName()
						+ " gets it from the TokenManager bean: token(TokenKey.of(" + key
						+ ")) where it is the service's own, and" + " token(TokenKey.of(" + key
						+ ", user)) where it is a user's.");
	}

	private static boolean isForAttributesAlone(VariableTree variable, MethodTree method) {
		int[] counts = new int[2];
		new TreeScanner<@Nullable Void, @Nullable Void>() {

			@Override
			public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
				counts[0] += tree.getName().contentEquals(variable.getName()) ? 1 : 0;
				return super.visitIdentifier(tree, nothing);
			}

			@Override
			public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
				if (SourceType.simpleName(tree.getMethodSelect()).equals("oauth2AuthorizedClient")) {
					counts[1]++;
				}
				return super.visitMethodInvocation(tree, nothing);
			}

		}.scan(method.getBody(), null);
		return counts[0] > 0 && counts[0] == counts[1];
	}

}
