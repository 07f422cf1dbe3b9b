package org.mxforge.runtime.tune.device;

import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.spec.Epilogue;

/** The part of a shape that candidates are checked on: all of K, and of M and N enough for whole tiles and ragged ends. */
final class Slice {
    /** One more than the largest tiles, so that two are needed, and odd where the shape allows it. */
    private static final int ROWS = 137;

    private static final int COLUMNS = 266;

    private Slice() {}

    static GemmShape of(GemmShape shape, Epilogue epilogue) {
        return new GemmShape(Math.min(shape.m(), ROWS), columns(shape.n(), epilogue), shape.k());
    }

    /** How many of {@code n} rows of B are checked. */
    static int columns(int n, Epilogue epilogue) {
        int multiple = epilogue.rowMultiple();
        return Math.min(n, (COLUMNS + multiple - 1) / multiple * multiple);
    }
}
