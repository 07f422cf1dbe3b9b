package org.mxforge.runtime.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mxforge.codegen.Variants;
import org.mxforge.codegen.kernel.gemm.MxGemmKind;
import org.mxforge.dsl.format.ScalarType;
import org.mxforge.dsl.launch.MxGemmArguments;
import org.mxforge.dsl.launch.MxGemmOperands;
import org.mxforge.dsl.layout.ChannelSplit;
import org.mxforge.dsl.layout.FormatPair;
import org.mxforge.dsl.layout.Partition;
import org.mxforge.dsl.space.Configuration;
import org.mxforge.dsl.spec.Epilogue;
import org.mxforge.dsl.spec.KernelKinds;
import org.mxforge.dsl.spec.KernelVariant;
import org.mxforge.dsl.spec.MxGemmSpec;
import org.mxforge.dsl.spec.Side;
import org.mxforge.dsl.spec.Tolerance;
import org.mxforge.dsl.target.Target;
import org.mxforge.dsl.tile.WgmmaTiling;
import org.mxforge.runtime.oracle.ErrorBound;
import org.mxforge.runtime.oracle.ExactOperands;
import org.mxforge.runtime.oracle.ReferenceGemm;
import org.mxforge.runtime.pack.FoldedMatrix;

/** GEMMs on wgmma, and those for few tokens, in the simulator: bit for bit on operands that narrow sums hold. */
class HopperGemmSimulationTest {
    private final SimulatedWorkspace gpu = new SimulatedWorkspace();

