/**
 * The command that reads the OAuth 2 clients of a Spring Security application, and writes
 * what Evertoken needs in their place. It reads files, and neither runs the application
 * nor asks anybody anything.
 */
@NullMarked
package io.github.evertoken.migrate;

import org.jspecify.annotations.NullMarked;
