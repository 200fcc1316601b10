/**
 * The values and contracts that every part of Evertoken and every user names.
 */
@NullMarked
package io.github.evertoken;

import org.jspecify.annotations.NullMarked;
