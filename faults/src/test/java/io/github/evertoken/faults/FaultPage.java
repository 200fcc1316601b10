package io.github.evertoken.faults;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.evertoken.faults.FaultCell.Seen;
import io.github.evertoken.faults.FaultWorld.Grant;
import io.github.evertoken.faults.FaultyStore.Condition;

/**
 * The page that shows the matrix. Faults that make no difference share a row, and so do
 * stores within a cell.
 */
final class FaultPage {

	private final Map<FaultCell, Seen> seen;

	FaultPage(Map<FaultCell, Seen> seen) {
		this.seen = seen;
	}

	String text() {
		StringBuilder page = new StringBuilder(HEAD);
		for (Group group : Group.values()) {
			page.append("| ").append(group.words).append(" | ").append(words(group.faults)).append(" |\n");
		}
		for (Situation situation : Situation.values()) {
			page.append("\n## The key has ").append(situation.description()).append("\n");
			for (boolean once : situation.tellsOnce() ? List.of(true, false) : List.of(false)) {
				page.append(once ? "\nOne request meets the fault:\n\n"
						: "\nAll requests meet the fault, for 20 s and as long as the call lasts:\n\n");
				page.append("| fault | own grant | rotating refresh token | the same, with a grace of a minute |\n")
					.append("|---|---|---|---|\n");
				rows(situation, once).forEach((cells, faults) -> page.append("| ")
					.append(Group.words(faults))
					.append(" | ")
					.append(String.join(" | ", cells))
					.append(" |\n"));
			}
		}
		return page
			.append("\n[FaultMatrixTests]: ../faults/src/test/java/io/github/evertoken/faults/FaultMatrixTests.java\n")
			.toString();
	}

	private static String words(Collection<Fault> faults) {
		return faults.stream().map(Fault::description).collect(Collectors.joining(" · "));
	}

	private Map<List<String>, List<Fault>> rows(Situation situation, boolean once) {
		Map<List<String>, List<Fault>> rows = new LinkedHashMap<>();
		for (Fault fault : Fault.values()) {
			List<String> cells = Stream.of(Grant.values()).map((grant) -> cell(situation, once, fault, grant)).toList();
			rows.computeIfAbsent(cells, (any) -> new ArrayList<>()).add(fault);
		}
		return rows;
	}

	private String cell(Situation situation, boolean once, Fault fault, Grant grant) {
		Map<String, List<String>> stores = new LinkedHashMap<>();
		for (Condition store : Condition.values()) {
			String text = this.seen.get(new FaultCell(situation, once, fault, grant, store)).text();
			stores.computeIfAbsent(text, (any) -> new ArrayList<>()).add(WORDS.get(store));
		}
		if (stores.size() == 1) {
			return stores.keySet().iterator().next();
		}
		return stores.entrySet()
			.stream()
			.map((entry) -> String.join(", ", entry.getValue()) + ": " + entry.getKey())
			.collect(Collectors.joining("<br>"));
	}

	private static final Map<Condition, String> WORDS = new EnumMap<>(Map.of(Condition.NONE, "no store", Condition.FINE,
			"store fine", Condition.FAILING, "failing", Condition.HANGING, "hanging"));

