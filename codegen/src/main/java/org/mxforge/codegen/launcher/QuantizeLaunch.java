package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.cuda.RowStaging;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/** Launchers of the quantizers: one block for each row, and for each row of padding that the scale tiles have. */
final class QuantizeLaunch {
    private static final int TILE_ROWS = 128;

    private QuantizeLaunch() {}

    static LaunchPlan plan(MxQuantizeSpec spec, CudaSource kernel) {
        LaunchCode code =
                new LaunchCode().size("rows").size("columns", GroupLayout.GROUP).address("x");
        prologue(spec, code);
        code.address("order");
        int count = spec.formats().size();
        code.check("partitions(arguments.partitions().size(), $L)", count);
        for (int i = 0; i < count; i++) {
            output(i, code);
        }
        String sum = IntStream.range(0, count)
                .mapToObj(i -> "part" + i + ".channels()")
                .collect(Collectors.joining(" + ", count > 1 ? "(long) " : "", ""));
        code.check("channels($L, arguments.columns())", sum);
        boolean tiled = spec.groups().scales() == ScaleLayout.TILE128X4;
        int bytes = RowStaging.of(spec, kernel.variant().target()).type().bytes();
        return new LaunchPlan(
                RuntimeTypes.launch("MxQuantizeArguments"),
                code,
                tiled ? "(1 + (arguments.rows() - 1) / " + TILE_ROWS + ") * " + TILE_ROWS : "arguments.rows()",
                "1",
                "Math.min(arguments.columns(), " + kernel.sharedBytes() / bytes + ") * " + bytes,
                tiled
                        ? "one block for each row, rows padded to " + TILE_ROWS + " as the scale tiles are"
                        : "one block for each row");
    }

    private static void prologue(MxQuantizeSpec spec, LaunchCode code) {
        ClassName operands = RuntimeTypes.launch("PrologueOperands");
        switch (spec.prologue()) {
            case NONE -> code.check("prologue(arguments.prologue(), $T.None.class)", operands);
            case RMSNORM ->
                code.local(
                                operands.nestedClass("RmsNorm"),
                                "norm",
                                "$T.prologue(arguments.prologue(), $T.RmsNorm.class)",
                                RuntimeTypes.CHECK,
                                operands)
                        .check("address($S, norm.weight())", "the norm's weight")
                        .check("range($S, norm.epsilon(), 0, $T.MAX_VALUE)", "epsilon", Float.class)
                        .pointer("norm.weight()")
                        .number("norm.epsilon()");
            case SILU_MUL ->
                code.local(
                                operands.nestedClass("SiluMul"),
                                "gated",
                                "$T.prologue(arguments.prologue(), $T.SiluMul.class)",
                                RuntimeTypes.CHECK,
                                operands)
                        .check("address($S, gated.up())", "up")
                        .pointer("gated.up()");
        }
    }

    private static void output(int index, LaunchCode code) {
        String name = "part" + index;
        code.local(RuntimeTypes.launch("MxQuantizeOutput"), name, "arguments.partitions().get($L)", index)
                .check("multiple($S, $L.channels(), $L)", "channels of partition " + index, name, GroupLayout.GROUP)
                .when("$L.channels() > 0", name)
                .check("address($S, $L.codes())", "codes of partition " + index, name)
                .check("address($S, $L.scales())", "scales of partition " + index, name)
                .end()
                .pointer(name + ".codes()")
                .pointer(name + ".scales()")
                .integer(name + ".channels()");
    }
}
