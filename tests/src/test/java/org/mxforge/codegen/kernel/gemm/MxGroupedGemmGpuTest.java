package org.mxforge.codegen.kernel.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.launch.MxGroupedGemmArguments;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.ExpertTiles;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.MxGroupedGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.cuda.driver.DeviceArena;
import org.mxforge.runtime.kernel.KernelProblem;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.pack.PackedOperand;
import org.mxforge.tests.gpu.GpuTest;
import org.mxforge.tests.gpu.GpuWorkspace;

/** Grouped GEMMs, each expert's rows bit for bit as its own GEMM gives them, and no other row written. */
@Tag("gpu")
class MxGroupedGemmGpuTest {
    private static final int[] RAGGED = {0, 1, 127, 128, 129, 300};

    private GpuWorkspace gpu;
    private DeviceArena memory;

    @BeforeEach
    void open() {
        gpu = new GpuWorkspace();
        memory = new DeviceArena(GpuTest.context());
    }

    @AfterEach
    void close() {
        if (gpu != null) {
            memory.close();
            gpu.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TILED", "CONTAINERS", "BF16", "FRAGMENTS"})
    void allPairsAreExactOnRaggedExperts(OperandLayout layout) {
        assumeRuns(layout);
        List<ChannelSplit> splits = FormatPair.all().stream()
                .map(pair -> ChannelSplit.uniform(pair, 160))
                .toList();
        Function<ChannelSplit, KernelProblem> problem = split -> problem(split, layout, Epilogue.NONE, ScalarType.BF16);
        compile(splits.stream()
                .map(split -> problem.apply(split).usual(GpuWorkspace.target()))
                .toList());
        splits.forEach(split -> assertDefaultIsExact(problem.apply(split), split, 77, RAGGED));
    }

    @ParameterizedTest
    @EnumSource(names = {"TILED", "CONTAINERS", "BF16", "FRAGMENTS", "MIXED_FRAGMENTS"})
    void allConfigurationsAreExactOnManyTiles(OperandLayout layout) {
        assumeRuns(layout);
        List<FormatPair> pairs = FormatMixes.MICROMIX_MATCHED;
        ChannelSplit split = new ChannelSplit(
                List.of(
                        new Partition(pairs.get(0), 640),
                        new Partition(pairs.get(1), 128),
                        new Partition(pairs.get(2), 256)),
                128);
        KernelProblem problem = problem(split, layout, Epilogue.NONE, ScalarType.BF16);
        // More than two strips of 2048 rows.
        assertAllAreExact(problem, split, 136, 900, 0, 2100, 64, 65, 1500);
        assertAllAreExact(problem, split, 136, RAGGED);
    }

    @ParameterizedTest
    @EnumSource(names = {"TILED", "FRAGMENTS"})
    void everyEpilogueFindsItsExpert(OperandLayout layout) {
        assumeRuns(layout);
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e4m3xe2m1"), 192);
        for (ScalarType output : List.of(ScalarType.BF16, ScalarType.FP32)) {
            for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RESIDUAL)) {
                assertDefaultIsExact(problem(split, layout, epilogue, output), split, 130, RAGGED);
            }
        }
    }

