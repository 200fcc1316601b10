package io.github.evertoken.boot.autoconfigure.actuator;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * How all clients are.
 *
 * @param at when it was looked at
 * @param clients each client by its name
 * @param advice what somebody would better change
 */
record Overview(Instant at, Map<String, ClientSummary> clients, List<AdviceReport> advice) {

}
