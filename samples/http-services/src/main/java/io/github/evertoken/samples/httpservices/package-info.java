/**
 * HTTP service interfaces whose calls carry tokens: one group over {@code WebClient}, one
 * over {@code RestClient}, and both of one client.
 */
@NullMarked
package io.github.evertoken.samples.httpservices;

import org.jspecify.annotations.NullMarked;
