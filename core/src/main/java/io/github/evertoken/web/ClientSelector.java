package io.github.evertoken.web;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

import io.github.evertoken.Origin;
import org.jspecify.annotations.Nullable;

/**
 * Says which client a request belongs to: the one whose base URL covers the request, and
 * of several the one with the longest path. No client's tokens go anywhere else.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class ClientSelector {

	private static final Entry[] NONE = {};

	private final Map<String, Entry[]> entriesByHost;

	private ClientSelector(Map<BaseUrl, String> clients) {
		Map<String, List<Entry>> byHost = new HashMap<>();
		clients.forEach((url, client) -> byHost.computeIfAbsent(url.host(), (host) -> new ArrayList<>())
			.add(new Entry(url, client)));
		this.entriesByHost = new HashMap<>();
		byHost.forEach((host, entries) -> this.entriesByHost.put(host, longestPathFirst(entries)));
	}

	private static Entry[] longestPathFirst(List<Entry> entries) {
		entries.sort((one, other) -> Integer.compare(other.url.pathLength(), one.url.pathLength()));
		return entries.toArray(NONE);
	}

	/**
	 * Start a selector.
	 * @return a builder without any client
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Return the clients whose tokens may go anywhere.
	 * @return their names; immutable
	 */
	public Set<String> clients() {
		Set<String> clients = new HashSet<>();
		for (Entry[] entries : this.entriesByHost.values()) {
			for (Entry entry : entries) {
				clients.add(entry.client);
			}
		}
		return Set.copyOf(clients);
	}

	void forEach(BiConsumer<BaseUrl, String> action) {
		this.entriesByHost.values().forEach((entries) -> {
			for (Entry entry : entries) {
				action.accept(entry.url, entry.client);
			}
		});
	}

	/**
	 * Return the client that a request belongs to.
	 * @param url the URL of the request
	 * @return the client's name, or {@code null} if it belongs to none
	 */
	public @Nullable String select(URI url) {
		for (Entry entry : entries(url)) {
			if (entry.url.covers(url)) {
				return entry.client;
			}
		}
		return null;
	}

	/**
	 * Tell whether a client's tokens may go where a request goes. The origin alone
	 * counts.
	 * @param client the client's name
	 * @param url the URL of the request
	 * @return whether one of the client's base URLs has that origin
	 */
	public boolean allows(String client, URI url) {
		for (Entry entry : entries(url)) {
			if (entry.client.equals(client) && entry.url.origin().includes(url)) {
				return true;
			}
		}
		return false;
	}

	private Entry[] entries(URI url) {
		String written = url.getHost();
		Entry[] entries = (written != null) ? this.entriesByHost.get(written) : null;
		return (entries != null) ? entries : entriesOfOtherSpelling(url, written);
	}

	private Entry[] entriesOfOtherSpelling(URI url, @Nullable String written) {
		String host = Origin.hostOf(url);
		return (host != null && !host.equals(written)) ? this.entriesByHost.getOrDefault(host, NONE) : NONE;
	}

	private record Entry(BaseUrl url, String client) {
	}

	/**
	 * Builds a {@link ClientSelector}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Map<BaseUrl, String> clients = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Let a client's tokens go to a base URL.
		 * @param url the base URL
		 * @param client the client's name
		 * @return this builder
		 * @throws IllegalArgumentException if another client has the same base URL
		 */
		public Builder add(BaseUrl url, String client) {
			String other = this.clients.putIfAbsent(url, client);
			if (other != null && !other.equals(client)) {
				throw new IllegalArgumentException("is " + url + " for client '" + client + "' and for client '" + other
						+ "', so that no request says which of the two is meant; give one of them another path");
			}
			return this;
		}

		/**
		 * Build the selector.
		 * @return the selector
		 */
		public ClientSelector build() {
			return new ClientSelector(this.clients);
		}

	}

}
