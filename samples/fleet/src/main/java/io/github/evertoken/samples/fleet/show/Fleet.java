package io.github.evertoken.samples.fleet.show;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.evertoken.samples.fleet.issuer.Issuer;
import io.github.evertoken.samples.fleet.issuer.Issuer.Session;

/**
 * An authorization server, a Redis, and replicas that live on the same sessions.
 */
final class Fleet implements AutoCloseable {

	/**
	 * How long an access token is good.
	 */
	static final Duration LIFETIME = Duration.ofSeconds(20);

	/**
	 * How long a lease lasts, as in {@code application-replica.yml}.
	 */
	static final Duration LEASE = Duration.ofSeconds(18);

	/**
	 * How long anything may take that is to come. It is there to end a show that has come
	 * to a standstill: no promise depends on it.
	 */
	static final Duration LIMIT = Duration.ofMinutes(2);

	private final Issuer issuer;

	private final Redis redis;

	private final Chronicle chronicle;

	private final Path directory;

	private final List<String> properties;

	private final List<String> subjects;

	private final Replica[] replicas;

	private final int page;

	private final Map<String, Session> sessions = new ConcurrentHashMap<>();

	private final List<Login> logins = new ArrayList<>();

	private final Pulse pulse;

	private final AtomicInteger started = new AtomicInteger();

	private final AtomicInteger probes = new AtomicInteger();

	private Fleet(Issuer issuer, Redis redis, Path directory, Chronicle chronicle, List<String> properties, int size,
			List<String> subjects, int page) {
		this.page = page;
		this.issuer = issuer;
		this.redis = redis;
		this.directory = directory;
		this.chronicle = chronicle;
		this.properties = properties;
		this.subjects = subjects;
		this.replicas = new Replica[size];
		this.pulse = Pulse.start(issuer.url(), chronicle);
	}

