/**
 * The inventory service: it verifies the tokens that it gets.
 */
@NullMarked
package io.github.evertoken.samples.quickstart.inventory;

import org.jspecify.annotations.NullMarked;
