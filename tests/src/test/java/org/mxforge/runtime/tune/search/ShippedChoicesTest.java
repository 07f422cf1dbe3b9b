package org.mxforge.runtime.tune.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.Progress;
import org.mxforge.runtime.base.options.TuneMode;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.cost.CostModel;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Toolchain;

/** What runs on an H100 for the layers of Llama-3.1-8B and Mixtral 8x7B, by shipped wisdom alone. */
class ShippedChoicesTest {
    private static final String GOLDEN = "/org/mxforge/runtime/tune/search/shipped-choices.txt";

    private static final List<Integer> ROWS = List.of(1, 16, 32, 2048, 8192);

    /** N and K of the layers of Llama-3.1-8B, each for itself, and of those that are one. */
    private static final List<List<Integer>> LAYERS = List.of(
            List.of(4096, 4096),
            List.of(1024, 4096),
            List.of(14336, 4096),
            List.of(4096, 14336),
            List.of(6144, 4096),
            List.of(28672, 4096));

    private record Product(Epilogue epilogue, ScalarType output) {}

    private static final List<Product> PRODUCTS = List.of(
            new Product(Epilogue.NONE, ScalarType.BF16),
            new Product(Epilogue.NONE, ScalarType.FP32),
            new Product(Epilogue.RESIDUAL, ScalarType.FP32));

    /** The H100 that the wisdom is from, without one. */
    private static final class RememberedGpu implements TuningDevice {
        @Override
        public String name() {
            return "NVIDIA H100 80GB HBM3";
        }

        @Override
        public Target target() {
            return Target.SM_90A;
        }

        @Override
        public Toolchain toolchain() {
            return new Toolchain(
                    "0.1.0",
                    "NVRTC 12.9",
                    "--gpu-architecture=sm_90a --std=c++17 -default-device --ptxas-options=-v",
                    "NVIDIA 580.159.04, CUDA 13.0");
        }

        @Override
        public boolean tries(KernelProblem problem, KernelShape shape) {
            return true;
        }

        @Override
        public Trial trial(KernelProblem problem, KernelShape shape, List<KernelVariant> candidates) {
            throw new IllegalStateException("nothing is to be measured");
        }
    }

    @TempDir
    Path folder;

    private TunedChooser chooser() {
        RememberedGpu gpu = new RememberedGpu();
        Wisdom wisdom = Wisdom.open(folder, gpu.name());
        CostModel costs = CostModel.of(Target.SM_90A, gpu.name(), 132);
        Tuner tuner = new Tuner(wisdom, gpu, TuningPlan.QUICK, CostOrder.of(costs), Progress.SILENT);
        return new TunedChooser(
                TuneMode.FROZEN, gpu, wisdom, tuner, Allowance.of(TuneMode.FROZEN, Duration.ZERO), Optional.of(costs));
    }

    /** Nothing of them was measured there: they run as the plain product does, which is the same but for its end. */
    @ParameterizedTest
    @CsvSource({"e2m1xe2m1, 1", "e2m1xe2m1, 2048", "e3m2xe3m2, 16", "e3m2xe3m2, 8192"})
    void gatesAndTheirFactorsRunAsThePlainProductDoes(String pair, int m) {
        GemmShape shape = new GemmShape(m, 28672, List.of(4096));
        TunedChooser chooser = chooser();
        String plain = gemm(chooser, FormatPair.parse(pair), new Product(Epilogue.NONE, ScalarType.BF16), shape);
        assertThat(gemm(chooser, FormatPair.parse(pair), new Product(Epilogue.SWIGLU, ScalarType.BF16), shape))
                .isEqualTo(plain);
    }

