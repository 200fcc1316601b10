/**
 * The orders service, and the inventory that it calls.
 */
@NullMarked
package io.github.evertoken.samples.springsecurity.orders;

import org.jspecify.annotations.NullMarked;
