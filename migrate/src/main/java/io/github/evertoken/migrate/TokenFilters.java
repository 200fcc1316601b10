package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import org.jspecify.annotations.Nullable;

/**
 * Spring Security's filters in the code: where they are made, how they are set up, and
 * which one a name means.
 */
final class TokenFilters {

	private static final Set<String> SETTERS = Set.of("setDefaultClientRegistrationId",
			"setDefaultOAuth2AuthorizedClient", "setClientRegistrationIdResolver", "setAuthorizationFailureHandler",
			"setAuthorizedClientRepository");

	private final SourceIndex index;

	private final TextReader texts;

	private final CodeUse use;

	private final HelperMethods helpers;

	private final List<TokenFilter> filters = new ArrayList<>();

	TokenFilters(SourceIndex index, TextReader texts, CodeUse use) {
		this.index = index;
		this.texts = texts;
		this.use = use;
		this.helpers = new HelperMethods(index, texts);
		index.created().stream().filter((made) -> TokenFilter.TYPES.contains(made.type())).forEach(this::add);
		index.variables().forEach(this::add);
	}

	private void add(SourceIndex.Created made) {
		String target = made.target();
		MethodTree method = made.scope().method();
		boolean returned = method != null && TokenFilter.TYPES.contains(SourceType.simpleName(method.getReturnType()));
		String bean = (method != null && returned) ? method.getName().toString() : null;
		if (target != null) {
			this.use.delete(made.place(), "the filter: new " + made.type() + "(..)");
		}
		if (bean != null && method != null) {
			this.use.delete(made.scope().file().place(method), "the method " + bean + "(..), which makes the filter");
		}
		add(made.scope(), target, bean, new ArrayList<>());
	}

	/**
	 * A variable may have what a method of the class makes.
	 */
	private void add(SourceIndex.Declared declared) {
		VariableTree variable = declared.tree();
		String name = (variable.getInitializer() instanceof MethodInvocationTree call)
				? SourceType.fieldName(call.getMethodSelect()) : null;
		if (name == null || !(variable.getInitializer() instanceof MethodInvocationTree call)) {
			return;
		}
		for (TokenFilter made : List.copyOf(this.filters)) {
			if (name.equals(made.bean()) && made.scope() != null && made.scope().type() == declared.scope().type()) {
				this.use.delete(declared.scope().file().place(variable), "the filter: " + name + "(..)");
				add(declared.scope(), variable.getName().toString(), null,
						new ArrayList<>(registrations(made, call, declared.scope())));
			}
		}
	}

	/**
	 * Return the registrations of a filter that a method makes, for one call of it.
	 */
	private List<String> registrations(TokenFilter made, MethodInvocationTree call, Scope caller) {
		if (made.open() == null || made.scope() == null) {
			return made.registrations();
		}
		Text id = this.helpers.read(call, caller, made.open(), made.scope());
		return id.whole() ? List.of(id.known()) : List.of();
	}

	private void add(Scope scope, @Nullable String target, @Nullable String bean, List<String> registrations) {
		boolean login = false;
		Tree open = null;
		for (Chain chain : this.index.chains()) {
			boolean of = target != null && target.equals(chain.rootName()) && chain.scope().type() == scope.type()
					&& (chain.scope().isSameMethod(scope) || chain.scope().type().field(target) != null);
			for (Chain.Call call : of ? chain.calls() : List.<Chain.Call>of()) {
				login |= call.name().equals("setDefaultOAuth2AuthorizedClient");
				Tree unknown = setUp(call, chain, registrations);
				open = (unknown != null) ? unknown : open;
			}
		}
		this.filters.add(new TokenFilter(scope, target, bean, List.copyOf(registrations), open, login));
	}

