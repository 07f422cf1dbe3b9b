package org.mxforge.codegen.kernel.quantize;

import org.mxforge.dsl.spec.MxQuantizeSpec;

/**
 * How a kernel knows the rows that it makes.
 *
 * @param given whether an index says it; else they are all
 * @param gathered whether that says where rows of the input are; else those that have a number are made of themselves
 */
record RowIndex(boolean given, boolean gathered) {
    static RowIndex of(MxQuantizeSpec.Rows rows) {
        return new RowIndex(rows.indexed(), rows == MxQuantizeSpec.Rows.GATHERED);
    }
}