    /** As in decoding: hardly a row in a tile, and more tiles of weights than multiprocessors. */
    @ParameterizedTest
    @EnumSource(names = {"TILED", "FRAGMENTS"})
    void oneTokenWithEachOfTwoExperts(OperandLayout layout) {
        assumeRuns(layout);
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 160);
        KernelProblem problem = problem(split, layout, Epilogue.NONE, ScalarType.BF16);
        assertAllAreExact(problem, split, 20_000, 0, 1, 1, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"TILED", "CONTAINERS", "FRAGMENTS"})
    void fewTokensLieInLowTiles(OperandLayout layout) {
        assumeRuns(layout);
        for (String second : List.of("e3m2xe3m2", "e3m2xe2m1")) {
            ChannelSplit split = new ChannelSplit(
                    List.of(
                            new Partition(FormatPair.parse("e2m1xe2m1"), 384),
                            new Partition(FormatPair.parse(second), 128)),
                    128);
            KernelProblem many = problem(split, layout, Epilogue.BIAS, ScalarType.BF16);
            MxGroupedGemmSpec few = new MxGroupedGemmSpec(((MxGroupedGemmSpec) many.spec()).expert(), ExpertTiles.FEW);
            assertAllAreExact(new KernelProblem(few, layout), split, 136, 0, 1, 16, 3, 17, 9, 8, 2, 1, 12, 5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TILED", "CONTAINERS"})
    void noTokenAtAllIsNoWork(OperandLayout layout) {
        assumeRuns(layout);
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 64);
        assertDefaultIsExact(problem(split, layout, Epilogue.NONE, ScalarType.BF16), split, 64, 0, 0);
    }

    private void assertDefaultIsExact(KernelProblem problem, ChannelSplit split, int n, int... counts) {
        assertExact(List.of(problem.usual(GpuWorkspace.target())), split, n, counts);
    }

    private void assertAllAreExact(KernelProblem problem, ChannelSplit split, int n, int... counts) {
        assertExact(problem.within(KernelProblem.Scope.DIRECT).variants(GpuWorkspace.target()), split, n, counts);
    }

    /** All at once: that takes longest. */
    private static void compile(List<KernelVariant> variants) {
        GpuTest.kernels().compileAll(variants);
    }

    private void assertExact(List<KernelVariant> variants, ChannelSplit split, int n, int... counts) {
        compile(variants);
        MxGroupedGemmSpec spec = (MxGroupedGemmSpec) variants.get(0).spec();
        ExpertBatch batch = ExpertBatch.of(spec.tile(), split, n, counts);
        float[] expected = expected(spec.expert(), batch, n);
        for (KernelVariant variant : variants) {
            assertThat(ExactOperands.difference(run(variant, batch, n), expected, n))
                    .as("%s, N=%d, tokens %s", variant.text(), n, Arrays.toString(counts))
                    .isEmpty();
        }
    }

    /** Each expert's own GEMM; NaN, with which the memory is filled, where no kernel may write. */
    private static float[] expected(MxGemmSpec spec, ExpertBatch batch, int n) {
        float[] expected = new float[batch.rows() * n];
        Arrays.fill(expected, Float.NaN);
        for (int expert = 0; expert < batch.counts().length; expert++) {
            if (batch.counts()[expert] > 0) {
                ExactOperands operands = batch.experts().get(expert);
                float[] epilogueOperand =
                        switch (spec.epilogue()) {
                            case BIAS -> operands.bias();
                            case RESIDUAL, SILU_MUL -> operands.residual();
                            case NONE, SWIGLU -> new float[0];
                        };
                float[] rows = ReferenceGemm.of(
                                operands.activation(), operands.weight(), spec.epilogue(), epilogueOperand)
                        .result(spec.output());
                System.arraycopy(rows, 0, expected, batch.firstRows()[expert] * n, rows.length);
            }
        }
        return expected;
    }

    private float[] run(KernelVariant variant, ExpertBatch batch, int n) {
        MxGemmSpec spec = ((MxGroupedGemmSpec) variant.spec()).expert();
        OperandLayout layout = variant.algorithm().layout(Side.WEIGHT);
        PackedOperand a =
                PackedOperand.upload(batch.activation(), layout, spec.tolerance(), Side.ACTIVATION, memory::upload);
        PackedOperand b = PackedOperand.uploadExperts(
                batch.weights().size(),
                expert -> PackedOperand.laidOut(batch.weights().get(expert), layout, spec.tolerance(), Side.WEIGHT),
                memory::allocate);
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < a.parts().size(); i++) {
            PackedOperand.Part left = a.parts().get(i);
            PackedOperand.Part right = b.parts().get(i);
            partitions.add(new MxGemmOperands(
                    left.codes().address(),
                    left.scales().address(),
                    right.codes().address(),
                    right.scales().address(),
                    left.channels()));
        }
        long epilogueOperand =
                switch (spec.epilogue()) {
                    case NONE, SWIGLU -> 0;
                    case BIAS -> gpu.bf16(batch.biases());
                    case RESIDUAL, SILU_MUL ->
                        spec.output() == ScalarType.FP32 ? gpu.floats(batch.residual()) : gpu.bf16(batch.residual());
                };
        int count = batch.rows() * n;
        long d = gpu.bytes(count * spec.output().bytes(), (byte) 0xff);
        gpu.launch(
                variant,
                new MxGroupedGemmArguments(batch.rows(), n, gpu.ints(batch.routes()), partitions, epilogueOperand, d));
        return spec.output() == ScalarType.FP32 ? gpu.readFloats(d, count) : gpu.readBf16(d, count);
    }

    /** Allowed to round where folding could; the operands of these tests fold exactly. */
    private static KernelProblem problem(
            ChannelSplit split, OperandLayout layout, Epilogue epilogue, ScalarType output) {
        boolean room = split.pairs().stream().allMatch(FormatPair::hasRoomForScales);
        boolean folds = layout == OperandLayout.CONTAINERS || layout == OperandLayout.FRAGMENTS;
        MxGemmSpec expert = MxGemmSpec.exact(split.pairs(), epilogue, output)
                .with(folds && !room ? Tolerance.WITHIN_4 : Tolerance.EXACT);
        return new KernelProblem(new MxGroupedGemmSpec(expert), layout);
    }

    private static boolean runs(OperandLayout layout) {
        return !layout.isFolded() || GpuWorkspace.target() == Target.SM_90A;
    }

    private static void assumeRuns(OperandLayout layout) {
        assumeTrue(runs(layout), "wgmma needs a GPU of compute capability 9.0");
    }
}
