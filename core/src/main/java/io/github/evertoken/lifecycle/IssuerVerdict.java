package io.github.evertoken.lifecycle;

/**
 * What follows a failure of an issuer.
 *
 * @param goesOn whether those who wait may wait for another attempt
 * @param nextAttempt when that is at the earliest, by the monotonic clock
 * @param patientUntil until when they wait, by the monotonic clock
 */
record IssuerVerdict(boolean goesOn, long nextAttempt, long patientUntil) {
}
