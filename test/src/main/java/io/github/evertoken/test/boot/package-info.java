/**
 * For tests of Spring Boot applications: static tokens for slices, and the properties
 * that lead an application to an authorization server of its test.
 */
@NullMarked
package io.github.evertoken.test.boot;

import org.jspecify.annotations.NullMarked;
