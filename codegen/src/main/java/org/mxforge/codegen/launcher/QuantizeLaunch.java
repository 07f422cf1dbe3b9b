package org.mxforge.codegen.launcher;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeName;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.cuda.RowPairRoom;
import org.mxforge.codegen.cuda.RowStaging;
import org.mxforge.dsl.layout.ScaleLayout;
import org.mxforge.dsl.spec.MxQuantizeSpec;

/**
 * Launchers of the quantizers: one block for each row, and for each row of padding that the scale tiles have; or, where scales are
 * folded, as many blocks as run at a time, each of which takes one pair of rows after another.
 */
final class QuantizeLaunch {
    private static final int TILE_ROWS = 128;

    private QuantizeLaunch() {}

    static LaunchPlan plan(MxQuantizeSpec spec, CudaSource kernel) {
        int multiple = spec.groups().channelMultiple();
        LaunchCode code =
                new LaunchCode().size("rows").size("columns", multiple).address("x");
        prologue(spec, code);
        code.address("order");
        int count = spec.formats().size();
        code.check("partitions(arguments.partitions().size(), $L)", count);
        for (int i = 0; i < count; i++) {
            output(i, multiple, code);
        }
        String sum = IntStream.range(0, count)
                .mapToObj(i -> "part" + i + ".channels()")
                .collect(Collectors.joining(" + ", count > 1 ? "(long) " : "", ""));
        code.check("channels($L, arguments.columns())", sum);
        return spec.groups().scales().isFolded() ? folded(spec, code, kernel) : packed(spec, code, kernel);
    }

    private static LaunchPlan packed(MxQuantizeSpec spec, LaunchCode code, CudaSource kernel) {
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

    private static LaunchPlan folded(MxQuantizeSpec spec, LaunchCode code, CudaSource kernel) {
        RowPairRoom room = RowPairRoom.of(spec, kernel.threads());
        String outputs = IntStream.range(0, spec.formats().size())
                .mapToObj(i -> "part" + i)
                .collect(Collectors.joining(", "));
        code.check("sharedFactors($L)", outputs)
                .check("atMost($S, arguments.columns(), $L)", "columns", room.channels())
                .local(
                        TypeName.INT,
                        "bytes",
                        "$L + arguments.columns() * (arguments.columns() <= $L ? $L : $L)",
                        room.zeros(),
                        room.buffered(),
                        room.slot() + room.ahead(),
                        room.slot())
                .local(
                        TypeName.INT,
                        "blocks",
                        "$T.blocks(1 + (arguments.rows() - 1) / 2, $L, $L, bytes)",
                        RuntimeTypes.GRID,
                        kernel.variant().target().multiprocessors(),
                        room.blocks());
        return new LaunchPlan(
                RuntimeTypes.launch("MxQuantizeArguments"),
                code,
                "blocks",
                "1",
                "bytes",
                "as many blocks as run at a time, each of which takes one pair of rows after another");
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

    private static void output(int index, int multiple, LaunchCode code) {
        String name = "part" + index;
        code.local(RuntimeTypes.launch("MxQuantizeOutput"), name, "arguments.partitions().get($L)", index)
                .check("multiple($S, $L.channels(), $L)", "channels of partition " + index, name, multiple)
                .when("$L.channels() > 0", name)
                .check("address($S, $L.codes())", "codes of partition " + index, name)
                .check("address($S, $L.scales())", "scales of partition " + index, name)
                .end()
                .pointer(name + ".codes()")
                .pointer(name + ".scales()")
                .integer(name + ".channels()");
    }
}
