package io.github.evertoken.dashboard;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * The files of the page. They are written down by their names, so that no request can ask
 * for anything else.
 */
final class Page {

	/**
	 * What each file is sent with. The page asks for nothing from anywhere else, nothing
	 * in it may, and no other page can show it in a frame.
	 */
	private static final Map<String, String> HEADERS = Map.of("Content-Security-Policy",
			"default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
			"X-Content-Type-Options", "nosniff", "Referrer-Policy", "no-referrer", "Cache-Control", "no-cache");

	static final String DIRECTORY = "page/";

	private static final String START = "index.html";

	private static final List<String> NAMES = List.of(START, "page.css", "icon.svg", "main.js", "api.js", "model.js",
			"lane.js", "client.js", "token.js", "subjects.js", "requests.js", "dom.js", "words.js");

	private static final Map<String, String> TYPES = Map.of("html", "text/html;charset=UTF-8", "css",
			"text/css;charset=UTF-8", "svg", "image/svg+xml", "js", "text/javascript;charset=UTF-8");

	private final Map<String, File> files;

	Page() {
		Map<String, File> files = new LinkedHashMap<>();
		NAMES.forEach((name) -> files.put(name, read(name)));
		this.files = files;
	}

	private static File read(String name) {
		try (InputStream resource = Page.class.getResourceAsStream(DIRECTORY + name)) {
			if (resource == null) {
				throw new IllegalStateException("The page has no file " + name);
			}
			byte[] content = resource.readAllBytes();
			return new File(TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain"), content,
					'"' + hash(content) + '"');
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String hash(byte[] content) {
		try {
			byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
			return HexFormat.of().formatHex(hash, 0, 16);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

	/**
	 * Return a file.
	 * @param name its name, empty for the one that is the page
	 * @return the file, or {@code null} if there is none of that name
	 */
	@Nullable File file(String name) {
		return this.files.get(name.isEmpty() ? START : name);
	}

	static void headers(BiConsumer<String, String> setter) {
		HEADERS.forEach(setter);
	}

	/**
	 * A file.
	 *
	 * @param type its media type
	 * @param content what is in it
	 * @param tag its entity tag (RFC 9110, section 8.8.3)
	 */
	@SuppressWarnings("ArrayRecordComponent")
	record File(String type, byte[] content, String tag) {

		/**
		 * Tell whether a browser has it already.
		 */
		boolean matches(@Nullable String ifNoneMatch) {
			return ifNoneMatch != null && ifNoneMatch.contains(this.tag);
		}

	}

}
