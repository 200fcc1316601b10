package io.github.evertoken.boot.autoconfigure;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs an application on the class path of the tests without some of its jars. Unlike one
 * behind a filtered class loader it is linked without them too: a class of Evertoken's
 * that needs one of theirs cannot be loaded at all.
 */
public final class ReducedClassPath {

	private final String absent;

	private final Predicate<String> left;

	/**
	 * Create a class path.
	 * @param absent the name of a class that is not to be there
	 * @param left which entries are left out
	 */
	public ReducedClassPath(String absent, Predicate<String> left) {
		this.absent = absent;
		this.left = left;
	}

	/**
	 * Run an application.
	 * @param application its class, of which an instance is made there
	 * @param arguments what it is called with
	 * @return what it says
	 */
	public String run(Class<? extends Function<String[], String>> application, String... arguments) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		try (URLClassLoader isolated = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
			assertThat(ClassUtils.isPresent(this.absent, isolated)).isFalse();
			assertThat(ClassUtils.isPresent(this.absent, before)).isTrue();
			thread.setContextClassLoader(isolated);
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
