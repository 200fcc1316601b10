package io.github.evertoken.redis;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenSet;
import io.github.evertoken.redis.RecordCipher.UnreadableRecordException;
import io.github.evertoken.redis.RecordNames.RecordName;
import io.github.evertoken.redis.RecordScripts.Heard;
import io.github.evertoken.redis.RecordScripts.Reply;
import io.github.evertoken.redis.RecordScripts.Step;
import io.github.evertoken.store.Claim;
import io.github.evertoken.store.ClaimRequest;
import io.github.evertoken.store.Lease;
import io.github.evertoken.store.SaveResult;
import io.github.evertoken.store.SharedFailure;
import io.github.evertoken.store.SharedTokenStore;
import io.github.evertoken.store.StoreChange;
import io.github.evertoken.store.StoredTokenSet;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.data.redis.connection.ReactiveRedisConnectionFactory;
import org.springframework.data.redis.core.ReactiveStringRedisTemplate;

/**
 * A {@link SharedTokenStore} in Redis 5 or later, or whatever speaks its protocol and has
 * its scripts: standalone, with Sentinel, or as a cluster. Every step is one command.
 * <p>
 * What rests there is encrypted ({@link EncryptionKeys}), and bound to the name of its
 * record, which is a keyed hash: Redis has no subject, and nothing by which one could be
 * guessed. A record that cannot be decrypted counts as absent for a replica that knows
 * none; a replica that knows an older version of it fails instead, because the newer one
 * may have used its refresh token up.
 * <p>
 * Steps have no time-out here: whoever uses the store sets one. Records are kept for the
 * retention after their last use, and those without a refresh token no longer than an
 * hour after their access token has expired.
 *
 * @since 0.1.0
 */
public final class RedisTokenStore implements SharedTokenStore {

	/**
	 * For how long a record is kept of which nothing is left but that somebody has asked
	 * for it, and one whose access token has expired.
	 */
	private static final long LINGER = Duration.ofHours(1).toMillis();

	private static final String KNOWN_RECORD_UNREADABLE = "The record has a newer version than is known here, and cannot"
			+ " be decrypted";

	private final RecordNames names;

	private final RecordCipher cipher;

	private final RecordScripts scripts;

	private final StoredRecords records;

	private final Digest contents;

	private final InstantSource clock;

	private final Duration lease;

	private final long retention;

	private final String prefix;

	private final Flux<StoreChange> changes;

	private RedisTokenStore(Builder builder) {
		String channel = builder.prefix + ":changes";
		this.names = new RecordNames(builder.keys, builder.prefix, builder.scopes);
		this.cipher = new RecordCipher(builder.keys);
		this.records = new StoredRecords(this.cipher, builder.clock);
		String replica = UUID.randomUUID().toString();
		this.scripts = new RecordScripts(new ReactiveStringRedisTemplate(builder.connectionFactory),
				new StalledConnection(builder.connectionFactory, builder.prefix + ":probe"), channel, replica,
				builder.format);
		this.contents = new Digest(builder.keys.names().secret(), "evertoken/contents");
		this.clock = builder.clock;
		this.lease = builder.lease;
		this.retention = builder.retention.toMillis();
		this.prefix = builder.prefix;
		this.changes = new ChangeChannel(builder.connectionFactory, channel, replica, builder.pulse).messages()
			.mapNotNull(this.scripts::changedElsewhere)
			.mapNotNull(this::change)
			.share();
	}

	/**
	 * Start a store.
	 * @param connectionFactory the connections to Redis
	 * @param keys what is encrypted with
	 * @return a builder
	 */
	public static Builder builder(ReactiveRedisConnectionFactory connectionFactory, EncryptionKeys keys) {
		return new Builder(connectionFactory, keys);
	}

