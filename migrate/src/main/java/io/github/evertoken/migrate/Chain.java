package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Calls that follow each other, such as {@code builder.baseUrl(..).filter(..).build()}.
 *
 * @param scope where it stands
 * @param root what the first call is made on, or {@code null} if that is a method of the
 * class or an imported one
 * @param calls the calls
 * @param target the variable or field that gets the result, a method with {@code ()} that
 * returns it, or {@code null}
 * @param tree the whole of it
 */
record Chain(Scope scope, @Nullable ExpressionTree root, List<Call> calls, @Nullable String target,
		MethodInvocationTree tree) {

	static Chain of(MethodInvocationTree tree, Scope scope, @Nullable String target) {
		List<Call> calls = new ArrayList<>();
		ExpressionTree root = tree;
		while (root instanceof MethodInvocationTree invocation) {
			ExpressionTree method = invocation.getMethodSelect();
			SourceFile file = scope.file();
			Place place = new Place(file.name(), file.lastLine(method), file.lastLine(invocation));
			if (method instanceof MemberSelectTree select) {
				calls.add(new Call(select.getIdentifier().toString(), invocation.getArguments(), place));
				root = select.getExpression();
			}
			else {
				calls.add(new Call(method.toString(), invocation.getArguments(), place));
				root = null;
			}
		}
		Collections.reverse(calls);
		return new Chain(scope, root, List.copyOf(calls), target, tree);
	}

	/**
	 * Return the variable that the first call is made on, or {@code null}.
	 */
	@Nullable String rootName() {
		return SourceType.fieldName(this.root);
	}

	@Nullable Call call(String... names) {
		List<String> wanted = List.of(names);
		return this.calls.stream().filter((call) -> wanted.contains(call.name())).findFirst().orElse(null);
	}

	/**
	 * Tell whether the first call is made on a class of that name.
	 */
	boolean isOn(String type) {
		return (this.root instanceof IdentifierTree || this.root instanceof MemberSelectTree)
				&& SourceType.simpleName(this.root).equals(type);
	}

	Place place() {
		return this.scope.file().place(this.tree);
	}

	/**
	 * A call in a chain.
	 *
	 * @param name the name of the method
	 * @param arguments its arguments
	 * @param place where it stands in the chain
	 */
	record Call(String name, List<? extends ExpressionTree> arguments, Place place) {

		@Nullable ExpressionTree argument() {
			return this.arguments.isEmpty() ? null : this.arguments.get(0);
		}

		@Override
		public String toString() {
			String text = this.arguments.stream().map(Tree::toString).map(Call::brief).toList().toString();
			return "." + this.name + "(" + text.substring(1, text.length() - 1) + ")";
		}

		private static String brief(String text) {
			String line = text.replaceAll("\\s+", " ");
			return (line.length() <= 44) ? line : line.substring(0, 42) + "..";
		}

	}

}
