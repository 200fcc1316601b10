package io.github.evertoken.web;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

import io.github.evertoken.web.Explanation.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The last requests that went without a token: a ring, into which any number of threads
 * write without waiting for each other. What they write is no more than is at hand; it is
 * explained to whoever reads.
 */
final class LastRequests {

	static final int CAPACITY = 50;

	private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(CAPACITY);

	private final AtomicLong next = new AtomicLong();

	void add(Reason reason, @Nullable String client, String method, RequestUrl url, @Nullable Integer status) {
		long number = this.next.getAndIncrement();
		this.entries.set((int) (number % CAPACITY),
				new Entry(number, Instant.now(), reason, client, method, url, status));
	}

	/**
	 * Return the entries, the last one first.
	 */
	List<Entry> entries() {
		List<Entry> all = new ArrayList<>(CAPACITY);
		for (int i = 0; i < CAPACITY; i++) {
			Entry entry = this.entries.get(i);
			if (entry != null) {
				all.add(entry);
			}
		}
		all.sort(Comparator.comparingLong(Entry::number).reversed());
		return all;
	}

	/**
	 * A request.
	 *
	 * @param number how many came before it
	 * @param at when it was answered
	 * @param reason why it had no token
	 * @param client the client that covers it, {@code null} if none does
	 * @param method its method
	 * @param url where it went
	 * @param status how it was answered, {@code null} if it was not
	 */
	record Entry(long number, Instant at, Reason reason, @Nullable String client, String method, RequestUrl url,
			@Nullable Integer status) {
	}

}