	@Override
	public Mono<StoredTokenSet> load(TokenKey key) {
		return Mono.defer(() -> {
			RecordName record = this.names.of(key);
			return this.scripts.run(Step.LOAD, record, this.retention)
				.filter((reply) -> reply.is("RECORD"))
				.flatMap((reply) -> Mono.justOrEmpty(loaded(record, reply)));
		});
	}

	@SuppressWarnings("NullAway") // no value of a Mono is how it says that there is none
	private StoredTokenSet loaded(RecordName record, Reply reply) {
		try {
			return this.records.read(record, reply);
		}
		catch (UnreadableRecordException ex) {
			return null;
		}
	}

	@Override
	public Mono<SaveResult> save(TokenKey key, long expected, TokenSet tokenSet) {
		return Mono.defer(() -> {
			RecordName record = this.names.of(key);
			String content = JSONObjectUtils.toJSONString(TokenSetFormat.write(tokenSet, record.request()));
			String nonce = this.contents.name(List.of(String.valueOf(expected), content));
			return write(record, new Replacement(expected, 0, nonce, false), tokenSet);
		});
	}

	@Override
	public Mono<SaveResult> commit(Lease lease, TokenSet tokenSet) {
		return Mono.defer(() -> write(this.names.of(lease.key()), new Replacement(lease.version(),
				lease.request().knownVersion(), lease.nonce(), lease.request().renews()), tokenSet));
	}

	private Mono<SaveResult> write(RecordName record, Replacement replacement, TokenSet tokens) {
		Instant now = this.clock.instant();
		String goodFor = goodFor(tokens, now);
		String sealed = this.cipher.encrypt(record, TokenSetFormat.write(tokens, record.request()));
		return this.scripts
			.run(Step.SAVE, record, replacement.expected(), replacement.above(), replacement.nonce(), sealed, goodFor,
					now.toEpochMilli(), (tokens.refreshToken() != null) ? 1 : 0, kept(tokens, goodFor),
					replacement.renewal() ? 1 : 0)
			.flatMap((reply) -> reply.is("SAVED") ? Mono.just(SaveResult.saved(reply.number(Reply.VERSION)))
					: conflict(record, replacement, tokens, reply));
	}

	/**
	 * A record that counts as absent is no reason to conflict for whoever expects none.
	 */
	private Mono<SaveResult> conflict(RecordName record, Replacement replacement, TokenSet tokens, Reply reply) {
		try {
			return Mono.just(SaveResult.conflict(this.records.read(record, reply)));
		}
		catch (UnreadableRecordException ex) {
			return replacement.isOfNothing() ? write(record, replacement.of(reply.number(Reply.VERSION)), tokens)
					: Mono.error(new IllegalStateException(KNOWN_RECORD_UNREADABLE, ex));
		}
	}

	/**
	 * Return for how long an access token is good, in milliseconds, empty if nobody
	 * knows.
	 */
	private static String goodFor(TokenSet tokens, Instant now) {
		if (tokens.accessToken() == null) {
			return "0";
		}
		Duration lifetime = tokens.expiresIn();
		if (lifetime == null) {
			return "";
		}
		Instant obtainedAt = tokens.obtainedAt();
		Duration age = (obtainedAt != null) ? Duration.between(obtainedAt, now) : Duration.ZERO;
		return String.valueOf(Math.max(0, millis(lifetime.minus(age))));
	}

	/**
	 * The numbers of a script are exact up to 2^53.
	 */
	private static long millis(Duration duration) {
		Duration longest = Duration.ofDays(36500);
		return ((duration.compareTo(longest) < 0) ? duration : longest).toMillis();
	}

	private long kept(TokenSet tokens, String goodFor) {
		boolean ends = tokens.refreshToken() == null && !goodFor.isEmpty();
		return ends ? Math.min(this.retention, Long.parseLong(goodFor) + LINGER) : this.retention;
	}

	@Override
	public Mono<Long> remove(TokenKey key) {
		return Mono.defer(() -> this.scripts.run(Step.REMOVE, this.names.of(key), UUID.randomUUID(), this.retention))
			.map((reply) -> reply.number(Reply.VERSION));
	}

