package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.kernel.gemm.FormatMixes;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelSpec;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.SoftmaxSpec;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.base.cache.ArtifactCache;
import org.mxforge.runtime.base.jit.JavaJit;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TestTuner;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Wisdom;

/** The tuner on the host: none of the candidates is wrong. */
class CpuTunerTest {
    private static final Trial.Measuring MEASURING =
            new Trial.Measuring(Duration.ZERO, Duration.ofMillis(10), 1, 1, 100);

    @TempDir
    Path folder;

    static Stream<Arguments> gemms() {
        return Stream.of(Epilogue.values())
                .flatMap(epilogue -> Stream.of(
                        Arguments.of(
                                MxGemmSpec.exact(FormatMixes.MICROMIX_W4, epilogue, ScalarType.FP32),
                                new GemmShape(130, 272, List.of(128, 64, 32))),
                        Arguments.of(
                                new DenseGemmSpec(epilogue, ScalarType.FP32), new GemmShape(3, 80, List.of(100)))));
    }

    @ParameterizedTest
    @MethodSource("gemms")
    void everyCandidateIsRight(KernelSpec spec, GemmShape shape) {
        KernelProblem problem = KernelProblem.usual(spec, Target.CPU);
        CpuTuningDevice device = new CpuTuningDevice(2, new JavaJit(new ArtifactCache(folder)));
        Wisdom wisdom = Wisdom.open(folder, device.name());
        TestTuner tuner = new TestTuner(wisdom, device, Integer.MAX_VALUE, MEASURING, 100);
        assertThat(tuner.tune(problem, shape)).isPresent();
        assertThat(tuner.ranking(problem, shape)).hasSameSizeAs(problem.variants(Target.CPU));
    }

    @Test
    void onlyGemmsOfMatchingPartitionsAreTried() {
        CpuTuningDevice device = new CpuTuningDevice(1, new JavaJit(new ArtifactCache(folder)));
        KernelProblem mixed = KernelProblem.usual(
                MxGemmSpec.exact(FormatMixes.MICROMIX_W4, Epilogue.NONE, ScalarType.FP32), Target.CPU);
        assertThat(device.tries(mixed, new GemmShape(1, 1, List.of(32, 64, 96))))
                .isTrue();
        assertThat(device.tries(mixed, new GemmShape(1, 1, List.of(32, 64)))).isFalse();
        assertThat(device.tries(mixed, new GemmShape(1, 1, List.of(32, 64, 90))))
                .isFalse();
        assertThat(device.tries(mixed, new GemmShape(1, 1, List.of(32, 64, 1 << 20))))
                .isFalse();
        KernelProblem quantizer = KernelProblem.usual(
                KernelSpec.parse(
                        "mxquantize/v2;side=activation;formats=e2m1;rule=ceil;groups=g32;prologue=none;in=fp32;tolerance=exact"),
                Target.CPU);
        assertThat(device.tries(quantizer, new QuantizeShape(1, List.of(32))))
                .as("there is one variant on the CPU")
                .isFalse();
        assertThat(device.tries(
                        new KernelProblem(new SoftmaxSpec(), OperandLayout.PLAIN), new GemmShape(1, 1, List.of(32))))
                .isFalse();
    }
}
