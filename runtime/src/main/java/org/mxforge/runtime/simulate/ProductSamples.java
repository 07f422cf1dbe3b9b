package org.mxforge.runtime.simulate;

import static org.mxforge.dsl.format.ScalarType.BF16;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.launch.Int8GemmArguments;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.launch.MxQuantizeArguments;
import org.mxforge.dsl.launch.MxQuantizeOutput;
import org.mxforge.dsl.launch.PrologueOperands;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.CodePacking;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxExpandSpec;
import org.mxforge.dsl.spec.MxFoldSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.MxUnpackSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Side;

/** Sample operands of products and of what quantizes for them. */
final class ProductSamples {
    private static final float EPSILON = 1e-5f;
    private static final int EXPERTS = 2;

    static final Map<String, BiFunction<KernelSpec, SampleArrays, Object>> STEMS = Map.of(
            "mxgemm", (spec, arrays) -> mixed((MxGemmSpec) spec, arrays),
            "mxgroupedgemm", (spec, arrays) -> grouped((MxGroupedGemmSpec) spec, arrays),
            "densegemm", (spec, arrays) -> dense((DenseGemmSpec) spec, arrays),
            "densetile", (spec, arrays) -> tiles(arrays),
            "mxquantize", (spec, arrays) -> quantize((MxQuantizeSpec) spec, arrays),
            "int8gemm", (spec, arrays) -> integers((Int8GemmSpec) spec, arrays),
            "mxexpand", (spec, arrays) -> FoldedSamples.expand((MxExpandSpec) spec, arrays),
            "mxunpack", (spec, arrays) -> FoldedSamples.unpack((MxUnpackSpec) spec, arrays),
            "mxfold", (spec, arrays) -> FoldedSamples.fold((MxFoldSpec) spec, arrays));

    private ProductSamples() {}

    private static MxGemmArguments mixed(MxGemmSpec spec, SampleArrays arrays) {
        int m = arrays.size("m");
        int n = arrays.size("n");
        return new MxGemmArguments(
                m,
                n,
                operands(spec, m, n, 1, arrays),
                operand(spec.epilogue(), spec.output(), m, n, 1, arrays),
                arrays.result("d", spec.output(), m, n));
    }

    /** A whole tile of one expert, one to skip, and one of another that is not full. */
    private static MxGroupedGemmArguments grouped(MxGroupedGemmSpec grouped, SampleArrays arrays) {
        MxGemmSpec spec = grouped.expert();
        int rows = grouped.tile().rows();
        int[] routes = {1, rows, -1, 0, 0, 1 + arrays.size("m") % rows};
        int m = routes.length / 2 * rows;
        int n = arrays.size("n");
        return new MxGroupedGemmArguments(
                m,
                n,
                arrays.integers("routes", routes.length, i -> routes[i]),
                operands(spec, m, n, EXPERTS, arrays),
                operand(spec.epilogue(), spec.output(), m, n, EXPERTS, arrays),
                arrays.room("d", (long) spec.output().bytes() * m * n));
    }

    private static List<MxGemmOperands> operands(MxGemmSpec spec, int m, int n, int experts, SampleArrays arrays) {
        int k = arrays.size("k");
        OperandLayout layout = arrays.layout(Side.ACTIVATION);
        if (layout.isFolded()) {
            return FoldedSamples.operands(spec, m, n, experts, arrays);
        }
        List<MxGemmOperands> operands = new ArrayList<>();
        for (int i = 0; i < spec.pairs().size(); i++) {
            ElementFormat a = spec.pairs().get(i).activation();
            ElementFormat b = spec.pairs().get(i).weight();
            operands.add(new MxGemmOperands(
                    codes("codes of A, partition " + i, a, m * CodePacking.bytes(a, k), arrays),
                    arrays.scales("scales of A, partition " + i, scaleBytes(layout, spec.groups(), m, k)),
                    codes("codes of B, partition " + i, b, experts * n * CodePacking.bytes(b, k), arrays),
                    arrays.scales("scales of B, partition " + i, experts * scaleBytes(layout, spec.groups(), n, k)),
                    k));
        }
        return operands;
    }

