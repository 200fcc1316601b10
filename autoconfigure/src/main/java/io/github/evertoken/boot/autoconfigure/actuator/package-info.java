/**
 * What Spring Boot's actuator shows of the tokens, and lets somebody do about them: the
 * endpoint, and the health of each client. The door is {@link ActuatorConfiguration}.
 * <p>
 * Internal: what is public here is so for the neighbouring rooms, and for an application
 * that replaces the endpoint.
 */
@NullMarked
package io.github.evertoken.boot.autoconfigure.actuator;

import org.jspecify.annotations.NullMarked;
