package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.Troubleshooting;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;
import org.springframework.web.client.RestClient;

/**
 * Says what to add where somebody wants the {@code RestClient.Builder} that carries
 * tokens, and the module of Spring Boot is not there that makes one. The class itself is
 * there, with Spring's web module.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingRestClientFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private static final String CUSTOMIZER = "org.springframework.boot.restclient.RestClientCustomizer";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		if (cause.getBeanType() != RestClient.Builder.class
				|| ClassUtils.isPresent(CUSTOMIZER, RestClient.class.getClassLoader())) {
			return null;
		}
		return new FailureAnalysis(
				"There is no RestClient.Builder bean: Spring Boot makes one, to which Evertoken adds tokens, where"
						+ " spring-boot-restclient is on the class path, and it is not",
				"Add org.springframework.boot:spring-boot-starter-restclient. To make a RestClient without it, inject"
						+ " the TokenExchangeInterceptor bean and call"
						+ " RestClient.builder().requestInterceptor(interceptor). See "
						+ Troubleshooting.NO_REST_CLIENT_BUILDER.address(),
				cause);
	}

}
