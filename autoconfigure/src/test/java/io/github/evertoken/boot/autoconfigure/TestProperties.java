package io.github.evertoken.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Properties as {@code SpringApplication} takes them. Of two for one name the later wins.
 */
public final class TestProperties {

	private TestProperties() {
	}

	public static Map<String, Object> of(List<String> properties) {
		Map<String, Object> map = new LinkedHashMap<>();
		properties.forEach((property) -> {
			String[] nameAndValue = property.split("=", 2);
			map.put(nameAndValue[0], nameAndValue[1]);
		});
		return map;
	}

}