	private static final String HEAD = """
			# What callers get, whatever goes wrong

			This page is made by [`FaultMatrixTests`][FaultMatrixTests], which the build runs, and which fails if the page says
			anything else than it sees. This writes it anew:

			    ./mvnw -pl faults -am test -Dtest=FaultMatrixTests -Devertoken.docs.write=true -Dsurefire.failIfNoSpecifiedTests=false

			Each cell is a world of its own: an authorization server over real connections, which does to them what the row says; a
			store, which goes on working, fails, or never answers, as long as the fault lasts; and a client with the default
			settings. The connections are real, the time is not: it goes on when nothing else is left to happen, so that a
			second costs nothing, and all machines see the same.

			The client has a *grant of its own* (`client_credentials`), or lives on a *rotating refresh token*: one that is redeemed
			a second time ends the session, unless the server has a grace for those whose answers get lost. Tokens live for five
			minutes.

			A cell says what a call gets, and how many token requests there were until 20 s after the call:

			| word | meaning |
			|---|---|
			| held | the call was sent at once, with the token that the key has |
			| new | the call was sent at once, with a new token |
			| new after 1 s | the call was sent with a new token, for which it had to wait |
			| transient, refused, sign in | the call failed, with `TransientTokenException`, `TokenRefusedException` or `ReauthenticationRequiredException` |
			| max-wait | the call has waited for its `max-wait`, and failed |
			| then … | so failed another call, made when all was well again |
			| **lost** | calls still fail much later: the session is lost |

			Faults that make no difference share a row, and these are named together:

			| name | faults |
			|---|---|
			""";

	/**
	 * Faults that are nearly always alike.
	 */
	private enum Group {

		UNREACHABLE("**unreachable**", Fault.REFUSED, Fault.UNKNOWN_HOST, Fault.TLS_MISSING),

		UNSEEN("**unseen**", Fault.RESET_BEFORE_REQUEST, Fault.RESET_AFTER_REQUEST, Fault.CLOSED_AFTER_REQUEST,
				Fault.GOAWAY_UNSEEN),

		LOST("**answer lost**", Fault.RESET_AFTER_REDEEMING, Fault.CLOSED_AFTER_REDEEMING, Fault.CUT_IN_STATUS_LINE,
				Fault.CUT_AFTER_STATUS_LINE, Fault.CUT_IN_HEADERS, Fault.CUT_BEFORE_BODY, Fault.CUT_IN_BODY,
				Fault.RESET_IN_BODY, Fault.CUT_BEFORE_LAST_BYTE, Fault.CUT_IN_CHUNK, Fault.CUT_BETWEEN_CHUNKS,
				Fault.CUT_BEFORE_LAST_CHUNK, Fault.CUT_WITHOUT_LENGTH, Fault.LENGTH_TOO_SMALL,
				Fault.LENGTH_NOT_A_NUMBER, Fault.PAGE_AFTER_REDEEMING, Fault.GATEWAY_TIMEOUT_AFTER_REDEEMING,
				Fault.GOAWAY_AFTER_REDEEMING),

		STUCK("**stuck**", Fault.HANGS_AFTER_REDEEMING, Fault.HANGS_IN_BODY, Fault.LENGTH_TOO_LARGE),

		SLOW("**too slow**", Fault.SLOW_BY_6_S, Fault.SLOW_BODY),

		OUT_OF_ORDER("**out of order**", Fault.BUSY, Fault.BROKEN, Fault.UNAVAILABLE),

		BACK_SOON("**back in 2 s**", Fault.BUSY_FOR_2_S, Fault.BROKEN_FOR_2_S, Fault.UNAVAILABLE_FOR_2_S),

		BACK_LATE("**back in 60 s**", Fault.BUSY_FOR_60_S, Fault.UNAVAILABLE_FOR_60_S),

		SOMETHING_ELSE("**something else**", Fault.HTML, Fault.EMPTY, Fault.REDIRECT);

		private final String words;

		private final Set<Fault> faults;

		Group(String words, Fault first, Fault... more) {
			this.words = words;
			this.faults = EnumSet.of(first, more);
		}

		static String words(List<Fault> faults) {
			if (faults.size() == Fault.values().length) {
				return "any, and none";
			}
			Set<Fault> left = EnumSet.copyOf(faults);
			List<String> words = new ArrayList<>();
			for (Group group : values()) {
				if (left.containsAll(group.faults)) {
					left.removeAll(group.faults);
					words.add(group.words);
				}
			}
			left.forEach((fault) -> words.add(fault.description()));
			return String.join(" · ", words);
		}

	}

}
