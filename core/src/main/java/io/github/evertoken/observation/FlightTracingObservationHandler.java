package io.github.evertoken.observation;

import java.util.Objects;

import io.micrometer.observation.Observation;
import io.micrometer.tracing.Link;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.TracingObservationHandler;

/**
 * Makes the span of a flight: a root of its own, since many callers share it and it
 * outlives each of them, with a link to the span of the caller because of whom it has
 * taken off.
 *
 * @since 0.1.0
 */
public final class FlightTracingObservationHandler implements TracingObservationHandler<FlightObservationContext> {

	private final Tracer tracer;

	/**
	 * Create a handler.
	 * @param tracer makes the spans
	 */
	public FlightTracingObservationHandler(Tracer tracer) {
		this.tracer = Objects.requireNonNull(tracer, "tracer");
	}

	@Override
	public void onStart(FlightObservationContext context) {
		Span.Builder span = this.tracer.spanBuilder().setNoParent().name(getSpanName(context));
		Observation starter = context.starter();
		TracingContext traced = (starter != null) ? starter.getContextView().get(TracingContext.class) : null;
		if (traced != null && traced.getSpan() != null) {
			span.addLink(new Link(traced.getSpan()));
		}
		getTracingContext(context).setSpan(span.start());
	}

	@Override
	public void onStop(FlightObservationContext context) {
		Span span = getRequiredSpan(context);
		span.name(getSpanName(context));
		tagSpan(context, span);
		endSpan(context, span);
	}

	@Override
	public boolean supportsContext(Observation.Context context) {
		return context instanceof FlightObservationContext;
	}

	@Override
	public Tracer getTracer() {
		return this.tracer;
	}

}