	@Override
	public Mono<Claim> claim(TokenKey key, ClaimRequest request) {
		return Mono.defer(() -> claim(this.names.of(key), request, request.knownVersion()));
	}

	private Mono<Claim> claim(RecordName record, ClaimRequest request, long known) {
		Duration duration = request.leaseWithin(this.lease);
		return this.scripts
			.run(Step.CLAIM, record, request.nonce(), known, request.rejectedVersion(), millis(duration),
					request.insists() ? 1 : 0, Objects.requireNonNullElse(request.replica(), ""), LINGER)
			.flatMap((reply) -> switch (reply.text(0)) {
				case "WON" -> won(record, request, duration, reply);
				case "FRESH" -> fresh(record, request, reply);
				case "BUSY" -> Mono.just(Claim.busy(Duration.ofMillis(reply.number(1)),
						Duration.ofMillis(reply.number(2)), reply.text(3).isEmpty() ? null : reply.text(3)));
				case "PAUSED" -> {
					Duration remaining = Duration.ofMillis(reply.number(1));
					yield Mono.just(Claim.paused(this.records.failure(record, reply.text(2), reply.text(3), remaining),
							remaining));
				}
				default -> Mono.error(new IllegalStateException("Redis has answered a claim with " + reply));
			});
	}

	private Mono<Claim> fresh(RecordName record, ClaimRequest request, Reply reply) {
		try {
			return Mono.just(Claim.fresh(this.records.read(record, reply)));
		}
		catch (UnreadableRecordException ex) {
			return (request.knownVersion() == 0) ? claim(record, request, reply.number(Reply.VERSION))
					: Mono.error(new IllegalStateException(KNOWN_RECORD_UNREADABLE, ex));
		}
	}

	private Mono<Claim> won(RecordName record, ClaimRequest request, Duration duration, Reply reply) {
		long version = reply.number(Reply.VERSION);
		Lease lease = Lease.of(record.key(), request, reply.number(Reply.MORE), version, duration);
		boolean ambiguous = reply.text(Reply.MORE + 1).equals("1");
		try {
			return Mono.just(Claim.won(lease, (version > 0) ? this.records.read(record, reply) : null, ambiguous));
		}
		catch (UnreadableRecordException ex) {
			return (request.knownVersion() == 0 || version <= request.knownVersion())
					? Mono.just(Claim.won(lease, null, ambiguous))
					: release(lease).then(Mono.error(new IllegalStateException(KNOWN_RECORD_UNREADABLE, ex)));
		}
	}

	@Override
	public Mono<Void> abandon(Lease lease, SharedFailure failure) {
		return Mono.defer(() -> {
			RecordName record = this.names.of(lease.key());
			return this.scripts.run(Step.ABANDON, record, lease.nonce(), failure.kind(), millis(failure.cooldown()),
					this.cipher.encrypt(record, TokenSetFormat.write(failure)), failure.ambiguous() ? 1 : 0, LINGER,
					this.retention);
		}).then();
	}

	@Override
	public Mono<Void> release(Lease lease) {
		return Mono.defer(() -> this.scripts.run(Step.RELEASE, this.names.of(lease.key()), lease.nonce(), LINGER))
			.then();
	}

	@Override
	public Duration lease() {
		return this.lease;
	}

	@Override
	public Flux<StoreChange> changes() {
		return this.changes;
	}

	/**
	 * Return whose record was changed, {@code null} if that is none of this store's.
	 */
	private @Nullable StoreChange change(Heard heard) {
		TokenKey key = this.names.keyOf(heard.name());
		return (key != null) ? new StoreChange(key, heard.renewal()) : null;
	}

	@Override
	public String toString() {
		return "RedisTokenStore[" + this.prefix + "]";
	}

