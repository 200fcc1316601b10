package io.github.evertoken;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Each public type of the API says since which version it is there. That is in no
 * bytecode, so the sources of all published modules are read, as a compiler does.
 */
class SinceTests {

	/**
	 * What is public for the sake of other packages only: docs/stability.md.
	 */
	private static final Pattern INTERNAL = Pattern
		.compile("io\\.github\\.evertoken\\.(http|boot\\.autoconfigure\\.\\w+)\\.\\w+");

	private static final Pattern VERSION = Pattern.compile("<version>(\\d+\\.\\d+\\.\\d+)(?:-SNAPSHOT)?</version>");

	@ParameterizedTest
	@ValueSource(strings = { "core", "test-server", "test", "autoconfigure", "dashboard", "redis", "gateway", "grpc" })
	void publicTypesThenSaySinceWhichVersion(String module) throws IOException {
		int current = number(currentVersion());
		assertThat(publicTypes(Path.of("..", module, "src", "main", "java"))).isNotEmpty()
			.allSatisfy((type) -> assertThat(type.since()).as(type.name())
				.singleElement()
				.satisfies((since) -> assertThat(number(since)).isLessThanOrEqualTo(current)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "core", "test-server", "test", "autoconfigure", "dashboard", "redis", "gateway", "grpc" })
	void packagesOfPublicTypesThenAreOnThePageThatSaysWhatIsStable(String module) throws IOException {
		String page = Files.readString(Path.of("..", "docs", "stability.md"));
		assertThat(publicTypes(Path.of("..", module, "src", "main", "java")))
			.allSatisfy((type) -> assertThat(page).contains("`" + type.packageName() + "`"));
	}

	private static String currentVersion() throws IOException {
		return VERSION.matcher(Files.readString(Path.of("..", "pom.xml"))).results().findFirst().orElseThrow().group(1);
	}

	/**
	 * Return a version as a number that grows with it.
	 */
	private static int number(String version) {
		assertThat(version).matches("\\d+\\.\\d{1,3}\\.\\d{1,3}");
		return Stream.of(version.split("\\.")).mapToInt(Integer::parseInt).reduce(0, (sum, part) -> sum * 1000 + part);
	}

	private static List<PublicType> publicTypes(Path sources) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null);
				Stream<Path> files = Files.walk(sources)) {
			List<Path> java = files.filter((file) -> file.getFileName().toString().endsWith(".java")).toList();
			JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null,
					manager.getJavaFileObjectsFromPaths(java));
			PublicTypes types = new PublicTypes(DocTrees.instance(task));
			types.scan(task.parse(), null);
			return types.found;
		}
	}

	/**
	 * A type that anybody can name.
	 *
	 * @param name its name, with its package
	 * @param since what its {@code @since} tags say
	 */
	private record PublicType(String name, List<String> since) {

		String packageName() {
			return this.name.substring(0, this.name.lastIndexOf('.'));
		}

	}

	/**
	 * Finds the types at the top of a file. What stands within one is as old as that, or
	 * says otherwise.
	 */
	private static final class PublicTypes extends TreePathScanner<Void, Void> {

		private final DocTrees trees;

		private final List<PublicType> found = new ArrayList<>();

		PublicTypes(DocTrees trees) {
			this.trees = trees;
		}

		@Override
		public @Nullable Void visitCompilationUnit(CompilationUnitTree unit, @Nullable Void nothing) {
			return (unit.getPackage() != null) ? super.visitCompilationUnit(unit, nothing) : null;
		}

		@Override
		public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
			String name = getCurrentPath().getCompilationUnit().getPackageName() + "." + type.getSimpleName();
			if (type.getModifiers().getFlags().contains(Modifier.PUBLIC) && !INTERNAL.matcher(name).matches()) {
				this.found.add(new PublicType(name, since(this.trees.getDocCommentTree(getCurrentPath()))));
			}
			return null;
		}

		private static List<String> since(@Nullable DocCommentTree comment) {
			return (comment != null) ? comment.getBlockTags()
				.stream()
				.filter(SinceTree.class::isInstance)
				.map((tag) -> ((SinceTree) tag).getBody().toString())
				.toList() : List.of();
		}

	}

}
