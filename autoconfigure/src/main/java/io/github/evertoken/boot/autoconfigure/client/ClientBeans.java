package io.github.evertoken.boot.autoconfigure.client;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import io.github.evertoken.boot.autoconfigure.diagnostics.ConfigurationProblems;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Finds the bean of a type that a client is to use: the one that has the client's name as
 * its own or as its qualifier, or else the one that is for all clients.
 * <p>
 * By what a client proves or obtains something, only a bean with the name or the
 * qualifier {@value #ALL} is for all: one with a misspelt name must not show the secret
 * of one client to the authorization server of another. Of what only watches or keeps,
 * such as a store, any bean is for all that is of no client.
 */
public final class ClientBeans {

	/**
	 * The name or qualifier of a bean that says itself that it is for all clients.
	 */
	static final String ALL = "evertoken";

	private final ListableBeanFactory beanFactory;

	private final Set<String> clients;

	ClientBeans(ListableBeanFactory beanFactory, Set<String> clients) {
		this.beanFactory = beanFactory;
		this.clients = Set.copyOf(clients);
	}

	/**
	 * Return the name of the bean by which a client proves or obtains something, or
	 * {@code null} if there is none. Several are a problem.
	 */
	@Nullable String nameOf(Class<?> type, String client, ConfigurationProblems.OfClient problems) {
		List<String> own = named(type, client);
		List<String> names = (own.isEmpty() && !this.clients.contains(ALL)) ? named(type, ALL) : own;
		if (names.size() > 1) {
			problems.addForClient("the " + type.getSimpleName() + " beans " + names + " all have '"
					+ (own.isEmpty() ? ALL : client) + "' as their name or qualifier; leave it to one of them");
		}
		return names.isEmpty() ? null : names.get(0);
	}

	/**
	 * Return the bean by which a client proves or obtains something, or {@code null}.
	 */
	<T> @Nullable T find(Class<T> type, String client, ConfigurationProblems.OfClient problems) {
		String name = nameOf(type, client, problems);
		return (name != null) ? this.beanFactory.getBean(name, type) : null;
	}

	/**
	 * Tell whether there is a bean by which a client proves or obtains something.
	 */
	boolean has(Class<?> type, String client) {
		return hasOwn(type, client) || (!this.clients.contains(ALL) && !named(type, ALL).isEmpty());
	}

	/**
	 * Tell whether there is a bean that is of a client alone.
	 */
	boolean hasOwn(Class<?> type, String client) {
		return !named(type, client).isEmpty();
	}

	/**
	 * Return the bean that is of a client alone, or {@code null}.
	 * @throws NoUniqueBeanDefinitionException if there are several
	 */
	public <T> @Nullable T own(Class<T> type, String client) {
		return one(type, named(type, client));
	}

	/**
	 * Return the bean that is of no client, and so for all that have none of their own,
	 * or {@code null}.
	 * @throws NoUniqueBeanDefinitionException if there are several, and none is primary
	 * or the only one that is no fallback
	 */
	public <T> @Nullable T forAll(Class<T> type) {
		return one(type, names(type, (name) -> this.clients.stream().noneMatch((client) -> isOf(client, name))));
	}

	private <T> @Nullable T one(Class<T> type, List<String> names) {
		List<String> primary = (names.size() > 1) ? preferred(names) : names;
		if (names.isEmpty()) {
			return null;
		}
		if (primary.size() != 1) {
			throw new NoUniqueBeanDefinitionException(type, names);
		}
		return this.beanFactory.getBean(primary.get(0), type);
	}

	/**
	 * Return the primary ones, or if there are none, those that are no fallback.
	 */
	private List<String> preferred(List<String> names) {
		List<String> primary = names.stream().filter((name) -> is(name, BeanDefinition::isPrimary)).toList();
		return !primary.isEmpty() ? primary
				: names.stream().filter((name) -> !is(name, BeanDefinition::isFallback)).toList();
	}

	private boolean is(String name, Predicate<BeanDefinition> condition) {
		return this.beanFactory instanceof ConfigurableListableBeanFactory configurable
				&& configurable.containsBeanDefinition(name)
				&& condition.test(configurable.getMergedBeanDefinition(name));
	}

	private List<String> named(Class<?> type, String client) {
		return names(type, (name) -> isOf(client, name));
	}

	private boolean isOf(String client, String name) {
		return BeanFactoryAnnotationUtils.isQualifierMatch(client::equals, name, this.beanFactory);
	}

	private List<String> names(Class<?> type, Predicate<String> condition) {
		return Arrays.stream(BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type))
			.filter(condition)
			.toList();
	}

}
