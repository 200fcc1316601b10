package io.github.evertoken.grpc;

import io.grpc.Attributes;
import io.grpc.CallCredentials.RequestInfo;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallRequest}.
 */
class CallRequestTests {

	/**
	 * What is only signed, everybody on the way can read.
	 */
	@ParameterizedTest
	@Tag("GR-1")
	@CsvSource({ "PRIVACY_AND_INTEGRITY, https", "INTEGRITY, http", "NONE, http" })
	void requestThenIsOfHttpsWithTlsAlone(SecurityLevel level, String scheme) {
		assertThat(CallRequest.of(call(level), (attributes) -> {
		}).url()).hasToString(scheme + "://inventory.internal:8443/inventory.Stock/Get");
	}

	private static RequestInfo call(SecurityLevel level) {
		return new RequestInfo() {

			@Override
			public MethodDescriptor<?, ?> getMethodDescriptor() {
				return Stock.GET;
			}

			@Override
			public SecurityLevel getSecurityLevel() {
				return level;
			}

			@Override
			public String getAuthority() {
				return "inventory.internal:8443";
			}

			@Override
			public Attributes getTransportAttrs() {
				return Attributes.EMPTY;
			}

		};
	}

}
