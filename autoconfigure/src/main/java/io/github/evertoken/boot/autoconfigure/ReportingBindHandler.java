package io.github.evertoken.boot.autoconfigure;

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
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Binds the properties of Evertoken to the end, whatever is wrong with some of them. What
 * is bound for others passes through.
 */
final class ReportingBindHandler extends AbstractBindHandler {

	private final BindingReport report;

	private final BindHandler unbound;

	ReportingBindHandler(BindHandler parent, BindingReport report) {
		super(parent);
		this.report = report;
		this.unbound = new NoUnboundElementsBindHandler(parent, ReportingBindHandler::isForNothingElse);
	}

	/**
	 * The environment has variables of others too.
	 */
	private static boolean isForNothingElse(ConfigurationPropertySource source) {
		return !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
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
			this.report.start();
		}
		return this.unbound.onStart(name, target, context);
	}

	@Override
	public @Nullable Object onSuccess(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Object result) {
		return isOurs(name) ? this.unbound.onSuccess(name, target, context, result)
				: super.onSuccess(name, target, context, result);
	}

	@Override
	public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
			Exception error) throws Exception {
		if (!isOurs(name) || context.getDepth() == 0) {
			return super.onFailure(name, target, context, error);
		}
		ConfigurationProperty property = context.getConfigurationProperty();
		boolean known = property != null && property.getName().equals(name);
		this.report.addValue(name, WrongValues.problem(target, known ? property.getValue() : null, error),
				known ? property.getOrigin() : null);
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
		if (this.report.contains(name)) {
			return;
		}
		if (KnownProperties.contain(name)) {
			this.report.addName(name, "has no value; give it one, or remove it", property.getOrigin());
			return;
		}
		String nearest = KnownProperties.nearestTo(name);
		this.report.addName(name, "is not a property of Evertoken"
				+ ((nearest != null) ? "; did you mean '" + nearest + "'?" : ", and none is like it; remove it"),
				property.getOrigin());
	}

}
