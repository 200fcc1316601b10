package io.github.evertoken.migrate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * What the code does with registrations: where it sends whose tokens, and what of it is
 * needed no more.
 */
final class CodeUse {

	/**
	 * In place of a registration: whichever the user has logged in with.
	 */
	static final String LOGIN = "";

	private final Map<String, Set<Url>> urls = new LinkedHashMap<>();

	private final Map<String, Set<Place>> unknown = new LinkedHashMap<>();

	private final Map<String, Set<Place>> used = new LinkedHashMap<>();

	private final List<Choice> choices = new ArrayList<>();

	private final Set<Remark> deletable = new TreeSet<>();

	private final Set<Remark> byHand = new TreeSet<>();

	private final Set<String> sent = new TreeSet<>();

	private final Map<Remark, String> byHandOfClients = new LinkedHashMap<>();

	private final Set<Remark> tests = new TreeSet<>();

	private final Set<String> kinds = new TreeSet<>();

	/**
	 * A token of a registration goes to a URL, or to an unknown one.
	 */
	void send(String registration, @Nullable Url url, Place place) {
		sendSomewhere(registration, place);
		if (url != null) {
			this.urls.computeIfAbsent(registration, (id) -> new LinkedHashSet<>()).add(url);
		}
		else {
			this.unknown.computeIfAbsent(registration, (id) -> new TreeSet<>()).add(place);
		}
	}

	/**
	 * A token of a registration is sent by a client whose requests say where.
	 */
	void sendSomewhere(String registration, Place place) {
		use(registration, place);
		this.sent.add(registration);
	}

	/**
	 * A registration is named, whatever for.
	 */
	void use(String registration, Place place) {
		this.used.computeIfAbsent(registration, (id) -> new TreeSet<>()).add(place);
	}

	void choose(String registration, Chain.Call call) {
		this.choices.add(new Choice(registration, call.place(), call.toString()));
	}

	void delete(Place place, String text) {
		this.deletable.add(new Remark(place, text));
	}

	void byHand(Place place, String text) {
		this.byHand.add(new Remark(place, text));
	}

	/**
	 * Something is to be done by hand if a client comes of a registration.
	 */
	void byHand(String registration, Place place, String text) {
		this.byHandOfClients.put(new Remark(place, text), registration);
	}

	void test(Place place, String text) {
		this.tests.add(new Remark(place, text));
	}

	void addKind(String kind) {
		this.kinds.add(kind);
	}

	Set<Url> urls(String registration) {
		return this.urls.getOrDefault(registration, Set.of());
	}

	/**
	 * Return where the code sends the token of a registration to what it does not tell.
	 */
	Set<Place> unknown(String registration) {
		return this.unknown.getOrDefault(registration, Set.of());
	}

	boolean isSent(String registration) {
		return this.sent.contains(registration);
	}

	/**
	 * Return what is to be done by hand if a client comes of the registration.
	 */
	Map<Remark, String> byHandOfClients() {
		return this.byHandOfClients;
	}

	/**
	 * Return what tests have to do with registrations.
	 */
	Set<Remark> tests() {
		return this.tests;
	}

	/**
	 * Return where the code names a registration.
	 */
	Map<String, Set<Place>> used() {
		return this.used;
	}

	/**
	 * Return the requests that name their registration.
	 */
	List<Choice> choices() {
		return this.choices;
	}

	Set<Remark> deletable() {
		return this.deletable;
	}

	Set<Remark> byHand() {
		return this.byHand;
	}

	/**
	 * Tell whether tokens are sent by clients of that class.
	 */
	boolean hasKind(String kind) {
		return this.kinds.contains(kind);
	}

	/**
	 * Where a token goes.
	 *
	 * @param text the URL, maybe with placeholders
	 * @param base whether it is what requests are below, and not one request's own
	 */
	record Url(String text, boolean base) {
	}

	/**
	 * A request that names its registration.
	 *
	 * @param registration the registration
	 * @param place where
	 * @param text what stands there
	 */
	record Choice(String registration, Place place, String text) {
	}

}
