/**
 * What the tests of several modules share.
 */
@NullMarked
package io.github.evertoken.test.support;

import org.jspecify.annotations.NullMarked;
