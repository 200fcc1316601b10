package io.github.evertoken.samples.fleet.replica;

import io.github.evertoken.TokenKey;
import io.github.evertoken.samples.fleet.Step;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

/**
 * Ends the JVM at a step of the protocol, as kill -9 does: nothing is flushed, closed or
 * told to anybody.
 */
@Component
class HaltSwitch {

	private static final int KILLED = 137;

	private final Report report;

	private volatile @Nullable Trap trap;

	HaltSwitch(Report report) {
		this.report = report;
	}

	void arm(Step step, String subject) {
		this.trap = new Trap(step, subject);
	}

	void disarm() {
		this.trap = null;
	}

	void reached(Step step, TokenKey key) {
		Trap current = this.trap;
		if (current != null && current.step() == step && current.subject().equals(key.subject())) {
			this.report.tell("halts", current.subject(), step.name());
			Runtime.getRuntime().halt(KILLED);
		}
	}

	private record Trap(Step step, String subject) {

	}

}
