package io.github.evertoken.faults;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import io.github.evertoken.faults.Fault.Kind;
import io.github.evertoken.faults.Fault.Stage;

/**
 * Faults at random: now and then a single one, and now and then the same one for all, for
 * a second or so.
 */
final class SoakFaults implements Fault.Source {

	private static final double SINGLE = 0.02;

	/**
	 * How many of the single faults that would hold a request do. Each holds a connection
	 * for half a minute.
	 */
	private static final double HELD = 0.1;

	private static final Map<Stage, List<Fault>> FAULTS = new EnumMap<>(Map.of(Stage.ADDRESS, of(Stage.ADDRESS),
			Stage.CONNECTION, of(Stage.CONNECTION), Stage.REQUEST, of(Stage.REQUEST)));

	private static final Set<Fault> HOLDING = EnumSet.of(Fault.SLOW_BY_6_S, Fault.SLOW_BODY, Fault.HANGS,
			Fault.HANGS_AFTER_REDEEMING, Fault.HANGS_IN_BODY, Fault.LENGTH_TOO_LARGE);

	private final Random random;

	private final AtomicLong met = new AtomicLong();

	private Fault outage = Fault.NONE;

	private boolean ended;

	SoakFaults(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Those of plain HTTP/1.1 that leave nobody waiting for longer than a client does.
	 */
	private static List<Fault> of(Stage stage) {
		return Stream.of(Fault.values())
			.filter((fault) -> fault != Fault.NONE && fault.kind().stage() == stage)
			.filter((fault) -> fault.kind() != Kind.TLS && fault.kind() != Kind.HTTP2
					&& fault.kind() != Kind.HTTP2_LOSS)
			.filter((fault) -> !fault.description().contains("Retry-After: 60"))
			.toList();
	}

	/**
	 * Begin or end an outage, at random. One that left all requests waiting would last
	 * until the last of them has given up.
	 */
	synchronized void change() {
		boolean begins = this.outage == Fault.NONE && this.random.nextInt(4) == 0;
		Fault fault = any(Stage.values()[this.random.nextInt(Stage.values().length)]);
		this.outage = (begins && !HOLDING.contains(fault)) ? fault : Fault.NONE;
	}

	/**
	 * Let all be well from now on.
	 */
	synchronized void end() {
		this.ended = true;
	}

	long met() {
		return this.met.get();
	}

	@Override
	public synchronized Fault next(Stage stage) {
		Fault fault = Fault.NONE;
		if (!this.ended && this.outage.kind().stage() == stage && this.outage != Fault.NONE) {
			fault = this.outage;
		}
		else if (!this.ended && this.random.nextDouble() < SINGLE) {
			fault = any(stage);
			if (HOLDING.contains(fault) && this.random.nextDouble() >= HELD) {
				fault = Fault.NONE;
			}
		}
		if (fault != Fault.NONE) {
			this.met.incrementAndGet();
		}
		return fault;
	}

	private Fault any(Stage stage) {
		List<Fault> faults = FAULTS.get(stage);
		return faults.get(this.random.nextInt(faults.size()));
	}

}
