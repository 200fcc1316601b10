package io.github.evertoken.samples.httpservices;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the sample.
 */
class HttpServicesApplicationTests {

	@Test
	void callsThenCarryTheTokensOfTheClientOfTheirGroupsBeforeAndAfterARevocation() throws IOException {
		try (RemoteServices remote = RemoteServices.start();
				ConfigurableApplicationContext context = HttpServicesApplication.start(remote)) {
			Shop shop = context.getBean(Shop.class);
			assertThat(shop.visit()).containsExactly("3 pieces (GET /inventory/items/7 with token-1, scope read)",
					"9.90 (GET /prices/7 with token-1, scope read)",
					"3 pieces (PUT /inventory/items/7 with token-2, scope reserve)",
					"9.90 (GET /prices/all with token-1, scope read)");
			remote.revokeAll();
			assertThat(shop.visit()).containsExactly("3 pieces (GET /inventory/items/7 with token-3, scope read)",
					"9.90 (GET /prices/7 with token-3, scope read)",
					"3 pieces (PUT /inventory/items/7 with token-4, scope reserve)",
					"9.90 (GET /prices/all with token-3, scope read)");
			assertThat(remote.tokenRequests()).isEqualTo(4);
			assertThat(remote.unauthorized()).isEqualTo(2);
		}
	}

	@Test
	void yamlThenHasNoUrlBelowEvertoken() throws IOException {
		EnumerablePropertySource<?> yaml = (EnumerablePropertySource<?>) new YamlPropertySourceLoader()
			.load("sample", new ClassPathResource("application.yml"))
			.get(0);
		List<String> names = Arrays.stream(yaml.getPropertyNames())
			.filter((name) -> name.startsWith("evertoken."))
			.toList();
		assertThat(names).hasSizeGreaterThan(3).noneMatch((name) -> name.contains("url") || name.contains("uri"));
		assertThat(names).allSatisfy(
				(name) -> assertThat(String.valueOf(yaml.getProperty(name))).doesNotContain("://", "${sample.remote}"));
	}

}
