package io.github.evertoken.service;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.net.URI;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.web.TokenAttributes;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.util.UriBuilderFactory;

/**
 * Reads what one method of an HTTP service interface says of the tokens of its calls, and
 * what is wrong with that.
 */
final class MethodReader {

	/**
	 * Where the annotations are by which Spring knows what an argument is for.
	 */
	private static final String OF_SPRING = "org.springframework.web.bind.annotation";

	private final Class<?> service;

	private final Method method;

	private final String name;

	private final List<String> problems;

	private final Map<Integer, TokenArgument> arguments = new TreeMap<>();

	private final Set<Integer> ownArguments = new HashSet<>();

	private @Nullable Consumer<Map<String, Object>> attributes;

	/**
	 * Create a reader.
	 * @param service the interface
	 * @param method its method, which may be declared by an interface that it extends
	 * @param problems takes what is wrong
	 */
	MethodReader(Class<?> service, Method method, List<String> problems) {
		this.service = service;
		this.method = method;
		this.name = name(service, method);
		this.problems = problems;
	}

	static String name(Class<?> service, Method method) {
		return service.getName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

	/**
	 * Return the names of those annotations of ours that a method has, itself or on a
	 * parameter.
	 */
	static Set<String> annotations(Method method) {
		Stream<AnnotatedElement> parameters = Arrays.stream(method.getParameters());
		return Stream.concat(Stream.of(method), parameters)
			.flatMap((element) -> MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).stream())
			.map(MergedAnnotation::getType)
			.filter(MethodReader::isOurs)
			.map(Class::getSimpleName)
			.collect(Collectors.toSet());
	}

	private static boolean isOurs(Class<?> annotation) {
		return annotation.getPackage() == TokenClient.class.getPackage();
	}

	/**
	 * Read the method.
	 * @param groupClient the client of all methods that name none, {@code null} if their
	 * URL decides
	 */
	MethodTokens read(@Nullable String groupClient) {
		Parameter[] parameters = this.method.getParameters();
		MethodParameter[] inheriting = new AnnotatedMethod(this.method).getMethodParameters();
		for (int i = 0; i < parameters.length; i++) {
			readParameter(parameters[i], MergedAnnotations.from(inheriting[i].getParameterAnnotations()), i);
		}
		String named = client();
		String client = (named != null) ? named : groupClient;
		if (client != null) {
			add(TokenClient.class, () -> TokenAttributes.client(client));
		}
		MergedAnnotation<TokenScope> scope = find(TokenScope.class, TokenArgument.SCOPE);
		if (scope.isPresent()) {
			readScope(scope.getStringArray(MergedAnnotation.VALUE));
		}
		MergedAnnotation<ExpectedDuration> duration = find(ExpectedDuration.class, TokenArgument.EXPECTED_DURATION);
		if (duration.isPresent()) {
			readDuration(duration.getLong(MergedAnnotation.VALUE), duration.getEnum("unit", ChronoUnit.class));
		}
		return new MethodTokens(this.name, client, named == null, this.attributes, Map.copyOf(this.arguments),
				Set.copyOf(this.ownArguments), goesElsewhere());
	}

	/**
	 * Read a parameter. A method that an interface declares anew inherits what is said of
	 * its parameters, as it does with what is said of itself: a call on behalf of
	 * somebody must not turn into one of the service.
	 */
	private void readParameter(Parameter parameter, MergedAnnotations annotations, int index) {
		List<TokenArgument> marks = Arrays.stream(TokenArgument.values())
			.filter((argument) -> annotations.isPresent(argument.annotation()))
			.toList();
		if (marks.isEmpty()) {
			return;
		}
		TokenArgument mark = marks.get(0);
		if (marks.size() > 1) {
			problem("parameter " + (index + 1) + " must not have both " + named(mark) + " and " + named(marks.get(1)));
		}
		if (this.arguments.containsValue(mark)) {
			problem("must have one parameter with " + named(mark) + " at the most");
		}
		ResolvableType type = ResolvableType.forMethodParameter(this.method, index, this.service);
		if (!mark.accepts(type)) {
			problem("parameter " + (index + 1) + " has " + named(mark) + " and must be " + mark.accepted() + ", but is "
					+ type);
		}
		if (hasValue(annotations, mark)) {
			problem("parameter " + (index + 1) + " has " + named(mark)
					+ " with a value, and must have it without: the argument is what counts");
		}
		this.arguments.put(index, mark);
		if (Stream.of(parameter.getAnnotations()).noneMatch(MethodReader::isOfSpring)) {
			this.ownArguments.add(index);
		}
	}

