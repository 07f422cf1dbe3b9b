package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.codegen.Variants;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.spec.Algorithm;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.tests.gpu.GpuTest;
import org.mxforge.tests.gpu.GpuWorkspace;
import org.mxforge.tests.gpu.Numbers;

/** Sums of INT8 products are exact on tensor cores too, so that every tile gives the same bits as plain Java. */
@Tag("gpu")
class Int8GemmGpuTest {
    @ParameterizedTest
    @EnumSource
    void everyEpilogueAndOutput(Epilogue epilogue) {
        for (ScalarType output : new ScalarType[] {ScalarType.BF16, ScalarType.FP32}) {
            Int8GemmSpec spec = new Int8GemmSpec(epilogue, output);
            for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(spec, GpuWorkspace.target())) {
                KernelVariant variant = KernelVariant.of(spec, algorithm, GpuWorkspace.target());
                assertRight(variant, 70, 130, 208);
                assertRight(variant, 1, 77, 16);
                assertRight(variant, 300, 280, 1168);
            }
        }
    }

    @Test
    void everyVariant() {
        Int8GemmSpec spec = new Int8GemmSpec(Epilogue.RESIDUAL, ScalarType.FP32);
        for (Algorithm<KernelSpec> algorithm : KernelKinds.algorithms(spec, GpuWorkspace.target())) {
            var variants = Variants.all(spec, algorithm, GpuWorkspace.target());
            GpuTest.kernels().compileAll(variants);
            variants.forEach(variant -> assertRight(variant, 150, 200, 336));
        }
    }

    private static void assertRight(KernelVariant variant, int m, int columns, int k) {
        Int8GemmSpec spec = (Int8GemmSpec) variant.spec();
        int n = GemmCases.rows(spec.epilogue(), columns);
        Int8GemmCase given = new Int8GemmCase(spec, m, n, k);
        try (GpuWorkspace gpu = new GpuWorkspace()) {
            boolean wide = spec.output() == ScalarType.FP32;
            long d = gpu.bytes(spec.output().bytes() * given.results(), (byte) -1);
            gpu.launch(
                    variant,
                    given.arguments(
                            gpu::ints,
                            (type, values) -> type == ScalarType.FP32 ? gpu.floats(values) : gpu.bf16(values),
                            d));
            float[] result = wide ? gpu.readFloats(d, given.results()) : gpu.readBf16(d, given.results());
            float[] expected = given.expected();
            if (spec.epilogue().hasSilu()) {
                // Its exponential is not exact.
                double[] formula = IntStream.range(0, expected.length)
                        .mapToDouble(i -> expected[i])
                        .toArray();
                Numbers.assertClose(result, formula, Numbers.BF16);
            } else {
                assertThat(result)
                        .as(variant.text() + " at " + m + "x" + n + "x" + k)
                        .isEqualTo(expected);
            }
        }
    }
}