	/**
	 * Start all of them, and log everybody in.
	 * @param page the port of the first replica's page, or {@link Show#NO_PAGE}
	 */
	static Fleet start(int size, List<String> subjects, Duration grace, int page, Timeline timeline) {
		try {
			Path directory = Files.createTempDirectory("evertoken-fleet");
			Issuer issuer = Issuer.start(LIFETIME, grace);
			Redis redis = new Redis(freePort(), directory);
			byte[] key = new byte[32];
			new SecureRandom().nextBytes(key);
			List<String> properties = List.of("--fleet.issuer=" + issuer.url(), "--fleet.redis=" + redis.port(),
					"--fleet.grace=" + grace.toMillis() + "ms",
					"--fleet.key=" + Base64.getEncoder().encodeToString(key),
					"--fleet.subjects=" + String.join(",", subjects));
			Fleet fleet = new Fleet(issuer, redis, directory, new Chronicle(timeline), properties, size, subjects,
					page);
			Runtime.getRuntime().addShutdownHook(new Thread(fleet::endProcesses, "fleet-shutdown"));
			try {
				fleet.start();
			}
			catch (RuntimeException ex) {
				fleet.close();
				throw ex;
			}
			return fleet;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Systems give no port below 32,768 to whoever asks for any: nobody has this one by
	 * the time that it is used.
	 */
	private static int freePort() throws IOException {
		int port = ThreadLocalRandom.current().nextInt(22_700, 32_700);
		try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (BindException ex) {
			return freePort();
		}
	}

	private void start() {
		this.redis.start();
		for (int i = 0; i < this.replicas.length; i++) {
			this.replicas[i] = newReplica(i);
		}
		Stream.of(this.replicas).forEach(Replica::awaitReady);
		this.subjects.forEach((subject) -> logIn(subject, this.replicas[0]));
		Stream.of(this.replicas).forEach((replica) -> replica.say("call"));
	}

	private Replica newReplica(int place) {
		List<String> all = new ArrayList<>(this.properties);
		if (this.page != Show.NO_PAGE) {
			all.addAll(List.of("--spring.main.web-application-type=servlet", "--server.address=127.0.0.1",
					"--server.port=" + (this.page + place)));
		}
		return Replica.start("r" + (place + 1) + "." + this.started.incrementAndGet(), all, this.directory,
				this.chronicle);
	}

	/**
	 * Start another replica in the place of one that has ended, and wait until it is
	 * there.
	 */
	void restart(int place) {
		replace(place).join();
	}

	/**
	 * Start another replica in the place of one that has ended.
	 * @return what ends when it is there
	 */
	CompletableFuture<Void> replace(int place) {
		Replica next = newReplica(place);
		this.replicas[place] = next;
		return CompletableFuture.runAsync(() -> {
			next.awaitReady();
			next.say("call");
		});
	}

	/**
	 * Log somebody in, at one replica.
	 */
	void logIn(String subject, Replica replica) {
		Session session = this.issuer.logIn(subject);
		replica.say("put", subject, session.refreshToken());
		Signals.await(LIMIT, "The login of " + subject + " does not come to an end",
				() -> this.chronicle.lines("put", subject).count() > this.logins.stream()
					.filter((login) -> login.session().subject().equals(subject))
					.count());
		this.sessions.put(subject, session);
		this.logins.add(new Login(session, System.currentTimeMillis()));
	}

	/**
	 * Log all in again whose session is lost, once that is told.
	 */
	void logInAgain(Replica replica) {
		Losses losses = new Losses(this);
		this.subjects.stream().filter((subject) -> !isAlive(subject)).forEach((subject) -> {
			losses.awaitToldOf(subject);
			logIn(subject, replica);
		});
	}

	/**
	 * Return the session that somebody has now.
	 */
	String session(String subject) {
		Session session = this.sessions.get(subject);
		if (session == null) {
			throw new IllegalStateException(subject + " has not logged in");
		}
		return session.id();
	}

	private boolean isAlive(String subject) {
		return this.issuer.isAlive(session(subject));
	}

	/**
	 * Wait until a session was renewed after a time, or is lost.
	 * @return whether it is alive
	 */
	boolean outlives(String session, Instant time) {
		Signals.await(LIMIT, "A session is neither renewed nor lost",
				() -> !this.issuer.isAlive(session) || this.issuer.rotations()
					.stream()
					.anyMatch((rotation) -> rotation.session().equals(session) && rotation.at().isAfter(time)));
		return this.issuer.isAlive(session);
	}

	/**
	 * Ask all replicas for a token of each subject whose session is alive, and for one of
	 * the service.
	 * @return what is missing, empty if all have all
	 */
	List<String> missing() {
		List<String> missing = new ArrayList<>();
		List<String> asked = Stream.concat(Stream.of("-"), this.subjects.stream().filter(this::isAlive)).toList();
		String number = "p" + this.probes.incrementAndGet();
		for (Replica replica : this.replicas) {
			asked.forEach((subject) -> replica.say("probe", number, subject));
		}
		for (Replica replica : this.replicas) {
			for (String subject : asked) {
				if (!Signals.isSoWithin(LIMIT, () -> answers(replica, subject, number).findFirst().isPresent())) {
					missing.add(replica.name() + " does not answer for " + subject);
				}
				answers(replica, subject, number)
					.filter((told) -> !told.detail(1).equals("good") && (subject.equals("-") || isAlive(subject)))
					.forEach((told) -> missing
						.add(replica.name() + " has no token of " + subject + ": " + told.detail(2).replace('_', ' ')));
			}
		}
		return missing;
	}

	private Stream<Told> answers(Replica replica, String subject, String number) {
		return this.chronicle.lines("probed", subject)
			.filter((told) -> told.replica().equals(replica.name()) && told.detail(0).equals(number));
	}

	Issuer issuer() {
		return this.issuer;
	}

	Redis redis() {
		return this.redis;
	}

	Chronicle chronicle() {
		return this.chronicle;
	}

	int size() {
		return this.replicas.length;
	}

	List<String> subjects() {
		return this.subjects;
	}

	Replica replica(int place) {
		return this.replicas[place];
	}

	int anyOf(Random random) {
		return random.nextInt(this.replicas.length);
	}

	List<Login> logins() {
		return this.logins;
	}

	Path directory() {
		return this.directory;
	}

	@Override
	public void close() {
		this.pulse.close();
		endProcesses();
		this.issuer.close();
	}

	private void endProcesses() {
		Stream.of(this.replicas).filter((replica) -> replica != null).forEach(Replica::close);
		this.redis.close();
	}

	/**
	 * Delete what the processes have left.
	 */
	void forget() {
		try (Stream<Path> files = Files.walk(this.directory)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Somebody has logged in.
	 *
	 * @param session the session
	 * @param at when it could be used
	 */
	record Login(Session session, long at) {

	}

}
