package io.github.evertoken.benchmarks.fleet;

import java.time.Duration;

import io.github.evertoken.TokenKey;
import io.github.evertoken.TokenObserver;
import io.github.evertoken.lifecycle.ClientSettings;
import io.github.evertoken.lifecycle.DefaultTokenManager;
import io.github.evertoken.lifecycle.TokenManagerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * One replica: a token manager as an application has it, and calls that need its token.
 */
final class Replica implements TokenObserver {

	private final World world;

	private final int number;

	private final IssuerModel issuer;

	private final @Nullable StoreModel store;

	private volatile @Nullable DefaultTokenManager manager;

	private StoreModel.@Nullable Connection connection;

	Replica(World world, int number, IssuerModel issuer, @Nullable StoreModel store) {
		this.world = world;
		this.number = number;
		this.issuer = issuer;
		this.store = store;
	}

	/**
	 * Start it, and let calls come, the first one at once.
	 */
	void start() {
		begin();
		calls();
	}

	/**
	 * Replace it by a new one.
	 */
	void restart() {
		stop();
		begin();
		call();
	}

	private void begin() {
		Scenario scenario = this.world.scenario();
		ClientSettings.Builder settings = ClientSettings.of(Fleet.KEY.client(), this.issuer.as(this.number))
			.renewalJitter(scenario.jitter());
		if (this.store != null) {
			this.connection = this.store.connect();
			settings.store(this.connection);
		}
		TokenManagerBuilder builder = DefaultTokenManager.builder()
			.random(this.world.random()::nextDouble)
			.replica("replica-" + this.number)
			.observer(this)
			.client(settings.build());
		this.manager = (this.world.isSimulated() ? builder.virtualTime(this.world.time()) : builder).build();
	}

	private void calls() {
		if (this.manager != null) {
			call();
			this.world.after(this.world.scenario().callEvery(), this::calls);
		}
	}

	private void call() {
		DefaultTokenManager manager = this.manager;
		if (manager != null) {
			this.world.course().called();
			manager.token(Fleet.KEY).subscribe((token) -> {
			}, (ex) -> this.world.course().failed());
		}
	}

	@Override
	public void waitEnded(TokenKey key, Duration waited, Outcome outcome) {
		this.world.course().waited(waited);
	}

	void stop() {
		DefaultTokenManager manager = this.manager;
		if (manager != null) {
			this.manager = null;
			manager.close();
		}
		if (this.connection != null) {
			this.connection.close();
		}
	}

}
