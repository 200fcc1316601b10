package io.github.evertoken.migrate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.ReturnTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import org.jspecify.annotations.Nullable;

/**
 * What the sources of a project have in them, in the order in which it stands there.
 */
final class SourceIndex {

	private final List<SourceType> types = new ArrayList<>();

	private final List<Chain> chains = new ArrayList<>();

	private final List<Created> created = new ArrayList<>();

	private final List<Named> names = new ArrayList<>();

	private final List<Declared> variables = new ArrayList<>();

	private SourceIndex() {
	}

	static SourceIndex of(List<SourceFile> files) {
		SourceIndex index = new SourceIndex();
		files.forEach((file) -> index.new Scanner(file).scan(file.unit(), null));
		return index;
	}

	List<SourceType> types() {
		return this.types;
	}

	List<Chain> chains() {
		return this.chains;
	}

	/**
	 * Return all objects that are made.
	 */
	List<Created> created() {
		return this.created;
	}

	/**
	 * Return all uses of names outside of imports.
	 */
	List<Named> names() {
		return this.names;
	}

	/**
	 * Return all fields, parameters and local variables.
	 */
	List<Declared> variables() {
		return this.variables;
	}

	/**
	 * An object that is made.
	 *
	 * @param type the simple name of its class
	 * @param scope where
	 * @param target what gets it, as a {@link Chain#target() chain's result}
	 * @param place the statement, or the expression where it is a part of one
	 */
	record Created(String type, Scope scope, @Nullable String target, Place place) {
	}

	/**
	 * A name that is used.
	 *
	 * @param name the name
	 * @param place where
	 */
	record Named(String name, Place place) {
	}

	/**
	 * A variable that is declared.
	 *
	 * @param tree the variable
	 * @param scope where
	 */
	record Declared(VariableTree tree, Scope scope) {
	}

	private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

		private final SourceFile file;

		private final Deque<Scope> scopes = new ArrayDeque<>();

		Scanner(SourceFile file) {
			this.file = file;
		}

		@Override
		public @Nullable Void visitImport(ImportTree tree, @Nullable Void nothing) {
			return null;
		}

		@Override
		public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
			SourceType type = new SourceType(this.file, tree);
			SourceIndex.this.types.add(type);
			this.scopes.push(new Scope(type, null));
			super.visitClass(tree, nothing);
			this.scopes.pop();
			return null;
		}

		@Override
		public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
			this.scopes.push(new Scope(scope().type(), tree));
			super.visitMethod(tree, nothing);
			this.scopes.pop();
			return null;
		}

		@Override
		public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
			SourceIndex.this.variables.add(new Declared(tree, scope()));
			return super.visitVariable(tree, nothing);
		}

		@Override
		public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void nothing) {
			if (this.scopes.isEmpty()) {
				return super.visitMethodInvocation(tree, nothing);
			}
			boolean outermost = !(getCurrentPath().getParentPath().getLeaf() instanceof MemberSelectTree select
					&& select.getExpression() == tree);
			if (outermost) {
				SourceIndex.this.chains.add(Chain.of(tree, scope(), target()));
			}
			return super.visitMethodInvocation(tree, nothing);
		}

		@Override
		public @Nullable Void visitNewClass(NewClassTree tree, @Nullable Void nothing) {
			if (!this.scopes.isEmpty()) {
				SourceIndex.this.created.add(new Created(SourceType.simpleName(tree.getIdentifier()), scope(), target(),
						this.file.place(statement(tree))));
			}
			return super.visitNewClass(tree, nothing);
		}

		@Override
		public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
			add(tree.getName().toString(), this.file.place(tree));
			return super.visitIdentifier(tree, nothing);
		}

		@Override
		public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
			int line = this.file.lastLine(tree);
			super.visitMemberSelect(tree, nothing);
			add(tree.getIdentifier().toString(), Place.of(this.file.name(), line));
			return null;
		}

		private void add(String name, Place place) {
			SourceIndex.this.names.add(new Named(name, place));
		}

		private Scope scope() {
			return Objects.requireNonNull(this.scopes.peek());
		}

		private TreePath user() {
			TreePath path = getCurrentPath().getParentPath();
			while (path.getLeaf() instanceof ParenthesizedTree || path.getLeaf() instanceof TypeCastTree) {
				path = path.getParentPath();
			}
			return path;
		}

		private @Nullable String target() {
			Tree user = user().getLeaf();
			if (user instanceof VariableTree variable) {
				return variable.getName().toString();
			}
			if (user instanceof AssignmentTree assignment) {
				return SourceType.fieldName(assignment.getVariable());
			}
			MethodTree method = scope().method();
			return (user instanceof ReturnTree && method != null) ? method.getName() + "()" : null;
		}

		private Tree statement(ExpressionTree tree) {
			Tree user = user().getLeaf();
			return (user instanceof VariableTree || user instanceof AssignmentTree || user instanceof ReturnTree) ? user
					: tree;
		}

	}

}