	/**
	 * What a write replaces.
	 *
	 * @param expected the version that is replaced
	 * @param above what the new version is above besides
	 * @param nonce what makes this write another one than all others
	 * @param renewal whether it merely renews
	 */
	private record Replacement(long expected, long above, String nonce, boolean renewal) {

		boolean isOfNothing() {
			return this.expected == 0 && this.above == 0;
		}

		Replacement of(long expected) {
			return new Replacement(expected, 0, this.nonce, this.renewal);
		}

	}

	/**
	 * Builds a {@link RedisTokenStore}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private static final Pattern PREFIX = Pattern.compile("[^\\s{}]+");

		private final ReactiveRedisConnectionFactory connectionFactory;

		private final EncryptionKeys keys;

		private String prefix = "evertoken";

		private Duration lease = Duration.ofSeconds(35);

		private Duration retention = Duration.ofDays(30);

		private RecordScope.Resolver scopes = (key) -> RecordScope.none();

		private InstantSource clock = InstantSource.system();

		private Duration pulse = Duration.ofSeconds(20);

		private int format = RecordScripts.FORMAT;

		private Builder(ReactiveRedisConnectionFactory connectionFactory, EncryptionKeys keys) {
			this.connectionFactory = Objects.requireNonNull(connectionFactory, "connectionFactory");
			this.keys = Objects.requireNonNull(keys, "keys");
		}

		/**
		 * Set what all names in Redis begin with: those of the records and that of the
		 * channel on which changes are told. The default is {@code evertoken}.
		 * @param prefix the prefix, not empty, without white space and braces
		 * @return this builder
		 * @throws IllegalArgumentException if it is none
		 */
		public Builder prefix(String prefix) {
			if (!PREFIX.matcher(prefix).matches()) {
				throw new IllegalArgumentException("must not be empty, nor have white space or braces in it");
			}
			this.prefix = prefix;
			return this;
		}

		/**
		 * Set how long a lease lasts. It is to be longer than any request that redeems a
		 * refresh token, with the steps in the store around it. The default is 35
		 * seconds.
		 * @param lease the time, at least a millisecond
		 * @return this builder
		 * @throws IllegalArgumentException if it is less
		 */
		public Builder lease(Duration lease) {
			this.lease = requireSome(lease);
			return this;
		}

		/**
		 * Set for how long a record is kept after its last use. It is to be as long as
		 * the sessions that rest there. The default is 30 days.
		 * @param retention the time, at least a millisecond
		 * @return this builder
		 * @throws IllegalArgumentException if it is less
		 */
		public Builder retention(Duration retention) {
			this.retention = requireSome(retention);
			return this;
		}

		private static Duration requireSome(Duration duration) {
			if (duration.compareTo(Duration.ofMillis(1)) < 0) {
				throw new IllegalArgumentException("must be positive, but is " + duration);
			}
			return duration;
		}

		/**
		 * Set to whom the record of a key belongs. By default the key alone says that.
		 * @param scopes finds the scope of the record of a key, without blocking
		 * @return this builder
		 */
		public Builder scopes(RecordScope.Resolver scopes) {
			this.scopes = Objects.requireNonNull(scopes, "scopes");
			return this;
		}

		/**
		 * Set the clock by which the manager judges token sets. The default is the
		 * system's.
		 * @param clock the wall clock
		 * @return this builder
		 */
		public Builder clock(InstantSource clock) {
			this.clock = Objects.requireNonNull(clock, "clock");
			return this;
		}

		/**
		 * Set how often it is looked whether changes are still heard.
		 */
		Builder pulse(Duration pulse) {
			this.pulse = pulse;
			return this;
		}

		/**
		 * Set of which format records are, for a test of two versions of this library.
		 */
		Builder format(int format) {
			this.format = format;
			return this;
		}

		/**
		 * Build the store.
		 * @return the store
		 */
		public RedisTokenStore build() {
			return new RedisTokenStore(this);
		}

	}

}
