package io.github.evertoken.samples.quickstart;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

import io.github.evertoken.samples.quickstart.orders.Configuration;
import io.github.evertoken.samples.quickstart.show.Desk;
import io.github.evertoken.samples.quickstart.show.PageOpener;
import io.github.evertoken.samples.quickstart.show.Services;
import io.github.evertoken.samples.quickstart.show.Show;
import io.github.evertoken.samples.quickstart.show.Summary;
import io.github.evertoken.samples.quickstart.show.Timeline;
import reactor.core.publisher.Flux;

/**
 * Starts an authorization server, a protected inventory service and an orders service
 * that calls it, and the same as it was before Evertoken came; plays the show, and stays
 * up until Ctrl-C; with {@code --once} it ends with the summary, and with 0 if every
 * promise was kept.
 */
public final class QuickstartApplication {

	/**
	 * Most of it is spent on waiting for tokens to come of age.
	 */
	private static final String DURATION = "40 s";

	private static final Duration STATUS_INTERVAL = Duration.ofSeconds(10);

	private QuickstartApplication() {
	}

	/**
	 * Start.
	 * @param args {@code --once}, or nothing
	 */
	public static void main(String[] args) {
		System.exit(run(System.out, Arrays.asList(args).contains("--once")).exitCode());
	}

	static Summary run(PrintStream out, boolean once) {
		// Newer JVMs warn of native libraries, and the show needs none.
		System.setProperty("reactor.netty.native", "false");
		Timeline timeline = new Timeline(out);
		timeline.say("start",
				"an authorization server, an inventory service, an orders service, and the same as it was");
		timeline.say("start", "before, with Spring Security's filter. The show takes about %s", DURATION);
		try (Services services = Services.start(!once)) {
			timeline.say("start", "the authorization server is at %s, inventory at %s", services.authorizationUrl(),
					services.inventoryUrl());
			timeline.say("start", "all that orders has to say about a token:");
			timeline.line(Configuration.ofOneClient().indent(26).stripTrailing());
			if (!once) {
				timeline.say("start", "what becomes of the tokens is seen at %s", services.orders().page());
				PageOpener.open(services.orders().page());
			}
			Show show = new Show(services, timeline);
			Summary summary = Objects.requireNonNull(show.play().block());
			show.endComparison();
			summary.print(timeline);
			if (!once) {
				stayUp(services, timeline, show);
			}
			return summary;
		}
	}

	private static void stayUp(Services services, Timeline timeline, Show show) {
		try (Desk desk = Desk.open(services, timeline)) {
			timeline.line(
					"Buttons that revoke the token, stop the authorization server and send 1,000 calls: " + desk.url());
			timeline.line("What becomes of the tokens: " + services.orders().page());
			timeline.line("To try by hand:");
			timeline.line("    curl -i " + services.inventoryUrl() + "/items/1      answers 401: there is no token");
			timeline.line("    curl -i " + services.orders().url() + "/items/1      asks it with one");
			timeline.line("    curl -i " + services.orders().url() + "/reports/1    with that of another client");
			timeline.line("Ctrl-C ends it.");
			Flux.interval(STATUS_INTERVAL).doOnNext((tick) -> show.tellOfCalls()).blockLast();
		}
	}

}
