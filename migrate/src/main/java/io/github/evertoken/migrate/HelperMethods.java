package io.github.evertoken.migrate;

import java.util.List;

import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;

/**
 * Methods that a class calls to make several of the same kind, which differ in what they
 * are called with.
 */
final class HelperMethods {

	private final SourceIndex index;

	private final TextReader texts;

	HelperMethods(SourceIndex index, TextReader texts) {
		this.index = index;
		this.texts = texts;
	}

	/**
	 * Return a place in a method once for each call of it by its class.
	 */
	List<Scope> calls(Scope scope) {
		MethodTree method = scope.method();
		if (method == null || SourceType.annotation(method.getModifiers(), "Bean") != null) {
			return List.of();
		}
		return this.index.chains()
			.stream()
			.filter((chain) -> chain.scope().type() == scope.type()
					&& (chain.root() == null || chain.root().toString().equals("this"))
					&& method.getName().contentEquals(chain.calls().get(0).name())
					&& chain.calls().get(0).arguments().size() == method.getParameters().size())
			.map((chain) -> scope.calledWith(chain.calls()
				.get(0)
				.arguments()
				.stream()
				.map((argument) -> this.texts.read(argument, chain.scope()))
				.toList()))
			.toList();
	}

	/**
	 * Read a text that is made in a method, for one call of it.
	 * @param call the call
	 * @param caller where it is
	 * @param expression what makes the text
	 * @param method where that is
	 */
	Text read(MethodInvocationTree call, Scope caller, Tree expression, Scope method) {
		MethodTree tree = method.method();
		return (tree != null && tree.getParameters().size() == call.getArguments().size())
				? this.texts.read(expression, method.calledWith(
						call.getArguments().stream().map((argument) -> this.texts.read(argument, caller)).toList()))
				: Text.UNKNOWN;
	}

	/**
	 * Tell whether a call is one of a method of the class.
	 */
	static boolean isOwn(MethodInvocationTree call, String method) {
		return method.equals(SourceType.fieldName(call.getMethodSelect()));
	}

}
