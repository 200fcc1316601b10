package io.github.evertoken.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Reads {@code WWW-Authenticate} header lines (RFC 9110, section 11), in one pass and
 * without ever failing; {@link Challenge#read} says what becomes of what is broken. No
 * library that is here reads them: Spring Security and Nimbus write challenges, or split
 * the lines at commas.
 *
 * <pre>
 * list      = [ element ] *( OWS "," OWS [ element ] )
 * element   = scheme [ 1*SP ( token68 / parameter ) ] / parameter
 * parameter = token BWS "=" BWS ( token / quoted-string )
 * </pre>
 *
 * A comma stands between two challenges as well as between two parameters. The equals
 * sign tells them apart: a word with one behind it is a parameter of the challenge before
 * it, and a word without one begins a challenge.
 */
final class ChallengeReader {

	static final int MAX_LENGTH = 64 * 1024;

	static final int MAX_CHALLENGES = 32;

	static final int MAX_PARAMETERS = 32;

	// Every character is looked at a bounded number of times: the position only ever goes
	// back to where a token68 began that turned out to be none, and that can happen once
	// after a scheme, within a run without commas, while a scheme stands after a comma.

	private final List<Challenge> challenges = new ArrayList<>();

	private CharSequence line = "";

	private int position;

	private int end;

	private @Nullable String scheme;

	private @Nullable String token68;

	private Map<String, String> parameters = new LinkedHashMap<>();

	private ChallengeReader() {
	}

	static List<Challenge> read(Iterable<? extends CharSequence> lines) {
		ChallengeReader reader = new ChallengeReader();
		int left = MAX_LENGTH;
		for (CharSequence line : lines) {
			reader.readLine(line, Math.min(left, line.length()));
			left -= reader.end;
		}
		reader.endChallenge();
		return List.copyOf(reader.challenges);
	}

	private void readLine(CharSequence line, int end) {
		this.line = line;
		this.position = 0;
		this.end = end;
		while (!isFull() && hasNextElement()) {
			readElement();
			while (!atEnd() && peek() != ',') {
				readWithoutComma();
			}
		}
	}

	private boolean hasNextElement() {
		while (!atEnd() && (isSpace(peek()) || peek() == ',')) {
			this.position++;
		}
		return !atEnd();
	}

	private void readElement() {
		String word = readToken();
		skipSpaces();
		if (word.isEmpty()) {
			return;
		}
		if (!atEnd() && peek() == '=') {
			readParameter(word);
		}
		else {
			endChallenge();
			this.scheme = word;
			this.token68 = readToken68();
		}
	}

	/**
	 * Read on after an element though no comma came: a parameter, or something to skip.
	 */
	private void readWithoutComma() {
		String word = readToken();
		skipSpaces();
		if (!atEnd() && peek() == '=') {
			readParameter(word);
		}
		else if (word.isEmpty()) {
			skipRubbish();
		}
	}

	/**
	 * Skip one character that makes no sense where it stands, or one quoted string.
	 */
	private void skipRubbish() {
		if (atEnd() || peek() == ',') {
			return;
		}
		if (peek() == '"') {
			readQuotedString();
		}
		else {
			this.position++;
		}
		skipSpaces();
	}

	private void readParameter(String name) {
		this.position++;
		skipSpaces();
		boolean quoted = !atEnd() && peek() == '"';
		String value = quoted ? readQuotedString() : readValue();
		skipSpaces();
		if (!name.isEmpty() && (quoted || !value.isEmpty()) && this.parameters.size() < MAX_PARAMETERS) {
			this.token68 = null;
			this.parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
		}
	}

	private String readToken() {
		int start = this.position;
		while (!atEnd() && isTokenCharacter(peek())) {
			this.position++;
		}
		return from(start);
	}

	/**
	 * Read the characters up to a space or comma, which are more than those of a token.
	 */
	private String readValue() {
		int start = this.position;
		while (!atEnd() && !isSpace(peek()) && peek() != ',') {
			this.position++;
		}
		return from(start);
	}

	private @Nullable String readToken68() {
		int start = this.position;
		while (!atEnd() && isToken68Character(peek())) {
			this.position++;
		}
		boolean empty = (this.position == start);
		while (!empty && !atEnd() && peek() == '=') {
			this.position++;
		}
		String word = from(start);
		skipSpaces();
		if (empty || !(atEnd() || peek() == ',')) {
			this.position = start;
			return null;
		}
		return word;
	}

	private String readQuotedString() {
		StringBuilder value = new StringBuilder();
		for (this.position++; !atEnd(); this.position++) {
			char next = peek();
			if (next == '"') {
				this.position++;
				break;
			}
			if (next == '\\' && this.position + 1 < this.end) {
				next = this.line.charAt(++this.position);
			}
			value.append(next);
		}
		return value.toString();
	}

	private void endChallenge() {
		if (this.scheme != null && !isFull()) {
			this.challenges.add((this.token68 != null) ? Challenge.ofToken68(this.scheme, this.token68)
					: Challenge.of(this.scheme, this.parameters));
		}
		this.scheme = null;
		this.token68 = null;
		this.parameters = new LinkedHashMap<>();
	}

	private boolean isFull() {
		return this.challenges.size() >= MAX_CHALLENGES;
	}

	private void skipSpaces() {
		while (!atEnd() && isSpace(peek())) {
			this.position++;
		}
	}

	private boolean atEnd() {
		return this.position >= this.end;
	}

	private char peek() {
		return this.line.charAt(this.position);
	}

	private String from(int start) {
		return this.line.subSequence(start, this.position).toString();
	}

	private static boolean isSpace(char c) {
		return c == ' ' || c == '\t';
	}

	private static boolean isTokenCharacter(char c) {
		return isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
	}

	private static boolean isToken68Character(char c) {
		return isLetterOrDigit(c) || "-._~+/".indexOf(c) >= 0;
	}

	private static boolean isLetterOrDigit(char c) {
		return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	}

}
