package io.github.evertoken.lifecycle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.ReauthenticationRequiredException;
import io.github.evertoken.TokenEvent.Trigger;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver.Outcome;
import io.github.evertoken.TokenParameters;
import io.github.evertoken.TokenRefusedException;
import io.github.evertoken.TokenSet;
import io.github.evertoken.TransientTokenException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.scheduler.VirtualTimeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Walks every cell of the table of the life-cycle: what the page says and what
 * {@link KeyState#on} answers is the same, and each answer keeps to what holds for all of
 * them.
 */
class LifecycleTableTests {

	private static final Path PAGE = Path.of("../docs/lifecycle.md");

	private static final String BEGIN = "<!-- The table begins. -->\n";

	private static final String END = "<!-- The table ends. -->\n";

	private static final TokenKey KEY = TokenKey.of("inventory");

	private static final TokenKey VARIED = TokenKey.of("inventory", "alice")
		.withParameters(TokenParameters.builder().scope(List.of("read")).build());

	private static final Moment NOW = new Moment(1_000_000, 5_000_000);

	private static final TransientTokenException DOWN = new TransientTokenException(KEY, "down", null);

	private final VirtualTimeScheduler time = VirtualTimeScheduler.create();

	private final DefaultTokenManager manager = DefaultTokenManager.builder()
		.virtualTime(this.time)
		.client(ClientSettings.of("inventory", (request) -> Mono.never()).build())
		.build();

	private final ClientSettings settings = this.manager.lifecycle(KEY).client().settings();

	@AfterEach
	void close() {
		this.manager.close();
		this.time.dispose();
	}

	@Test
	@Tag("LC-1")
	void pageThenSaysWhatTheCodeAnswersCellByCell() throws IOException {
		String page = Files.readString(PAGE);
		int begin = page.indexOf(BEGIN) + BEGIN.length();
		String table = table();
		if (Boolean.getBoolean("evertoken.docs.write")) {
			Files.writeString(PAGE, page.substring(0, begin) + table + page.substring(page.indexOf(END)));
			return;
		}
		assertThat(page.substring(begin, page.indexOf(END)).lines())
			.as("docs/lifecycle.md; to write it anew: ./mvnw -pl core -am test -Dtest=LifecycleTableTests"
					+ " -Devertoken.docs.write=true")
			.containsExactlyElementsOf(table.lines().toList());
	}

	@Test
	@Tag("LC-1")
	@Tag("SF-1")
	void onThenEveryAnswerKeepsToWhatHoldsForAll() {
		int cells = 0;
		for (Row row : rows()) {
			for (Situation situation : Situation.values()) {
				for (KeyPhase phase : KeyPhase.values()) {
					Cell cell = new Cell(phase, situation, row.lent);
					if (cell.exists()) {
						check(row, cell);
						cells++;
					}
				}
			}
		}
		assertThat(cells).isGreaterThan(700);
	}

	private void check(Row row, Cell cell) {
		String name = row.name + " at " + cell;
		KeyState state = cell.state();
		Transition transition = state.on(row.event.apply(cell), NOW);
		KeyState next = transition.next();
		List<Effect> effects = transition.effects();
		assertThat(transition.before()).as(name).isSameAs(state);
		if (!transition.changes()) {
			assertThat(effects).as(name + " does nothing to the key").allMatch((effect) -> concernsOthers(effect, row));
		}
		if (cell.phase == KeyPhase.CLOSED || cell.phase == KeyPhase.SIGNED_OUT) {
			assertThat(effects).as(name + " starts no flight").noneMatch(Effect.StartFlight.class::isInstance);
		}
		effects.forEach((effect) -> {
			if (effect instanceof Effect.StartFlight start) {
				assertThat(start.flight()).as(name + " starts the flight that is in the state").isSameAs(next.flight());
			}
		});
		Flight left = (state.flight() != null && state.flight() != next.flight()) ? state.flight() : null;
		if (left != null) {
			assertThat(effects).as(name + " forgets no waiter").anyMatch((effect) -> wakes(effect, left));
			long firstWake = effects.stream().takeWhile((effect) -> !effect.wakes()).count();
			assertThat(effects.stream().skip(firstWake)).as(name + " wakes last").allMatch(Effect::wakes);
		}
		effects.forEach((effect) -> {
			Ending ending = ending(effect);
			if (ending != null) {
				assertThat(ending.outcome()).as(name + " tells what the flight has come to: " + word(effect))
					.isEqualTo(outcome(row, cell, effect));
				assertThat(ending.failure() != null).as(name + " tells why")
					.isEqualTo(ending.outcome() != Outcome.SUCCESS && ending.outcome() != Outcome.CANCELLED);
			}
		});
		assertThat(next.generation()).as(name + " never goes back")
			.isGreaterThanOrEqualTo((next.closed()) ? 0 : state.generation());
		if (next.held() != null && next.conditions().suspect() != null) {
			assertThat(next.servesSuspect()).as(name + " holds one token").isTrue();
		}
	}

	private static boolean concernsOthers(Effect effect, Row row) {
		return effect instanceof Effect.StartFlight || effect instanceof Effect.Tell
				|| (effect instanceof Effect.BeginVariedAnew && row.name.endsWith(", overtaken"));
	}

	private static @Nullable Ending ending(Effect effect) {
		if (effect instanceof Effect.Wake wake) {
			return wake.ending();
		}
		if (effect instanceof Effect.Fail fail) {
			return fail.ending();
		}
		return (effect instanceof Effect.SendOn sendOn) ? sendOn.ending() : null;
	}

	/**
	 * What a flight has come to whose waiters are woken, whatever they are woken with: a
	 * success is what has landed, and nothing else.
	 */
	private static Outcome outcome(Row row, Cell cell, Effect effect) {
		if (row.name.startsWith("landed") && effect instanceof Effect.Wake wake
				&& wake.flight() == ((FlightEvents.Landed) row.event.apply(cell)).flight()) {
			return Outcome.SUCCESS;
		}
		return switch (row.name) {
			case "failed", "failed, and nobody waits", "failed because of the store", "deadline" -> Outcome.TRANSIENT;
			case "refused" -> Outcome.REFUSED;
			case "reauthentication" -> Outcome.REAUTHENTICATION;
			// What these take out of the state is a flight that is overdue.
			case "use", "use of another token", "renewal time", "rejected", "rejected where others accept it",
					"renew now", "lent" ->
				Outcome.TRANSIENT;
			default -> Outcome.CANCELLED;
		};
	}

	private static boolean wakes(Effect effect, Flight flight) {
		return (effect instanceof Effect.Wake wake && wake.flight() == flight)
				|| (effect instanceof Effect.Fail fail && fail.flight() == flight)
				|| (effect instanceof Effect.SendOn sendOn && sendOn.flight() == flight);
	}

	private String table() {
		StringBuilder table = new StringBuilder();
		for (Row row : rows()) {
			table.append("\n### ").append(row.name).append("\n\n").append(row.rule).append("\n\n");
			Map<String, List<Situation>> columns = Stream.of(Situation.values())
				.collect(Collectors.groupingBy((situation) -> column(row, situation), LinkedHashMap::new,
						Collectors.toList()));
			table.append("| phase |");
			columns.values()
				.forEach((situations) -> table.append(' ')
					.append(situations.stream().map((situation) -> situation.title).collect(Collectors.joining(", ")))
					.append(" |"));
			table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
			for (KeyPhase phase : KeyPhase.values()) {
				table.append("| ").append(phase).append(" |");
				columns.values()
					.forEach((situations) -> table.append(' ').append(answer(row, phase, situations)).append(" |"));
				table.append('\n');
			}
		}
		return table.append('\n').toString();
	}

	private String column(Row row, Situation situation) {
		return Stream.of(KeyPhase.values())
			.map((phase) -> new Cell(phase, situation, row.lent).exists()
					? answer(row, new Cell(phase, situation, row.lent)) : "")
			.collect(Collectors.joining("|"));
	}

	private String answer(Row row, KeyPhase phase, List<Situation> situations) {
		return situations.stream()
			.map((situation) -> new Cell(phase, situation, row.lent))
			.filter(Cell::exists)
			.map((cell) -> answer(row, cell))
			.findFirst()
			.orElse("");
	}

	private String answer(Row row, Cell cell) {
		Transition transition = cell.state().on(row.event.apply(cell), NOW);
		if (!transition.changes() && transition.effects().isEmpty()) {
			return "–";
		}
		String effects = transition.effects().stream().map(LifecycleTableTests::word).collect(Collectors.joining(", "));
		return "**" + transition.next().phase(NOW) + "**" + (effects.isEmpty() ? "" : ": " + effects);
	}

	private static String word(Effect effect) {
		if (effect instanceof Effect.Publish publish) {
			return "publish `" + publish.name() + "`";
		}
		return switch (effect.getClass().getSimpleName()) {
			case "StartFlight" -> "start flight";
			case "Abandon" -> "abandon flight";
			case "Cancel" -> "cancel flight";
			case "SetTimer" -> "set timer";
			case "WriteStore" -> "write store";
			case "Revoke" -> "revoke";
			case "BeginVariedAnew" -> "begin varied keys anew";
			case "WakeSignIns" -> "wake sign-ins";
			case "Wake" -> "wake waiters";
			case "Fail" -> "fail waiters";
			case "SendOn" -> "send waiters on";
			case "Tell" -> "tell waiters";
			case "Serve" -> "serve waiters";
			default -> throw new IllegalStateException("No word for " + effect);
		};
	}

	private List<Row> rows() {
		List<Row> rows = new ArrayList<>();
		rows.add(row("use",
				"A caller needs a token and none is usable, or another one than the one that is held"
						+ " (SF-1, LC-2). A flight past its deadline counts as none (LC-1).",
				(cell) -> use(cell, null, false)));
		rows.add(row("use of another token",
				"The token that is held does not last, or was rejected at one place (RN-5, LC-6).",
				(cell) -> use(cell, cell.state().held(), false)));
		rows.add(row("use while the issuer is in trouble",
				"Patience is over and it is not yet time to look again: callers fail at once (LC-2, LC-7).",
				(cell) -> use(cell, null, true)));
		rows.add(row("renewal time",
				"The timer rings, or a caller uses a token that is due (RN-1, RN-4). After an answer was lost, it"
						+ " rings for a while though nothing is due (LC-3).",
				(cell) -> new CallerEvents.RenewalTime(false, false, this::plan)));
		rows.add(row("renewal time while the issuer is in trouble", "The issuer is left alone (LC-7).",
				(cell) -> new CallerEvents.RenewalTime(false, true, this::plan)));
		rows.add(row("rejected",
				"A resource server refuses the token that is held, and it was accepted before (RJ-1, LC-5).",
				(cell) -> rejected(cell.accepted(), false, false)));
		rows.add(row("rejected where others accept it",
				"The place may be one that refuses every token: the token stays in" + " use for all others (LC-6).",
				(cell) -> rejected(cell.accepted(), true, false)));
		rows.add(row("rejected while the issuer is in trouble",
				"No replacement is to be had, so that the suspect serves on (LC-5).",
				(cell) -> rejected(cell.accepted(), false, true)));
		rows.add(row("rejected, another token", "It has been replaced since (RJ-2).",
				(cell) -> rejected(cell.other(), false, false)));
		rows.add(row("session ends",
				"The refresh token expires soon, and nothing is on its way that may put that off" + " (OB-23).",
				(cell) -> sessionEnds()));
		rows.add(row("rejected before", "The refusal meets the successor of an evicted key (LC-14).",
				(cell) -> new CallerEvents.RejectedBefore(cell.other())));
		rows.add(row("landed", "The flight brings a token set (SF-6).", (cell) -> landed(cell, cell.flight(), null)));
		rows.add(row("landed, not saved", "The store does not know the set yet: it serves from memory (LC-9).",
				(cell) -> landed(cell, cell.flight(), new Unsaved(tokens(), 7, null, null))));
		rows.add(row("landed late",
				"The flight is past its deadline, and the refresh token that it has redeemed is still"
						+ " the current one (LC-3).",
				(cell) -> landed(cell, cell.late(), null)));
		rows.add(row("landed, disowned", "The key was revoked meanwhile (LC-9).",
				(cell) -> landed(cell, cell.disowned(), null)));
		rows.add(row("failed, and goes on", "Somebody waits and patience lasts (LC-2).",
				(cell) -> new FlightEvents.Failed(cell.flight(), DOWN, true, true, NOW.after(50), null)));
		rows.add(row("failed", "Patience is over (LC-2, RN-4).",
				(cell) -> new FlightEvents.Failed(cell.flight(), DOWN, true, false, NOW.after(50), null)));
		rows.add(row("failed, and nobody waits", "Whoever has come at the last moment is told of no failure (LC-2).",
				(cell) -> new FlightEvents.Failed(cell.flight(), DOWN, false, false, NOW.after(50), null)));
		rows.add(row("failed because of the store", "The trouble is the key's own (LC-8).",
				(cell) -> new FlightEvents.Failed(cell.flight(), DOWN, true, false, NOW.after(50),
						new Cooldown(DOWN, 1, NOW.after(50), NOW.after(20)))));
		rows.add(row("refused", "Only a change at the client or the issuer can help (FP-1).",
				(cell) -> new FlightEvents.Refused(cell.flight(),
						new TokenRefusedException(KEY, "no", "invalid_client", null, null),
						new Cooldown(DOWN, 1, NOW.after(50), NOW.mono()))));
		rows.add(row("reauthentication", "The last usable grant was refused (FP-4).",
				(cell) -> new FlightEvents.Reauthentication(cell.flight(), signedOut())));
		rows.add(row("late", "The answer is late, and a refresh token is on its way: the flight goes on (LC-3).",
				(cell) -> new FlightEvents.Late(cell.flight(), DOWN)));
		rows.add(row("deadline", "The flight counts as none from now on (LC-1).",
				(cell) -> new FlightEvents.Deadline(cell.flight(), DOWN, NOW.after(50))));
		rows.add(row("another replica's turn",
				"Another replica asks the issuer, and nobody waits here: it is looked later what has come of it (FL-3).",
				(cell) -> new OthersTurn.Yielded(cell.flight(), NOW.after(50))));
		rows.add(row("saved", "The store knows now what it was still to be told (LC-9).",
				(cell) -> new FlightEvents.Saved(cell.unsaved(), 9)));
		rows.add(row("put", "The application puts a token set in, which rests in the store by now (LC-9, LC-14).",
				(cell) -> new CommandEvents.Put(cell.next(), "r9", 9, null)));
		rows.add(row("put, a refresh token alone", "Its access token is obtained by whoever needs it (LC-14).",
				(cell) -> new CommandEvents.Put(null, "r9", 9, null)));
		rows.add(row("put, overtaken", "Another version came first (LC-9).",
				(cell) -> new CommandEvents.Put(cell.next(), "r9", (cell.state().generation() > 0) ? 1 : 0, null)));
		rows.add(row("removed", "The application signs the key out, and the store has forgotten it (LC-9).",
				(cell) -> new CommandEvents.Removed(9, false)));
		rows.add(row("revoked", "What a flight brings after this is revoked too (LC-9).",
				(cell) -> new CommandEvents.Removed(9, true)));
		rows.add(row("removed, overtaken", "Somebody has logged in since (LC-9, LC-15).",
				(cell) -> new CommandEvents.Removed(1, false)));
		rows.add(row("changed elsewhere", "The store has a newer version: that is taken (LC-10).",
				(cell) -> new CommandEvents.ChangedElsewhere(cell.next(), "r9", 9, null)));
		rows.add(row("removed elsewhere", "The store has a tombstone (LC-9, LC-10).",
				(cell) -> new CommandEvents.ChangedElsewhere(null, null, 9, null)));
		rows.add(row("begun anew",
				"The subject's own key has another token set. With a refresh token of its own, which all"
						+ " keys of this table have unless they are signed out, a varied key stays as it is (LC-15).",
				(cell) -> new CommandEvents.BegunAnew(false, false)));
		rows.add(row("begun anew, borrowing", "The same, of a varied key that has none (LC-15).",
				(cell) -> borrowing(new CommandEvents.BegunAnew(false, false))));
		rows.add(row("begun anew, signed out", "The subject's own key was removed or revoked (LC-15).",
				(cell) -> borrowing(new CommandEvents.BegunAnew(true, false))));
		rows.add(row("lent", "A varied key asks for the refresh token, and is first (LC-15).",
				(cell) -> new LoanEvents.Lent(loan(cell.state()), false)));
		rows.add(lent("returned", "The attempt of the varied key has brought nothing for this one (LC-15).",
				(cell) -> new LoanEvents.Returned((Loan) cell.flight(), null)));
		rows.add(lent("returned, rotated", "The refresh token is another one by now, and is saved (LC-15).",
				(cell) -> new LoanEvents.Returned((Loan) cell.flight(), repayment(null))));
		rows.add(lent("returned, not saved", "The store does not know it yet (LC-9, LC-15).",
				(cell) -> new LoanEvents.Returned((Loan) cell.flight(),
						repayment(new Unsaved(tokens(), 7, null, null)))));
		rows.add(
				lent("returned late",
						"The loan counts as none, and the refresh token that it has redeemed is still the current one"
								+ " (LC-3, LC-15).",
						(cell) -> new LoanEvents.Returned((Loan) cell.late(), repayment(null))));
		rows.add(lent("returned, disowned", "The key was revoked meanwhile (LC-9, LC-15).",
				(cell) -> new LoanEvents.Returned((Loan) cell.disowned(), repayment(null))));
		rows.add(row("renew now", "Somebody wants another token at once, whatever is held (OB-4).",
				(cell) -> new CommandEvents.RenewNow(false, this::plan)));
		rows.add(row("renew now while the issuer is in trouble", "The issuer is left alone (LC-7, OB-4).",
				(cell) -> new CommandEvents.RenewNow(true, this::plan)));
		rows.add(row("evicted", "The key is forgotten, unless it is busy (LC-12).",
				(cell) -> new CommandEvents.Evicted(false)));
		rows.add(row("evicted, leased", "A lease keeps its key (RN-5).", (cell) -> new CommandEvents.Evicted(true)));
		rows.add(row("leased", "An eviction that has not seen the lease fails (RN-5).",
				(cell) -> new CommandEvents.Leased()));
		rows.add(row("closed", "The manager is closed (RN-6).", (cell) -> new CommandEvents.Closed(DOWN)));
		return rows;
	}

	private static Row row(String name, String rule, Function<Cell, KeyEvent> event) {
		return new Row(name, rule, false, event);
	}

	/**
	 * The flight that is underway is a loan.
	 */
	private static Row lent(String name, String rule, Function<Cell, KeyEvent> event) {
		return new Row(name, rule, true, event);
	}

	private Loan loan(KeyState known) {
		TokenLifecycle varied = this.manager.lifecycle(VARIED);
		if (varied.state().flight() == null) {
			varied.token().onErrorComplete().subscribe();
		}
		Flight borrower = varied.state().flight();
		borrower.queues();
		return new Loan(this.manager.lifecycle(KEY), borrower, known, NOW);
	}

	private static Loan.Repayment repayment(@Nullable Unsaved unsaved) {
		return new Loan.Repayment("r9", (unsaved != null) ? 8 : 9, unsaved, null, tokens());
	}

	/**
	 * The event happens to a key without a refresh token of its own.
	 */
	private static KeyEvent borrowing(KeyEvent event) {
		return (state, now) -> {
			Transition transition = event.on(new KeyState(state.held(), null, state.generation(), state.conditions()),
					now);
			return transition.changes() ? new Transition(state, transition.next(), transition.effects())
					: Transition.stay(state);
		};
	}

	/**
	 * The event happens to a key with a session, unless it has no refresh token any more.
	 */
	private static KeyEvent sessionEnds() {
		Session session = new Session(NOW.wall(), NOW.wall() + 1000, false, false);
		return (state, now) -> {
			KeyState known = (state.refreshToken() != null) ? state.with(state.conditions().withSession(session))
					: state;
			Transition transition = new CallerEvents.SessionEnds(session).on(known, now);
			return transition.changes() ? new Transition(state, transition.next(), transition.effects())
					: Transition.stay(state);
		};
	}

	private KeyEvent use(Cell cell, @Nullable HeldToken insteadOf, boolean barred) {
		return new CallerEvents.Use(Trigger.USE, insteadOf, barred, this::plan);
	}

	private KeyEvent rejected(HeldToken token, boolean doubtful, boolean barred) {
		return new CallerEvents.Rejected(token, doubtful, barred, this.settings, this::plan, null);
	}

	private KeyEvent landed(Cell cell, Flight flight, @Nullable Unsaved unsaved) {
		return new FlightEvents.Landed(flight, cell.next(), tokens(), unsaved);
	}

	private Flight plan(KeyState state, Trigger trigger, Moment now) {
		return new Flight(this.manager.lifecycle(KEY), trigger, state, null, now);
	}

	private static LostAnswer lostAnswer() {
		LostAnswer lostAnswer = new LostAnswer(KeyState.EMPTY, NOW);
		lostAnswer.happens(NOW);
		return lostAnswer;
	}

	private static TokenSet tokens() {
		return TokenSet.withAccessToken("next").refreshToken("r9").build();
	}

	private static ReauthenticationRequiredException signedOut() {
		return new ReauthenticationRequiredException(KEY, "over", "invalid_grant", null, null);
	}

	private static HeldToken token(String value, long age, long generation) {
		Instant obtainedAt = Instant.ofEpochMilli(NOW.wall() - age);
		return new HeldToken("Bearer", value, obtainedAt, obtainedAt.plus(Duration.ofSeconds(100)), generation, 20_000,
				NOW.wall() - NOW.mono());
	}

	/**
	 * What is beside the phase.
	 */
	private enum Situation {

		AT_REST("at rest"), UNDERWAY("flight underway"), OVERDUE("flight past its deadline"), COOLING("cooling down"),
		UNSAVED("to be saved"), UNANSWERED("an answer lost");

		private final String title;

		Situation(String title) {
			this.title = title;
		}

	}

	/**
	 * One row of cells.
	 */
	private record Row(String name, String rule, boolean lent, Function<Cell, KeyEvent> event) {
	}

	/**
	 * One phase in one situation.
	 */
	private final class Cell {

		private final KeyPhase phase;

		private final Situation situation;

		private final @Nullable HeldToken held;

		private final Flight flight;

		private final Flight disowned;

		private final Flight late;

		private final Unsaved unsaved = new Unsaved(tokens(), 6, null, null);

		private final KeyState state;

		Cell(KeyPhase phase, Situation situation, boolean lent) {
			this.phase = phase;
			this.situation = situation;
			this.held = switch (phase) {
				case FRESH -> token("held", 0, 7);
				case SUSPECT -> token("held", 0, 7).due();
				case DUE, SIGNED_OUT -> token("held", 90_000, 7);
				case EXPIRED -> token("held", 100_000, 7);
				case EMPTY, CLOSED -> null;
			};
			if (this.held != null) {
				this.held.accepted();
			}
			this.flight = flight("r7", lent);
			this.disowned = flight("r5", lent);
			this.late = flight("r7", lent);
			this.late.redeems("r7", NOW);
			this.state = build();
			assertThat(this.state.phase(NOW)).isEqualTo(phase);
		}

		private Flight flight(String refreshToken, boolean lent) {
			KeyState known = KeyState.empty(refreshToken);
			return lent ? loan(known) : plan(known, Trigger.USE, NOW);
		}

		boolean exists() {
			return (this.phase != KeyPhase.CLOSED || this.situation == Situation.AT_REST)
					&& (this.phase != KeyPhase.SIGNED_OUT || this.situation == Situation.AT_REST
							|| this.situation == Situation.UNSAVED);
		}

		private KeyState build() {
			if (this.phase == KeyPhase.CLOSED) {
				return KeyState.CLOSED;
			}
			Conditions conditions = new Conditions(null, null, Cooldown.NONE, null, Rejections.NONE, null,
					Set.of(this.disowned), null, Long.MIN_VALUE, null);
			conditions = switch (this.situation) {
				case AT_REST -> conditions;
				case UNDERWAY -> conditions.withFlight(this.flight);
				case OVERDUE -> {
					this.flight.begins(new Attempt(this.flight), new Moment(0, 0));
					this.flight.leaves();
					yield conditions.withFlight(this.flight);
				}
				case COOLING -> conditions.withCooldown(new Cooldown(DOWN, 1, NOW.after(1000), NOW.mono()));
				case UNSAVED -> conditions.withUnsaved(this.unsaved);
				case UNANSWERED -> conditions.after(lostAnswer());
			};
			if (this.phase == KeyPhase.SIGNED_OUT) {
				return new KeyState(this.held, null, 7, conditions.signedOut(LifecycleTableTests.signedOut()));
			}
			if (this.phase == KeyPhase.SUSPECT) {
				boolean serves = this.situation != Situation.UNDERWAY && this.situation != Situation.OVERDUE;
				return new KeyState(serves ? this.held : null, "r7", 7, conditions.withSuspect(this.held));
			}
			return new KeyState(this.held, "r7", 7, conditions);
		}

		KeyState state() {
			return this.state;
		}

		Flight flight() {
			return this.flight;
		}

		Flight disowned() {
			return this.disowned;
		}

		Flight late() {
			return this.late;
		}

		Unsaved unsaved() {
			return this.unsaved;
		}

		HeldToken accepted() {
			return (this.held != null) ? this.held : other();
		}

		HeldToken other() {
			return token("other", 0, 3);
		}

		HeldToken next() {
			return token("next", 0, 9);
		}

		@Override
		public String toString() {
			return this.phase + ", " + this.situation.title;
		}

	}

}
