package io.github.evertoken.boot.autoconfigure;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs an application on the class path of the tests without some of its jars. Unlike one
 * behind a filtered class loader it is linked without them too: a class of Evertoken's
 * that needs one of theirs cannot be loaded at all. All applications of one class of
 * tests run on the same classes, which are thousands.
 */
public final class ReducedClassPath implements BeforeAllCallback, AfterAllCallback {

	private final String absent;

	private final Predicate<String> left;

	private @Nullable URLClassLoader isolated;

	/**
	 * Create a class path.
	 * @param absent the name of a class that is not to be there
	 * @param left which entries are left out
	 */
	public ReducedClassPath(String absent, Predicate<String> left) {
		this.absent = absent;
		this.left = left;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		URLClassLoader isolated = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader());
		this.isolated = isolated;
		assertThat(ClassUtils.isPresent(this.absent, isolated)).isFalse();
		assertThat(ClassUtils.isPresent(this.absent, getClass().getClassLoader())).isTrue();
	}

	/**
	 * Run an application.
	 * @param application its class, of which an instance is made there
	 * @param arguments what it is called with
	 * @return what it says
	 */
	public String run(Class<? extends Function<String[], String>> application, String... arguments) throws Exception {
		ClassLoader isolated = Objects.requireNonNull(this.isolated);
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(isolated);
		try {
			@SuppressWarnings("unchecked")
			Function<String[], String> there = (Function<String[], String>) isolated.loadClass(application.getName())
				.getDeclaredConstructor()
				.newInstance();
			return there.apply(arguments);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	@Override
	public void afterAll(ExtensionContext context) throws IOException {
		Objects.requireNonNull(this.isolated).close();
	}

	private URL[] urls() {
		List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
		return entries.stream()
			.filter(this.left.negate())
			.map((entry) -> new File(entry).toURI())
			.map(ReducedClassPath::url)
			.toArray(URL[]::new);
	}

	private static URL url(URI uri) {
		try {
			return uri.toURL();
		}
		catch (MalformedURLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
