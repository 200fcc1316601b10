package io.github.evertoken.migrate;

import java.util.LinkedHashSet;
import java.util.Set;

import com.sun.source.tree.Tree;
import org.jspecify.annotations.Nullable;

/**
 * Where the code makes a {@code WebClient}, {@code RestClient} or {@code RestTemplate},
 * or changes the builder of one.
 */
final class HttpClientSite {

	final Chain chain;

	/**
	 * What requests without a scheme are sent to, or {@code null} if that is not said.
	 */
	@Nullable Text baseUrl;

	/**
	 * What makes that, or {@code null}.
	 */
	@Nullable Tree baseUrlExpression;

	final Set<TokenFilter> filters = new LinkedHashSet<>();

	HttpClientSite(Chain chain) {
		this.chain = chain;
	}

	/**
	 * Take over what a statement before has said of the same builder.
	 */
	void add(HttpClientSite other) {
		this.baseUrl = (this.baseUrl != null) ? this.baseUrl : other.baseUrl;
		this.baseUrlExpression = (this.baseUrlExpression != null) ? this.baseUrlExpression : other.baseUrlExpression;
		this.filters.addAll(other.filters);
	}

	boolean isBuilt() {
		return this.chain.call("build", "create") != null;
	}

}
