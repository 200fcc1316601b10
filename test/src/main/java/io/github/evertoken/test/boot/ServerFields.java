package io.github.evertoken.test.boot;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.evertoken.test.server.AuthorizationServer;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the authorization servers of a test class: its static fields, and those of the
 * classes and interfaces that it inherits from or is nested in.
 */
final class ServerFields {

	private static final Logger logger = LoggerFactory.getLogger(ServerFields.class);

	private ServerFields() {
	}

	static List<AuthorizationServer> of(Class<?> testClass) {
		Set<AuthorizationServer> servers = new LinkedHashSet<>();
		for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
			hierarchy(type).forEach((each) -> add(each, servers));
		}
		return List.copyOf(servers);
	}

	private static List<Class<?>> hierarchy(Class<?> testClass) {
		List<Class<?>> types = new ArrayList<>();
		for (Class<?> type = testClass; type != null; type = type.getSuperclass()) {
			types.add(type);
		}
		types.addAll(ClassUtils.getAllInterfacesForClassAsSet(testClass));
		return types;
	}

	private static void add(Class<?> type, Set<AuthorizationServer> servers) {
		for (Field field : type.getDeclaredFields()) {
			if (field.getType() == AuthorizationServer.class && Modifier.isStatic(field.getModifiers())) {
				ReflectionUtils.makeAccessible(field);
				Object server = ReflectionUtils.getField(field, null);
				Assert.state(server != null, () -> "There is no authorization server in " + field);
				servers.add((AuthorizationServer) server);
			}
		}
	}

	/**
	 * Warn of those that are not found because each test makes its own.
	 */
	static void warnOfOthers(Class<?> testClass) {
		for (Class<?> type = testClass; type != null; type = type.getEnclosingClass()) {
			hierarchy(type).stream()
				.flatMap((each) -> Arrays.stream(each.getDeclaredFields()))
				.filter((field) -> field.getType() == AuthorizationServer.class
						&& !Modifier.isStatic(field.getModifiers())
						&& field.isAnnotationPresent(RegisterExtension.class))
				.forEach((field) -> logger.warn(
						"{}.{} is not static: the application is made before it, and is not led to it",
						field.getDeclaringClass().getSimpleName(), field.getName()));
		}
	}

}
