package org.mxforge.runtime.cli.model;

import java.util.Iterator;
import org.mxforge.runtime.quant.Recipe;

/** The names of recipes, for shells to complete. */
final class RecipeCandidates implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return Recipe.names().iterator();
    }
}
