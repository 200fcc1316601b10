package io.github.evertoken.migrate;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;

/**
 * A Java source that was parsed.
 *
 * @param name the name of the file
 * @param unit what is in it
 * @param positions where what stands in it
 */
record SourceFile(String name, CompilationUnitTree unit, SourcePositions positions) {

	Place place(Tree tree) {
		return new Place(this.name, line(this.positions.getStartPosition(this.unit, tree)), lastLine(tree));
	}

	/**
	 * Return where a tree ends, such as the name of the method that is called in a chain.
	 */
	int lastLine(Tree tree) {
		return line(this.positions.getEndPosition(this.unit, tree));
	}

	private int line(long position) {
		return (position < 0) ? 1 : (int) this.unit.getLineMap().getLineNumber(position);
	}

}
