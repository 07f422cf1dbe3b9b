package org.mxforge.runtime.tune.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mxforge.codegen.cuda.CudaEmitter;
import org.mxforge.codegen.cuda.CudaSource;
import org.mxforge.codegen.kernel.gemm.FormatMixes;
import org.mxforge.dsl.format.CacheFormat;
import org.mxforge.dsl.format.ElementFormat;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.format.ScaleRule;
import org.mxforge.dsl.layout.FoldedFormat;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.shape.AttentionShape;
import org.mxforge.dsl.shape.GemmShape;
import org.mxforge.dsl.shape.GroupedShape;
import org.mxforge.dsl.shape.KernelShape;
import org.mxforge.dsl.shape.QuantizeShape;
import org.mxforge.dsl.spec.AttentionSpec;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.Int8GemmSpec;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.MxQuantizeSpec;
import org.mxforge.dsl.spec.Prologue;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.CudaContext;
import org.mxforge.runtime.cuda.launch.KernelStore;
import org.mxforge.runtime.cuda.launch.ReadyKernel;
import org.mxforge.runtime.cuda.nvrtc.CompiledKernel;
import org.mxforge.runtime.cuda.nvrtc.Nvrtc;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.tune.search.TestTuner;
import org.mxforge.runtime.tune.search.TuningDevice;
import org.mxforge.runtime.tune.search.TuningDevice.Trial;
import org.mxforge.runtime.tune.wisdom.Timing;
import org.mxforge.runtime.tune.wisdom.Wisdom;
import org.mxforge.runtime.tune.wisdom.WisdomRecord;
import org.mxforge.runtime.tune.wisdom.WisdomRecord.Outcome;
import org.mxforge.runtime.tune.worker.SpoilingWorker;
import org.mxforge.runtime.tune.worker.WorkerDevice;
import org.mxforge.tests.gpu.GpuTest;

/** The tuner finds right kernels on a GPU; none of the candidates is wrong. */
@Tag("gpu")
class CudaTunerGpuTest {
    private static final Trial.Measuring MEASURING =
            new Trial.Measuring(Duration.ofMillis(1), Duration.ofMillis(10), 2, 1, 100);

    @TempDir
    Path folder;

    static Stream<Arguments> kernels() {
        return Stream.of(gemms(), groupedGemms(), quantizers(), attention()).flatMap(all -> all);
    }

    /** More experts than are checked, fewer, and one; few tokens and several tiles. */
    static Stream<Arguments> groupedGemms() {
        List<Arguments> all = new ArrayList<>();
        all.add(Arguments.of(
                grouped(OperandLayout.TILED, Epilogue.NONE), new GroupedShape(8, 40, 300, List.of(512, 128, 128))));
        all.add(Arguments.of(
                grouped(OperandLayout.TILED, Epilogue.BIAS), new GroupedShape(3, 200, 130, List.of(128, 64, 32))));
        if (GpuTest.context().device().target() == Target.SM_90A) {
            for (OperandLayout layout :
                    List.of(OperandLayout.CONTAINERS, OperandLayout.FRAGMENTS, OperandLayout.BF16)) {
                all.add(Arguments.of(
                        grouped(layout, Epilogue.NONE), new GroupedShape(8, 1, 300, List.of(512, 128, 128))));
                all.add(Arguments.of(
                        grouped(layout, Epilogue.RESIDUAL), new GroupedShape(10, 300, 270, List.of(1024, 128, 256))));
                all.add(Arguments.of(
                        grouped(layout, Epilogue.NONE), new GroupedShape(1, 130, 64, List.of(128, 64, 32))));
            }
        }
        return all.stream();
    }

    private static KernelProblem grouped(OperandLayout layout, Epilogue epilogue) {
        MxGemmSpec expert = MxGemmSpec.exact(FormatMixes.MICROMIX_W4, epilogue, ScalarType.BF16);
        return new KernelProblem(new MxGroupedGemmSpec(expert.with(tolerance(layout))), layout);
    }

    /** These formats have no room for all scales. */
    private static Tolerance tolerance(OperandLayout layout) {
        return layout == OperandLayout.CONTAINERS || layout == OperandLayout.FRAGMENTS
                ? Tolerance.WITHIN_4
                : Tolerance.EXACT;
    }

    private static Stream<Arguments> gemms() {
        return Stream.of(
                Arguments.of(
                        new KernelProblem(
                                MxGemmSpec.exact(FormatMixes.MICROMIX_W4, Epilogue.NONE, ScalarType.BF16),
                                OperandLayout.TILED),
                        new GemmShape(130, 300, List.of(512, 128, 128))),
                Arguments.of(
                        new KernelProblem(new DenseGemmSpec(Epilogue.SILU_MUL, ScalarType.BF16), OperandLayout.PLAIN),
                        new GemmShape(1, 300, List.of(768))),
                Arguments.of(integers(Epilogue.RESIDUAL, ScalarType.FP32), new GemmShape(130, 300, List.of(4112))),
                Arguments.of(integers(Epilogue.SWIGLU, ScalarType.BF16), new GemmShape(1, 320, List.of(768))));
    }

