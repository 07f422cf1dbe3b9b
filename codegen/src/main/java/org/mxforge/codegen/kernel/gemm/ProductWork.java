package org.mxforge.codegen.kernel.gemm;

import java.util.List;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GemmWork;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.MxGemmSpec;

/** What a product with one set of weights comes to. */
final class ProductWork {
    private ProductWork() {}

    /** That of a mixed product, of as many partitions as {@code shape} has. */
    static GemmWork of(MxGemmSpec spec, GemmShape shape) {
        List<GemmWork.Part> parts = IntStream.range(0, spec.pairs().size())
                .mapToObj(
                        i -> GemmWork.Part.packed(shape.k().get(i), spec.pairs().get(i), spec.groups()))
                .toList();
        return of(shape, parts, spec.epilogue(), spec.output());
    }

    static GemmWork of(GemmShape shape, List<GemmWork.Part> parts, Epilogue epilogue, ScalarType output) {
        long operand =
                switch (epilogue.operand()) {
                    case NONE -> 0;
                    case COLUMNS -> (long) ScalarType.BF16.bytes() * shape.n();
                    case MATRIX -> (long) output.bytes() * shape.m() * shape.n();
                };
        return new GemmWork(shape.m(), shape.n(), parts, epilogue.columns(shape.n()), output.bytes(), operand);
    }
}
