package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreeScanner;
import org.jspecify.annotations.Nullable;

/**
 * A class, interface or record of the project, with what can be looked up in it.
 */
final class SourceType {

	private final SourceFile file;

	private final ClassTree tree;

	private final Map<String, VariableTree> fields = new LinkedHashMap<>();

	private final List<MethodTree> methods = new ArrayList<>();

	SourceType(SourceFile file, ClassTree tree) {
		this.file = file;
		this.tree = tree;
		for (Tree member : tree.getMembers()) {
			if (member instanceof VariableTree field) {
				this.fields.put(field.getName().toString(), field);
			}
			else if (member instanceof MethodTree method) {
				this.methods.add(method);
			}
		}
	}

	SourceFile file() {
		return this.file;
	}

	ClassTree tree() {
		return this.tree;
	}

	String name() {
		return this.tree.getSimpleName().toString();
	}

	String qualifiedName() {
		ExpressionTree packageName = this.file.unit().getPackageName();
		return (packageName != null) ? packageName + "." + name() : name();
	}

	@Nullable VariableTree field(String name) {
		return this.fields.get(name);
	}

	Map<String, VariableTree> fields() {
		return this.fields;
	}

	List<MethodTree> methods() {
		return this.methods;
	}

	/**
	 * Return the parameter or local variable of a method.
	 */
	static @Nullable VariableTree local(@Nullable MethodTree method, String name) {
		if (method == null) {
			return null;
		}
		VariableTree[] found = new VariableTree[1];
		new TreeScanner<@Nullable Void, @Nullable Void>() {

			@Override
			public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
				if (found[0] == null && variable.getName().contentEquals(name)) {
					found[0] = variable;
				}
				return super.visitVariable(variable, nothing);
			}

		}.scan(method, null);
		return found[0];
	}

	/**
	 * Find what a constructor gives to a field.
	 * @return the expression and the constructor, or {@code null} if there is none
	 */
	@Nullable Assigned assigned(String field) {
		for (MethodTree method : this.methods) {
			Assigned[] found = new Assigned[1];
			if (method.getReturnType() == null) {
				new TreeScanner<@Nullable Void, @Nullable Void>() {

					@Override
					public @Nullable Void visitAssignment(AssignmentTree assignment, @Nullable Void nothing) {
						if (field.equals(fieldName(assignment.getVariable()))) {
							found[0] = new Assigned(assignment.getExpression(), method);
						}
						return super.visitAssignment(assignment, nothing);
					}

				}.scan(method, null);
			}
			if (found[0] != null) {
				return found[0];
			}
		}
		return null;
	}

	/**
	 * Return the name of a variable or of a field of this object, or {@code null} if an
	 * expression is neither.
	 */
	static @Nullable String fieldName(@Nullable Tree expression) {
		if (expression instanceof IdentifierTree identifier) {
			return identifier.getName().toString();
		}
		return (expression instanceof MemberSelectTree select && select.getExpression() instanceof IdentifierTree owner
				&& owner.getName().contentEquals("this")) ? select.getIdentifier().toString() : null;
	}

	@Nullable AnnotationTree annotation(String name) {
		return annotation(this.tree.getModifiers(), name);
	}

	static @Nullable AnnotationTree annotation(ModifiersTree modifiers, String name) {
		for (AnnotationTree annotation : modifiers.getAnnotations()) {
			if (simpleName(annotation.getAnnotationType()).equals(name)) {
				return annotation;
			}
		}
		return null;
	}

	/**
	 * Return the value of an element of an annotation, or {@code null} if it is not set.
	 */
	static @Nullable ExpressionTree element(AnnotationTree annotation, String... names) {
		for (String name : names) {
			for (ExpressionTree argument : annotation.getArguments()) {
				boolean named = argument instanceof AssignmentTree;
				if (argument instanceof AssignmentTree assignment && name.equals(fieldName(assignment.getVariable()))) {
					return assignment.getExpression();
				}
				if (!named && name.equals("value")) {
					return argument;
				}
			}
		}
		return null;
	}

	/**
	 * Return the last part of the name of a type, without what it is parametrized with.
	 */
	static String simpleName(@Nullable Tree type) {
		String name = String.valueOf(type).replaceAll("<.*", "");
		return name.substring(name.lastIndexOf('.') + 1);
	}

	/**
	 * What a field was given, and where.
	 *
	 * @param value the expression
	 * @param constructor the constructor
	 */
	record Assigned(ExpressionTree value, MethodTree constructor) {
	}

}
