package io.github.evertoken.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Makes a small site, and finds what is wrong with it.
 */
class SiteMakerTests {

	@TempDir
	Path root;

	@BeforeEach
	void aSmallRepository() throws IOException {
		write("docs/reference/chapters.txt",
				"# A remark\nAll\n  index.adoc\n  one.adoc\n  ../two.md\n  three.adoc ?\n");
		write("docs/reference/index.adoc", "= All");
		write("rendered/index.html", "<h1>All</h1>");
		write("docs/reference/one.adoc", "[#here]\n== Here\n== There");
		write("rendered/one.html", """
				<h1>One</h1><h2 id="here">Here</h2><h2 id="there">There</h2>
				<p><a href="../two.md#a-name">two</a> <a href="#here">here</a> <a href="../../code">code</a>
				<img src="picture.svg" alt=""></p>
				""");
		write("docs/reference/picture.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>");
		write("docs/two.md", "# Two\n\n## A `name`\n\n[one](reference/one.adoc#here)\n\n| a |\n|---|\n| b |\n");
		write("README.md", "# Read [this](docs/reference/one.adoc#here)");
		write("code/Some.java", "");
		write("samples/some/README.md", "# A sample");
	}

	@Test
	void siteWhenAllIsWellThenLinksLeadFromPageToPage() throws IOException {
		assertThat(make()).isEmpty();
		assertThat(site("one.html")).contains("href=\"two.html#a-name\"", "href=\"#here\"",
				"src=\"images/picture.svg\"", "href=\"https://github.com/evertoken/evertoken/tree/main/code\"");
		assertThat(site("two.html")).contains("href=\"one.html#here\"", "<td>b</td>", "aria-current=\"page\">Two<");
		assertThat(this.root.resolve("site/images/picture.svg")).exists();
	}

	@Test
	void siteThenHasEverythingOnOnePage() throws IOException {
		make();
		assertThat(site("all.html")).contains("<h1 id=\"one\">", "<h2 id=\"one--here\">", "href=\"#one--here\"",
				"href=\"#two--a-name\"");
	}

	@Test
	void siteThenEveryPageHasATableOfContents() throws IOException {
		make();
		assertThat(site("one.html")).contains("<li class=\"h2\"><a href=\"#there\">There</a></li>");
	}

	@Test
	void linkWhenThereIsNoFileThenIsFound() throws IOException {
		write("README.md", "# Read [this](docs/gone.md) and [that](../outside)");
		assertThat(make()).containsExactly("README.md: docs/gone.md leads to no file",
				"README.md: ../outside leads to no file");
	}

	@Test
	void linkWhenThereIsNoSuchPlaceThenIsFound() throws IOException {
		write("docs/two.md", "# Two\n\n[one](reference/one.adoc#nowhere) [itself](#two) [itself](#three)");
		assertThat(make()).contains("docs/two.md: reference/one.adoc#nowhere leads to no place of the page",
				"docs/two.md: #three leads to no place of the page");
	}

	@Test
	void linkWhenThePlaceIsNotWrittenDownThenIsFound() throws IOException {
		write("README.md", "# Read [this](docs/reference/one.adoc#there)");
		assertThat(make()).containsExactly("README.md: docs/reference/one.adoc#there leads to no place of the page");
	}

	@Test
	void linkWhenItIsAnAddressOfTheProjectThenIsFollowedToo() throws IOException {
		String page = "https://github.com/evertoken/evertoken/blob/main/docs/two.md";
		write("README.md", "# Read [this](" + page + "#two) and [that](" + page + "#gone)");
		assertThat(make()).containsExactly("README.md: " + page + "#gone leads to no place of the page");
	}

	@Test
	void pictureWhenItIsElsewhereThenIsFound() throws IOException {
		write("docs/two.md", "# Two\n\n![a picture](https://example.com/picture.png)");
		assertThat(make()).contains("docs/two.md: https://example.com/picture.png is fetched from elsewhere")
			.anySatisfy((problem) -> assertThat(problem).startsWith("two.html: fetches <img"));
	}

	@Test
	void pageWhenItHasAScriptThenIsFound() throws IOException {
		write("rendered/one.html", "<h1>One</h1><h2 id=\"here\">Here</h2><script>alert(1)</script>");
		assertThat(make()).contains("one.html: fetches <script>alert(1)</script>");
	}

	@Test
	void pictureWhenItFetchesSomethingThenIsFound() throws IOException {
		write("docs/reference/picture.svg", "<svg><style>@import 'https://example.com/font.css'</style></svg>");
		assertThat(make()).containsExactly("images/picture.svg: fetches something from elsewhere, or has a script");
	}

	@Test
	void pageWhenAnIdIsThereTwiceThenIsFound() throws IOException {
		write("rendered/one.html", "<h1>One</h1><h2 id=\"here\">Here</h2><p id=\"here\">Here</p>");
		assertThat(make()).contains("one.html: the id here is there twice");
	}

	@Test
	void pageWhenMarkupWasNotReadThenIsFound() throws IOException {
		write("rendered/one.html", "<h1>One</h1><h2 id=\"here\">Here</h2><p>Some `WebClient`s</p>");
		assertThat(make()).contains("one.html: shows markup: Some `WebClient`s");
	}

	@Test
	void chapterWhenItIsNotListedThenIsFound() throws IOException {
		write("docs/reference/four.adoc", "= Four");
		assertThat(make()).containsExactly("docs/reference/four.adoc is not listed in docs/reference/chapters.txt");
	}

	@Test
	void chapterWhenItMayBeMissingThenIsThereOnceItIsWritten() throws IOException {
		write("docs/reference/three.adoc", "= Three");
		write("rendered/three.html", "<h1>Three</h1>");
		assertThat(make()).isEmpty();
		assertThat(site("two.html")).contains("<a rel=\"next\" href=\"three.html\">Three</a>");
	}

	@Test
	void chapterWhenItIsListedAndNotThereThenFails() throws IOException {
		write("docs/reference/chapters.txt", "All\n  one.adoc\n  five.adoc\n");
		assertThatIllegalArgumentException().isThrownBy(this::make)
			.withMessageContaining("docs/reference/five.adoc, which is not there");
	}

	@Test
	void chapterWhenAnotherHasItsNameThenFails() throws IOException {
		write("docs/one.md", "# One more");
		write("docs/reference/chapters.txt", "All\n  one.adoc\n  ../one.md\n");
		assertThatIllegalArgumentException().isThrownBy(this::make).withMessageContaining("have the same name");
	}

	private List<String> make() throws IOException {
		return new SiteMaker(this.root, this.root.resolve("rendered"), this.root.resolve("site"), "1.0").make();
	}

	private String site(String page) throws IOException {
		return Files.readString(this.root.resolve("site").resolve(page));
	}

	private void write(String file, String text) throws IOException {
		Path path = this.root.resolve(file);
		Files.createDirectories(path.getParent());
		Files.writeString(path, text);
	}

}
