package org.mxforge.runtime.simulate;

import static org.mxforge.dsl.format.ScalarType.BF16;
import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.launch.AttentionArguments;
import org.mxforge.dsl.launch.CrossEntropyArguments;
import org.mxforge.dsl.launch.EmbeddingArguments;
import org.mxforge.dsl.launch.Int8QuantizeArguments;
import org.mxforge.dsl.launch.KvAppendArguments;
import org.mxforge.dsl.launch.PartJoinArguments;
import org.mxforge.dsl.launch.PartSumArguments;
import org.mxforge.dsl.launch.RmsNormArguments;
import org.mxforge.dsl.launch.RowGatherArguments;
import org.mxforge.dsl.launch.RowScatterAddArguments;
import org.mxforge.dsl.launch.SamplingArguments;
import org.mxforge.dsl.launch.SiluMulArguments;
import org.mxforge.dsl.launch.SoftmaxArguments;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.CachePages;
import org.mxforge.dsl.layout.Int8Tile;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.EmbeddingSpec;
import org.mxforge.dsl.spec.Int8QuantizeSpec;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KvAppendSpec;
import org.mxforge.dsl.spec.PartJoinSpec;
import org.mxforge.dsl.spec.PartSumSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.RmsNormSpec;
import org.mxforge.dsl.spec.RowGatherSpec;
import org.mxforge.dsl.spec.RowScatterAddSpec;
import org.mxforge.dsl.spec.SiluMulSpec;

/** Sample operands of the kernels that work row by row. */
final class RowSamples {
    private static final float EPSILON = 1e-5f;

    static final Map<String, BiFunction<KernelSpec, SampleArrays, Object>> STEMS = Map.ofEntries(
            Map.entry("rmsnorm", (spec, arrays) -> rmsNorm((RmsNormSpec) spec, arrays)),
            Map.entry("silumul", (spec, arrays) -> siluMul((SiluMulSpec) spec, arrays)),
            Map.entry("kvappend", (spec, arrays) -> kvAppend((KvAppendSpec) spec, arrays)),
            Map.entry("attention", (spec, arrays) -> attention((AttentionSpec) spec, arrays)),
            Map.entry("embedding", (spec, arrays) -> embedding((EmbeddingSpec) spec, arrays)),
            Map.entry("rowgather", (spec, arrays) -> rowGather((RowGatherSpec) spec, arrays)),
            Map.entry("rowscatteradd", (spec, arrays) -> rowScatterAdd((RowScatterAddSpec) spec, arrays)),
            Map.entry("partsum", (spec, arrays) -> partSum((PartSumSpec) spec, arrays)),
            Map.entry("partjoin", (spec, arrays) -> partJoin((PartJoinSpec) spec, arrays)),
            Map.entry("softmax", (spec, arrays) -> softmax(arrays)),
            Map.entry("sampling", (spec, arrays) -> sampling(arrays)),
            Map.entry("crossentropy", (spec, arrays) -> crossEntropy(arrays)),
            Map.entry("int8quantize", (spec, arrays) -> int8Quantize((Int8QuantizeSpec) spec, arrays)));

    private RowSamples() {}

    private static RmsNormArguments rmsNorm(RmsNormSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new RmsNormArguments(
                rows,
                columns,
                arrays.numbers("x", spec.source(), rows, columns),
                arrays.numbers("weight", BF16, columns),
                EPSILON,
                written("y", spec.layout(), rows, columns, arrays));
    }

    private static SiluMulArguments siluMul(SiluMulSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new SiluMulArguments(
                rows,
                columns,
                arrays.numbers("x", BF16, rows, 2 * columns),
                written("y", spec.layout(), rows, columns, arrays));
    }

    /** Rows that a product reads; rows of padding stay as they are. */
    private static long written(String name, OperandLayout layout, int rows, int columns, SampleArrays arrays) {
        return layout == OperandLayout.PLAIN
                ? arrays.result(name, BF16, rows, columns)
                : arrays.room(name, Bf16Tile.bytes(rows, columns));
    }

    private static AttentionArguments attention(AttentionSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int heads = arrays.size("heads");
        int kvHeads = arrays.size("kvHeads");
        int start = arrays.size("start");
        int pages = pages(start + rows);
        return new AttentionArguments(
                rows,
                heads,
                kvHeads,
                Integer.MAX_VALUE,
                pages,
                arrays.integers("positions", rows, i -> start + i),
                arrays.integers("sequences", rows, i -> 0),
                arrays.integers("pages", pages, i -> pages - 1 - i),
                arrays.numbers("q", BF16, rows, heads, spec.head()),
                cache("k", spec, pages, kvHeads, arrays),
                cache("v", spec, pages, kvHeads, arrays),
                arrays.result("out", BF16, rows, heads, spec.head()));
    }

