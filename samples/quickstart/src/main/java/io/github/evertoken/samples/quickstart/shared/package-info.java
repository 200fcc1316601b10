/**
 * What the three applications have in common.
 */
@NullMarked
package io.github.evertoken.samples.quickstart.shared;

import org.jspecify.annotations.NullMarked;
