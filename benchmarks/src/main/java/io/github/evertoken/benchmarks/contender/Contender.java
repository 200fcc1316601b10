package io.github.evertoken.benchmarks.contender;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * What is compared: Evertoken, what a user would pick instead, and the two ends of the
 * scale. The settings of each are the ones kindest to it.
 */
public enum Contender {

	/**
	 * The exchange alone, without any token.
	 */
	NO_FILTER("no filter", (source, baseUrl) -> (request, next) -> next.exchange(request)),

	/**
	 * @see ConstantCopy
	 */
	FLOOR("floor: copy with a constant header", (source, baseUrl) -> new ConstantCopy(source)),

	/**
	 * @see ConstantView
	 */
	VIEW("constant header, view", (source, baseUrl) -> new ConstantView(source)),

	/**
	 * @see EvertokenFilter
	 */
	EVERTOKEN("**Evertoken**", EvertokenFilter::new),

	/**
	 * @see BlogIdiom
	 */
	BLOG_IDIOM("blog idiom (`Mono.cache`)", (source, baseUrl) -> new BlogIdiom(source)),

	/**
	 * @see CaffeineFilter
	 */
	CAFFEINE("Caffeine, async, refreshing", (source, baseUrl) -> new CaffeineFilter(source)),

	/**
	 * @see AzureCoreFilter
	 */
	AZURE_CORE("azure-core `AccessTokenCache`", (source, baseUrl) -> new AzureCoreFilter(source)),

	/**
	 * @see SpringSecurityFilter
	 */
	SPRING_SECURITY("Spring Security", (source, baseUrl) -> new SpringSecurityFilter(source)),

	/**
	 * @see EvertokenFilter#withMetrics
	 */
	EVERTOKEN_MEASURED("**Evertoken** with metrics", EvertokenFilter::withMetrics);

	private final String title;

	private final BiFunction<TokenSource, String, Authorizer> factory;

	Contender(String title, BiFunction<TokenSource, String, Authorizer> factory) {
		this.title = title;
		this.factory = factory;
	}

	/**
	 * Return those that users choose from: Evertoken is one of them, and only once.
	 * @return all but the one with metrics, in their order
	 */
	public static List<Contender> compared() {
		return Stream.of(values()).filter((contender) -> contender != EVERTOKEN_MEASURED).toList();
	}

	/**
	 * Return what stands in the tables.
	 * @return the title in Markdown
	 */
	public String title() {
		return this.title;
	}

	/**
	 * Tell whether requests get a token.
	 * @return whether an {@code Authorization} header has to be there
	 */
	public boolean authorizes() {
		return this != NO_FILTER;
	}

	/**
	 * Tell whether tokens are replaced when they expire.
	 * @return whether it is more than a yardstick
	 */
	public boolean renews() {
		return this != NO_FILTER && this != FLOOR && this != VIEW;
	}

	/**
	 * Tell whether all callers who find no token are to share one token call.
	 * @return whether more than one call for a token would be a fault
	 */
	public boolean sharesCalls() {
		return renews() && this != SPRING_SECURITY;
	}

	/**
	 * Create the contender, which holds no token yet, save for a constant one.
	 * @param source where its tokens come from
	 * @param baseUrl where its requests go
	 * @return the contender
	 */
	public Authorizer create(TokenSource source, String baseUrl) {
		return this.factory.apply(source, baseUrl);
	}

}
