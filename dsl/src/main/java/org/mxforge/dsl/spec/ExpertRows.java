package org.mxforge.dsl.spec;

import org.mxforge.dsl.layout.ExpertTiles;

/** How spec texts say which tiles experts have: not at all where they are for many tokens. */
final class ExpertRows {
    private static final String FIELD = "rows";

    private ExpertRows() {}

    static String append(String text, ExpertTiles tile) {
        return tile.equals(ExpertTiles.MANY) ? text : text + ";" + FIELD + "=" + tile.rows();
    }

    static ExpertTiles read(SpecText fields) {
        return fields.optional(FIELD).map(ExpertRows::parse).orElse(ExpertTiles.MANY);
    }

    private static ExpertTiles parse(String rows) {
        if (!rows.equals(Integer.toString(ExpertTiles.FEW.rows()))) {
            throw new IllegalArgumentException("tiles of experts have " + ExpertTiles.FEW.rows() + " rows, or "
                    + ExpertTiles.MANY.rows() + ", which is not said, not '" + rows + "'");
        }
        return ExpertTiles.FEW;
    }
}
