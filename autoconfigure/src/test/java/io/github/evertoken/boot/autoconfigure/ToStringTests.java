package io.github.evertoken.boot.autoconfigure;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.util.Base64URL;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.objenesis.SpringObjenesis;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that no {@code toString} has a secret in it: a secret is planted in every field
 * of every class, of this module and of {@code core}, unless the field is known to hold
 * none.
 */
class ToStringTests {

	private static final String PLANTED = "planted-8f0c";

	/**
	 * The fields that hold no secret, and are shown.
	 */
	private static final Set<String> SHOWN = Set.of("acrValues", "algorithm", "audience", "authenticationMethod",
			"bundle", "client", "clientId", "grantType", "host", "id", "issuer", "issuerUri", "keyId", "name",
			"property", "registrationId", "scope", "sslBundle", "subject", "type", "AccessToken.type", "BaseUrl.path",
			"BaseUrl.scheme", "ClientStatus.subjects", "JwtBearerGrant.assertionIssuer", "Transited.event",
			"RenamedProperty.oldName", "RenamedProperty.newName", "RenamedProperty.values", "TransportFailure.how",
			"ConfiguredClients.loggingIn", "ConfiguredClients.onBehalf", "ConfiguredClients.resolving",
			"MemberPath.path", "StoreProperties.prefix", "ClaimRequest.nonce", "ClaimRequest.replica", "Busy.replica",
			"Sighting.replica", "Elsewhere.replica", "LeaseReport.replica", "ManagerResources.replica",
			"SharedFailure.reason", "SharedFailure.error", "Origin.scheme", "Place.origin", "Seen.fingerprint",
			"ErrorResponse.code", "TokenResponseFormat.tokenTypes", "TokenResponseProperties.error",
			"TokenResponseProperties.tokenTypes", "TokenResponseFormat.accessTokenHeader", "TokenResponseFormat.scheme",
			"TokenResponseProperties.accessToken", "TokenResponseProperties.accessTokenHeader",
			"TokenResponseProperties.expiresIn", "TokenResponseProperties.idToken",
			"TokenResponseProperties.refreshToken", "TokenResponseProperties.tokenType", "WebProperties.loginPath",
			"TokenResponseProperties.refreshExpiresIn", "Complaint.error", "Complaint.description",
			"Diagnosis.sentence", "Acceptance.origin", "RejectionReport.words", "RequestUrl.scheme", "RequestUrl.path",
			"Explanation.method", "Entry.method", "ExplanationReport.method", "ExplanationReport.url",
			"ExplanationReport.header", "ExplanationReport.scheme", "ExplanationReport.nearestClient",
			"ExplanationReport.nearestBaseUrl", "ExplanationReport.message", "ExplanationReport.advice",
			"EndpointProperties.claims", "UnverifiedJwt.header", "UnverifiedJwt.claims", "ClientReport.settings",
			"ClientReport.subjects", "ClientSummary.subjects", "FailureReport.kind", "FailureReport.message",
			"MetadataUrl.wellKnown", "Overview.clients", "RemovalReport.says", "RenewalReport.says", "TimePoint.words",
			"TimeSpan.words", "TokenReport.claims", "TokenReport.format", "TokenReport.header", "TokenReport.says",
			"TransitionReport.event", "UnknownReport.clients", "UnknownReport.message", "VariedKeyReport.parameters",
			"Advice.link", "Advice.text", "AdvisedClient.plainHttp", "AdvisedClient.plainSecrets",
			"AdviceProperties.silenced", "AdviceReport.link", "AdviceReport.text", "ClientFacts.counts",
			"ClientFacts.refusingOrigin", "Rejection.origin", "ResourceClock.origin");

	private static final int DEEP = 8;

	private static final SpringObjenesis OBJENESIS = new SpringObjenesis();

	@ParameterizedTest
	@MethodSource("classes")
	@DisplayName("SE-2: no toString has a secret in it")
	void toStringWhenEveryFieldHasASecretThenShowsNone(Class<?> type) {
		assertThat(shown(type)).doesNotContain(PLANTED)
			.doesNotContain(Base64URL.encode(PLANTED).toString().substring(0, 12));
	}

	@Test
	void toStringWhenItShowsAFieldThenIsNoticed() {
		assertThat(List.of(Careless.class, CarelessRecord.class, CarelessKey.class))
			.allSatisfy((type) -> assertThat(shown(type)).containsAnyOf(PLANTED,
					Base64URL.encode(PLANTED).toString().substring(0, 12)));
	}

	/**
	 * Without those of the tests' server, which is no part of an application.
	 */
	static List<Class<?>> classes() {
		List<Class<?>> classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.withImportOption((location) -> !location.contains("/io/github/evertoken/test/"))
			.importPackages("io.github.evertoken")
			.stream()
			.map(JavaClass::reflect)
			.<Class<?>>map((type) -> type)
			.filter((type) -> !type.isInterface() && !type.isEnum() && !type.isAnonymousClass()
					&& !Modifier.isAbstract(type.getModifiers()) && saysSomething(type))
			.toList();
		assertThat(classes).hasSizeGreaterThan(50);
		return classes;
	}

