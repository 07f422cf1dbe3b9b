package org.mxforge.codegen.kernel.gemm;

import java.util.function.Function;
import java.util.function.Predicate;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelSpec;

/**
 * A product of operands that are not packed, as algorithms see it: of BF16, or of INT8 with a scale for each row.
 *
 * @param epilogue what becomes of its sums
 * @param output what they are rounded to
 * @param integers whether operands are INT8
 * @param rows the arguments of kernels that read operands row by row, as far as any do
 * @param tiles the arguments of kernels that read them in tiles of the tensor cores of sm_90a
 * @param suits for which shapes high tiles are taken where nothing was measured
 */
record PlainProduct<S extends KernelSpec>(
        Class<S> specs,
        Function<S, Epilogue> epilogue,
        Function<S, ScalarType> output,
        boolean integers,
        Function<S, SignatureBuilder> rows,
        Function<S, SignatureBuilder> tiles,
        Predicate<KernelShape> suits) {
    static final PlainProduct<DenseGemmSpec> BF16 = new PlainProduct<>(
            DenseGemmSpec.class,
            DenseGemmSpec::epilogue,
            DenseGemmSpec::output,
            false,
            DenseGemmKind::rowArguments,
            DenseGemmKind::tileArguments,
            shape -> true);

    /** All kernels read tiles. */
    static final PlainProduct<Int8GemmSpec> INT8 = new PlainProduct<>(
            Int8GemmSpec.class,
            Int8GemmSpec::epilogue,
            Int8GemmSpec::output,
            true,
            Int8GemmKind::signature,
            Int8GemmKind::signature,
            Int8GemmKind::hasManyRows);
}
