/**
 * The filter: choosing the client for a request, sending its token, and meeting a 401.
 */
@NullMarked
package io.github.evertoken.web;

import org.jspecify.annotations.NullMarked;
