package io.github.evertoken.web;

import java.net.URI;
import java.util.Objects;

import io.github.evertoken.Origin;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.client.HttpClientRequest;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.util.ClassUtils;

/**
 * What is sent in place of a request whose redirect a connector follows by itself.
 *
 * @param method the method
 * @param url the URL
 */
record Redirect(HttpMethod method, URI url) {

	private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.http.client.HttpClientRequest",
			Redirect.class.getClassLoader());

	/**
	 * Return what is really sent when a request is written. Reactor Netty writes it once
	 * more for each redirect, and tells. Jetty and the JDK write it once and repeat its
	 * headers by themselves.
	 * @return the redirect, or {@code null} if nothing tells of one
	 */
	static @Nullable Redirect of(ClientHttpRequest request) {
		return REACTOR_NETTY ? ReactorNetty.redirect(request) : null;
	}

	/**
	 * Tell whether the redirect stays within an origin.
	 */
	boolean staysIn(Origin origin) {
		return origin.includes(this.url);
	}

	/**
	 * Without the URL, whose query may have secrets in it.
	 */
	@Override
	public String toString() {
		return "Redirect[" + this.method + "]";
	}

	/**
	 * Loaded only where Reactor Netty is there.
	 */
	private static final class ReactorNetty {

		static @Nullable Redirect redirect(ClientHttpRequest request) {
			Object sent = request.getNativeRequest();
			if (sent instanceof HttpClientRequest netty && netty.redirectedFrom().length > 0) {
				return new Redirect(HttpMethod.valueOf(netty.method().name()),
						URI.create(Objects.requireNonNullElse(netty.resourceUrl(), "about:blank")));
			}
			return null;
		}

	}

}
