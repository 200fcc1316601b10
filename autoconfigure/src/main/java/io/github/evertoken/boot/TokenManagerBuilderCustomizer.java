package io.github.evertoken.boot;

import io.github.evertoken.lifecycle.TokenManagerBuilder;

/**
 * Changes how the {@link io.github.evertoken.TokenManager} of the application is built:
 * its scheduler, its clocks, what stands around its issuers. All beans of this type are
 * called, in their order, after the clients, the store and the observers were set. A
 * manager that is a bean of the application's own is left alone.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface TokenManagerBuilderCustomizer {

	/**
	 * Change what builds the manager.
	 * @param builder the builder
	 */
	void customize(TokenManagerBuilder builder);

}