    List<String> lines() {
        TunedChooser chooser = chooser();
        List<String> lines = new ArrayList<>();
        for (String pair : List.of("e2m1xe2m1", "e3m2xe3m2", "e4m3xe4m3")) {
            for (Product product : PRODUCTS) {
                for (List<Integer> layer : LAYERS) {
                    for (int m : ROWS) {
                        GemmShape shape = new GemmShape(m, layer.get(0), List.of(layer.get(1)));
                        lines.add(pair + " " + product.epilogue().text() + " "
                                + product.output().text() + " " + shape.text() + ": "
                                + gemm(chooser, FormatPair.parse(pair), product, shape));
                    }
                }
            }
        }
        for (String pair : List.of("e2m1xe2m1", "e3m2xe3m2", "e4m3xe4m3")) {
            for (List<Integer> layer : List.of(List.of(14336, 4096), List.of(4096, 14336))) {
                for (int m : List.of(1, 2048)) {
                    GroupedShape shape = new GroupedShape(8, m, layer.get(0), List.of(layer.get(1)));
                    lines.add(pair + " " + shape.text() + ": " + grouped(chooser, FormatPair.parse(pair), shape));
                }
            }
        }
        for (String pair : List.of("e2m1xe2m1", "e3m2xe3m2", "e4m3xe4m3")) {
            for (Prologue prologue : List.of(Prologue.NONE, Prologue.RMSNORM, Prologue.SILU_MUL)) {
                for (int channels : List.of(4096, 14336)) {
                    for (int m : ROWS) {
                        QuantizeShape shape = new QuantizeShape(m, List.of(channels));
                        MxQuantizeSpec spec = MxQuantizeSpec.activation(
                                List.of(FormatPair.parse(pair).activation()),
                                ScaleRule.CEIL,
                                prologue,
                                prologue == Prologue.RMSNORM ? ScalarType.FP32 : ScalarType.BF16,
                                Tolerance.EXACT);
                        OperandLayout written = layout(FormatPair.parse(pair)) == OperandLayout.FRAGMENTS
                                ? OperandLayout.CONTAINERS
                                : OperandLayout.TILED;
                        lines.add(pair + " " + prologue.text() + " " + shape.text() + ": "
                                + choice(chooser, new KernelProblem(spec, written), shape));
                    }
                }
            }
        }
        return lines;
    }

    private static OperandLayout layout(FormatPair pair) {
        return pair.hasRoomForScales() ? OperandLayout.FRAGMENTS : OperandLayout.TILED;
    }

    private static MxGemmSpec spec(FormatPair pair, Product product) {
        return MxGemmSpec.exact(List.of(pair), product.epilogue(), product.output());
    }

    private static String gemm(TunedChooser chooser, FormatPair pair, Product product, GemmShape shape) {
        return choice(chooser, new KernelProblem(spec(pair, product), layout(pair)), shape);
    }

    private static String grouped(TunedChooser chooser, FormatPair pair, GroupedShape shape) {
        MxGroupedGemmSpec spec = new MxGroupedGemmSpec(spec(pair, PRODUCTS.get(0)));
        return choice(chooser, new KernelProblem(spec, layout(pair)), shape);
    }

    private static String choice(TunedChooser chooser, KernelProblem problem, KernelShape shape) {
        KernelVariant chosen = chooser.choose(problem, Target.SM_90A, shape);
        return chosen.algorithm().name() + " " + chosen.configuration().text();
    }

    @Test
    void whatRunsStaysAsItWasMeasured() throws IOException {
        try (InputStream golden = ShippedChoicesTest.class.getResourceAsStream(GOLDEN)) {
            assertThat(lines())
                    .containsExactlyElementsOf(new String(golden.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "e2m1xe2m1, EXACT, FRAGMENTS",
        "e3m2xe3m2, EXACT, FRAGMENTS",
        "e2m3xe2m3, EXACT, FRAGMENTS",
        "e3m2xe2m1, EXACT, FRAGMENTS",
        "e4m3xe4m3, EXACT, MIXED_FRAGMENTS",
        "e4m3xe2m1, EXACT, TILED",
        "e4m3xe4m3, WITHIN_4, FRAGMENTS",
        "e4m3xe2m1, WITHIN_4, FRAGMENTS",
        "e5m2xe5m2, WITHIN_4, FRAGMENTS"
    })
    void weightsAreKeptAsTheyAlwaysWere(String pair, Tolerance tolerance, OperandLayout kept) {
        TunedChooser chooser = chooser();
        MxGemmSpec product = spec(FormatPair.parse(pair), PRODUCTS.get(0)).with(tolerance);
        for (List<Integer> layer : LAYERS) {
            assertThat(chooser.layout(
                            product, Target.SM_90A, KernelProblem.Scope.ALL, layer.get(0), List.of(layer.get(1))))
                    .as(layer.toString())
                    .isEqualTo(kept);
        }
    }
}
