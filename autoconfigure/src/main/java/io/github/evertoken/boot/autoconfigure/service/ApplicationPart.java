package io.github.evertoken.boot.autoconfigure.service;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Tells whether this may be a part of the application, as the tests of Spring Boot start
 * one: a slice, or those classes that a test names. What is missed there may be at home
 * in the rest.
 */
final class ApplicationPart {

	/**
	 * Set by each test of Spring Boot, and by nothing else.
	 */
	private static final String TEST = "org.springframework.boot.test.context.SpringBootTestContextBootstrapper";

	private final ListableBeanFactory beanFactory;

	private final Environment environment;

	ApplicationPart(ListableBeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	boolean isPossible() {
		return isSlice() || (this.environment.getProperty(TEST, Boolean.class, false) && !hasApplication());
	}

	/**
	 * Nothing but the tests of Spring Boot switches the auto-configuration off to import
	 * a part of it.
	 */
	private boolean isSlice() {
		return !this.environment.getProperty(EnableAutoConfiguration.ENABLED_OVERRIDE_PROPERTY, Boolean.class, true);
	}

	/**
	 * A class within another one is the test's own.
	 */
	private boolean hasApplication() {
		return Stream.of(this.beanFactory.getBeanNamesForAnnotation(SpringBootConfiguration.class))
			.map((name) -> this.beanFactory.getType(name, false))
			.anyMatch(ApplicationPart::isOutermost);
	}

	private static boolean isOutermost(@Nullable Class<?> type) {
		return type != null && ClassUtils.getUserClass(type).getEnclosingClass() == null;
	}

}