	private static boolean saysSomething(Class<?> type) {
		return ReflectionUtils.findMethod(type, "toString").getDeclaringClass() != Object.class
				&& !Throwable.class.isAssignableFrom(type);
	}

	private static String shown(Class<?> type) {
		return instance(type, 0).toString();
	}

	private static Object instance(Class<?> type, int depth) {
		return type.isRecord() ? record(type, depth) : object(type, depth);
	}

	private static Object record(Class<?> type, int depth) {
		try {
			RecordComponent[] components = type.getRecordComponents();
			Constructor<?> constructor = type
				.getDeclaredConstructor(Arrays.stream(components).map(RecordComponent::getType).toArray(Class[]::new));
			constructor.setAccessible(true);
			return constructor.newInstance(Arrays.stream(components)
				.map((component) -> value(type, component.getName(), component.getGenericType(), depth))
				.toArray());
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(type.getName(),
					(ex instanceof InvocationTargetException target) ? target.getTargetException() : ex);
		}
	}

	private static Object object(Class<?> type, int depth) {
		Object object = OBJENESIS.newInstance(type, true);
		ReflectionUtils.doWithFields(type, (field) -> {
			field.setAccessible(true);
			field.set(object, value(type, field.getName(), field.getGenericType(), depth));
		}, (field) -> !Modifier.isStatic(field.getModifiers())
				&& field.getDeclaringClass().getName().startsWith("io.github.evertoken"));
		return object;
	}

	private static Object value(Class<?> owner, String name, Type generic, int depth) {
		boolean shown = SHOWN.contains(name) || SHOWN.contains(owner.getSimpleName() + "." + name);
		ResolvableType type = ResolvableType.forType(generic);
		Object planted = planted(type, shown ? "shown" : PLANTED, depth);
		return (planted != null) ? planted : other(type.toClass(), depth + 1);
	}

	private static Object planted(ResolvableType type, String text, int depth) {
		Class<?> raw = type.toClass();
		if (raw.isAssignableFrom(String.class)) {
			return text;
		}
		if (raw == URI.class) {
			return URI.create("https://host/path?key=" + text);
		}
		if (raw == byte[].class) {
			return text.getBytes(StandardCharsets.UTF_8);
		}
		if (raw == Base64URL.class) {
			return Base64URL.encode(text);
		}
		if (raw.isAssignableFrom(OctetSequenceKey.class)) {
			return new OctetSequenceKey.Builder(text.getBytes(StandardCharsets.UTF_8)).build();
		}
		if (raw == HttpHeaders.class) {
			return new HttpHeaders(new LinkedMultiValueMap<>(Map.of("name", List.of(text))));
		}
		if (raw == MultiValueMap.class) {
			return new LinkedMultiValueMap<>(Map.of("name", List.of(text)));
		}
		if (raw == Map.class) {
			return Map.of("name", element(type.getGeneric(1), text, depth));
		}
		if (raw == Set.class) {
			return Set.of(element(type.getGeneric(), text, depth));
		}
		if (raw.isAssignableFrom(List.class)) {
			return List.of(element(type.getGeneric(), text, depth));
		}
		return (raw == AtomicReference.class) ? new AtomicReference<>(element(type.getGeneric(), text, depth)) : null;
	}

	private static Object element(ResolvableType type, String text, int depth) {
		Object planted = planted(type, text, depth);
		Object element = (planted != null) ? planted : other(type.toClass(), depth + 1);
		return (element != null) ? element : text;
	}

	private static Object other(Class<?> type, int depth) {
		if (type.isPrimitive()) {
			return Array.get(Array.newInstance(type, 1), 0);
		}
		if (type.isEnum()) {
			return type.getEnumConstants()[0];
		}
		if (type == Boolean.class) {
			return true;
		}
		if (type == Duration.class) {
			return Duration.ofMinutes(1);
		}
		if (type == Instant.class) {
			return Instant.EPOCH;
		}
		if (type == JWSHeader.class) {
			return new JWSHeader(JWSAlgorithm.RS256);
		}
		if (type.isSealed()) {
			return other(type.getPermittedSubclasses()[0], depth);
		}
		if (type.isInterface()) {
			return Proxy.newProxyInstance(ToStringTests.class.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> method.getName().equals("toString") ? "proxy" : null);
		}
		boolean ours = type.getName().startsWith("io.github.evertoken") && !Modifier.isAbstract(type.getModifiers());
		return (ours && depth < DEEP) ? instance(type, depth) : null;
	}

	private static final class Careless {

		private final String secret = String.valueOf("");

		@Override
		public String toString() {
			return this.secret;
		}

	}

	private record CarelessRecord(List<String> secrets) {

	}

	private record CarelessKey(JWK key) {

	}

}
