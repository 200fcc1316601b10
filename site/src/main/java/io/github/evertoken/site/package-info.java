/**
 * Makes one static site out of the chapters in {@code docs/reference} and the pages in
 * {@code docs}. The door is {@link io.github.evertoken.site.SiteMaker}.
 */
@NullMarked
package io.github.evertoken.site;

import org.jspecify.annotations.NullMarked;
