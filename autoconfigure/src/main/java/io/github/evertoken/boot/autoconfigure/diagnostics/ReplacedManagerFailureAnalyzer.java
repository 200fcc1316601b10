package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.List;

import io.github.evertoken.DelegatingTokenManager;
import io.github.evertoken.TokenManager;
import io.github.evertoken.Troubleshooting;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * Says why the manager is missing that a bean is to stand around: a bean that is declared
 * as a {@link TokenManager} and no more takes its place.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class ReplacedManagerFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String BEAN = "evertokenTokenManager";

	private final BeanFactory beanFactory;

	private final Environment environment;

	ReplacedManagerFailureAnalyzer(BeanFactory beanFactory, Environment environment) {
		this.beanFactory = beanFactory;
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		List<String> names = isOfTheManager(cause) ? managers() : List.of();
		if (names.isEmpty() || names.contains(BEAN)) {
			return null;
		}
		return new FailureAnalysis(
				"A bean needs the manager of Evertoken, but there is none: the bean '" + names.get(0)
						+ "' is declared as a TokenManager, and so takes its place.",
				"If '" + names.get(0) + "' is to stand around that manager, let its class extend "
						+ DelegatingTokenManager.class.getSimpleName()
						+ ", and declare that class as the type that its @Bean method returns. See "
						+ Troubleshooting.REPLACED_MANAGER.address(),
				cause);
	}

	private static boolean isOfTheManager(NoSuchBeanDefinitionException cause) {
		Class<?> type = cause.getBeanType();
		return (type != null) ? TokenManager.class.isAssignableFrom(type) : BEAN.equals(cause.getBeanName());
	}

	/**
	 * Where Evertoken is switched off, that is why there is none.
	 */
	private List<String> managers() {
		return (this.environment.getProperty("evertoken.enabled", Boolean.class, true)
				&& this.beanFactory instanceof ListableBeanFactory beans)
						? List.of(beans.getBeanNamesForType(TokenManager.class, true, false)) : List.of();
	}

}
