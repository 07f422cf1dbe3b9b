package org.mxforge.codegen.kernel.row;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelRole;
import org.mxforge.dsl.spec.Prologue;

/** The input of an INT8 layer. */
public final class Int8QuantizeKind extends RowKind<Int8QuantizeSpec> {
    public Int8QuantizeKind() {
        super(Int8QuantizeSpec.STEM, Int8QuantizeSpec.class, Int8QuantizeArguments.class, Int8QuantizeSpec::read);
    }

    @Override
    public KernelRole role() {
        return KernelRole.QUANTIZER;
    }

    @Override
    OutputModel model(Int8QuantizeSpec spec, String name, int threads) {
        return new Int8Quantize(
                name,
                threads,
                CudaScalar.of(spec.source()),
                spec.prologue() == Prologue.RMSNORM,
                spec.prologue() == Prologue.SILU_MUL);
    }

    @Override
    void arguments(Int8QuantizeSpec spec, SignatureBuilder signature) {
        String columns = spec.prologue() == Prologue.SILU_MUL ? "[2 columns]" : "[columns]";
        signature
                .size("rows", "rows")
                .size("columns", 16, "channels")
                .address(
                        "x",
                        "const " + CudaScalar.of(spec.source()) + "*",
                        "the input",
                        spec.source().text() + " [rows]" + columns);
        if (spec.prologue() == Prologue.RMSNORM) {
            signature
                    .address("weight", "const unsigned short*", "the norm's weight", "BF16 [columns]")
                    .real("epsilon", 0, Float.MAX_VALUE, "added to the mean square");
        }
        signature
                .address("codes", "unsigned char*", "the codes", "Int8Tile")
                .named("tiles")
                .address("scales", "float*", "the scales", "FP32 [rows]");
    }

    @Override
    List<Int8QuantizeSpec> shipped() {
        return List.of(
                new Int8QuantizeSpec(Prologue.NONE, ScalarType.BF16),
                new Int8QuantizeSpec(Prologue.RMSNORM, ScalarType.FP32),
                new Int8QuantizeSpec(Prologue.SILU_MUL, ScalarType.BF16));
    }

    /** {@code normed} and {@code gated} say what the prologue is. */
    record Int8Quantize(String name, int threads, String source, boolean normed, boolean gated)
            implements OutputModel {}
}
