package org.mxforge.codegen.kernel.row;

import static org.mxforge.dsl.space.Expression.constant;
import static org.mxforge.dsl.space.Expression.variable;

import java.util.List;
import org.mxforge.codegen.cuda.SignatureBuilder;
import org.mxforge.codegen.device.DeviceFunctions;
import org.mxforge.codegen.template.OutputModel;
import org.mxforge.dsl.launch.MxRoundArguments;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.spec.MxRoundSpec;

/** Columns of weights, rounded one after the other. */
public final class MxRoundKind extends RowKind<MxRoundSpec> {
    private static final int WARP = 32;

    public MxRoundKind() {
        super(MxRoundSpec.STEM, MxRoundSpec.class, MxRoundArguments.class, fields -> new MxRoundSpec());
    }

    @Override
    OutputModel model(MxRoundSpec spec, String name, int threads) {
        return new MxRound(
                name, threads, MxRoundSpec.COLUMNS, DeviceFunctions.cuda().strip());
    }

    @Override
    void arguments(MxRoundSpec spec, SignatureBuilder signature) {
        signature
                .size("rows", "rows")
                .size("columns", GroupLayout.GROUP, "columns")
                .count("first", "where the block begins")
                .multiple("first", "first", GroupLayout.GROUP)
                .address("weight", "const double*", "the weight", "FP64 [rows][columns]")
                .address("root", "const double*", "R", "FP64 [columns][columns]")
                .address("formats", "const int*", "the formats of the groups", "GroupFormats")
                .address("codes", "unsigned char*", "the codes", "bytes [rows][columns]")
                .address("scales", "unsigned char*", "the scales", "E8M0 [rows][columns / 32]")
                .address("errors", "double*", "what rounding cost", "FP64 [rows][64]");
    }

    @Override
    void grid(SignatureBuilder signature, int threads) {
        signature.grid(variable("rows").pieces(constant(threads / WARP)));
    }

    @Override
    String work(int threads) {
        return "one warp for each row";
    }

    @Override
    List<MxRoundSpec> shipped() {
        return List.of(new MxRoundSpec());
    }

    /** {@code size} is how many columns a block has. */
    record MxRound(String name, int threads, int size, String deviceFunctions) implements OutputModel {}
}
