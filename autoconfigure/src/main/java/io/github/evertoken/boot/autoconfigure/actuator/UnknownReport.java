package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.Set;

/**
 * The body of a 404.
 *
 * @param message what is not known, and where it is explained
 * @param clients the names of the clients that are
 */
record UnknownReport(String message, Set<String> clients) {

}
