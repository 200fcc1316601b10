/**
 * Spring Security's filter and Evertoken side by side: what {@code main} does.
 */
@NullMarked
package io.github.evertoken.samples.springsecurity;

import org.jspecify.annotations.NullMarked;
