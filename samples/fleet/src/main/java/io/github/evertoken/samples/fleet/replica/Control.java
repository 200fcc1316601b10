package io.github.evertoken.samples.fleet.replica;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import io.github.evertoken.TokenEvent;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenManager;
import io.github.evertoken.TokenSet;
import io.github.evertoken.samples.fleet.Fingerprint;
import io.github.evertoken.samples.fleet.Step;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.boot.CommandLineRunner;
import org.springframework.stereotype.Component;

/**
 * Does what the conductor says, and ends when there is none any more.
 */
@Component
class Control implements CommandLineRunner {

	private static final Duration LOOKS = Duration.ofMillis(20);

	private static final int LOGINS = 600;

	private final TokenManager tokens;

	private final Callers callers;

	private final HaltSwitch haltSwitch;

	private final Report report;

	Control(TokenManager tokens, Callers callers, HaltSwitch haltSwitch, Report report) {
		this.tokens = tokens;
		this.callers = callers;
		this.haltSwitch = haltSwitch;
		this.report = report;
	}

	@Override
	public void run(String... args) {
		this.tokens.events().subscribe(this::happened);
		new Thread(this::listen, "conductor").start();
		this.report.tell("ready");
	}

	private void happened(TokenEvent event) {
		this.report.tell("event", name(event.key()), event.getClass().getSimpleName(), event.generation(),
				event.trigger());
	}

	private static String name(TokenKey key) {
		return (key.subject() != null) ? key.subject() : "-";
	}

	private void listen() {
		try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				obey(line.split(" "));
			}
		}
		catch (IOException ex) {
			this.report.tell("ends", "-", ex);
		}
		Runtime.getRuntime().halt(0);
	}

	private void obey(String[] words) {
		switch (words[0]) {
			case "call" -> this.callers.start();
			case "arm" -> this.haltSwitch.arm(Step.valueOf(words[1]), words[2]);
			case "disarm" -> this.haltSwitch.disarm();
			case "put" -> done("put", words[1], logIn(session(words[1]), words[2]));
			case "remove" -> done("removed", words[1], this.tokens.remove(session(words[1])));
			case "watch" -> signedOut(words[1]);
			case "renew" -> renew(session(words[1]));
			case "probe" -> probe(words[1], words[2]);
			default -> throw new IllegalArgumentException(words[0]);
		}
	}

	/**
	 * Put in what a login has brought, until the store has it: one that is away says so,
	 * and whoever logs in tries again.
	 */
	private Mono<Void> logIn(TokenKey key, String refreshToken) {
		return this.tokens.put(key, TokenSet.withRefreshToken(refreshToken).build())
			.retryWhen(Retry.fixedDelay(LOGINS, LOOKS));
	}

	private static TokenKey session(String subject) {
		return TokenKey.of("sessions", subject);
	}

	private void done(String what, String subject, Mono<Void> command) {
		command.subscribe(null, (ex) -> this.report.tell(what, subject, "failed", ex),
				() -> this.report.tell(what, subject, "done"));
	}

	/**
	 * Tell when nobody gets a token any more.
	 */
	private void signedOut(String subject) {
		Flux.interval(LOOKS)
			.onBackpressureDrop()
			.concatMap((tick) -> this.tokens.token(session(subject)).map((token) -> false).onErrorReturn(true))
			.filter(Boolean::booleanValue)
			.next()
			.subscribe((gone) -> this.report.tell("signed-out", subject));
	}

	/**
	 * Replace a token, as if a resource server had refused it.
	 */
	private void renew(TokenKey key) {
		this.tokens.token(key).flatMap((token) -> {
			this.tokens.reject(key, token);
			return this.tokens.token(key);
		})
			.subscribe((token) -> this.report.tell("renewed", name(key)),
					(ex) -> this.report.tell("renewed", name(key), ex));
	}

	/**
	 * Tell whether there is a token.
	 */
	private void probe(String number, String subject) {
		TokenKey key = subject.equals("-") ? TokenKey.of("service") : session(subject);
		this.tokens.token(key)
			.subscribe((token) -> this.report.tell("probed", subject, number, "good", Fingerprint.of(token.value())),
					(ex) -> this.report.tell("probed", subject, number, "failed", ex));
	}

}
