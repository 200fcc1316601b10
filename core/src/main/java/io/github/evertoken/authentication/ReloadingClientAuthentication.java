package io.github.evertoken.authentication;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.evertoken.CredentialException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Authenticates a client with a credential that is kept in memory, and is read anew when
 * the token endpoint refuses the client.
 */
final class ReloadingClientAuthentication<T> implements ClientAuthentication {

	private static final Logger logger = LoggerFactory.getLogger(ReloadingClientAuthentication.class);

	private final String name;

	private final Supplier<? extends T> source;

	private final Function<? super T, ? extends ClientAuthentication> method;

	private final AtomicReference<Loaded<T>> loaded;

	ReloadingClientAuthentication(String name, Supplier<? extends T> source,
			Function<? super T, ? extends ClientAuthentication> method) {
		this.name = name;
		this.source = source;
		this.method = method;
		this.loaded = new AtomicReference<>(load(source.get()));
	}

	private Loaded<T> load(T credential) {
		return new Loaded<>(credential, this.method.apply(credential));
	}

	@Override
	public Mono<Void> authenticate(TokenEndpointRequest request) {
		return Mono.defer(() -> {
			Loaded<T> used = this.loaded.get();
			request.onRefusal(replace(used));
			return used.authentication().authenticate(request);
		});
	}

	private Mono<Boolean> replace(Loaded<T> refused) {
		return Mono.fromCallable(() -> replaceNow(refused))
			.subscribeOn(Schedulers.boundedElastic())
			.onErrorResume(this::keep);
	}

	/**
	 * Tell whether there is another credential than the refused one. Of several flights
	 * that are refused at once, the first replaces it for all.
	 */
	private boolean replaceNow(Loaded<T> refused) {
		if (this.loaded.get() != refused) {
			return true;
		}
		T credential = this.source.get();
		if (Objects.equals(credential, refused.credential())) {
			return false;
		}
		if (this.loaded.compareAndSet(refused, load(credential))) {
			logger.info("The token endpoint refuses the client; {} has changed, and is used as it is now", this.name);
		}
		return true;
	}

	/**
	 * Only what is known to keep secrets to itself is repeated.
	 */
	private Mono<Boolean> keep(Throwable ex) {
		logger.warn("The token endpoint refuses the client, and {} cannot be used as it is now: {}", this.name,
				problem(ex));
		return Mono.just(false);
	}

	private static String problem(Throwable ex) {
		if (ex instanceof CredentialException known) {
			return "it " + known.problem();
		}
		return (ex instanceof IllegalArgumentException) ? "it " + ex.getMessage() : ex.getClass().getName();
	}

	@Override
	public String toString() {
		return "ReloadingClientAuthentication[" + this.name + "]";
	}

	private record Loaded<T>(T credential, ClientAuthentication authentication) {

		/**
		 * Without the credential.
		 */
		@Override
		public String toString() {
			return "Loaded[" + this.authentication + "]";
		}

	}

}
