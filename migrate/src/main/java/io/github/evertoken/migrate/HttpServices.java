package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP service interfaces whose requests carry the token of a
 * {@code @ClientRegistrationId}.
 */
final class HttpServices {

	private static final String ANNOTATION = "ClientRegistrationId";

	private final SourceIndex index;

	private final TextReader texts;

	private final Predicate<String> properties;

	private final CodeUse use;

	HttpServices(SourceIndex index, TextReader texts, Predicate<String> properties, CodeUse use) {
		this.index = index;
		this.texts = texts;
		this.properties = properties;
		this.use = use;
	}

	void read() {
		for (SourceType type : this.index.types()) {
			AnnotationTree ofType = type.annotation(ANNOTATION);
			if (ofType != null) {
				read(ofType, type);
			}
			for (MethodTree method : type.methods()) {
				AnnotationTree ofMethod = SourceType.annotation(method.getModifiers(), ANNOTATION);
				if (ofMethod != null) {
					read(ofMethod, type);
				}
			}
		}
	}

	private void read(AnnotationTree annotation, SourceType type) {
		Place place = type.file().place(annotation);
		Text id = this.texts.read(SourceType.element(annotation, "registrationId", "value"), new Scope(type, null));
		if (!id.whole()) {
			this.use.byHand(place, "Which registration is meant is not to be seen here.");
			return;
		}
		this.use.delete(place, "@" + ANNOTATION + "(\"" + id.known() + "\")");
		String url = url(type);
		this.use.send(id.known(), (url != null) ? new CodeUse.Url(url, true) : null, place);
	}

	/**
	 * The URL of the interface goes before that of its group.
	 */
	private @Nullable String url(SourceType type) {
		AnnotationTree exchange = type.annotation("HttpExchange");
		Text own = (exchange != null)
				? this.texts.read(SourceType.element(exchange, "url", "value"), new Scope(type, null)) : Text.UNKNOWN;
		if (own.whole() && own.isAbsolute()) {
			return own.known();
		}
		for (SourceType configuration : this.index.types()) {
			for (AnnotationTree imported : imports(configuration)) {
				if (isOf(imported, type, configuration)) {
					Text group = this.texts.read(SourceType.element(imported, "group"), new Scope(configuration, null));
					String property = "spring.http.serviceclient." + (group.whole() ? group.known() : "default")
							+ ".base-url";
					return this.properties.test(property) ? "${" + property + "}" : null;
				}
			}
		}
		return null;
	}

	private static List<AnnotationTree> imports(SourceType type) {
		List<AnnotationTree> imports = new ArrayList<>();
		AnnotationTree one = type.annotation("ImportHttpServices");
		if (one != null) {
			imports.add(one);
		}
		AnnotationTree several = type.annotation("Container");
		if (several != null && SourceType.element(several, "value") instanceof NewArrayTree array) {
			array.getInitializers()
				.stream()
				.filter(AnnotationTree.class::isInstance)
				.map(AnnotationTree.class::cast)
				.forEach(imports::add);
		}
		type.tree()
			.getModifiers()
			.getAnnotations()
			.stream()
			.filter((annotation) -> !imports.contains(annotation)
					&& SourceType.simpleName(annotation.getAnnotationType()).equals("ImportHttpServices"))
			.forEach(imports::add);
		return imports;
	}

	private boolean isOf(AnnotationTree imported, SourceType type, SourceType configuration) {
		for (ExpressionTree listed : elements(imported, "types", "value")) {
			if (listed instanceof MemberSelectTree select
					&& SourceType.simpleName(select.getExpression()).equals(type.name())) {
				return true;
			}
		}
		return elements(imported, "basePackages").stream()
			.map((listed) -> this.texts.read(listed, new Scope(configuration, null)))
			.anyMatch((listed) -> listed.whole() && type.qualifiedName().startsWith(listed.known() + "."));
	}

	private static List<? extends ExpressionTree> elements(AnnotationTree annotation, String... names) {
		ExpressionTree value = SourceType.element(annotation, names);
		if (value instanceof NewArrayTree array) {
			return (array.getInitializers() != null) ? array.getInitializers() : List.of();
		}
		return (value != null) ? List.of(value) : List.of();
	}

}
