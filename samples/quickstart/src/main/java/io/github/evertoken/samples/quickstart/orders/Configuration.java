package io.github.evertoken.samples.quickstart.orders;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import org.springframework.core.io.ClassPathResource;

/**
 * The YAML of the orders service.
 */
public final class Configuration {

	private static final String FIRST_LINE = "evertoken:";

	private static final String SECOND_CLIENT = "\n    reports:";

	private Configuration() {
	}

	/**
	 * Return what one client takes.
	 * @return the lines of the first one
	 */
	public static String ofOneClient() {
		try {
			String all = new ClassPathResource("application-orders.yml").getContentAsString(StandardCharsets.UTF_8);
			return all.substring(all.indexOf(FIRST_LINE), all.indexOf(SECOND_CLIENT));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