    @ParameterizedTest
    @CsvSource({
        "wgmma_containers, e2m3xe2m3, 9, 77, 160, 'bm=128,bn=128,promote=128,split=1'",
        "wgmma_containers, e4m3xe4m3, 130, 140, 96, 'bm=256,bn=128,promote=0,split=1'",
        "wgmma_fragments, e2m1xe2m1, 33, 136, 416, 'bm=256,bn=128,promote=256,split=1'",
        "wgmma_fragments, e3m2xe3m2, 70, 64, 288, 'bm=128,bn=128,promote=128,split=1'",
        "wgmma_bf16, e2m1xe2m1, 20, 150, 160, 'bm=256,bn=128,promote=0,split=1'",
        "stream_fragments, e2m1xe2m1, 1, 40, 416, 'bm=2,bn=16,warps=4'",
        "stream_fragments, e2m1xe2m1, 5, 24, 1312, 'bm=2,bn=16,warps=8'",
        "stream_fragments, e3m2xe2m1, 2, 16, 160, 'bm=2,bn=16,warps=8'",
        "ring_fragments, e2m1xe2m1, 17, 1100, 416, 'bm=32,teams=2,ways=2,parts=2,stages=6'",
        "ring_fragments, e2m1xe2m1, 33, 600, 1184, 'bm=16,teams=4,ways=1,parts=4,stages=4'",
        "ring_fragments, e3m2xe3m2, 31, 200, 416, 'bm=32,teams=1,ways=4,parts=1,stages=8'",
        "ring_containers, e2m3xe2m3, 64, 460, 672, 'bm=64,teams=2,ways=1,parts=8,stages=4'",
    })
    void layoutsOnRaggedShapes(String algorithm, String pair, int m, int n, int k, String configuration) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse(pair), k);
        KernelVariant variant = variant(split, algorithm, configuration);
        assertRight(variant, split, m, n);
    }

    @ParameterizedTest
    @CsvSource({
        "wgmma_fragments, BIAS, BF16, 70, 72, 'bm=128,bn=128,promote=128,split=1'",
        "wgmma_fragments, RESIDUAL, FP32, 33, 136, 'bm=256,bn=128,promote=256,split=1'",
        "stream_fragments, BIAS, BF16, 5, 24, 'bm=2,bn=16,warps=8'",
        "stream_fragments, RESIDUAL, FP32, 3, 40, 'bm=2,bn=16,warps=4'",
        "ring_fragments, BIAS, BF16, 17, 200, 'bm=32,teams=2,ways=2,parts=2,stages=6'",
        "ring_fragments, RESIDUAL, FP32, 33, 77, 'bm=16,teams=4,ways=1,parts=4,stages=4'",
        "ring_containers, RESIDUAL, FP32, 19, 136, 'bm=32,teams=1,ways=4,parts=1,stages=8'",
    })
    void epiloguesOnRaggedShapes(
            String algorithm, Epilogue epilogue, ScalarType output, int m, int n, String configuration) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 416);
        MxGemmSpec spec = MxGemmSpec.exact(split.pairs(), epilogue, output);
        assertRight(variant(spec, algorithm, configuration), split, m, n);
    }

    /** The exponential of SiLU is not exact; all else is. */
    @ParameterizedTest
    @CsvSource({
        "wgmma_fragments, 33, 144, 'bm=128,bn=128,promote=128,split=1'",
        "stream_fragments, 3, 80, 'bm=2,bn=16,warps=8'",
        "ring_fragments, 17, 208, 'bm=32,teams=2,ways=2,parts=2,stages=6'",
    })
    void gatesAndTheirFactorsMakeOneOutput(String algorithm, int m, int n, String configuration) {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 416);
        MxGemmSpec spec = MxGemmSpec.exact(split.pairs(), Epilogue.SWIGLU, ScalarType.BF16);
        ExactOperands operands = ExactOperands.sparse(split, m, n, 31);
        long d = gpu.room(ScalarType.BF16, m * Epilogue.SWIGLU.columns(n));
        KernelVariant variant = variant(spec, algorithm, configuration);
        gpu.launch(variant, arguments(gpu, variant, operands, 0, d));
        ReferenceGemm reference =
                ReferenceGemm.of(operands.activation(), operands.weight(), Epilogue.SWIGLU, new float[0]);
        assertThat(ErrorBound.nearest(ScalarType.BF16).violation(gpu.read(ScalarType.BF16, d), reference))
                .isEmpty();
    }

    @Test
    void clustersAddUpTheirParts() {
        ChannelSplit split = ChannelSplit.uniform(FormatPair.parse("e2m1xe2m1"), 640);
        MxGemmSpec spec = spec(split);
        KernelVariant parted = Variants.all(spec, MxGemmKind.WGMMA_FRAGMENTS, Target.SM_90A).stream()
                .filter(variant -> WgmmaTiling.of(variant.configuration()).split() > 1)
                .findFirst()
                .orElseThrow();
        assertRight(parted, split, 50, 140);
    }

    @Test
    void aMixedSplitForFewTokens() {
        ChannelSplit split = new ChannelSplit(
                List.of(
                        new Partition(FormatPair.parse("e2m1xe2m1"), 416),
                        new Partition(FormatPair.parse("e3m2xe3m2"), 96),
                        new Partition(FormatPair.parse("e4m3xe4m3"), 64)),
                32);
        MxGemmSpec spec = spec(split);
        KernelVariant few = KernelVariant.of(spec, MxGemmKind.STREAM_FRAGMENTS, Target.SM_90A);
        assertRight(few, split, 5, 40);
    }

    @Test
    void ringsGoOnAcrossPartitions() {
        ChannelSplit split = new ChannelSplit(
                List.of(
                        new Partition(FormatPair.parse("e2m1xe2m1"), 1184),
                        new Partition(FormatPair.parse("e3m2xe3m2"), 96),
                        new Partition(FormatPair.parse("e4m3xe4m3"), 160)),
                32);
        assertRight(variant(split, "ring_fragments", "bm=16,teams=2,ways=2,parts=2,stages=6"), split, 19, 200);
    }

    private static MxGemmSpec spec(ChannelSplit split) {
        return MxGemmSpec.exact(split.pairs(), Epilogue.NONE, ScalarType.BF16).with(Tolerance.WITHIN_4);
    }

    static KernelVariant variant(ChannelSplit split, String algorithm, String configuration) {
        return variant(spec(split), algorithm, configuration);
    }

    private static KernelVariant variant(MxGemmSpec spec, String algorithm, String configuration) {
        return KernelVariant.of(
                spec, KernelKinds.algorithm(spec, algorithm), Target.SM_90A, Configuration.parse(configuration));
    }

    private void assertRight(KernelVariant variant, ChannelSplit split, int m, int n) {
        MxGemmSpec spec = (MxGemmSpec) variant.spec();
        ExactOperands operands = ExactOperands.sparse(split, m, n, 31);
        long d = gpu.room(spec.output(), m * n);
        float[] third = third(spec.epilogue(), operands);
        ScalarType type = spec.epilogue() == Epilogue.BIAS ? ScalarType.BF16 : spec.output();
        gpu.launch(variant, arguments(gpu, variant, operands, third.length == 0 ? 0 : gpu.upload(type, third), d));
        ReferenceGemm reference = ReferenceGemm.of(operands.activation(), operands.weight(), spec.epilogue(), third);
        assertThat(ExactOperands.difference(gpu.read(spec.output(), d), reference.result(spec.output()), n))
                .as(variant.text())
                .isEmpty();
    }

    /** What the epilogue reads. */
    private static float[] third(Epilogue epilogue, ExactOperands operands) {
        return switch (epilogue) {
            case BIAS -> operands.bias();
            case RESIDUAL, SILU_MUL -> operands.residual();
            case NONE, SWIGLU -> new float[0];
        };
    }

    /** Arguments with sparse operands and room for D. */
    static MxGemmArguments sparse(SimulatedWorkspace gpu, KernelVariant variant, ChannelSplit split, int m, int n) {
        ExactOperands operands = ExactOperands.sparse(split, m, n, 31);
        return arguments(gpu, variant, operands, 0, gpu.room(ScalarType.BF16, m * n));
    }

    private static MxGemmArguments arguments(
            SimulatedWorkspace gpu, KernelVariant variant, ExactOperands operands, long third, long d) {
        FoldedMatrix a =
                FoldedMatrix.fold(operands.activation(), variant.algorithm().layout(Side.ACTIVATION), Side.ACTIVATION);
        FoldedMatrix b =
                FoldedMatrix.fold(operands.weight(), variant.algorithm().layout(Side.WEIGHT), Side.WEIGHT);
        long left = factors(gpu, a);
        long right = factors(gpu, b);
        List<MxGemmOperands> partitions = new ArrayList<>();
        for (int i = 0; i < a.partitions().size(); i++) {
            partitions.add(new MxGemmOperands(
                    gpu.simulator.upload("tokens", a.partitions().get(i).tiles()),
                    left,
                    gpu.simulator.upload("weights", b.partitions().get(i).tiles()),
                    right,
                    a.partitions().get(i).channels()));
        }
        return new MxGemmArguments(
                operands.activation().rows(), operands.weight().rows(), partitions, third, d);
    }

    private static long factors(SimulatedWorkspace gpu, FoldedMatrix matrix) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * matrix.factors().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(matrix.factors());
        return gpu.simulator.upload("factors", bytes.array());
    }
}
