package io.github.evertoken.benchmarks.harness;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;

/**
 * Where the figures come from, without which they mean nothing.
 */
final class Environment {

	private static final List<String> LIBRARIES = List.of("spring-boot", "spring-webflux", "reactor-core",
			"reactor-netty-http", "spring-security-oauth2-client", "azure-core", "caffeine", "jmh-core");

	private Environment() {
	}

	static Map<String, String> describe() {
		Map<String, String> description = new LinkedHashMap<>();
		description.put("machine", "%s, %d processors, %d GB".formatted(processor(),
				Runtime.getRuntime().availableProcessors(), memory()));
		description.put("system", System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
				+ System.getProperty("os.arch"));
		description.put("jdk", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")
				+ " (" + System.getProperty("java.vendor") + ")");
		LIBRARIES.forEach((library) -> description.put(library, version(library)));
		return description;
	}

	private static String processor() {
		try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).trim())
				.findFirst()
				.orElse("unknown processor");
		}
		catch (IOException ex) {
			return "unknown processor";
		}
	}

	private static long memory() {
		OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
		return system.getTotalMemorySize() >> 30;
	}

	private static String version(String library) {
		Pattern jar = Pattern.compile(Pattern.quote(library) + "-(\\d[^/\\\\]*)\\.jar");
		return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator)))
			.map((entry) -> jar.matcher(Path.of(entry).getFileName().toString()))
			.filter(Matcher::matches)
			.map((matcher) -> matcher.group(1))
			.findFirst()
			.orElse("?");
	}

	static String markdown() {
		Map<String, String> description = describe();
		StringBuilder markdown = new StringBuilder("Measured on ").append(description.remove("machine"))
			.append("; ")
			.append(description.remove("system"))
			.append("; ")
			.append(description.remove("jdk"))
			.append("; ");
		description.forEach((library, version) -> markdown.append(library).append(' ').append(version).append(", "));
		markdown.setLength(markdown.length() - 2);
		return markdown.append(".\n").toString();
	}

}
