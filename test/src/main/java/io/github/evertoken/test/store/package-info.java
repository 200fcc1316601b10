/**
 * What a token store has to keep to.
 */
@NullMarked
package io.github.evertoken.test.store;

import org.jspecify.annotations.NullMarked;
