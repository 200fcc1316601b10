package io.github.evertoken.http;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import javax.net.ssl.SSLPeerUnverifiedException;

import org.jspecify.annotations.Nullable;

import org.springframework.web.reactive.function.client.WebClientRequestException;

/**
 * What became of an endpoint that was not reached, or that did not answer in HTTP.
 *
 * @param how what it did, to be put behind its name; not redacted yet
 * @param cause the I/O exception, or {@code null}: the message of any other exception may
 * quote what was to be sent
 * @param isUntrusted whether its certificate is not trusted, which time does not change;
 * one that has expired will be replaced
 * @param isUnknownHost whether there is no such host
 */
public record TransportFailure(String how, @Nullable IOException cause, boolean isUntrusted, boolean isUnknownHost) {

	private static final int DEEPEST_CAUSE = 10;

	/**
	 * Return why the application itself does not let the endpoint be called, which
	 * whoever makes the {@code WebClient} tells with a {@link SecurityException}.
	 * @return its message, {@code null} if it is something else that failed
	 */
	public static @Nullable String forbidden(Throwable failure) {
		Throwable cause = (failure instanceof WebClientRequestException) ? failure.getCause() : failure;
		return (cause instanceof SecurityException) ? cause.getMessage() : null;
	}

	public static TransportFailure of(Throwable failure) {
		boolean unanswered = failure instanceof WebClientRequestException;
		String hint = (failure instanceof WebClientRequestException ex) ? SchemeHint.of(ex.getUri(), failure) : "";
		Throwable cause = Objects.requireNonNullElse(unanswered ? failure.getCause() : null, failure);
		if (cause instanceof IOException ex) {
			String message = Objects.requireNonNullElse(ex.getMessage(), ex.getClass().getSimpleName());
			List<Throwable> causes = causes(ex);
			boolean untrusted = isUntrusted(causes);
			return new TransportFailure(
					(unanswered ? " could not be reached: " : " broke off its answer: ") + withHint(hint, message)
							+ (untrusted ? "; see ssl.bundle for whom to trust" : ""),
					ex, untrusted, isUnknownHost(causes));
		}
		return new TransportFailure(" gave no proper answer: " + withHint(hint, cause.getClass().getSimpleName()), null,
				false, false);
	}

	/**
	 * A message may be long, and is cut when it has been redacted.
	 */
	private static String withHint(String hint, String message) {
		return hint.isEmpty() ? message : hint + " (" + message + ")";
	}

	private static List<Throwable> causes(Throwable failure) {
		return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(DEEPEST_CAUSE).toList();
	}

	/**
	 * A certificate of another host is the second to what does not leave host names to
	 * the JDK, as Apache's client before 5.6.
	 */
	private static boolean isUntrusted(List<Throwable> causes) {
		return causes.stream()
			.anyMatch((cause) -> cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException)
				&& causes.stream()
					.noneMatch((cause) -> cause instanceof CertificateExpiredException
							|| cause instanceof CertificateNotYetValidException);
	}

	/**
	 * The client of the JDK hides the second in a failure to connect.
	 */
	private static boolean isUnknownHost(List<Throwable> causes) {
		return causes.stream()
			.anyMatch((cause) -> cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException);
	}

}
