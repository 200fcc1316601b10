package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.Troubleshooting;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Reports that a bean of Evertoken's is missing because Evertoken is switched off. It
 * comes before Spring Boot's own report, which would have it declared.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class DisabledFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String PACKAGE = "io.github.evertoken.";

	private final Environment environment;

	DisabledFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		boolean ours = (type != null) ? type.getName().startsWith(PACKAGE)
				: cause.getBeanName() != null && cause.getBeanName().startsWith("evertoken");
		if (!ours || this.environment.getProperty("evertoken.enabled", Boolean.class, true)) {
			return null;
		}
		UnsatisfiedDependencyException dependency = findCause(rootFailure, UnsatisfiedDependencyException.class);
		String missing = (type != null) ? "A bean of type '" + type.getName() + "'"
				: "The bean '" + cause.getBeanName() + "'";
		return new FailureAnalysis(
				missing + " is needed" + ((dependency != null) ? " by the bean '" + dependency.getBeanName() + "'" : "")
						+ ", but evertoken.enabled is 'false', so that there are no beans of Evertoken's except a"
						+ " TokenManager.",
				"Set evertoken.enabled to 'true'. If Evertoken is to stay off, inject an ObjectProvider of that type and"
						+ " do without it, or declare such a bean yourself. See "
						+ Troubleshooting.SWITCHED_OFF.address(),
				cause);
	}

}
