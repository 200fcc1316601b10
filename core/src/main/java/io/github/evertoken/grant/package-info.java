/**
 * Token issuers that speak to a token endpoint.
 */
@NullMarked
package io.github.evertoken.grant;

import org.jspecify.annotations.NullMarked;
