package io.github.evertoken.migrate;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import org.jspecify.annotations.Nullable;

/**
 * Reads the texts that code makes: literals, constants, and what the configuration says,
 * which becomes a placeholder. It runs nothing, and whatever it does not understand is
 * unknown.
 */
final class TextReader {

	private static final int DEPTH = 16;

	private static final Set<String> AS_THEY_ARE = Set.of("create", "valueOf", "toString", "strip", "trim",
			"toExternalForm", "toUriString", "toUri", "build", "encode", "fromUriString", "fromHttpUrl", "fromUri");

	/**
	 * What of a URI goes behind its path.
	 */
	private static final Set<String> BEHIND = Set.of("queryParam", "queryParams", "query", "queryParamIfPresent",
			"fragment", "buildAndExpand", "expand", "uriVariables");

	private final Map<String, SourceType> types = new HashMap<>();

	private final Predicate<String> properties;

	/**
	 * Read the texts of a project.
	 * @param types its classes
	 * @param properties tells whether the configuration has a property
	 */
	TextReader(List<SourceType> types, Predicate<String> properties) {
		types.forEach((type) -> this.types.putIfAbsent(type.name(), type));
		this.properties = properties;
	}

	Text read(@Nullable Tree expression, Scope scope) {
		return read(expression, scope, DEPTH);
	}

	private Text read(@Nullable Tree expression, Scope scope, int depth) {
		if (depth == 0 || expression == null) {
			return Text.UNKNOWN;
		}
		if (expression instanceof LiteralTree literal) {
			return (literal.getValue() != null) ? Text.of(literal.getValue().toString()) : Text.UNKNOWN;
		}
		if (expression instanceof ParenthesizedTree parenthesized) {
			return read(parenthesized.getExpression(), scope, depth);
		}
		if (expression instanceof BinaryTree binary && binary.getKind() == Tree.Kind.PLUS) {
			return read(binary.getLeftOperand(), scope, depth).plus(read(binary.getRightOperand(), scope, depth));
		}
		if (expression instanceof MethodInvocationTree call) {
			return readCall(call, scope, depth);
		}
		String name = SourceType.fieldName(expression);
		if (name != null) {
			Text argument = (expression instanceof IdentifierTree) ? scope.arguments().get(name) : null;
			if (argument != null) {
				return argument;
			}
			VariableTree local = (expression instanceof IdentifierTree) ? SourceType.local(scope.method(), name) : null;
			return (local != null) ? readVariable(local, scope, depth) : readField(scope.type(), name, depth);
		}
		SourceType owner = (expression instanceof MemberSelectTree select)
				? this.types.get(SourceType.simpleName(select.getExpression())) : null;
		return (owner != null) ? readField(owner, ((MemberSelectTree) expression).getIdentifier().toString(), depth)
				: Text.UNKNOWN;
	}

	private Text readVariable(VariableTree variable, Scope scope, int depth) {
		AnnotationTree value = SourceType.annotation(variable.getModifiers(), "Value");
		if (value != null) {
			return read(SourceType.element(value, "value"), scope, depth - 1);
		}
		return read(variable.getInitializer(), scope, depth - 1);
	}

	private Text readField(SourceType type, String name, int depth) {
		VariableTree field = type.field(name);
		if (field == null) {
			return Text.UNKNOWN;
		}
		Text text = readVariable(field, new Scope(type, null), depth);
		SourceType.Assigned assigned = text.whole() ? null : type.assigned(name);
		return (assigned != null) ? read(assigned.value(), new Scope(type, assigned.constructor()), depth - 1) : text;
	}

	private Text readCall(MethodInvocationTree call, Scope scope, int depth) {
		if (!(call.getMethodSelect() instanceof MemberSelectTree select)) {
			return Text.UNKNOWN;
		}
		String method = select.getIdentifier().toString();
		List<? extends ExpressionTree> arguments = call.getArguments();
		if (method.equals("getProperty") || method.equals("getRequiredProperty")) {
			return placeholder(arguments, scope, depth);
		}
		if (AS_THEY_ARE.contains(method)) {
			return read(arguments.isEmpty() ? select.getExpression() : arguments.get(0), scope, depth - 1);
		}
		if (BEHIND.contains(method)) {
			return read(select.getExpression(), scope, depth);
		}
		if (method.equals("path") && arguments.size() == 1) {
			return read(select.getExpression(), scope, depth).plus(read(arguments.get(0), scope, depth - 1));
		}
		return arguments.isEmpty() ? readBound(select.getExpression(), method, scope) : Text.UNKNOWN;
	}

	private Text placeholder(List<? extends ExpressionTree> arguments, Scope scope, int depth) {
		Text name = arguments.isEmpty() ? Text.UNKNOWN : read(arguments.get(0), scope, depth - 1);
		if (!name.whole()) {
			return Text.UNKNOWN;
		}
		Text otherwise = (arguments.size() == 2) ? read(arguments.get(1), scope, depth - 1) : Text.UNKNOWN;
		return Text.of("${" + name.known() + (otherwise.whole() ? ":" + otherwise.known() : "") + "}");
	}

	/**
	 * What is bound to properties has them by their names. A default that the code gives
	 * is no property.
	 */
	private Text readBound(ExpressionTree object, String accessor, Scope scope) {
		String name = SourceType.fieldName(object);
		if (name == null) {
			return Text.UNKNOWN;
		}
		VariableTree variable = SourceType.local(scope.method(), name);
		VariableTree declared = (variable != null) ? variable : scope.type().field(name);
		SourceType type = (declared != null) ? this.types.get(SourceType.simpleName(declared.getType())) : null;
		AnnotationTree annotation = (type != null) ? type.annotation("ConfigurationProperties") : null;
		if (type == null || annotation == null) {
			return Text.UNKNOWN;
		}
		Text prefix = read(SourceType.element(annotation, "prefix", "value"), new Scope(type, null), DEPTH);
		String bean = accessor.replaceFirst("^get(?=[A-Z])", "");
		String property = prefix.known() + "."
				+ bean.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
		return (prefix.whole() && this.properties.test(property)) ? Text.of("${" + property + "}") : Text.UNKNOWN;
	}

}
