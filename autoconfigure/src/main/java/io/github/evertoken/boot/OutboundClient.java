package io.github.evertoken.boot;

import java.util.ArrayList;
import java.util.List;

import io.github.evertoken.lifecycle.ClientSettings;

/**
 * A client that is a bean instead of properties below {@code evertoken.clients}: where
 * its tokens come from and how they live, as {@link ClientSettings} have it, and which
 * URLs may see them. The beans that are for one client are found by its name, those by
 * which a client obtains its tokens excepted: the settings have them.
 * <p>
 * Instances are immutable.
 *
 * @since 0.1.0
 */
public final class OutboundClient {

	private final ClientSettings settings;

	private final List<String> baseUrls;

	private final Start start;

	private final boolean revokeOnShutdown;

	private final boolean resolveSubjects;

	private OutboundClient(Builder builder) {
		this.settings = builder.settings;
		this.baseUrls = List.copyOf(builder.baseUrls);
		this.start = builder.start;
		this.revokeOnShutdown = builder.revokeOnShutdown;
		this.resolveSubjects = builder.resolveSubjects;
	}

	/**
	 * Start a client.
	 * @param settings its settings, the name among them
	 * @return a builder
	 */
	public static Builder of(ClientSettings settings) {
		return new Builder(settings);
	}

	/**
	 * Return the client's name.
	 * @return the name
	 */
	public String name() {
		return this.settings.name();
	}

	/**
	 * Return where its tokens come from and how they live.
	 * @return the settings
	 */
	public ClientSettings settings() {
		return this.settings;
	}

	/**
	 * Return the URLs to which tokens go.
	 * @return the URLs, as they were written; immutable
	 */
	public List<String> baseUrls() {
		return this.baseUrls;
	}

	/**
	 * Return when the first token is obtained.
	 * @return when it is
	 */
	public Start start() {
		return this.start;
	}

	/**
	 * Tell whether the tokens are revoked when the application ends.
	 * @return whether they are
	 */
	public boolean revokeOnShutdown() {
		return this.revokeOnShutdown;
	}

	/**
	 * Tell whether a {@code SubjectResolver} bean says on whose behalf requests are made.
	 * @return whether it does
	 */
	public boolean resolveSubjects() {
		return this.resolveSubjects;
	}

	/**
	 * Builds an {@link OutboundClient}.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final ClientSettings settings;

		private final List<String> baseUrls = new ArrayList<>();

		private Start start = Start.LAZY;

		private boolean revokeOnShutdown;

		private boolean resolveSubjects;

		private Builder(ClientSettings settings) {
			this.settings = settings;
		}

		/**
		 * Add a URL to which tokens go, as {@code base-url} and {@code origins} are.
		 * @param baseUrl an origin, or a base URL such as
		 * {@code https://inventory.internal/api}
		 * @return this builder
		 */
		public Builder baseUrl(String baseUrl) {
			this.baseUrls.add(baseUrl);
			return this;
		}

		/**
		 * Set when the first token is obtained.
		 * @param start when it is; {@link Start#LAZY} by default
		 * @return this builder
		 */
		public Builder start(Start start) {
			this.start = start;
			return this;
		}

		/**
		 * Set whether the tokens are revoked when the application ends.
		 * @param revokeOnShutdown whether they are; {@code false} by default
		 * @return this builder
		 */
		public Builder revokeOnShutdown(boolean revokeOnShutdown) {
			this.revokeOnShutdown = revokeOnShutdown;
			return this;
		}

		/**
		 * Set whether a {@code SubjectResolver} bean says on whose behalf the client's
		 * requests are made.
		 * @param resolveSubjects whether it does; {@code false} by default
		 * @return this builder
		 */
		public Builder resolveSubjects(boolean resolveSubjects) {
			this.resolveSubjects = resolveSubjects;
			return this;
		}

		/**
		 * Build the client.
		 * @return the client
		 */
		public OutboundClient build() {
			return new OutboundClient(this);
		}

	}

}
