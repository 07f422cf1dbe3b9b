package org.mxforge.runtime.simulate;

import static org.mxforge.dsl.format.ScalarType.BF16;
import static org.mxforge.dsl.format.ScalarType.FP32;

import java.util.Map;
import java.util.function.BiFunction;
import org.mxforge.dsl.launch.ExpertChoiceArguments;
import org.mxforge.dsl.launch.ExpertOrderArguments;
import org.mxforge.dsl.launch.ExpertSumArguments;
import org.mxforge.dsl.launch.RouterArguments;
import org.mxforge.dsl.spec.ExpertOrderSpec;
import org.mxforge.dsl.spec.ExpertSumSpec;
import org.mxforge.dsl.spec.KernelSpec;

/** Sample operands of the kernels that send tokens to experts and back. */
final class ExpertSamples {
    private static final float EPSILON = 1e-5f;

    static final Map<String, BiFunction<KernelSpec, SampleArrays, Object>> STEMS = Map.of(
            "router", (spec, arrays) -> router(arrays),
            "expertchoice", (spec, arrays) -> choice(arrays),
            "expertorder", (spec, arrays) -> order((ExpertOrderSpec) spec, arrays),
            "expertsum", (spec, arrays) -> sum((ExpertSumSpec) spec, arrays));

    private ExpertSamples() {}

    private static RouterArguments router(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        int experts = arrays.size("experts");
        return new RouterArguments(
                rows,
                columns,
                experts,
                arrays.numbers("x", FP32, rows, columns),
                arrays.numbers("weight", BF16, columns),
                EPSILON,
                arrays.numbers("router", BF16, experts, columns),
                arrays.result("scores", FP32, rows, experts));
    }

    private static ExpertChoiceArguments choice(SampleArrays arrays) {
        int rows = arrays.size("rows");
        int experts = arrays.size("experts");
        int perToken = arrays.size("perToken");
        return new ExpertChoiceArguments(
                rows,
                experts,
                perToken,
                arrays.numbers("scores", FP32, rows, experts),
                arrays.result("chosen", FP32, rows, perToken),
                arrays.result("shares", FP32, rows, perToken));
    }

    private static ExpertOrderArguments order(ExpertOrderSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int experts = arrays.size("experts");
        int perToken = arrays.size("perToken");
        int tiles = spec.tile().most(rows, perToken, experts);
        return new ExpertOrderArguments(
                rows,
                experts,
                perToken,
                tiles,
                arrays.integers("chosen", rows * perToken, i -> i % experts),
                arrays.result("routes", FP32, tiles, 2),
                arrays.result("tokens", FP32, tiles, spec.tile().rows()),
                arrays.result("places", FP32, rows, perToken));
    }

    private static ExpertSumArguments sum(ExpertSumSpec spec, SampleArrays arrays) {
        int rows = arrays.size("rows");
        int columns = arrays.size("columns");
        int perToken = arrays.size("perToken");
        return new ExpertSumArguments(
                rows,
                columns,
                perToken,
                arrays.integers("places", rows * perToken, i -> rows * perToken - 1 - i),
                arrays.shares("shares", rows * perToken),
                arrays.numbers("x", BF16, rows * perToken, columns),
                arrays.numbers("y", spec.output(), rows, columns));
    }
}
