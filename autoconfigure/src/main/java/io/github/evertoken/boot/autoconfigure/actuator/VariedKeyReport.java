package io.github.evertoken.boot.autoconfigure.actuator;

import java.util.List;
import java.util.Map;

/**
 * How a key is that parameters vary.
 *
 * @param parameters what varies it; values that nobody is to see are not shown
 * @param key the key
 */
record VariedKeyReport(Map<String, List<String>> parameters, KeyReport key) {

}
