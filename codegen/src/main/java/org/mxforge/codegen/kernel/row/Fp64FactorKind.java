package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.Fp64FactorArguments;
import org.mxforge.dsl.spec.Fp64FactorSpec;

/** Blocks on the diagonal of a symmetric matrix, factored. */
public final class Fp64FactorKind extends RowKind<Fp64FactorSpec> {
    public Fp64FactorKind() {
        super(Fp64FactorSpec.STEM, Fp64FactorSpec.class, Fp64FactorArguments.class, fields -> new Fp64FactorSpec());
    }

    @Override
    OutputModel model(Fp64FactorSpec spec, String name, int threads) {
        return new Fp64Factor(name, threads, Fp64FactorSpec.SIZE);
    }

    @Override
    void arguments(Fp64FactorSpec spec, SignatureBuilder signature) {
        signature
                .size("size", 2, "rows of the matrices")
                .count("first", "where the block begins")
                .multiple("first", "first", 2)
                .address("matrix", "const double*", "the matrix", "FP64 [size][size]")
                .address("inverse", "double*", "the inverse of the block's factor", "FP64 [64][64]")
                .address("root", "double*", "the same transposed, as a block", "FP64 [size][size]")
                .address("failed", "int*", "1 where it is not positive definite", "INT32");
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(constant(1));
    }

    @Override
    String work(int threads) {
        return "one block";
    }

    @Override
    List<Fp64FactorSpec> shipped() {
        return List.of(new Fp64FactorSpec());
    }

    /** {@code size} is that of a block. */
    record Fp64Factor(String name, int threads, int size) implements OutputModel {}
}
