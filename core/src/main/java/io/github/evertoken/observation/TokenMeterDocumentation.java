package io.github.evertoken.observation;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * The meters of Evertoken, beside those of {@link TokenObservationDocumentation}. No tag
 * has a value that a user, a URL or a text could make.
 *
 * @since 0.1.0
 */
public enum TokenMeterDocumentation implements MeterDocumentation {

	/**
	 * How long callers have waited who had no usable token. Whoever has one is not in it.
	 */
	WAIT("evertoken.wait", Type.TIMER, null, "How long callers have waited who had no usable token at hand",
			MeterKeyName.CLIENT, MeterKeyName.OUTCOME),

	/**
	 * Callers who wait now.
	 */
	WAITING("evertoken.waiting", Type.GAUGE, null, "Callers who wait for a token now", MeterKeyName.CLIENT),

	/**
	 * Tokens that resource servers have refused, by what is made of it.
	 */
	REJECTIONS("evertoken.rejections", Type.COUNTER, null,
			"Tokens that resource servers have refused, by what is made of it", MeterKeyName.CLIENT,
			MeterKeyName.DECISION),

	/**
	 * Requests that were sent once more after a rejection.
	 */
	RESENDS("evertoken.resends", Type.COUNTER, null,
			"Requests that were sent once more after a rejection, by what that has come to", MeterKeyName.CLIENT,
			MeterKeyName.OUTCOME),

	/**
	 * How long the service's own token lasts still; not a number while there has been
	 * none.
	 */
	TOKEN_REMAINING("evertoken.token.remaining", Type.GAUGE, "seconds",
			"How long the service's own token lasts still; not a number while there is none", MeterKeyName.CLIENT),

	/**
	 * How long the service's own token lives in all; not a number without one.
	 */
	TOKEN_LIFETIME("evertoken.token.lifetime", Type.GAUGE, "seconds",
			"How long the service's own token lives in all; not a number while there is none", MeterKeyName.CLIENT),

	/**
	 * How long before its end a usable token was replaced.
	 */
	RENEWAL_LEAD("evertoken.renewal.lead", Type.TIMER, null, "How long before its end a usable token was replaced",
			MeterKeyName.CLIENT),

	/**
	 * Whether no flight of the service's own key may start for now, because of trouble: 1
	 * or 0.
	 */
	COOLDOWN("evertoken.cooldown", Type.GAUGE, null,
			"1 while no flight of the service's own key may start because of trouble, 0 otherwise",
			MeterKeyName.CLIENT),

	/**
	 * Keys that are held: the service's own and its subjects'.
	 */
	KEYS("evertoken.keys", Type.GAUGE, null, "Keys that are held: the service's own and its subjects'",
			MeterKeyName.CLIENT),

	/**
	 * Keys of which somebody must log in again. That the service's own is one of them is
	 * a case for whoever is on call; that of a subject is a login of that user.
	 */
	SIGNED_OUT("evertoken.signed.out", Type.GAUGE, null,
			"Keys of which somebody must log in again: the service's own, 1 or 0, and how many of its subjects'",
			MeterKeyName.CLIENT, MeterKeyName.KEY),

	/**
	 * Keys that were forgotten with their refresh token.
	 */
	FORGOTTEN("evertoken.forgotten", Type.COUNTER, null, "Keys that were forgotten with their refresh token",
			MeterKeyName.CLIENT),

	/**
	 * Steps of the token store, where there is one.
	 */
	STORE("evertoken.store", Type.TIMER, null, "Steps of the token store, where there is one", MeterKeyName.OPERATION,
			MeterKeyName.OUTCOME);

	private final String name;

	private final Type type;

	private final @Nullable String baseUnit;

	private final String description;

	private final KeyName[] keyNames;

	TokenMeterDocumentation(String name, Type type, @Nullable String baseUnit, String description,
			KeyName... keyNames) {
		this.name = name;
		this.type = type;
		this.baseUnit = baseUnit;
		this.description = description;
		this.keyNames = keyNames;
	}

	/**
	 * Return what the meter says, in words.
	 * @return the description that it is registered with
	 */
	public String description() {
		return this.description;
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public Meter.Type getType() {
		return this.type;
	}

	@Override
	public @Nullable String getBaseUnit() {
		return this.baseUnit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return this.keyNames.clone();
	}

	@Override
	public String getPrefix() {
		return "evertoken";
	}

	/**
	 * The tags of the meters.
	 *
	 * @since 0.1.0
	 */
	public enum MeterKeyName implements KeyName {

		/**
		 * The client's name.
		 */
		CLIENT("client"),

		/**
		 * Whose key: the service's own, or those of its subjects, and never whose of
		 * them.
		 */
		KEY("key"),

		/**
		 * What it has come to.
		 */
		OUTCOME("outcome"),

		/**
		 * What is made of a rejection.
		 */
		DECISION("decision"),

		/**
		 * Which step of the store.
		 */
		OPERATION("operation");

		private final String name;

		MeterKeyName(String name) {
			this.name = name;
		}

		@Override
		public String asString() {
			return this.name;
		}

	}

}
