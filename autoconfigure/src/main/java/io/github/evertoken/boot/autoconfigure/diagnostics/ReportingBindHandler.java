package io.github.evertoken.boot.autoconfigure.diagnostics;

import io.github.evertoken.boot.autoconfigure.properties.ClientProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Binds the properties of Evertoken to the end, whatever is wrong with some of them. What
 * is bound for others passes through.
 */
final class ReportingBindHandler extends AbstractBindHandler {

	private final BindingReport report;

	private final WrongValues values;

	private final BindHandler unbound;

	ReportingBindHandler(BindHandler parent, BindingReport report, WrongValues values) {
		super(parent);
		this.values = values;
		this.report = report;
		this.unbound = new NoUnboundElementsBindHandler(parent, ReportingBindHandler::isForNothingElse);
	}

	/**
	 * The environment has variables of others too, such as those that tell where a
	 * service named {@code evertoken-clients} is.
	 */
	private static boolean isForNothingElse(@Nullable ConfigurationPropertySource source) {
		return source == null || !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
	}

	private static boolean isOurs(ConfigurationPropertyName name) {
		return KnownProperties.PREFIX.equals(name) || KnownProperties.PREFIX.isAncestorOf(name);
	}

	@Override
	public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
		if (!isOurs(name)) {
			return super.onStart(name, target, context);
		}
		if (context.getDepth() == 0) {
			this.report.start(new EnvironmentVariables(context.getSources()));
		}
		if (this.report.variables().isAlias(name)) {
			return null;
		}
		if (isNumbered(name) && isWritten(name, context)) {
			this.report.addValue(name, "must have a name instead of a number, as in " + KnownProperties.CLIENTS
					+ ".inventory: clients are no list", null);
			return null;
		}
		return this.unbound.onStart(name, target, context);
	}

	/**
	 * Tell whether a client is the element of a list.
	 */
	private static boolean isNumbered(ConfigurationPropertyName name) {
		return KnownProperties.CLIENTS.isParentOf(name) && name.isNumericIndex(name.getNumberOfElements() - 1);
	}

	private static boolean isWritten(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			if (isForNothingElse(source) && source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return true;
			}
		}
		return false;
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		if (!isOurs(name)) {
			return super.onSuccess(name, target, context, result);
		}
		ConfigurationProperty property = context.getConfigurationProperty();
		if (property != null && property.getName().equals(name)) {
			String problem = this.values.problem(property.getValue(), result);
			if (problem != null) {
				this.report.addValue(name, problem, property.getOrigin());
			}
			if (result instanceof String && isChanged(name, property.getValue())) {
				this.report.addUnquoted(name);
			}
		}
		return this.unbound.onSuccess(name, target, context, result);
	}

	/**
	 * Tell whether a text may be another one than was written. Whole numbers, and true
	 * and false, are mostly what they are, but nobody sees whether a secret is.
	 */
	private static boolean isChanged(ConfigurationPropertyName name, Object written) {
		return written instanceof Double || (!(written instanceof CharSequence) && PlainSecrets.isOne(name));
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		if (!isOurs(name) || context.getDepth() == 0) {
			return super.onFailure(name, target, context, error);
		}
		ConfigurationProperty property = find(name, context);
		if (property == null) {
			this.report.addValue(name, this.values.problem(target, null, error), null);
		}
		else if (target.getType().resolve() != ClientProperties.class || isForNothingElse(property.getSource())) {
			this.report.addValue(name, this.values.problem(target, property.getValue(), error), property.getOrigin());
		}
		return null;
	}

	private static @Nullable ConfigurationProperty find(ConfigurationPropertyName name, BindContext context) {
		for (ConfigurationPropertySource source : context.getSources()) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	@Override
	public void onFinish(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			@Nullable Object result) throws Exception {
		if (isOurs(name) && context.getDepth() == 0) {
			try {
				this.unbound.onFinish(name, target, context, result);
			}
			catch (UnboundConfigurationPropertiesException ex) {
				ex.getUnboundProperties().forEach(this::addUnbound);
			}
		}
		super.onFinish(name, target, context, result);
	}

	private void addUnbound(ConfigurationProperty property) {
		ConfigurationPropertyName name = property.getName();
		if (this.report.contains(name)
				|| this.report.contains(name.chop(KnownProperties.CLIENTS.getNumberOfElements() + 1))) {
			return;
		}
		if (KnownProperties.contain(name)) {
			this.report.addName(name, WrongValues.NO_VALUE, property.getOrigin());
			return;
		}
		this.report.addName(name, "is not a property of Evertoken" + hint(name, property.getValue()),
				property.getOrigin());
	}

	private static String hint(ConfigurationPropertyName name, Object value) {
		RenamedProperty renamed = KnownProperties.renamed(name);
		String hint = (renamed != null) ? renamed.hint(value) : null;
		if (hint != null) {
			return "; " + hint;
		}
		String nearest = KnownProperties.nearestTo(name);
		String dotted = KnownProperties.withDottedClient(name);
		return (nearest != null) ? "; did you mean '" + nearest + "'?" + ((dotted != null) ? dotted : "")
				: ", and none is like it; remove it";
	}

}