    private static KernelProblem integers(Epilogue epilogue, ScalarType output) {
        return new KernelProblem(new Int8GemmSpec(epilogue, output), OperandLayout.PLAIN);
    }

    /** One that scales by the row twice and not by the column. */
    @Test
    void anInt8GemmThatIsWrongIsRecordedAsSuch() {
        theWrongOneIsRecordedAsSuch(
                integers(Epilogue.BIAS, ScalarType.BF16), new GemmShape(40, 300, List.of(512)), "element (0, 0) is ");
    }

    /** Every prologue and layout; one row, few rows, and so many that blocks of persistent kernels take several. */
    static Stream<Arguments> quantizers() {
        List<ElementFormat> micromix = List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E4M3);
        List<ElementFormat> withRoom = List.of(ElementFormat.E2M1, ElementFormat.E3M2, ElementFormat.E2M3);
        List<Integer> narrow = List.of(736, 192, 96);
        List<Arguments> all = new ArrayList<>();
        for (Prologue prologue : Prologue.values()) {
            ScalarType source = prologue.norms() ? ScalarType.FP32 : ScalarType.BF16;
            all.add(Arguments.of(
                    quantizer(micromix, OperandLayout.TILED, prologue, source), new QuantizeShape(300, narrow)));
            all.add(Arguments.of(
                    quantizer(micromix, OperandLayout.ROWS, prologue, source), new QuantizeShape(1, narrow)));
            if (GpuTest.context().device().target() == Target.SM_90A) {
                all.add(Arguments.of(
                        quantizer(micromix, OperandLayout.CONTAINERS, prologue, source),
                        new QuantizeShape(8192, List.of(2880, 832, 384))));
                all.add(Arguments.of(
                        quantizer(withRoom, OperandLayout.CONTAINERS, prologue, source), new QuantizeShape(2, narrow)));
            }
        }
        return all.stream();
    }

    private static KernelProblem quantizer(
            List<ElementFormat> formats, OperandLayout layout, Prologue prologue, ScalarType source) {
        boolean room =
                formats.stream().allMatch(format -> FoldedFormat.of(format).hasRoom());
        Tolerance tolerance = layout.isFolded() && !room ? Tolerance.WITHIN_4 : Tolerance.EXACT;
        return new KernelProblem(
                MxQuantizeSpec.activation(formats, ScaleRule.CEIL, prologue, source, tolerance), layout);
    }

    /** Single queries of several sequences, and prompts with a window; heads for all algorithms, and for some. */
    static Stream<Arguments> attention() {
        return Stream.of(
                Arguments.of(attention(128), new AttentionShape(2, 1, 4096, 8, 2, Integer.MAX_VALUE)),
                Arguments.of(attention(80), new AttentionShape(4, 256, 512, 8, 2, 100)),
                Arguments.of(attention(128, CacheFormat.INT4), new AttentionShape(3, 1, 4096, 8, 2, Integer.MAX_VALUE)),
                Arguments.of(attention(64, CacheFormat.MXFP8), new AttentionShape(2, 1, 2048, 8, 2, 300)));
    }

    private static KernelProblem attention(int head) {
        return attention(head, CacheFormat.BF16);
    }

    private static KernelProblem attention(int head, CacheFormat cache) {
        return new KernelProblem(new AttentionSpec(head, cache), OperandLayout.PLAIN);
    }

    /** One that sees beyond its window. */
    @Test
    void attentionThatIsWrongIsRecordedAsSuch() {
        theWrongOneIsRecordedAsSuch(
                attention(80), new AttentionShape(4, 256, 512, 8, 2, 100), "of sequence 0, channel ");
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyCandidateIsRight(KernelProblem problem, KernelShape shape) {
        everyCandidateIsRight(new CudaTuningDevice(GpuTest.context(), GpuTest.kernels()), problem, shape);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyCandidateIsRightInAWorkerProcess(KernelProblem problem, KernelShape shape) {
        CudaTuningDevice facts = new CudaTuningDevice(GpuTest.context(), GpuTest.kernels());
        try (WorkerDevice device = WorkerDevice.gpu(facts, Duration.ofMinutes(1))) {
            everyCandidateIsRight(device, problem, shape);
        }
    }

    /** One that takes groups for twice as large as they are: valid codes, and none of them right. */
    @ParameterizedTest
    @MethodSource("quantizers")
    void aQuantizerThatIsWrongIsRecordedAsSuch(KernelProblem problem, QuantizeShape shape) {
        theWrongOneIsRecordedAsSuch(problem, shape, "of partition 0");
    }

    static Stream<Arguments> groupedGemmsOfSeveralExperts() {
        return groupedGemms().filter(one -> ((GroupedShape) one.get()[1]).experts() > 2);
    }

    /** One that gives all tokens the weights of the first expert. */
    @ParameterizedTest
    @MethodSource("groupedGemmsOfSeveralExperts")
    void aGroupedGemmThatIsWrongIsRecordedAsSuch(KernelProblem problem, GroupedShape shape) {
        theWrongOneIsRecordedAsSuch(problem, shape, "of expert 2");
    }

    private void theWrongOneIsRecordedAsSuch(KernelProblem problem, KernelShape shape, String fault) {
        CudaContext gpu = GpuTest.context();
        KernelStore kernels = GpuTest.kernels();
        KernelVariant bad = problem.variants(gpu.device().target()).get(1);
        CudaTuningDevice device = new CudaTuningDevice(
                gpu, kernels, variant -> variant.equals(bad) ? wrong(gpu, variant) : kernels.kernel(variant));
        Wisdom wisdom = Wisdom.open(folder, device.name());
        TestTuner tuner = new TestTuner(wisdom, device, Integer.MAX_VALUE, MEASURING, 100);
        WisdomRecord winner = tuner.tune(problem, shape).orElseThrow();
        assertThat(wisdom.records(winner.key()))
                .filteredOn(entry -> entry.coverage().isEmpty())
                .hasSameSizeAs(problem.variants(device.target()))
                .allSatisfy(entry -> {
                    boolean wrong = entry.variant().equals(bad);
                    assertThat(entry.outcome().status())
                            .isEqualTo(wrong ? Outcome.Status.CORRECTNESS : Outcome.Status.CORRECT);
                    if (wrong) {
                        assertThat(entry.outcome().detail()).contains(fault);
                    } else {
                        assertThat(entry.outcome().detail()).isEmpty();
                    }
                });
    }

    private static ReadyKernel<Object> wrong(CudaContext gpu, KernelVariant variant) {
        CudaSource source = CudaEmitter.emit(variant);
        String text = source.text()
                .replace("Element::scale(__int_as_float(largest))", "Element::scale(2.0f * __int_as_float(largest))")
                .replace("element_scale(__int_as_float(bits), e)", "element_scale(2.0f * __int_as_float(bits), e)")
                .replace("route = routes[m0 / 128];", "route = {min(routes[m0 / 128].x, 0), routes[m0 / 128].y};")
                .replace("__fmul_rn(row_scale, column_scale)", "__fmul_rn(row_scale, row_scale)")
                .replace("max(0, end - window)", "max(0, end - 2 * window)")
                .replace("const int expert = __shfl_sync(", "const int expert = 0 * __shfl_sync(");
        assertThat(text).isNotEqualTo(source.text());
        CompiledKernel compiled = Nvrtc.load()
                .compile(
                        source.entryPoint(),
                        text,
                        variant.target(),
                        gpu.device().imageKind());
        ReadyKernel<Object> right = GpuTest.kernels().kernel(variant);
        return new ReadyKernel<>(variant, compiled, gpu.load(compiled, source.entryPoint()), right.launcher());
    }

    @Test
    void aCandidateThatSpoilsTheContextCostsItselfAlone() {
        KernelProblem problem =
                new KernelProblem(new DenseGemmSpec(Epilogue.NONE, ScalarType.BF16), OperandLayout.PLAIN);
        CudaTuningDevice facts = new CudaTuningDevice(GpuTest.context(), GpuTest.kernels());
        Wisdom wisdom = Wisdom.open(folder, facts.name());
        WisdomRecord winner;
        try (WorkerDevice device = SpoilingWorker.device(facts, Duration.ofMinutes(1))) {
            TestTuner tuner = new TestTuner(wisdom, device, Integer.MAX_VALUE, MEASURING, 100);
            winner = tuner.tune(problem, new GemmShape(16, 256, List.of(512))).orElseThrow();
        }
        List<KernelVariant> legal = problem.variants(facts.target());
        List<WisdomRecord> trials = wisdom.records(winner.key()).stream()
                .filter(entry -> entry.coverage().isEmpty())
                .toList();
        assertThat(trials).hasSameSizeAs(legal).allSatisfy(entry -> {
            boolean bad = entry.variant().equals(legal.get(SpoilingWorker.BAD));
            assertThat(entry.outcome().status()).isEqualTo(bad ? Outcome.Status.RUNTIME : Outcome.Status.CORRECT);
            assertThat(entry.outcome().detail()).contains(bad ? "outside its memory" : "");
        });
    }

    private void everyCandidateIsRight(TuningDevice device, KernelProblem problem, KernelShape shape) {
        Wisdom wisdom = Wisdom.open(folder, device.name());
        TestTuner tuner = new TestTuner(wisdom, device, Integer.MAX_VALUE, MEASURING, 100);
        Optional<WisdomRecord> winner = tuner.tune(problem, shape);
        assertThat(winner).isPresent();
        Timing timing = winner.get().outcome().timing().orElseThrow();
        assertThat(timing.clock().orElseThrow()).as("MHz").isBetween(100, 5000);
        assertThat(tuner.ranking(problem, shape)).hasSameSizeAs(problem.variants(device.target()));
    }
}
