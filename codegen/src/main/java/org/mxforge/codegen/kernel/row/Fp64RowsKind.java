package org.mxforge.codegen.kernel.row;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.launch.Fp64RowsArguments;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.Fp64RowsSpec;
import org.mxforge.dsl.spec.GroupTransform;

/** Rows as GEMMs multiply them, in FP64. */
public final class Fp64RowsKind extends RowKind<Fp64RowsSpec> {
    public Fp64RowsKind() {
        super(Fp64RowsSpec.STEM, Fp64RowsSpec.class, Fp64RowsArguments.class, Fp64RowsSpec::read);
    }

    @Override
    OutputModel model(Fp64RowsSpec spec, String name, int threads) {
        return new Fp64Rows(
                name,
                threads,
                spec.source().text(),
                spec.layout().name().toLowerCase(Locale.ROOT),
                spec.transform() == GroupTransform.HADAMARD,
                spec.rule().isPresent(),
                spec.rule().orElse(ScaleRule.CEIL).method(),
                DeviceFunctions.cuda().strip());
    }

    @Override
    void arguments(Fp64RowsSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", GroupLayout.GROUP, "columns")
                .address(
                        "x",
                        "const " + CudaScalar.of(spec.source()) + "*",
                        "the input",
                        spec.layout() == OperandLayout.PLAIN ? spec.source().text() + " [rows][columns]" : "Bf16Tile")
                .address("order", "const int*", "the reorder index", "INT32 [columns]");
        if (spec.rule().isPresent()) {
            signature.address("formats", "const int*", "the formats of the groups", "GroupFormats");
        }
        signature.address("y", "double*", "the result", "FP64 [rows][columns]");
    }

    @Override
    List<Fp64RowsSpec> shipped() {
        return List.of(
                new Fp64RowsSpec(ScalarType.FP32, OperandLayout.PLAIN, GroupTransform.NONE, Optional.empty()),
                new Fp64RowsSpec(
                        ScalarType.BF16, OperandLayout.BF16, GroupTransform.HADAMARD, Optional.of(ScaleRule.CLIP)));
    }

    /**
     * The kernel.
     *
     * @param source type of the input, names templates
     * @param layout of the input, names templates
     * @param turned whether groups go through a Hadamard matrix
     * @param rounded whether they are rounded to the formats of their groups
     * @param rule how scales are chosen then, names templates
     */
    record Fp64Rows(
            String name,
            int threads,
            String source,
            String layout,
            boolean turned,
            boolean rounded,
            String rule,
            String deviceFunctions)
            implements OutputModel {}
}
