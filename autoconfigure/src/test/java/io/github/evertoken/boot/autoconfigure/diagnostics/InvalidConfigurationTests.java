package io.github.evertoken.boot.autoconfigure.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.evertoken.boot.autoconfigure.EvertokenAutoConfiguration;
import io.github.evertoken.boot.autoconfigure.OwnTroubles;
import io.github.evertoken.boot.autoconfigure.TestProperties;
import io.github.evertoken.boot.autoconfigure.client.ConfiguredClients;
import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import io.github.evertoken.boot.autoconfigure.properties.EvertokenProperties;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for what stops the start, as somebody sees it who starts the application.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidConfigurationTests {

	private static final String SECRET = "planted-7b1e";

	private static final List<String> VALID = List.of("base-url=https://inventory.internal/api",
			"token-uri=https://idp.internal/token", "client-id=orders", "client-secret=" + SECRET);

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongProperties")
	@DisplayName("CF-1: a wrong property stops the start, with its name, its value and what to write")
	void startWhenPropertyIsWrongThenNamesIt(String wrong, String property, String expected, CapturedOutput output) {
		assertStopsWith(withInventory(wrong.split(";")), property, expected, output);
	}

	static Stream<Arguments> wrongProperties() {
		return Stream.of(arguments("base-url=inventory.internal", "base-url", "must be an absolute http or https URL"),
				arguments("base-url=ftp://inventory.internal", "base-url", "but is 'ftp://inventory.internal'"),
				arguments("base-url=https://inventory.internal/?a=1", "base-url", "must not contain a query"),
				arguments("base-url=https://inventory.internal/#a", "base-url", "must not contain a fragment"),
				arguments("base-url=https://orders:" + SECRET + "@inventory.internal", "base-url",
						"must not contain user information"),
				arguments("base-url=https:///api", "base-url", "must "),
				arguments("base-url=https://inventory internal", "base-url", "wrong character at position"),
				arguments("base-url=", "base-url", "must be"),
				arguments("origins=https://inventory.internal/api", "origins[0]", "without a path"),
				arguments("origins=https://a,https://b?c", "origins[1]", "must not contain a query"),
				arguments("token-uri=idp.internal/token", "token-uri", "but is 'idp.internal/token'"),
				arguments("token-uri=file:///etc/passwd", "token-uri", "http or https"),
				arguments("token-uri=https://idp.internal/token#a", "token-uri", "fragment"),
				arguments("token-uri=https://orders:" + SECRET + "@idp.internal/token", "token-uri",
						"user information"),
				arguments("token-uri=https://idp.internal/to ken?key=" + SECRET, "token-uri",
						"wrong character at position"),
				arguments("token-uri=", "token-uri", "must be an absolute http or https URI"),
				arguments("token-uri=https://my_idp/token", "token-uri", "without an underscore"),
				arguments("base-url=https://inventory.internal/api\u200B", "base-url",
						"wrong character at position 30, but is 'https://inventory.internal/api?'"),
				arguments("token-uri=https://idp.internal/to\uFEFFken", "token-uri", "wrong character at position 23"),
				arguments("token-uri=https://idp.internal/.well-known/openid-configuration", "token-uri",
						"is where an issuer tells its token endpoint, and not that endpoint; leave it out, and set"
								+ " evertoken.clients.inventory.issuer-uri, to 'https://idp.internal'"),
				arguments("issuer-uri=https://idp.internal/a/.well-known/openid-configuration", "issuer-uri",
						"without /.well-known/openid-configuration, which is added to it; write"
								+ " 'https://idp.internal/a'"),
				arguments("issuer-uri=https://idp.internal/.well-known/oauth-authorization-server/a", "issuer-uri",
						"write 'https://idp.internal/a'"),
				arguments("base-url=https://inventory.internal/api/**", "base-url",
						"must not have a wildcard: all that is below it is covered, but is"),
				arguments("base-url=https://inventory.internal/*/items", "base-url", "must not have a wildcard"),
				arguments("origins=https://*.internal", "origins[0]", "must name one host, without a wildcard"),
				arguments("issuer-uri=idp.internal", "issuer-uri", "but is 'idp.internal'"),
				arguments("issuer-uri=", "issuer-uri", "must be an absolute http or https URI"),
				arguments("issuer-uri=https://idp.internal?key=" + SECRET, "issuer-uri", "must not have a query"),
				arguments("issuer-uri=https://idp.internal#a", "issuer-uri", "fragment"),
				arguments("issuer-uri=https://orders:" + SECRET + "@idp.internal", "issuer-uri", "user information"),
				arguments("issuer-uri=https://idp internal/" + SECRET.charAt(0), "issuer-uri",
						"wrong character at position"),
				arguments("registration-id=orders", "registration-id",
						"must be one of Spring Security's registrations []"),
				arguments("registration-id=", "registration-id", "must not be empty"),
				arguments("obtained-by=authorized-client-manager", "obtained-by",
						"needs evertoken.clients.inventory.registration-id"),
				arguments("obtained-by=nobody", "obtained-by",
						"must be one of token-endpoint, authorized-client-manager, but is 'nobody'"),
				arguments("subjects.source=authorized-clients", "subjects.source",
						"needs evertoken.clients.inventory.registration-id"),
				arguments("subjects.source=nowhere", "subjects.source",
						"must be one of token-store, authorized-clients, but is 'nowhere'"),
				arguments("grant-type=password", "grant-type",
						"must be one of client_credentials, refresh_token, jwt_bearer, token_exchange, but is 'password'"),
				arguments("client-authentication-method=private_key", "client-authentication-method",
						"private_key_jwt, client_assertion"),
				arguments("client-authentication-method=none", "client-authentication-method",
						"must be one by which the client proves who it is"),
				arguments("client-id=", "client-id", "must not be empty"),
				arguments("client-id=ord\ners", "client-id", "line break"),
				arguments("client-secret=", "client-secret", "must not be empty"),
				arguments("client-secret=" + SECRET + "\n", "client-secret", "line break"),
				arguments("refresh-token=  ", "refresh-token", "must not be empty"),
				arguments("refresh-token=" + SECRET + "\r", "refresh-token", "line break"),
				arguments("scope=inventory.read,,inventory.write", "scope", "scope"),
				arguments("scope=inventory.read inventory.write", "scope", "'inventory.read inventory.write'"),
				arguments("scope=inventory.read inventory.write", "scope", "as a list, or separated by commas"),
				arguments("parameters.grant_type=password", "parameters", "'grant_type'"),
				arguments("parameters.client_secret=" + SECRET, "parameters", "'client_secret'"),
				arguments("revocation-uri=idp.internal/revoke", "revocation-uri", "but is 'idp.internal/revoke'"),
				arguments("revoke-on-shutdown=true", "revoke-on-shutdown", "must be 'false' unless"),
				arguments("parameters.subject_token=" + SECRET, "parameters", "'subject_token'"),
				arguments("audience=a,,b", "audience", "must not be empty"),
				arguments("resource=https://a,/b", "resource", "'/b' is none"),
				arguments("resource=https://a b", "resource", "wrong character at position"),
				arguments("authorization-details={}", "authorization-details", "RFC 9396"),
				arguments("headers.authorization=" + SECRET, "headers", "'authorization' cannot be an extra header"),
				arguments("headers.x=" + SECRET + "\nhost: evil", "headers", "'x' is no header"),
				arguments("subject-token.location=file:/nowhere", "subject-token.location",
						"must not be set unless evertoken.clients.inventory.grant-type is 'token_exchange' or"
								+ " 'jwt_bearer'"),
				arguments("actor-token.location=file:/nowhere", "actor-token.location", "must not be set unless"),
				arguments("ssl.bundle=idp", "ssl.bundle",
						"must be the name of an SSL bundle below spring.ssl.bundle, but is 'idp': there are"),
				arguments("proxy.port=3128", "proxy.host", "must be set"),
				arguments("proxy.password=" + SECRET, "proxy.host", "must be set"),
				arguments("proxy.host=proxy.internal", "proxy.port", "must be set, to a number from 1 to 65535"),
				arguments("token-type=", "token-type", "must be one word such as Bearer or Token, but is ''"),
				arguments("token-type=My Token", "token-type", "but is 'My Token'"),
				arguments("token-request.format=xml", "token-request.format",
						"must be one of form, json, but is 'xml'"),
				arguments("token-response.access-token=a..b", "token-response.access-token",
						"must be the name of a member of the response, or names separated by dots"),
				arguments("token-response.access-token=", "token-response.access-token", "but is ''"),
				arguments("token-response.token-type=.a", "token-response.token-type", "but is '.a'"),
				arguments("token-response.expires-in=a.", "token-response.expires-in", "but is 'a.'"),
				arguments("token-response.refresh-token=a b", "token-response.refresh-token", "but is 'a b'"),
				arguments("token-response.refresh-expires-in=a..b", "token-response.refresh-expires-in",
						"but is 'a..b'"),
				arguments("token-response.id-token= ", "token-response.id-token", "but is ' '"),
				arguments("token-response.error=errors[x]", "token-response.error",
						"or names separated by dots such as data.token or errors[0].code, but is 'errors[x]'"),
				arguments("token-response.errors.bad_refresh_token=perhaps", "token-response.errors.bad_refresh_token",
						"reauthentication, refused, transient"),
				arguments("token-response.errors.bad_refresh_token=", "token-response.errors.bad_refresh_token",
						"has no value"),
				arguments("token-response.token-types=JWT, ,BearerToken", "token-response.token-types",
						"must list words of the token endpoint such as BearerToken, but has ''"),
				arguments("token-response.expires-in-format=minutes", "token-response.expires-in-format",
						"epoch-seconds"),
				arguments("token-response.access-token-header=X Token", "token-response.access-token-header",
						"must be the name of a header such as X-Auth-Token, but is 'X Token'"),
				arguments("token-response.access-token-header=", "token-response.access-token-header", "but is ''"),
				arguments("dpop=perhaps", "dpop", "must be 'true' or 'false'"),
				arguments("dpop=", "dpop", "must be 'true' or 'false'"),
				arguments("dpop.enabled=perhaps", "dpop.enabled", "must be 'true' or 'false', but is 'perhaps'"),
				arguments("default-lifetime=0s", "default-lifetime", "must be positive, but is PT0S"),
				arguments("default-lifetime=-1s", "default-lifetime", "must be positive, but is PT-1S"),
				arguments("default-lifetime=soon", "default-lifetime",
						"must be a duration such as 5s or 500ms, but is 'soon'"),
				arguments("expiry-margin=-1s", "expiry-margin", "must be zero or positive"),
				arguments("connect-timeout=0s", "connect-timeout", "must be positive, but is PT0S"),
				arguments("connect-timeout=-1s", "connect-timeout", "must be positive, but is PT-1S"),
				arguments("response-timeout=0s", "response-timeout", "must be positive"),
				arguments("response-timeout=-5s", "response-timeout", "must be positive"),
				arguments("max-wait=0s", "max-wait", "must be positive"),
				arguments("session-warning=-1s", "session-warning", "must be zero or positive"),
				arguments("await-sign-in=-1s", "await-sign-in", "must be zero or positive"),
				arguments("subjects.maximum-size=0", "subjects.maximum-size", "must be 1 or more, but is 0"),
				arguments("subjects.expire-after-idle=0s", "subjects.expire-after-idle", "must be positive"),
				arguments("max-lease=-1s", "max-lease", "must be positive"),
				arguments("start=perhaps", "start", "must be one of lazy, background, required, but is 'perhaps'"),
				arguments("renewal.at=1.2", "renewal.at", "more than 0 and less than 1, but is 1.2"),
				arguments("renewal.at=0", "renewal.at", "more than 0 and less than 1, but is 0.0"),
				arguments("renewal.at=NaN", "renewal.at", "but is NaN"),
				arguments("renewal.jitter=-0.1", "renewal.jitter", "at least 0 and less than 1, but is -0.1"),
				arguments("renewal.jitter=0.8", "renewal.jitter", "must be less than"),
				arguments("renewal.at=0.04", "renewal.jitter", "renewal.at, which is 0.04, but is 0.05"),
				arguments("retry.initial-backoff=0s", "retry.initial-backoff", "must be positive"),
				arguments("retry.initial-backoff=31s", "retry.initial-backoff",
						"must not exceed evertoken.clients.inventory.retry.max-backoff, which is PT5S, but is PT31S"),
				arguments("retry.max-backoff=-1s", "retry.max-backoff", "must be positive"),
				arguments("rejection.max-renewals=some", "rejection.max-renewals",
						"must be a whole number, but is 'some'"),
				arguments("renewal.at=80 %", "renewal.at", "must be a number such as 0.8, but is '80 %'"),
				arguments("proxy.port=http", "proxy.port", "must be a whole number, but is 'http'"),
				arguments("subject-token.type=a b", "subject-token.type", "must be a URI, but is 'a b'"),
				arguments("revoke-on-shutdown=perhaps", "revoke-on-shutdown", "must be 'true' or 'false'"),
				arguments("renewal=0.8", "renewal", "must not have a value; its properties stand below it"),
				arguments("client-assertion=" + SECRET, "client-assertion", "its properties stand below it"),
				arguments("retry.patience=-1s", "retry.patience", "must be zero or positive, but is PT-1S"),
				arguments("refresh-deadline=0s", "refresh-deadline", "must be positive, but is PT0S"),
				arguments("refresh-deadline=4s", "refresh-deadline",
						"must not be less than evertoken.clients.inventory.response-timeout, which is PT5S, but is PT4S"),
				arguments("response-timeout=31s;refresh-deadline=30s", "refresh-deadline",
						"than evertoken.clients.inventory.response-timeout, which is PT31S, but is PT30S"),
				arguments("max-concurrent-requests=0", "max-concurrent-requests", "must be 1 or more, but is 0"),
				arguments("start-timeout=-1s", "start-timeout", "must be positive, but is PT-1S"),
				arguments("rejection.max-renewals=-1", "rejection.max-renewals", "must be 0 or more, but is -1"),
				arguments("rejection.window=0s", "rejection.window", "must be positive"));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("wrongCredentials")
	@DisplayName("CF-1: a credential that is missing, wrong or one too many stops the start, with its property")
	void startWhenCredentialIsWrongThenNamesIt(String wrong, String property, String expected, CapturedOutput output) {
		List<String> properties = new ArrayList<>();
		for (String each : ("base-url=https://inventory.internal;token-uri=https://idp.internal/token;client-id=orders;"
				+ wrong)
			.split(";")) {
			properties.add(each.startsWith("spring.") ? each : "evertoken.clients.inventory." + each);
		}
		assertStopsWith(properties, property + ": ", expected, output);
		assertThat(output).doesNotContain("Caused by");
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken.clients."))).hasSize(1);
	}

	static Stream<Arguments> wrongCredentials() {
		String basic = "client-authentication-method=client_secret_basic;";
		String jwt = "client-authentication-method=client_secret_jwt;";
		String file = "client-authentication-method=client_assertion;";
		String key = "client-authentication-method=private_key_jwt;";
		String rsa = key + "client-assertion.key-location=classpath:keys/rsa.pem;";
		String bundle = key + "client-assertion.ssl-bundle=orders;";
		String secret = "client-secret=" + SECRET;
		String dpop = basic + secret + ";dpop.enabled=true;";
		String bearer = "client-authentication-method=none;grant-type=jwt_bearer;assertion.issuer=a;";
		String signed = bearer + "assertion.key-location=classpath:keys/rsa.pem;";
		String keyStore = "spring.ssl.bundle.pem.orders.keystore.certificate=classpath:keys/certificate.pem;"
				+ "spring.ssl.bundle.pem.orders.keystore.private-key=classpath:keys/rsa.pem";
		String wrongPassword = "spring.ssl.bundle.jks.orders.keystore.location=classpath:keys/two-keys.p12;"
				+ "spring.ssl.bundle.jks.orders.keystore.password=" + SECRET;
		String rightPassword = wrongPassword.replace(SECRET, "correct-horse");
		String encrypted = "spring.ssl.bundle.pem.orders.keystore.certificate=classpath:keys/certificate.pem;"
				+ "spring.ssl.bundle.pem.orders.keystore.private-key=classpath:keys/rsa-encrypted.pem;"
				+ "spring.ssl.bundle.pem.orders.keystore.private-key-password=" + SECRET;
		return Stream.of(
				arguments(basic + secret + ";client-secret-location=file:/gone", "client-secret-location",
						"must not be set beside evertoken.clients.inventory.client-secret"),
				arguments(basic, "client-secret", "or else evertoken.clients.inventory.client-secret-location"),
				arguments(basic + "client-secret-location=file:/gone/secret", "client-secret-location",
						"file [/gone/secret] does not exist"),
				arguments(basic + "client-secret-location=" + SECRET, "client-secret-location",
						"must be the location of a file, such as file:"),
				arguments(basic + "client-secret-location=classpath:keys/empty", "client-secret-location", "is empty"),
				arguments(basic + "client-secret-location=classpath:keys/two-lines", "client-secret-location",
						"must not contain a line break"),
				arguments(basic + secret + ";client-assertion.key=" + SECRET, "client-assertion.key",
						"it is of use with 'private_key_jwt'"),
				arguments(basic + secret + ";client-assertion.lifetime=30s", "client-assertion.lifetime",
						"'client_secret_jwt', 'private_key_jwt'"),
				arguments(basic + secret + ";client-assertion.location=file:/gone", "client-assertion.location",
						"it is of use with 'client_assertion'"),
				arguments("client-authentication-method=tls_client_auth;token-uri=http://localhost/token;" + secret,
						"client-secret", "client-authentication-method is 'tls_client_auth'"),
				arguments("client-authentication-method=none;grant-type=refresh_token;" + secret, "client-secret",
						"client-authentication-method is 'none'"),
				arguments(basic + secret + ";dpop.algorithm=ES384", "dpop.algorithm",
						"must not be set without evertoken.clients.inventory.dpop.enabled"),
				arguments(basic + secret + ";dpop.key-location=file:/gone", "dpop.key-location",
						"must not be set without"),
				arguments(dpop + "token-type=Token", "token-type",
						"must not be set, for evertoken.clients.inventory.dpop"),
				arguments(basic + secret + ";token-type=dpop", "token-type",
						"set evertoken.clients.inventory.dpop.enabled to 'true' instead"),
				arguments(dpop + "dpop.algorithm=RS256", "dpop.algorithm",
						"must be ES256 or ES384 or ES512 for a key that is generated, but is 'RS256'"),
				arguments(dpop + "dpop.algorithm= ", "dpop.algorithm", "for a key that is generated"),
				arguments(dpop + "dpop.key-password=" + SECRET, "dpop.key-password",
						"must not be set without evertoken.clients.inventory.dpop.key-location"),
				arguments(dpop + "dpop.key-location=/run/" + SECRET, "dpop.key-location",
						"must be the location of a file"),
				arguments(dpop + "dpop.key-location=file:/gone/key", "dpop.key-location",
						"file [/gone/key] does not exist"),
				arguments(dpop + "dpop.key-location=classpath:keys/broken.pem", "dpop.key-location", "is not PEM"),
				arguments(dpop + "dpop.key-location=classpath:keys/certificate.pem", "dpop.key-location", "is "),
				arguments(dpop + "dpop.key-location=classpath:keys/ec-p256-pkcs8.pem", "dpop.key-location",
						"is a private key without its public half, which a proof has to show; put the public key"),
				arguments(dpop + "dpop.key-location=classpath:keys/rsa-1024.pem", "dpop.key-location",
						"RSA key of 1024 bits"),
				arguments(dpop + "dpop.key-location=classpath:keys/ed448.pem", "dpop.key-location",
						"is a private key of a type that is not supported; use RSA, EC (P-256, P-384 or P-521) or"
								+ " Ed25519"),
				arguments(dpop + "dpop.key-location=classpath:keys/ed25519.pem;dpop.algorithm=ES256", "dpop.algorithm",
						"must be EdDSA or Ed25519 to fit the key, but is 'ES256'"),
				arguments(dpop + "dpop.key-location=classpath:keys/rsa-encrypted.pem", "dpop.key-location",
						"dpop.key-password must be set"),
				arguments(dpop + "dpop.key-location=classpath:keys/rsa-encrypted.pem;dpop.key-password=" + SECRET,
						"dpop.key-location", "the password is wrong"),
				arguments(dpop + "dpop.key-location=classpath:keys/rsa.pem;dpop.key-password=" + SECRET,
						"dpop.key-location", "is not encrypted"),
				arguments(dpop + "dpop.key-location=classpath:keys/ec.pem;dpop.algorithm=ES512", "dpop.algorithm",
						"must be ES256 to fit the key, but is 'ES512'"),
				arguments(jwt + secret, "client-secret", "octets, which is too short: HS256 needs 32"),
				arguments(jwt, "client-secret", "must be set"),
				arguments(jwt + secret.repeat(9) + ";client-assertion.algorithm=RS256", "client-assertion.algorithm",
						"must be HS256 or HS384 or HS512 to fit the key, but is 'RS256'"),
				arguments(rsa + secret, "client-secret", "must not be set"),
				arguments(key, "client-assertion.key-location", "must be set, to the location of the private key"),
				arguments(rsa + "client-assertion.key=" + SECRET, "client-assertion.key-location",
						"must not be set beside evertoken.clients.inventory.client-assertion.key;"),
				arguments(rsa + "client-assertion.ssl-bundle=orders", "client-assertion.ssl-bundle",
						"must not be set beside"),
				arguments(rsa + "client-assertion.algorithm=ES256", "client-assertion.algorithm",
						"must be RS256 or RS384 or RS512 or PS256 or PS384 or PS512 to fit the key"),
				arguments(rsa + "client-assertion.lifetime=2h", "client-assertion.lifetime",
						"must be from PT1S to PT1H"),
				arguments(rsa + "client-assertion.audience=issuer", "client-assertion.audience",
						"no issuer is configured"),
				arguments(rsa + "client-assertion.audience= ", "client-assertion.audience", "must not be empty"),
				arguments(rsa + "client-assertion.key-alias=a", "client-assertion.key-alias",
						"must not be set without evertoken.clients.inventory.client-assertion.ssl-bundle"),
				arguments(rsa + "client-assertion.key-password=" + SECRET, "client-assertion.key-location",
						"client-assertion.key-password must not be set"),
				arguments(rsa + "client-assertion.location=file:/gone", "client-assertion.location", "must not be set"),
				arguments(key + "client-assertion.key=" + SECRET, "client-assertion.key", "is neither PEM"),
				arguments(key + "client-assertion.key-location=file:/gone/key", "client-assertion.key-location",
						"file [/gone/key] does not exist"),
				arguments(key + "client-assertion.key-location=classpath:gone.pem", "client-assertion.key-location",
						"class path resource [gone.pem] does not exist"),
				arguments(key + "client-assertion.key-location=https://idp.internal/key",
						"client-assertion.key-location", "must be the location of a file"),
				arguments(key + "client-assertion.key-location=classpath:keys/broken.pem",
						"client-assertion.key-location", "is not PEM"),
				arguments(key + "client-assertion.key-location=classpath:keys/rsa-1024.pem",
						"client-assertion.key-location", "RSA key of 1024 bits"),
				arguments(key + "client-assertion.key-location=classpath:keys/rsa-encrypted.pem",
						"client-assertion.key-location", "client-assertion.key-password must be set"),
				arguments(
						key + "client-assertion.key-location=classpath:keys/rsa-encrypted.pem"
								+ ";client-assertion.key-password=" + SECRET,
						"client-assertion.key-location", "the password is wrong"),
				arguments(bundle, "client-assertion.ssl-bundle", "there is none named 'orders'"),
				arguments(bundle + "spring.ssl.bundle.pem.orders.truststore.certificate=classpath:keys/certificate.pem",
						"client-assertion.ssl-bundle", "without a key store"),
				arguments(bundle + "client-assertion.key-alias=other;" + keyStore, "client-assertion.ssl-bundle",
						"under the alias 'other'"),
				arguments(bundle + "client-assertion.key-password=" + SECRET + ";" + keyStore,
						"client-assertion.key-password", "must not be set without"),
				arguments(basic + secret + ";assertion.key=" + SECRET, "assertion.key",
						"must not be set unless evertoken.clients.inventory.grant-type is 'jwt_bearer'"),
				arguments(basic + secret + ";assertion.claims.scope=" + SECRET, "assertion.claims",
						"must not be set unless"),
				arguments(basic + secret + ";assertion.lifetime=30s", "assertion.lifetime", "must not be set unless"),
				arguments(basic + secret + ";grant-type=token_exchange;assertion.subject=a", "assertion.subject",
						"must not be set unless"),
				arguments(bearer, "assertion.key-location",
						"must be set, to the location of the private key such as file:/run/secrets/orders.pem, or else"
								+ " evertoken.clients.inventory.assertion.key"),
				arguments(signed + "assertion.ssl-bundle=orders", "assertion.ssl-bundle",
						"must not be set beside evertoken.clients.inventory.assertion.key-location;"),
				arguments(signed + "subject-token.location=classpath:keys/jwt", "subject-token.location",
						"must not be set beside evertoken.clients.inventory.assertion.key-location:"),
				arguments(signed + "assertion.algorithm=ES256", "assertion.algorithm",
						"must be RS256 or RS384 or RS512 or PS256 or PS384 or PS512 to fit the key"),
				arguments(signed + "assertion.lifetime=61m", "assertion.lifetime",
						"must be from PT1S to PT1H, but is PT1H1M"),
				arguments(signed + "assertion.lifetime=0s", "assertion.lifetime", "but is PT0S"),
				arguments(signed + "assertion.issuer= ", "assertion.issuer", "must not be empty"),
				arguments(signed + "assertion.issuer=a\nb", "assertion.issuer", "line break"),
				arguments(signed + "assertion.subject= ", "assertion.subject", "must not be empty"),
				arguments(signed + "assertion.key-id= ", "assertion.key-id", "must not be empty"),
				arguments(signed + "assertion.audience= ", "assertion.audience", "must not be empty"),
				arguments(signed + "assertion.audience=issuer", "assertion.audience",
						"must be 'token-endpoint', or the identifier of the authorization server itself, for no issuer"
								+ " is configured"),
				arguments(signed + "assertion.claims.sub=b", "assertion.claims.sub",
						"must not be set, for sub is a claim that every assertion has"),
				arguments(signed + "assertion.claims.scope=", "assertion.claims.scope", "must not be empty"),
				arguments(signed + "assertion.key-alias=a", "assertion.key-alias",
						"must not be set without evertoken.clients.inventory.assertion.ssl-bundle"),
				arguments(signed + "assertion.key-password=" + SECRET, "assertion.key-location",
						"assertion.key-password must not be set"),
				arguments(bearer + "assertion.key=" + SECRET, "assertion.key", "is neither PEM"),
				arguments(bearer + "assertion.key-location=" + SECRET, "assertion.key-location",
						"must be the location of a file"),
				arguments(bearer + "assertion.key-location=file:/gone/key", "assertion.key-location",
						"file [/gone/key] does not exist"),
				arguments(bearer + "assertion.key-location=classpath:keys/rsa-1024.pem", "assertion.key-location",
						"RSA key of 1024 bits"),
				arguments(bearer + "assertion.key-location=classpath:keys/rsa-encrypted.pem;assertion.key-password="
						+ SECRET, "assertion.key-location", "the password is wrong"),
				arguments(bearer + "assertion.ssl-bundle=orders", "assertion.ssl-bundle",
						"there is none named 'orders'"),
				arguments(signed + "client-authentication-method=client_secret_basic;" + secret + ";client-id=",
						"client-id", "must not be empty"),
				arguments(bundle + wrongPassword, "client-assertion.ssl-bundle",
						"names an SSL bundle whose key store cannot be read: the password of its key store or its"
								+ " private key is wrong"),
				arguments(basic + secret + ";ssl.bundle=orders;" + wrongPassword, "ssl.bundle",
						"names the SSL bundle 'orders', which cannot be used: the password of its key store or its"
								+ " private key is wrong"),
				arguments(bundle + encrypted, "client-assertion.ssl-bundle",
						"cannot be read: the password of its key store or its private key is wrong"),
				arguments(basic + secret + ";ssl.bundle=orders;" + encrypted, "ssl.bundle",
						"which cannot be used: the password of its key store or its private key is wrong"),
				arguments(bundle + "spring.ssl.bundle.jks.orders.key.alias=gone;" + rightPassword,
						"client-assertion.ssl-bundle", "has no private key under the alias 'gone', but the keys"),
				arguments(bundle + rightPassword, "client-assertion.ssl-bundle", "has several keys"),
				arguments(bundle + "spring.ssl.bundle.jks.orders.keystore.location=file:/gone/keys.p12",
						"client-assertion.ssl-bundle", "cannot be read: see its properties below spring.ssl.bundle"),
				arguments(basic + secret + ";ssl.bundle=orders;spring.ssl.bundle.jks.orders.keystore.location="
						+ "file:/gone/keys.p12", "ssl.bundle", "/gone/keys.p12"),
				arguments(file, "client-assertion.location", "must be set, to the location of the file with the JWT"),
				arguments(file + "client-assertion.location=file:/gone/token", "client-assertion.location",
						"file [/gone/token] does not exist"),
				arguments(file + "client-assertion.location=classpath:keys/rsa.pem", "client-assertion.location",
						"is not a signed JWT"),
				arguments(file + "client-assertion.location=classpath:keys/jwt;client-assertion.type= ",
						"client-assertion.type", "must not be empty"),
				arguments(file + "client-assertion.location=classpath:keys/jwt;client-assertion.key-id=a",
						"client-assertion.key-id", "must not be set"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "login", "//evil.example", "/\\evil.example", "ftp://a/login", "https:login",
			"https://a b", "javascript:alert(1)", "https://orders:" + SECRET + "@a/login", "" })
	@DisplayName("CF-1: a login path that leads nowhere, or anywhere, stops the start")
	void startWhenLoginPathIsWrongThenNamesIt(String loginPath, CapturedOutput output) {
		List<String> properties = withInventory();
		properties.add("evertoken.web.reauthentication-response=redirect");
		properties.add("evertoken.web.login-path=" + loginPath);
		fails(properties);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("evertoken.web.login-path: must be ")
			.doesNotContain(SECRET);
	}

	@ParameterizedTest
	@CsvSource({ "grant-type=token_exchange|subject-token.location=file:/nowhere,subject-token.location,does not exist",
			"grant-type=jwt_bearer|subject-token.location=file:/nowhere,subject-token.location,does not exist",
			"grant-type=token_exchange|actor-token.location=file:/nowhere,actor-token.location,does not exist",
			"grant-type=jwt_bearer|actor-token.location=file:/nowhere,actor-token.location,must not be set unless",
			"grant-type=token_exchange|subject-token.location=http://idp.internal/token,subject-token.location,"
					+ "must be the location of a file",
			"grant-type=jwt_bearer|subject-token.location=https://idp.internal/token,subject-token.location,"
					+ "must be the location of a file",
			"grant-type=token_exchange|actor-token.location=http://idp.internal/token,actor-token.location,"
					+ "must be the location of a file",
			"grant-type=token_exchange|subject-token.location=" + SECRET + ",subject-token.location,"
					+ "must be the location of a file",
			"grant-type=token_exchange|subject-token.type=jwt,subject-token.type,but is 'jwt'",
			"grant-type=token_exchange|start=background,start,must be 'lazy'",
			"audience=a|parameters.audience=b,parameters.audience,must not be set beside" })
	@DisplayName("CF-1: properties that do not go together stop the start")
	void startWhenPropertiesContradictThenNamesThem(String wrong, String property, String expected,
			CapturedOutput output) {
		assertStopsWith(withInventory(wrong.split("\\|")), property, expected, output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "token-uri", "client-id", "client-secret", "base-url" })
	@DisplayName("CF-1: a missing property stops the start")
	void startWhenPropertyIsMissingThenNamesIt(String missing, CapturedOutput output) {
		List<String> properties = VALID.stream()
			.filter((property) -> !property.startsWith(missing))
			.map((property) -> "evertoken.clients.inventory." + property)
			.toList();
		assertStopsWith(properties, missing, "must be set", output);
	}

	@ParameterizedTest
	@CsvSource({ "assertion.subject=alice,assertion.issuer,client-id is not set either",
			"assertion.audience=token-endpoint|assertion.issuer=a|issuer-uri=https://idp.internal,assertion.audience,"
					+ "no token-uri is configured",
			"client-authentication-method=client_secret_basic|client-secret=a|assertion.issuer=a,client-id,"
					+ "must be set" })
	@DisplayName("CF-1: an assertion that lacks what it needs stops the start")
	void startWhenAssertionLacksWhatItNeedsThenNamesIt(String properties, String property, String expected,
			CapturedOutput output) {
		List<String> all = new ArrayList<>();
		Stream
			.of("base-url=https://inventory.internal", "grant-type=jwt_bearer", "client-authentication-method=none",
					"assertion.key-location=classpath:keys/rsa.pem",
					properties.contains("issuer-uri") ? "start=lazy" : "token-uri=https://idp.internal/token")
			.forEach((each) -> all.add("evertoken.clients.inventory." + each));
		Arrays.stream(properties.split("\\|")).forEach((each) -> all.add("evertoken.clients.inventory." + each));
		assertStopsWith(all, property + ": ", expected, output);
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken.clients."))).hasSize(1);
	}

	@ParameterizedTest
	@CsvSource({ "client-secrett,client-secret", "issuer-url,issuer-uri", "token-url,token-uri",
			"renewal.att,renewal.at", "renewal-at,renewal.at", "scopes,scope", "baseUri,base-url",
			"authorization-grant-type,grant-type", "secret,client-secret", "provider.token-uri,token-uri",
			"client-assertion.private-key-location,client-assertion.key-location",
			"retry.max-back-of,retry.max-backoff" })
	@DisplayName("CF-1: a property that there is not stops the start, and the nearest one is named")
	void startWhenPropertyIsUnknownThenNamesTheNearest(String unknown, String nearest, CapturedOutput output) {
		fails(withInventory(unknown + "=" + SECRET));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsPattern("evertoken\\.clients\\.inventory\\.\\S+: is not a property of Evertoken; did you mean '"
					+ nearest + "'\\?")
			.doesNotContain(SECRET);
	}

	@ParameterizedTest
	@CsvSource({ "eager=false,start: lazy", "eager=true,start: background", "eager=required,start: required",
			"EAGER=True,start: background", "issuer=token-endpoint,obtained-by: token-endpoint",
			"issuer=authorized-client-manager,obtained-by: authorized-client-manager",
			"issuer=AUTHORIZED_CLIENT_MANAGER,obtained-by: authorized-client-manager" })
	@DisplayName("CF-1: a property that had another name stops the start, and what to write instead is named")
	void startWhenPropertyHasItsOldNameThenNamesTheNewOne(String property, String expected, CapturedOutput output) {
		fails(withInventory(property));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.containsPattern("(?i)evertoken\\.clients\\.inventory\\." + property.split("=")[0]
					+ ": is not a property of Evertoken; it is called '" + expected.split(":")[0] + "'; write '"
					+ expected + "'");
	}

	@Test
	@DisplayName("CF-1: an issuer that is no name for who obtains the tokens is taken for what it is")
	void startWhenTheIssuerIsAUrlThenNamesTheIssuerUri(CapturedOutput output) {
		assertStopsWith(withInventory("issuer=https://idp.internal"), "issuer: is not", "did you mean 'issuer-uri'?",
				output);
	}

	@ParameterizedTest
	@CsvSource({ "evertoken.client.inventory.client-id,evertoken.clients.inventory.client-id",
			"evertoken.client.inventory.client-idd,evertoken.clients.inventory.client-id",
			"evertoken.inventory.client-id,evertoken.clients.inventory.client-id",
			"evertoken.apply-to-web-client,evertoken.apply-to-web-clients",
			"evertoken.web.login,evertoken.web.login-path" })
	@DisplayName("CF-1: a group that there is not stops the start, and the nearest one is named")
	void startWhenGroupIsUnknownThenNamesTheNearest(String unknown, String nearest, CapturedOutput output) {
		fails(List.of(unknown + "=" + SECRET));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains(unknown + ": is not a property of Evertoken; did you mean '" + nearest + "'?")
			.doesNotContain(SECRET);
	}

	@Test
	@DisplayName("CF-1: a property that is like no other stops the start")
	void startWhenPropertyIsLikeNoOtherThenSaysSo(CapturedOutput output) {
		assertStopsWith(withInventory("zzzzzz=" + SECRET), "zzzzzz", "and none is like it; remove it", output);
	}

	@Test
	@DisplayName("CF-1: a client without its name stops the start")
	void startWhenClientsHaveNoNameThenSaysSo(CapturedOutput output) {
		fails(List.of("evertoken.clients.client-id=" + SECRET));
		assertThat(output).contains("evertoken.clients.client-id: must not have a value").doesNotContain(SECRET);
	}

	@Test
	@DisplayName("CF-1: a list of clients stops the start, and says what a client has instead of a number")
	void startWhenClientsAreAListThenSaysHowTheyAreWritten(CapturedOutput output) {
		List<String> properties = new ArrayList<>();
		properties.add("evertoken.clients[0].name=inventory");
		VALID.forEach((property) -> properties.add("evertoken.clients[0]." + property));
		fails(properties);
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken."))).singleElement()
			.asString()
			.contains("evertoken.clients[0]: must have a name instead of a number, as in evertoken.clients.inventory");
	}

	@Test
	@DisplayName("CF-1: a name with a dot stops the start, and says how it is written")
	void startWhenNameHasADotThenSaysHowItIsWritten(CapturedOutput output) {
		fails(VALID.stream().map((property) -> "evertoken.clients.inventory.internal." + property).toList());
		assertThat(output).contains("evertoken.clients.inventory.internal.client-id: is not a property of Evertoken;"
				+ " did you mean 'client-id'? A client called 'inventory.internal' is written with brackets, as"
				+ " evertoken.clients[inventory.internal].client-id");
	}

	@Test
	@DisplayName("CF-1: a client whose URL is wrong or missing has its other problems reported too")
	void startWhenBaseUrlIsWrongThenReportsTheRestToo(CapturedOutput output) {
		fails(List.of("evertoken.clients.inventory.base-url=inventory", "evertoken.clients.inventory.token-uri=idp",
				"evertoken.clients.billing.client-id=orders"));
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken.clients.")))
			.satisfiesExactlyInAnyOrder((line) -> assertThat(line).contains("inventory.base-url: must be"),
					(line) -> assertThat(line).contains("inventory.token-uri: The token endpoint must be"),
					(line) -> assertThat(line).contains("inventory.client-id: must be set"),
					(line) -> assertThat(line).contains("inventory.client-secret: must be set"),
					(line) -> assertThat(line).contains("billing.base-url: must be set"),
					(line) -> assertThat(line).contains("billing.token-uri: must be set"),
					(line) -> assertThat(line).contains("billing.client-secret: must be set"));
	}

	@Test
	@DisplayName("CF-1: properties that cannot be bound do not hide the other problems")
	void startWhenPropertiesAreUnknownOrWrongThenReportsTheOthersToo(CapturedOutput output) {
		List<String> properties = withInventory("client-secrett=" + SECRET, "renewal.at=1.2", "max-wait=");
		properties.add("evertoken.client.inventory.client-id=orders");
		properties.add("evertoken.clients.billing.grant-type=password");
		properties.add("evertoken.clients.billing.start=perhaps");
		fails(properties);
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken.")))
			.satisfiesExactlyInAnyOrder(
					(line) -> assertThat(line).contains("evertoken.client.inventory.client-id: is not"),
					(line) -> assertThat(line).contains("evertoken.clients.billing.grant-type: must be"),
					(line) -> assertThat(line).contains("evertoken.clients.billing.start: must be"),
					(line) -> assertThat(line).contains("evertoken.clients.inventory.client-secrett: is not"),
					(line) -> assertThat(line).contains("evertoken.clients.inventory.max-wait: has no value"),
					(line) -> assertThat(line).contains("evertoken.clients.inventory.renewal.at: must be"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "client-secret", "client-id", "base-url", "token-uri", "issuer-uri", "revocation-uri",
			"origins", "scope", "audience[0]", "parameters.tenant", "headers.x-tenant", "refresh-token", "grant-type",
			"response-timeout", "renewal.at", "renewal.keep-alive", "rejection.max-renewals", "dpop", "dpop.enabled",
			"dpop.key-location", "subject-token.location", "subject-token.type", "client-assertion.key",
			"assertion.claims.scope", "proxy.host", "proxy.port", "proxy.password", "ssl.bundle", "token-type",
			"token-response.access-token", "client-secret-location", "registration-id" })
	@DisplayName("CF-1: a placeholder that nobody has resolved stops the start, with the variable's name")
	void startWhenPlaceholderIsUnresolvedThenNamesTheVariable(String property, CapturedOutput output) {
		fails(withInventory(property + "=${NOT_THERE}"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("evertoken.clients.inventory." + property
					+ ": refers to ${NOT_THERE}, but there is no NOT_THERE; set it, give it a default");
		assertThat(output.toString().lines().filter((line) -> line.startsWith("    evertoken."))).hasSize(1);
	}

	@Test
	@DisplayName("CF-1: a placeholder that nobody has resolved stops the start, with the variable's name")
	void startWhenPartOfAValueIsUnresolvedThenNamesTheVariable(CapturedOutput output) {
		List<String> properties = withInventory("token-uri=https://${IDP}/token", "scope=a,${SCOPE}",
				"client-id=${CLIENT:${OTHER}}");
		properties.add("evertoken.web.login-path=/${LOGIN}");
		fails(properties);
		assertThat(output).contains("token-uri: refers to ${IDP}", "scope: refers to ${SCOPE}",
				"client-id: refers to ${OTHER}", "evertoken.web.login-path: refers to ${LOGIN}");
	}

	@Test
	void startWhenPlaceholderHasAValueOrIsEscapedThenStarts() {
		List<String> properties = withInventory("client-id=${CLIENT:orders}", "client-secret=\\${no-placeholder}",
				"response-timeout=${TIMEOUT:5s}");
		properties.add("TOKEN_TYPE=Token");
		properties.add("evertoken.clients.inventory.token-type=${TOKEN_TYPE}");
		try (ConfigurableApplicationContext context = start(properties)) {
			ClientProperties client = context.getBean(EvertokenProperties.class).clients().get("inventory");
			assertThat(client.clientId()).isEqualTo("orders");
			assertThat(client.clientSecret()).isEqualTo("${no-placeholder}");
			assertThat(client.tokenType()).isEqualTo("Token");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "connect-timeout", "response-timeout", "max-wait", "max-lease", "await-sign-in",
			"session-warning", "refresh-deadline", "start-timeout", "retry.patience", "default-lifetime",
			"expiry-margin", "retry.initial-backoff", "retry.max-backoff", "rejection.window",
			"subjects.expire-after-idle", "client-assertion.lifetime", "assertion.lifetime" })
	@DisplayName("CF-1: a duration that is too short to have been meant stops the start unless it has a unit")
	void startWhenDurationHasNoUnitThenNamesIt(String property, CapturedOutput output) {
		assertStopsWith(withInventory(property + "=5"), property,
				"is '5' without a unit, which is 5 ms; write 5s, or 5ms if that is what it is to be", output);
		assertStopsWith(withInventory(property + "=${SOME_TIME:49}"), property, "is '49' without a unit", output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "5ms", "50", "2000", "PT0.005S" })
	void startWhenDurationHasAUnitOrIsLongEnoughThenStarts(String duration) {
		try (ConfigurableApplicationContext context = start(
				withInventory("connect-timeout=" + duration, "await-sign-in=0"))) {
			assertThat(context.getBean(ConfiguredClients.class).settings()).hasSize(1);
		}
	}

	@Test
	@DisplayName("CF-1: two clients with one name to Spring Boot stop the start")
	void startWhenTwoClientsHaveOneNameThenNamesBoth(CapturedOutput output) {
		fails(List.of("evertoken.clients.stock-service.client-id=a", "evertoken.clients.stockService.client-id=b"));
		assertThat(output).containsPattern(
				"evertoken.clients.stock-?service: is the same name as 'stock-?[sS]ervice' to Spring Boot");
	}

	@ParameterizedTest
	@ValueSource(strings = { "default-lifetime", "expiry-margin", "connect-timeout", "response-timeout", "max-wait",
			"max-lease", "refresh-deadline", "max-concurrent-requests", "start-timeout", "retry.patience",
			"retry.initial-backoff", "retry.max-backoff", "rejection.window", "grant-type",
			"client-authentication-method", "start", "obtained-by", "subjects.source", "token-request.format",
			"token-response.expires-in-format" })
	@DisplayName("CF-1: a property without a value stops the start")
	void startWhenPropertyIsEmptyThenNamesIt(String property, CapturedOutput output) {
		assertStopsWith(withInventory(property + "="), property, "has no value", output);
	}

	@Test
	@DisplayName("CF-1: a client whose token endpoint is not known stops the start")
	void startWhenTokenEndpointIsMissingThenNamesBothPropertiesThatTellIt(CapturedOutput output) {
		List<String> properties = VALID.stream()
			.filter((property) -> !property.startsWith("token-uri"))
			.map((property) -> "evertoken.clients.inventory." + property)
			.toList();
		assertStopsWith(properties, "token-uri: must be set", "evertoken.clients.inventory.issuer-uri", output);
		assertThat(output).contains("TokenIssuer bean named 'inventory'");
	}

	@ParameterizedTest
	@CsvSource({ "proxy.host=http://proxy.internal,proxy.host,must be the host of an HTTP proxy such as proxy.internal",
			"proxy.host=,proxy.host,but is ''", "proxy.port=0,proxy.port,but is 0", "proxy.port=65536,proxy.port,65536",
			"proxy.username=orders,proxy.password,'must be set, for evertoken.clients.inventory.proxy.username is'",
			"proxy.password=" + SECRET
					+ ",proxy.username,'must be set, for evertoken.clients.inventory.proxy.password is'" })
	@DisplayName("CF-1: a proxy that cannot be used stops the start")
	void startWhenProxyIsWrongThenNamesTheProperty(String wrong, String property, String expected,
			CapturedOutput output) {
		assertStopsWith(withInventory("proxy.host=proxy.internal", "proxy.port=3128", wrong), property, expected,
				output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "a:b", " " })
	@DisplayName("CF-1: a proxy that cannot be used stops the start")
	void startWhenUserNameAtTheProxyIsWrongThenNamesTheProperty(String username, CapturedOutput output) {
		assertStopsWith(
				withInventory("proxy.host=proxy.internal", "proxy.port=3128", "proxy.username=" + username,
						"proxy.password=" + SECRET + "\n"),
				"proxy.username: must not be empty, and without a colon",
				"proxy.password: must not contain a line break", output);
	}

	@Test
	@DisplayName("CF-1: a token that is to come from two places stops the start")
	void startWhenAccessTokenIsInHeaderAndBodyThenNamesBoth(CapturedOutput output) {
		assertStopsWith(
				withInventory("token-response.access-token=token", "token-response.access-token-header=X-Auth-Token"),
				"token-response.access-token-header: cannot be set together with",
				"evertoken.clients.inventory.token-response.access-token:", output);
	}

	@Test
	@DisplayName("CF-1: two clients for one origin and path stop the start")
	void startWhenTwoClientsHaveOneBaseUrlThenNamesBoth(CapturedOutput output) {
		List<String> properties = withInventory();
		VALID.forEach((property) -> properties.add("evertoken.clients.billing." + property));
		properties.add("evertoken.clients.billing.base-url=https://INVENTORY.internal:443/api/");
		fails(properties);
		assertThat(output).contains(".base-url: is https://inventory.internal:443/api")
			.contains("client 'billing'")
			.contains("client 'inventory'");
	}

	@Test
	@DisplayName("CF-1: a client without a name stops the start")
	void startWhenClientHasNoNameThenFails(CapturedOutput output) {
		fails(List.of("evertoken.clients.[ ].base-url=https://inventory.internal"));
		assertThat(output).contains("evertoken.clients[ ]: the name of a client must not be empty");
	}

	@Test
	@DisplayName("CF-1: all problems are reported at once, in Boot's words")
	void startWhenSeveralPropertiesAreWrongThenReportsAll(CapturedOutput output) {
		fails(withInventory("token-uri=idp", "renewal.at=1.2", "connect-timeout=0s", "scope=a b"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Description:")
			.contains("    evertoken.clients.inventory.token-uri: ")
			.contains("    evertoken.clients.inventory.renewal.at: ")
			.contains("    evertoken.clients.inventory.connect-timeout: ")
			.contains("    evertoken.clients.inventory.scope: ")
			.contains("Action:")
			.contains("Update your application's configuration");
	}

	@Test
	void startWhenRefreshTokenClientHasNoneThenWaitsForPut() {
		try (ConfigurableApplicationContext context = start(withInventory("grant-type=refresh_token"))) {
			assertThat(context.getBean(ConfiguredClients.class).settings()).hasSize(1);
		}
	}

	@Test
	void startWhenPublicClientHasRefreshTokenThenNeedsNoSecret() {
		List<String> properties = List.of("base-url=https://inventory.internal", "token-uri=https://idp.internal",
				"client-id=app", "client-authentication-method=none", "grant-type=refresh_token",
				"refresh-token=" + SECRET);
		try (ConfigurableApplicationContext context = start(
				properties.stream().map((property) -> "evertoken.clients.app." + property).toList())) {
			assertThat(context.getBean(ConfiguredClients.class).settings()).hasSize(1);
		}
	}

	@Test
	void startWhenOriginsAloneAreSetThenNeedsNoBaseUrl() {
		List<String> properties = List.of("origins=https://a,https://b:8443/", "token-uri=https://idp.internal?x=y",
				"client-id=app", "client-secret=" + SECRET);
		try (ConfigurableApplicationContext context = start(
				properties.stream().map((property) -> "evertoken.clients.app." + property).toList())) {
			assertThat(context.getBean(ConfiguredClients.class).settings()).hasSize(1);
		}
	}

	@Test
	@DisplayName("SE-5: http beyond loopback is warned of once for each property")
	void startWhenUrlsArePlainHttpThenWarnsOfEachOnce(CapturedOutput output) {
		start(withInventory("base-url=http://inventory.internal/api", "origins=http://a,https://b,http://localhost:81",
				"token-uri=http://idp.internal:9000/token?key=" + SECRET.substring(0, 3),
				"issuer-uri=http://idp.internal:9000"))
			.close();
		assertThat(output.toString().lines().filter((line) -> line.contains("unencrypted"))).satisfiesExactly(
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.base-url"),
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.origins[0]"),
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.token-uri")
					.doesNotContain("key="),
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.issuer-uri"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://localhost", "http://LOCALHOST:80", "http://inventory.localhost:1/a",
			"http://127.0.0.1:8081/api", "http://127.9.9.9", "http://[::1]:8081", "http://[0::1]", "http://localhost.",
			"https://inventory.internal" })
	@DisplayName("SE-5: https and loopback are not warned of")
	void startWhenUrlIsSafeThenDoesNotWarn(String url, CapturedOutput output) {
		start(withInventory("base-url=" + url)).close();
		assertThat(OwnTroubles.in(output)).isEmpty();
	}

	@Test
	@DisplayName("CF-1: a secret that YAML takes for a number is warned of, for it may be another than was written")
	void startWhenSecretIsWrittenWithoutQuotesThenWarns(CapturedOutput output) {
		Map<String, Object> yaml = new HashMap<>(Map.of("evertoken.clients.inventory.client-secret", 511,
				"evertoken.clients.inventory.client-id", 12345, "evertoken.clients.inventory.audience[0]", 1e5,
				"evertoken.clients.inventory.parameters.tenant", true));
		List<String> rest = List.of("base-url=https://inventory.internal/api", "token-uri=https://idp.internal/token");
		yaml.putAll(TestProperties.of(rest.stream().map((each) -> "evertoken.clients.inventory." + each).toList()));
		start(yaml).close();
		assertThat(output.toString().lines().filter((line) -> line.contains("in quotes"))).satisfiesExactlyInAnyOrder(
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.client-secret")
					.doesNotContain("511"),
				(line) -> assertThat(line).contains("WARN", "evertoken.clients.inventory.audience[0]"));
	}

	private static void assertStopsWith(List<String> properties, String property, String expected,
			CapturedOutput output) {
		fails(properties);
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("evertoken.clients.inventory." + property)
			.contains(expected)
			.doesNotContain(SECRET);
	}

	private static List<String> withInventory(String... more) {
		List<String> properties = new ArrayList<>();
		Stream.concat(VALID.stream(), Arrays.stream(more))
			.forEach((property) -> properties.add("evertoken.clients.inventory." + property));
		return properties;
	}

	private static void fails(List<String> properties) {
		assertThatException().isThrownBy(() -> start(properties).close());
	}

	private static ConfigurableApplicationContext start(List<String> properties) {
		return start(TestProperties.of(properties));
	}

	private static ConfigurableApplicationContext start(Map<String, Object> properties) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setDefaultProperties(properties);
		return application.run("--spring.main.banner-mode=off", "--spring.reactor.netty.shutdown-quiet-period=100ms");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, EvertokenAutoConfiguration.class })
	static class Application {

	}

}
