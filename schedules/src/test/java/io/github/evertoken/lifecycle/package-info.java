/**
 * The life-cycle with a store, under schedules that Fray chooses. The tests stand in the
 * package of the code, so that they reach its package-private parts.
 */
package io.github.evertoken.lifecycle;