	/**
	 * Return what tells the registration if that depends on a call of the method, and
	 * {@code null} otherwise.
	 */
	private @Nullable Tree setUp(Chain.Call call, Chain chain, List<String> registrations) {
		if (SETTERS.contains(call.name())) {
			this.use.delete(call.place(), call.toString());
		}
		if (call.name().equals("setDefaultClientRegistrationId")) {
			return addRegistration(call.argument(), chain, call, registrations);
		}
		if (call.name().equals("setClientRegistrationIdResolver")
				&& !String.valueOf(call.argument()).contains("RequestAttributeClientRegistrationIdResolver")) {
			ExpressionTree resolver = call.argument();
			Tree body = (resolver instanceof LambdaExpressionTree lambda) ? lambda.getBody() : null;
			return addRegistration(
					(body instanceof LiteralTree || body instanceof IdentifierTree || body instanceof MemberSelectTree)
							? body : null,
					chain, call, registrations);
		}
		return null;
	}

	private @Nullable Tree addRegistration(@Nullable Tree argument, Chain chain, Chain.Call call,
			List<String> registrations) {
		Text id = this.texts.read(argument, chain.scope());
		if (id.whole()) {
			registrations.add(id.known());
			this.use.use(id.known(), call.place());
			return null;
		}
		List<Scope> calls = this.helpers.calls(chain.scope());
		if (argument != null && !calls.isEmpty()
				&& calls.stream().allMatch((each) -> this.texts.read(argument, each).whole())) {
			return argument;
		}
		this.use.byHand(call.place(),
				"Which registration this means is decided when the code runs. Evertoken goes by"
						+ " the URL of a request: set base-url of each client, or name one with"
						+ " attributes(TokenAttributes.client(..)).");
		return null;
	}

	/**
	 * Return the filters that are named or made in the arguments of a call.
	 */
	Set<TokenFilter> in(Chain.Call call, Scope scope) {
		Set<TokenFilter> found = new LinkedHashSet<>();
		new TreeScanner<@Nullable Void, @Nullable Void>() {

			@Override
			public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void nothing) {
				if (TokenFilter.TYPES.contains(SourceType.simpleName(tree.getIdentifier()))) {
					found.add(TokenFilter.ELSEWHERE);
				}
				return super.visitNewClass(tree, nothing);
			}

			@Override
			public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
				for (TokenFilter filter : TokenFilters.this.filters) {
					if (filter.open() != null && filter.bean() != null && HelperMethods.isOwn(tree, filter.bean())
							&& filter.scope() != null && filter.scope().type() == scope.type()) {
						registrations(filter, tree, scope)
							.forEach((registration) -> found.add(TokenFilter.of(registration, filter.login())));
					}
				}
				return super.visitMethodInvocation(tree, nothing);
			}

			@Override
			public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
				add(tree);
				return super.visitIdentifier(tree, nothing);
			}

			@Override
			public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
				add(tree);
				return super.visitMemberSelect(tree, nothing);
			}

			private void add(Tree tree) {
				String name = SourceType.fieldName(tree);
				TokenFilter filter = (name != null) ? find(name, scope) : null;
				if (filter != null) {
					found.add(filter);
				}
			}

		}.scan(call.arguments(), null);
		return found;
	}

	/**
	 * What a name means: a variable of the method, a field, a method of the class, or a
	 * bean, as Spring finds it.
	 */
	private @Nullable TokenFilter find(String name, Scope scope) {
		for (TokenFilter filter : this.filters) {
			if (name.equals(filter.target()) && filter.scope() != null && filter.scope().isSameMethod(scope)) {
				return filter;
			}
		}
		for (TokenFilter filter : this.filters) {
			boolean ofClass = filter.scope() != null && filter.scope().type() == scope.type();
			if (ofClass && (name.equals(filter.bean())
					|| (name.equals(filter.target()) && scope.type().field(name) != null))) {
				return filter;
			}
		}
		VariableTree local = SourceType.local(scope.method(), name);
		VariableTree variable = (local != null) ? local : scope.type().field(name);
		if (variable == null || !TokenFilter.TYPES.contains(SourceType.simpleName(variable.getType()))) {
			return null;
		}
		List<TokenFilter> beans = this.filters.stream().filter((filter) -> filter.bean() != null).toList();
		return beans.stream()
			.filter((filter) -> name.equals(filter.bean()))
			.findFirst()
			.orElse((beans.size() == 1) ? Objects.requireNonNull(beans.get(0)) : TokenFilter.ELSEWHERE);
	}

}
