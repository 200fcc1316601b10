/**
 * One token key's life, and the manager that holds all keys.
 */
@NullMarked
package io.github.evertoken.lifecycle;

import org.jspecify.annotations.NullMarked;