    private static long cache(String name, AttentionSpec spec, int pages, int kvHeads, SampleArrays arrays) {
        return spec.cache() == CacheFormat.BF16
                ? arrays.numbers(name, BF16, pages, CachePages.POSITIONS, kvHeads, spec.head())
                : arrays.codes(name, CachePages.bytes(spec.cache(), pages, kvHeads, spec.head()));
    }

    private static KvAppendArguments kvAppend(KvAppendSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int heads = arrays.size("heads");
        int kvHeads = arrays.size("kvHeads");
        int head = arrays.size("head");
        int start = arrays.size("start");
        int pages = pages(start + rows);
        long cache = CachePages.bytes(spec.cache(), pages, kvHeads, head);
        return new KvAppendArguments(
                rows,
                heads,
                kvHeads,
                head,
                pages,
                arrays.integers("positions", rows, i -> start + i),
                arrays.integers("sequences", rows, i -> 0),
                arrays.integers("pages", pages, i -> pages - 1 - i),
                arrays.numbers("x", FP32, rows, heads + 2 * kvHeads, head),
                spec.headNorms() ? arrays.numbers("queryNorm", BF16, head) : 0,
                spec.headNorms() ? arrays.numbers("keyNorm", BF16, head) : 0,
                EPSILON,
                arrays.numbers("cos", FP32, start + rows, head / 2),
                arrays.numbers("sin", FP32, start + rows, head / 2),
                arrays.result("queries", BF16, rows, heads, head),
                arrays.room("keys", cache),
                arrays.room("values", cache));
    }

    private static int pages(int positions) {
        return (positions + CachePages.POSITIONS - 1) / CachePages.POSITIONS;
    }

    private static EmbeddingArguments embedding(EmbeddingSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new EmbeddingArguments(
                rows,
                columns,
                arrays.integers("ids", rows, i -> rows - i),
                arrays.numbers("table", BF16, rows + 1, columns),
                arrays.result("y", spec.output(), rows, columns));
    }

    private static RowGatherArguments rowGather(RowGatherSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new RowGatherArguments(
                rows,
                columns,
                arrays.integers("index", rows, i -> i % 3 - 1),
                arrays.numbers("x", spec.type(), 2, columns),
                arrays.result("y", spec.type(), rows, columns));
    }

    private static RowScatterAddArguments rowScatterAdd(RowScatterAddSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new RowScatterAddArguments(
                rows,
                columns,
                arrays.integers("index", rows, i -> 2 * (rows - 1 - i)),
                arrays.shares("weights", rows),
                arrays.numbers("x", BF16, rows, columns),
                arrays.numbers("y", spec.output(), 2 * rows, columns));
    }

    private static PartSumArguments partSum(PartSumSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new PartSumArguments(
                rows,
                columns,
                IntStream.range(0, spec.parts())
                        .mapToObj(i -> new PartSumArguments.Part(arrays.numbers("x" + i, FP32, rows, columns)))
                        .toList(),
                arrays.numbers("y", FP32, rows, columns));
    }

    private static PartJoinArguments partJoin(PartJoinSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new PartJoinArguments(
                rows,
                columns,
                IntStream.range(0, spec.parts())
                        .mapToObj(i -> new PartJoinArguments.Part(arrays.numbers("x" + i, BF16, rows, columns)))
                        .toList(),
                arrays.result("y", BF16, rows, spec.parts() * columns));
    }

    private static SoftmaxArguments softmax(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new SoftmaxArguments(
                rows,
                columns,
                arrays.shares("temperatures", rows),
                arrays.numbers("x", FP32, rows, columns),
                arrays.result("p", FP32, rows, columns));
    }

    private static SamplingArguments sampling(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new SamplingArguments(
                rows,
                columns,
                arrays.shares("topP", rows),
                arrays.shares("uniform", rows),
                arrays.shares("p", rows * columns),
                arrays.result("token", FP32, rows));
    }

    private static CrossEntropyArguments crossEntropy(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        return new CrossEntropyArguments(
                rows,
                columns,
                0,
                arrays.numbers("logits", FP32, rows, columns),
                arrays.integers("targets", rows, i -> i % columns),
                arrays.result("state", FP32, rows, 3));
    }

    private static Int8QuantizeArguments int8Quantize(Int8QuantizeSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("k");
        int width = spec.prologue() == Prologue.SILU_MUL ? 2 * columns : columns;
        return new Int8QuantizeArguments(
                rows,
                columns,
                arrays.numbers("x", spec.source(), rows, width),
                spec.prologue() == Prologue.RMSNORM ? arrays.numbers("weight", BF16, columns) : 0,
                EPSILON,
                arrays.room("codes", Int8Tile.bytes(rows, columns)),
                arrays.result("scales", FP32, rows));
    }
}