	private static boolean hasValue(MergedAnnotations annotations, TokenArgument mark) {
		return switch (mark) {
			case SUBJECT -> false;
			case SCOPE -> annotations.get(TokenScope.class).getStringArray(MergedAnnotation.VALUE).length > 0;
			case EXPECTED_DURATION -> annotations.get(ExpectedDuration.class).getLong(MergedAnnotation.VALUE) != 0;
		};
	}

	private static boolean isOfSpring(Annotation annotation) {
		return annotation.annotationType().getPackageName().equals(OF_SPRING);
	}

	private @Nullable String client() {
		MergedAnnotation<TokenClient> onMethod = onMethod(TokenClient.class);
		MergedAnnotation<TokenClient> client = onMethod.isPresent() ? onMethod : onService(TokenClient.class);
		if (!client.isPresent()) {
			return null;
		}
		String named = client.getString(MergedAnnotation.VALUE);
		if (named.isBlank()) {
			problem("@TokenClient must name a client");
			return null;
		}
		return named;
	}

	/**
	 * Find an annotation for which a parameter may stand in: beside that of the method it
	 * would have to be guessed which of the two counts.
	 */
	private <A extends Annotation> MergedAnnotation<A> find(Class<A> annotation, TokenArgument parameter) {
		boolean hasParameter = this.arguments.containsValue(parameter);
		MergedAnnotation<A> onMethod = onMethod(annotation);
		if (hasParameter && onMethod.isPresent()) {
			problem("must have " + named(parameter) + " itself or on a parameter, and not both");
		}
		if (hasParameter) {
			return MergedAnnotation.missing();
		}
		return onMethod.isPresent() ? onMethod : onService(annotation);
	}

	private <A extends Annotation> MergedAnnotation<A> onMethod(Class<A> annotation) {
		return MergedAnnotations.from(this.method, SearchStrategy.TYPE_HIERARCHY).get(annotation);
	}

	private <A extends Annotation> MergedAnnotation<A> onService(Class<A> annotation) {
		return MergedAnnotations.from(this.service, SearchStrategy.TYPE_HIERARCHY).get(annotation);
	}

	private void readScope(String[] scope) {
		if (scope.length == 0) {
			problem("@TokenScope must have a value, unless it is on a parameter");
		}
		add(TokenScope.class, () -> TokenAttributes.scope(scope));
	}

	private void readDuration(long value, ChronoUnit unit) {
		if (unit.compareTo(ChronoUnit.DAYS) > 0) {
			problem("@ExpectedDuration must have a unit of a day at the most, but has " + unit);
			return;
		}
		if (value <= 0) {
			problem("@ExpectedDuration must have a positive value, unless it is on a parameter");
			return;
		}
		add(ExpectedDuration.class, () -> TokenAttributes.expectedDuration(Duration.of(value, unit)));
	}

	private void add(Class<?> annotation, Supplier<Consumer<Map<String, Object>>> attribute) {
		try {
			Consumer<Map<String, Object>> said = attribute.get();
			this.attributes = (this.attributes != null) ? this.attributes.andThen(said) : said;
		}
		catch (IllegalArgumentException ex) {
			problem("@" + annotation.getSimpleName() + " makes no sense: " + ex.getMessage());
		}
	}

	/**
	 * Tell whether the method has its URL from another place than its client.
	 */
	private boolean goesElsewhere() {
		return Stream.of(this.method.getParameterTypes())
			.anyMatch((type) -> type == URI.class || UriBuilderFactory.class.isAssignableFrom(type))
				|| isAbsolute(onMethod(HttpExchange.class)) || isAbsolute(onService(HttpExchange.class));
	}

	private static boolean isAbsolute(MergedAnnotation<HttpExchange> exchange) {
		return exchange.getValue("url", String.class)
			.filter((url) -> url.contains("://") || url.contains("${"))
			.isPresent();
	}

	private static String named(TokenArgument argument) {
		return "@" + argument.annotation().getSimpleName();
	}

	private void problem(String problem) {
		this.problems.add(this.name + ": " + problem);
	}

}
