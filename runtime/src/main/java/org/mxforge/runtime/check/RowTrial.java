package org.mxforge.runtime.check;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What kernels of rows and columns are checked on: sizes that no vector and no block divides, and all data but those for exact sums. */
interface RowTrial extends Trial {
    @Override
    default List<Extent> extents() {
        return List.of(Extent.any("rows", 5, 40), Extent.of("columns", 264, 8, 8, 600));
    }

    @Override
    default Set<Data> data() {
        return EnumSet.complementOf(EnumSet.of(Data.EXACT));
    }
}
