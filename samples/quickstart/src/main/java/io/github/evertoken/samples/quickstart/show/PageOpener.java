package io.github.evertoken.samples.quickstart.show;

import java.io.IOException;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Opens a page in the browser of whoever has started the quickstart, where there is a
 * desktop.
 */
public final class PageOpener {

	private PageOpener() {
	}

	/**
	 * Open a page. Where that is not to be had, nothing happens: its address has been
	 * printed.
	 * @param url the address
	 */
	public static void open(String url) {
		List<String> command = command(System.getProperty("os.name", "").toLowerCase(Locale.ROOT), url);
		if (command != null) {
			try {
				new ProcessBuilder(command).redirectErrorStream(true)
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.start();
			}
			catch (IOException ex) {
				// There is no such command.
			}
		}
	}

	private static @Nullable List<String> command(String system, String url) {
		if (system.startsWith("windows")) {
			return List.of("rundll32", "url.dll,FileProtocolHandler", url);
		}
		if (system.contains("mac")) {
			return List.of("open", url);
		}
		boolean desktop = System.getenv("DISPLAY") != null || System.getenv("WAYLAND_DISPLAY") != null;
		return desktop ? List.of("xdg-open", url) : null;
	}

}
