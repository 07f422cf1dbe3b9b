package org.mxforge.tests.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.catalogue.Catalogue;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.GroupLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.CudaContext;
import org.mxforge.runtime.cuda.ReadyKernel;
import org.mxforge.runtime.cuda.tune.DeviceGemm;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;

/** On data whose sums are exact in FP32, every GEMM kernel gives the oracle's bits, whatever its tile, split or order. */
@Tag("gpu")
class ExactGemmGpuTest {
    private static final int[] ROWS = {1, 7, 64, 200};
    private static final int[] GRANULARITIES = {32, 64, 128};
    private static final int RAGGED = 77;

    static Stream<List<FormatPair>> pairs() {
        return Stream.concat(FormatPair.all().stream().map(List::of), Catalogue.mixed().stream());
    }

    /** Parts of different sizes, the first one the smallest. */
    private static ChannelSplit split(List<FormatPair> pairs, int granularity) {
        List<Partition> partitions = new ArrayList<>();
        for (FormatPair pair : pairs) {
            partitions.add(new Partition(pair, granularity * (partitions.size() + 1)));
        }
        return new ChannelSplit(partitions, granularity);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairAndMixedSplit(List<FormatPair> pairs) {
        MxGemmSpec spec = new MxGemmSpec(pairs, GroupLayout.TILED, Epilogue.NONE, ScalarType.BF16);
        for (int granularity : GRANULARITIES) {
            for (int rows : ROWS) {
                assertExact(spec, split(pairs, granularity), rows, RAGGED, defaults(spec));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEpilogueAndOutputOfAMixedGemm(Epilogue epilogue) {
        for (ScalarType output : ScalarType.values()) {
            MxGemmSpec spec = new MxGemmSpec(Catalogue.MICROMIX_W4, GroupLayout.TILED, epilogue, output);
            assertExact(spec, split(spec.pairs(), 64), 70, 130, defaults(spec));
            assertExact(spec, split(spec.pairs(), 64), 5, 131, defaults(spec));
        }
    }

    @Test
    void everyVariantOfAMixedGemm() {
        MxGemmSpec spec = new MxGemmSpec(Catalogue.MICROMIX_MATCHED, GroupLayout.TILED, Epilogue.BIAS, ScalarType.BF16);
        for (KernelVariant variant : variants(spec)) {
            assertExact(spec, split(spec.pairs(), 128), 150, 200, variant.configuration());
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyEpilogueAndOutputOfAPlainGemm(Epilogue epilogue) {
        for (ScalarType output : ScalarType.values()) {
            DenseGemmSpec spec = new DenseGemmSpec(epilogue, output);
            assertPlain(spec, 70, 130, 200, defaults(spec));
            assertPlain(spec, 1, RAGGED, 8, defaults(spec));
        }
    }

    @Test
    void everyVariantOfAPlainGemm() {
        DenseGemmSpec spec = new DenseGemmSpec(Epilogue.RESIDUAL, ScalarType.BF16);
        for (KernelVariant variant : variants(spec)) {
            assertPlain(spec, 150, 200, 328, variant.configuration());
        }
    }

    private static List<KernelVariant> variants(KernelSpec spec) {
        Target target = GpuTest.context().device().target();
        List<KernelVariant> variants = spec.space(target).legal().stream()
                .map(configuration -> new KernelVariant(spec, target, configuration))
                .toList();
        GpuTest.kernels().compileAll(variants);
        return variants;
    }

    private static Configuration defaults(KernelSpec spec) {
        return spec.space(GpuTest.context().device().target()).defaultConfiguration();
    }

    private static void assertExact(MxGemmSpec spec, ChannelSplit split, int m, int n, Configuration configuration) {
        CudaContext gpu = GpuTest.context();
        ExactOperands operands = ExactOperands.generate(split, m, n, m + 31L * n);
        float[] extra = extra(spec.epilogue(), operands.bias(), operands.residual());
        ReferenceGemm reference = ReferenceGemm.of(operands.activation(), operands.weight(), spec.epilogue(), extra);
        try (DeviceGemm gemm = DeviceGemm.mixed(gpu, spec, operands.activation(), operands.weight(), extra)) {
            assertAgrees(gemm, spec, spec.epilogue(), spec.output(), reference, configuration);
        }
    }

    private static void assertPlain(DenseGemmSpec spec, int m, int n, int k, Configuration configuration) {
        CudaContext gpu = GpuTest.context();
        SplittableRandom random = new SplittableRandom(k);
        float[] a = integers(random, m * k);
        float[] b = integers(random, n * k);
        float[] extra = extra(spec.epilogue(), integers(random, n), integers(random, m * n));
        ReferenceGemm reference = ReferenceGemm.dense(a, b, m, n, k, spec.epilogue(), extra);
        try (DeviceGemm gemm = DeviceGemm.plain(gpu, spec, a, b, m, n, k, extra)) {
            assertAgrees(gemm, spec, spec.epilogue(), spec.output(), reference, configuration);
        }
    }

    private static void assertAgrees(
            DeviceGemm gemm,
            KernelSpec spec,
            Epilogue epilogue,
            ScalarType output,
            ReferenceGemm reference,
            Configuration configuration) {
        Target target = GpuTest.context().device().target();
        ReadyKernel<Object> kernel = GpuTest.kernels().kernel(new KernelVariant(spec, target, configuration));
        String what = kernel.variant().text() + " at " + reference.rows() + "x" + reference.columns() + "x"
                + reference.channels();
        float[] result = gemm.run(kernel);
        if (epilogue == Epilogue.SILU_MUL) {
            // Its exponential is not exact.
            assertThat(ErrorBound.tensorCore(output).violation(result, reference))
                    .as(what)
                    .isEmpty();
        } else {
            assertThat(result).as(what).isEqualTo(reference.result(output));
        }
    }

    private static float[] extra(Epilogue epilogue, float[] bias, float[] matrix) {
        return switch (epilogue) {
            case NONE -> new float[0];
            case BIAS -> bias;
            case RESIDUAL, SILU_MUL -> matrix;
        };
    }

    private static float[] integers(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(-15, 16);
        }
        return values;
    }
}
