package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;

import io.github.evertoken.CredentialException;
import io.github.evertoken.boot.InvalidConfigurationException;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what is wrong with the properties of all clients, so that one start reports it
 * all. Each problem is a sentence that begins with the property's name; the value of a
 * secret is never in it.
 */
public final class ConfigurationProblems {

	private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private final List<String> problems = new ArrayList<>();

	/**
	 * Return the problems of one client, whose properties are then named without prefix.
	 */
	public OfClient of(String client) {
		return new OfClient(prefix(client));
	}

	/**
	 * Say which variable a text lacks that has a placeholder in it.
	 * @param text any text
	 * @return the problem, or {@code null} if there is no placeholder in the text
	 */
	public static @Nullable String unresolved(String text) {
		return WrongValues.unresolved(text);
	}

	/**
	 * Return what stands before the names of a client's properties.
	 */
	public static String prefix(String client) {
		return name("evertoken.clients", client);
	}

	/**
	 * Return the name of what has a key in a map of properties.
	 */
	public static String name(String map, String key) {
		return map + (PLAIN_NAME.matcher(key).matches() ? "." + key : "[" + key + "]");
	}

	public void add(String name, String problem) {
		this.problems.add(name + ": " + problem);
	}

	/**
	 * Add problems that each begin with the name of their property.
	 */
	public void addAll(List<String> problems) {
		this.problems.addAll(problems);
	}

	public void throwIfAny() {
		if (!this.problems.isEmpty()) {
			throw new InvalidConfigurationException(this.problems);
		}
	}

	/**
	 * The problems of one client.
	 */
	public final class OfClient {

		private final String prefix;

		private boolean empty = true;

		private OfClient(String prefix) {
			this.prefix = prefix;
		}

		public String name(String property) {
			return this.prefix + "." + property;
		}

		public boolean isEmpty() {
			return this.empty;
		}

		public void add(String property, String problem) {
			report(name(property), problem);
		}

		public void addForClient(String problem) {
			report(this.prefix, problem);
		}

		private void report(String name, String problem) {
			this.empty = false;
			ConfigurationProblems.this.add(name, problem);
		}

		/**
		 * Set a property's value where it belongs. If it is refused there, the property
		 * has a problem.
		 * @return what the step returns, or {@code null} if it refuses the value
		 */
		public <T> @Nullable T check(String property, Supplier<T> step) {
			return check(property, step, "");
		}

		/**
		 * The same for a URL, which the refusal does not repeat.
		 */
		public <T> @Nullable T checkUrl(String property, String url, Supplier<T> step) {
			return check(property, step, ", but is '" + Urls.withoutSecrets(url) + "'");
		}

		private <T> @Nullable T check(String property, Supplier<T> step, String suffix) {
			try {
				return step.get();
			}
			catch (IllegalArgumentException ex) {
				add(property, ex.getMessage() + suffix);
				return null;
			}
			catch (CredentialException ex) {
				add(property, ex.problem());
				return null;
			}
		}

	}

}
