package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mxforge.runtime.simulate.SimulatedWorkspace.variant;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.kernel.gemm.DenseGemmKind;
import org.mxforge.codegen.kernel.gemm.FormatMixes;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.Bfloat16;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.DenseGemmArguments;
import org.mxforge.dsl.launch.DenseTileArguments;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.Bf16Tile;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.OperandLayout;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.DenseGemmSpec;
import org.mxforge.dsl.spec.DenseTileSpec;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.pack.FoldedMatrix;
import org.mxforge.runtime.quant.PackedPartition;

/** Portable GEMMs in the simulator: bit for bit what the oracle says on exact operands. */
class GemmSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({"e2m1xe2m1, 7, 77", "e3m2xe2m3, 1, 130", "e4m3xe5m2, 130, 33", "e2m3xe4m3, 64, 64", "e5m2xe3m2, 40, 8"})
    void pairsOnRaggedShapes(String pair, int m, int n) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse(pair), 160);
        assertExact(split, m, n, Epilogue.NONE, ScalarType.BF16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e2m1xe2m1:96/32/g16",
                "e3m2xe4m3:32+e2m1xe2m3:160/32/g16",
                "e2m1xe2m1:64/64/g64",
                "e5m2xe3m2:64+e2m1xe2m1:192/64/g64"
            })
    void groupsOfOtherSizes(String split) {
        assertExact(ChannelSplit.parse(split), 19, 50, Epilogue.NONE, ScalarType.BF16);
    }

    static Stream<Arguments> endings() {
        return Stream.of(Epilogue.values())
                .flatMap(epilogue -> Stream.of(ScalarType.values()).map(output -> Arguments.of(epilogue, output)));
    }

    @ParameterizedTest
    @MethodSource("endings")
    void everyEpilogueAndOutputOfAMixedSplit(Epilogue epilogue, ScalarType output) {
        ChannelSplit split = new ChannelSplit(
                List.of(
                        new Partition(FormatMixes.MICROMIX_W4.get(0), 64),
                        new Partition(FormatMixes.MICROMIX_W4.get(1), 96),
                        new Partition(FormatMixes.MICROMIX_W4.get(2), 32)),
                32);
        assertExact(split, 19, rows(epilogue, 50), epilogue, output);
    }

    /** So many, or a few more where the epilogue wants whole sixteens. */
    private static int rows(Epilogue epilogue, int rows) {
        return (rows + epilogue.rowMultiple() - 1) / epilogue.rowMultiple() * epilogue.rowMultiple();
    }

    @Test
    void scalesInRows() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e3m2xe3m2"), 160);
        MxGemmSpec spec =
                new MxGemmSpec(split.pairs(), split.groups(), Epilogue.NONE, ScalarType.FP32, Tolerance.EXACT);
        assertExact(KernelVariant.of(spec, MxGemmKind.MMA_ROWS, Target.SM_90A), split, 5, 64);
    }

    /** Some channels in FP8, others in BF16, by every kernel that reads them so. */
    @ParameterizedTest
    @CsvSource({
        "wgmma_mixed_fragments, 'bm=128,bn=128,promote=0,split=1'",
        "wgmma_mixed_fragments, 'bm=256,bn=128,promote=128,split=1'",
        "wgmma_mixed, 'bm=128,bn=128,promote=0,split=1'",
        "wgmma_mixed, 'bm=256,bn=128,promote=256,split=1'",
        "stream_mixed_fragments, 'bm=8,bn=16,warps=4'",
        "stream_mixed_fragments, 'bm=32,bn=32,warps=4'"
    })
    void mixedOperands(String algorithm, String configuration) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:160+e3m2xe2m3:64+e4m3xe4m3:224+e5m2xe4m3:96/32");
        assertExact(
                algorithm,
                configuration,
                MxGemmSpec.exact(split.pairs(), Epilogue.RESIDUAL, ScalarType.FP32),
                split,
                ExactOperands.sparse(split, 13, 40, 31));
    }

    /** Two sums make one output, in every kernel that folds. */
    @ParameterizedTest
    @CsvSource({
        "wgmma_fragments, 'bm=128,bn=128,promote=128,split=1', 140",
        "wgmma_fragments, 'bm=256,bn=128,promote=0,split=1', 19",
        "wgmma_fragments, 'bm=128,bn=128,promote=128,split=2', 140",
        "wgmma_fragments, 'bm=128,bn=128,promote=0,split=4', 70",
        "wgmma_containers, 'bm=256,bn=128,promote=256,split=1', 270",
        "stream_fragments, 'bm=8,bn=16,warps=4', 3",
        "stream_fragments, 'bm=32,bn=32,warps=8', 19"
    })
    void gatesAndTheirFactors(String algorithm, String configuration, int m) {
        ChannelSplit split = ChannelSplit.parse("e2m1xe2m1:160+e3m2xe3m2:96/32");
        assertExact(
                algorithm,
                configuration,
                MxGemmSpec.exact(split.pairs(), Epilogue.SWIGLU, ScalarType.BF16),
                split,
                ExactOperands.sparse(split, m, 208, 31));
    }

    private void assertExact(
            String algorithm, String configuration, MxGemmSpec spec, ChannelSplit split, ExactOperands operands) {
        KernelVariant variant = KernelVariant.of(
                spec, KernelKinds.algorithm(spec, algorithm), Target.SM_90A, Configuration.parse(configuration));
        assertExact(variant, split, operands);
    }

    private void assertExact(ChannelSplit split, int m, int n, Epilogue epilogue, ScalarType output) {
        assertExact(
                variant(new MxGemmSpec(split.pairs(), split.groups(), epilogue, output, Tolerance.EXACT)), split, m, n);
    }

    private void assertExact(KernelVariant variant, ChannelSplit split, int m, int n) {
        assertExact(variant, split, ExactOperands.generate(split, m, n, 31));
    }

    private void assertExact(KernelVariant variant, ChannelSplit split, ExactOperands operands) {
        int m = operands.activation().rows();
        int n = operands.weight().rows();
        Epilogue epilogue = ((MxGemmSpec) variant.spec()).epilogue();
        ScalarType output = ((MxGemmSpec) variant.spec()).output();
        OperandLayout layout = variant.algorithm().layout(Side.WEIGHT);
        List<MxGemmOperands> partitions =
                layout.isFolded() ? folded(split, operands, layout) : packed(split, operands, layout);
        float[] operand = operand(epilogue, operands.bias(), operands.residual());
        ScalarType type = epilogue == Epilogue.BIAS ? ScalarType.BF16 : output;
        long d = gpu.room(output, m * epilogue.columns(n));
        gpu.launch(
                variant, new MxGemmArguments(m, n, partitions, operand.length == 0 ? 0 : gpu.upload(type, operand), d));
        assertRight(ReferenceGemm.of(operands.activation(), operands.weight(), epilogue, operand), epilogue, output, d);
    }

    private List<MxGemmOperands> packed(ChannelSplit split, ExactOperands operands, OperandLayout layout) {
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < split.partitions().size(); i++) {
            PackedPartition a = operands.activation().partitions().get(i);
            PackedPartition b = operands.weight().partitions().get(i);
            partitions.add(new MxGemmOperands(
                    gpu.simulator.upload("a", a.codes()),
                    scales(a, layout),
                    gpu.simulator.upload("b", b.codes()),
                    scales(b, layout),
                    a.channels()));
        }
        return partitions;
    }

    private List<MxGemmOperands> folded(ChannelSplit split, ExactOperands operands, OperandLayout layout) {
        FoldedMatrix a = FoldedMatrix.fold(operands.activation(), layout, Side.ACTIVATION, Tolerance.EXACT);
        FoldedMatrix b = FoldedMatrix.fold(operands.weight(), layout, Side.WEIGHT, Tolerance.EXACT);
        long tokens = gpu.floats(a.factors());
        long weights = gpu.floats(b.factors());
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < split.partitions().size(); i++) {
            partitions.add(new MxGemmOperands(
                    gpu.simulator.upload("a", a.partitions().get(i).tiles()),
                    tokens,
                    gpu.simulator.upload("b", b.partitions().get(i).tiles()),
                    weights,
                    split.partitions().get(i).channels()));
        }
        return partitions;
    }

    private static float[] operand(Epilogue epilogue, float[] bias, float[] residual) {
        return switch (epilogue) {
            case NONE, SWIGLU -> new float[0];
            case BIAS -> bias;
            case RESIDUAL, SILU_MUL -> residual;
        };
    }

    private long scales(PackedPartition partition, OperandLayout layout) {
        return gpu.simulator.upload("scales", partition.scales(layout));
    }

    @ParameterizedTest
    @EnumSource
    void plainOperands(Epilogue epilogue) {
        for (ScalarType output : ScalarType.values()) {
            assertDense(variant(new DenseGemmSpec(epilogue, output)), 70, 130, 200);
        }
    }

    /** Laid out by the kernel that does so for models. */
    @ParameterizedTest
    @EnumSource
    void plainOperandsInTiles(Epilogue epilogue) {
        DenseGemmSpec spec =
                new DenseGemmSpec(epilogue, epilogue == Epilogue.SWIGLU ? ScalarType.BF16 : ScalarType.FP32);
        for (KernelVariant variant : Variants.all(spec, DenseGemmKind.WGMMA, Target.SM_90A)) {
            assertDense(variant, 70, 130, 200);
        }
    }

    private long plain(KernelVariant variant, float[] values, int rows, int channels) {
        long plain = gpu.bf16(values);
        if (variant.algorithm().layout(Side.WEIGHT) == OperandLayout.PLAIN) {
            return plain;
        }
        // Rows of padding are multiplied, for nobody.
        long tiles = gpu.bf16(new float[(int) (Bf16Tile.bytes(rows, channels) / Short.BYTES)]);
        gpu.launch(
                KernelVariant.of(new DenseTileSpec(), Target.SM_90A),
                new DenseTileArguments(rows, channels, plain, tiles));
        return tiles;
    }

    private void assertDense(KernelVariant variant, int m, int columns, int k) {
        Epilogue epilogue = ((DenseGemmSpec) variant.spec()).epilogue();
        int n = rows(epilogue, columns);
        ScalarType output = ((DenseGemmSpec) variant.spec()).output();
        SplittableRandom random = new SplittableRandom(k);
        float[] a = integers(random, m * k);
        float[] b = integers(random, n * k);
        float[] operand = operand(epilogue, integers(random, n), integers(random, m * n));
        ScalarType type = epilogue == Epilogue.BIAS ? ScalarType.BF16 : output;
        long d = gpu.room(output, m * epilogue.columns(n));
        gpu.launch(
                variant,
                new DenseGemmArguments(
                        m,
                        n,
                        k,
                        plain(variant, a, m, k),
                        plain(variant, b, n, k),
                        operand.length == 0 ? 0 : gpu.upload(type, operand),
                        d));
        assertRight(ReferenceGemm.dense(a, b, m, n, k, epilogue, operand), epilogue, output, d);
    }

    private void assertRight(ReferenceGemm reference, Epilogue epilogue, ScalarType output, long d) {
        float[] result = gpu.read(output, d);
        // The exponential of SiLU is not exact.
        assertThat(
                        epilogue.hasSilu()
                                ? ErrorBound.tensorCore(output).violation(result, reference)
                                : ExactOperands.difference(result, reference.result(output), reference.columns()))
                .isEmpty();
    }

    private static float[] integers(SplittableRandom random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = Bfloat16.toFloat(Bfloat16.fromFloat(random.nextInt(-15, 16)));
        }
        return values;
    }
}