    private static long codes(String name, ElementFormat format, long bytes, SampleArrays arrays) {
        return arrays.upload(name, arrays.randomElements(name, format, bytes));
    }

    private static long scaleBytes(OperandLayout layout, GroupLayout groups, int rows, int channels) {
        return layout.scaleBytes(rows, groups.count(channels));
    }

    private static long operand(Epilogue epilogue, ScalarType output, int m, int n, int experts, SampleArrays arrays) {
        return switch (epilogue.operand()) {
            case NONE -> 0;
            case COLUMNS -> arrays.numbers("bias", BF16, experts, n);
            case MATRIX -> arrays.numbers("operand of the epilogue", output, m, n);
        };
    }

    private static DenseGemmArguments dense(DenseGemmSpec spec, SampleArrays arrays) {
        int m = arrays.size("m");
        int n = arrays.size("n");
        int k = arrays.size("k");
        return new DenseGemmArguments(
                m,
                n,
                k,
                plain("a", m, k, arrays),
                plain("b", n, k, arrays),
                operand(spec.epilogue(), spec.output(), m, n, 1, arrays),
                arrays.result("d", spec.output(), m, n));
    }

    private static Int8GemmArguments integers(Int8GemmSpec spec, SampleArrays arrays) {
        int m = arrays.size("m");
        int n = arrays.size("n");
        int k = arrays.size("k");
        return new Int8GemmArguments(
                m,
                n,
                k,
                arrays.codes("a", Int8Tile.bytes(m, k)),
                arrays.codes("b", Int8Tile.bytes(n, k)),
                arrays.shares("scales of a", m),
                arrays.shares("scales of b", n),
                operand(spec.epilogue(), spec.output(), m, n, 1, arrays),
                arrays.result("d", spec.output(), m, n));
    }

    private static long plain(String name, int rows, int channels, SampleArrays arrays) {
        if (arrays.layout(Side.WEIGHT) == OperandLayout.PLAIN) {
            return arrays.numbers(name, BF16, rows, channels);
        }
        return arrays.numbers(name, BF16, Math.toIntExact(Bf16Tile.bytes(rows, channels) / BF16.bytes()));
    }

    private static DenseTileArguments tiles(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new DenseTileArguments(
                rows,
                columns,
                arrays.numbers("values", BF16, rows, columns),
                arrays.room("tiles", Bf16Tile.bytes(rows, columns)));
    }

    private static MxQuantizeArguments quantize(MxQuantizeSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int k = arrays.size("k");
        int columns = k * spec.formats().size();
        List<MxQuantizeOutput> outputs = arrays.layout(spec.side()).isFolded()
                ? FoldedSamples.outputs(spec, rows, arrays)
                : outputs(spec, rows, k, arrays);
        return new MxQuantizeArguments(
                rows,
                columns,
                arrays.numbers("x", spec.source(), rows, spec.prologue() == Prologue.SILU_MUL ? 2 * columns : columns),
                prologue(spec, columns, arrays),
                arrays.integers("order", columns, i -> columns - 1 - i),
                outputs);
    }

    private static List<MxQuantizeOutput> outputs(MxQuantizeSpec spec, int rows, int k, SampleArrays arrays) {
        OperandLayout layout = arrays.layout(spec.side());
        List<MxQuantizeOutput> outputs = new ArrayList<>();
        for (int i = 0; i < spec.formats().size(); i++) {
            outputs.add(new MxQuantizeOutput(
                    arrays.result(
                            "codes of partition " + i,
                            rows * CodePacking.bytes(spec.formats().get(i), k)),
                    arrays.result("scales of partition " + i, scaleBytes(layout, spec.groups(), rows, k)),
                    k));
        }
        return outputs;
    }

    private static PrologueOperands prologue(MxQuantizeSpec spec, int columns, SampleArrays arrays) {
        return switch (spec.prologue()) {
            case NONE -> new PrologueOperands.None();
            case RMSNORM -> new PrologueOperands.RmsNorm(arrays.numbers("weight", BF16, columns), EPSILON);
            case SILU_MUL -> new PrologueOperands.SiluMul();
        };
    }
}
