package io.github.evertoken.benchmarks.harness;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Another JVM with the class path of this one, or with another.
 */
public final class Fork {

	/**
	 * What all forks have in common that measure time: a heap of one size and the default
	 * collector, whatever the machine.
	 */
	public static final List<String> JVM_OPTIONS = List.of("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");

	private static final String RESULT = "RESULT ";

	private static final JsonMapper json = new JsonMapper();

	private Fork() {
	}

	/**
	 * Measure in another JVM.
	 * @param type what measures
	 * @param jvmOptions the options of the JVM
	 * @param arguments what is to be measured
	 * @return the value of each metric
	 * @throws IOException if the JVM cannot be started, or fails
	 * @throws InterruptedException if this thread is interrupted while it waits
	 */
	public static Map<String, Double> measure(Class<? extends Measurement> type, List<String> jvmOptions,
			List<String> arguments) throws IOException, InterruptedException {
		List<String> all = new ArrayList<>(List.of(type.getName()));
		all.addAll(arguments);
		return run(Fork.class, System.getProperty("java.class.path"), jvmOptions, all);
	}

	/**
	 * Run a program that calls {@link #report(Map)}.
	 * @param main its main class
	 * @param classPath its class path
	 * @param jvmOptions the options of the JVM
	 * @param arguments its arguments
	 * @return what it reported
	 * @throws IOException if the JVM cannot be started, or fails
	 * @throws InterruptedException if this thread is interrupted while it waits
	 */
	public static Map<String, Double> run(Class<?> main, String classPath, List<String> jvmOptions,
			List<String> arguments) throws IOException, InterruptedException {
		Process process = start(main, classPath, jvmOptions, arguments);
		String result = null;
		try (BufferedReader output = process.inputReader()) {
			for (String line = output.readLine(); line != null; line = output.readLine()) {
				result = line.startsWith(RESULT) ? line.substring(RESULT.length()) : result;
			}
		}
		int code = process.waitFor();
		if (code != 0 || result == null) {
			throw new IllegalStateException(main.getSimpleName() + " " + arguments + " ended with exit code " + code
					+ ((result != null) ? "" : " and without a result"));
		}
		return json.readValue(result, new TypeReference<>() {
		});
	}

	/**
	 * Start a program.
	 * @param main its main class
	 * @param classPath its class path
	 * @param jvmOptions the options of the JVM
	 * @param arguments its arguments
	 * @return the process, whose output is to be read
	 * @throws IOException if the JVM cannot be started
	 */
	public static Process start(Class<?> main, String classPath, List<String> jvmOptions, List<String> arguments)
			throws IOException {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvmOptions);
		command.addAll(List.of("-cp", classPath, main.getName()));
		command.addAll(arguments);
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	/**
	 * Hand the metrics to the JVM that waits for them.
	 * @param metrics the value of each metric
	 */
	public static void report(Map<String, Double> metrics) {
		System.out.println(RESULT + json.writeValueAsString(metrics));
	}

	/**
	 * Measure, report and exit.
	 * @param arguments the name of the {@link Measurement} class and its arguments
	 * @throws Exception if it cannot be measured or the contender does wrong work
	 */
	public static void main(String[] arguments) throws Exception {
		Measurement measurement = Class.forName(arguments[0])
			.asSubclass(Measurement.class)
			.getDeclaredConstructor()
			.newInstance();
		report(measurement.measure(List.of(arguments).subList(1, arguments.length)));
		System.exit(0);
	}

}
